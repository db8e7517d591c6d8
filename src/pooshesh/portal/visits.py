"""The writers of a visit: a code asked for, a visit opened with it, seen, and ended."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.identifiers import Kind, grade
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.text import key
from pooshesh.portal import codes, finding, messages
from pooshesh.portal.models import Code, Ended, Sits, Visit
from pooshesh.portal.sealing import ASKED, TYPED, blind, blinds, sealed_facts

CODE_LASTS = dt.timedelta(minutes=5)
TRIES = 5
ASKS, ASK_WINDOW = 5, dt.timedelta(minutes=15)  # codes for one number
IDLE = dt.timedelta(minutes=20)
LONGEST = dt.timedelta(hours=4)
QUEUE = 0x2C  # our own among the advisory locks that have two numbers

explain(
    {
        "portal.many_codes": gettext_noop(
            "Too many codes were asked for this number. Wait a quarter of an hour."
        ),
        "portal.wrong_code": gettext_noop(
            "This is not the code we sent, or its five minutes are over. Look at the newest"
            " message, or ask for a new code."
        ),
    }
)


@transaction.atomic
def ask(number: str, *, patient: str = "", sits: str = Sits.PATIENT) -> Code:
    """Make a code for whom a number stands, and send it to the mobile on record.

    For a number nobody has the same is done but the sending: neither the answer nor the statements
    tell who is known. Raises Invalid when a number asked too often.
    """
    meant = finding.meant(number, patient, timezone.localdate())
    asked = f"{_written(number)} {_written(patient)}"
    made = _code(asked, sits, person=meant.person, mandate=meant.mandate)
    messages.code(made, meant.mobile)
    _record_asked(made)
    return made


@transaction.atomic
def ask_first(facts: Mapping[str, Any], *, number: str, mobile: str, sits: str) -> Code:
    """Make a code for somebody who applies for the first time, sent to the mobile they typed."""
    made = _code(f"{_written(number)} first", sits, typed=sealed_facts(facts, TYPED))
    messages.code(made, mobile)
    _record_asked(made)
    return made


def _record_asked(made: Code) -> None:
    audit.record(
        "portal.ask_code", actor=None, kind="code", object_id=made.pk,
        area_path=made.person.area_path if made.person else "",
        persons=[made.person_id] if made.person_id else [],
    )  # fmt: skip


def _written(number: str) -> str:
    """A number as it is counted, however it was typed."""
    read = grade(Kind.NATIONAL_ID, number)
    return read.value if read.is_trusted else key(number)


def _code(asked: str, sits: str, **values: Any) -> Code:
    now = timezone.now()
    index = blind(asked, ASKED)
    with connection.cursor() as cursor:
        # Who asks for one number at once is counted one after the other.
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [QUEUE, index[0]])
    lately = Code.objects.filter(asked_blind__in=blinds(asked, ASKED), made_at__gt=now - ASK_WINDOW)
    if lately.count() >= ASKS:
        raise Invalid("portal.many_codes")
    return Code.objects.create(
        asked_blind=index, sits=sits, made_at=now, ends_at=now + CODE_LASTS, **values
    )


@transaction.atomic
def _try(code_id: UUID, typed: str) -> Code | None:
    """The row of a code that was typed right for the first time; each try is counted, also of
    several at once, before it is looked at."""
    now = timezone.now()
    live = Code.objects.filter(pk=code_id, used_at=None, ends_at__gt=now)
    if not live.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        return None
    row = Code.objects.select_related("person", "mandate").get(pk=code_id)
    if not codes.matches(row.pk, typed) or not (row.person_id or row.typed):
        return None
    return row if live.update(used_at=now) else None


def confirm(code_id: UUID, typed: str) -> Code:
    """The code's row, used up. Raises Invalid alike for a wrong, an old and a used one."""
    row = _try(code_id, typed)
    if row is None:
        raise Invalid("portal.wrong_code")
    return row


@transaction.atomic
def enter(row: Code) -> Visit:
    """Open the visit of a confirmed code."""
    assert row.person
    return opened(row.person.pk, row, area_path=row.person.area_path)


def opened(person_id: UUID, row: Code, *, area_path: str, visit_id: UUID | None = None) -> Visit:
    """A visit for a person, by a code."""
    made = Visit.objects.create(
        id=visit_id or uuid7(), person_id=person_id, mandate=row.mandate, sits=row.sits
    )
    audit.record(
        "portal.enter", actor=made.pk, kind="visit", object_id=made.pk,
        purpose=row.mandate.kind if row.mandate else row.sits,
        area_path=area_path, persons=[made.person_id],
    )  # fmt: skip
    return made


def seen(visit_id: UUID) -> Visit | None:
    """The visit, now seen; None when it has ended. 4 statements.

    It ends when nobody was there for a while, and with the right by which it was opened.
    """
    now = timezone.now()
    live = Visit.objects.filter(pk=visit_id, ended_at=None)
    awake = live.filter(seen_at__gt=now - IDLE, began_at__gt=now - LONGEST)
    if not awake.update(seen_at=now):
        live.update(ended_at=now, ended=Ended.IDLE)
        return None
    visit = Visit.objects.select_related("person__area", "mandate").get(pk=visit_id)
    if not finding.may_stay(visit, timezone.localdate()):
        live.update(ended_at=now, ended=Ended.MANDATE)
        return None
    return visit


@transaction.atomic
def leave(visit_id: UUID) -> None:
    """End a visit; one that has ended stays as it is."""
    if Visit.objects.filter(pk=visit_id, ended_at=None).update(
        ended_at=timezone.now(), ended=Ended.OUT
    ):
        audit.record("portal.leave", actor=visit_id, kind="visit", object_id=visit_id)
