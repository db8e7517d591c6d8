"""The writers of residents' voice: received, taken, joined to a gap, answered."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.kernel import audit
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.network.actions import report_gap
from pooshesh.network.models import (
    OPEN,
    UNANSWERED,
    Finder,
    Gap,
    GapKind,
    Report,
    ReportKind,
    ReportState,
)
from pooshesh.network.states import REPORT
from pooshesh.network.voice import codes, queries
from pooshesh.network.voice.queries import PHONE, WORDS
from pooshesh.places.models import Area

LOCK = dt.timedelta(minutes=15)
SHORTEST, LONGEST = 10, 2_000  # letters of what a resident writes
KEPT = dt.timedelta(days=365)  # words and telephone, from the day they came

explain(
    {
        "report.short": gettext_noop("Write what happened in at least %(least)s letters."),
        "report.long": gettext_noop("This is too long; expected at most %(most)s letters."),
        "report.score": gettext_noop("Choose from 1 (bad) to 5 (good)."),
        "report.phone": gettext_noop(
            "“%(read)s” is no telephone number; expected 8 to 14 digits, or nothing."
        ),
        "report.no_answer": gettext_noop("Write an answer, or choose one that is prepared."),
        "report.held": gettext_noop(
            "Somebody else is working on this report; it is free again at %(until)s at the latest."
        ),
        "report.gap_elsewhere": gettext_noop("This gap is closed, or at another place."),
        "report.needs_answer": gettext_noop("A resident waits for an answer to this one."),
    }
)


@transaction.atomic
def receive(
    *,
    token: UUID,
    kind: ReportKind,
    area: Area,
    text: str = "",
    about: str = "",
    score: int | None = None,
    phone: str = "",
    at: dt.datetime | None = None,
) -> str:
    """Keep what a resident says; answers the tracking code, which is kept nowhere.

    `token` is the form's own random number: the same form sent again with the same words, as
    telephones do where the network breaks off, is the same report with the same code.
    """
    words, dialled = _checked(kind, text, score, phone)
    moment = at or timezone.now()
    day = timezone.localdate(moment)
    said = "\x1f".join((token.hex, kind, area.code, about, str(score or ""), dialled, words))
    code = codes.of(keyring().index(said, WORDS))
    silent = kind == ReportKind.RATING and not words
    report, made = Report.objects.get_or_create(
        digest=codes.digest(code),
        defaults={
            "kind": kind, "about": about, "score": score,
            "content": keyring().seal(words, WORDS) if words else None,
            "phone": keyring().seal(dialled, PHONE) if dialled else None,
            "area": area, "area_path": area.path, "province": area.province,
            "received_at": moment, "due": day + queries.days_to_answer(kind, day),
            "delete_by": day + KEPT,
            "state": ReportState.NOTED if silent else ReportState.WAITING,
            "ended_at": moment if silent else None,
        },
    )  # fmt: skip
    if made:
        _record("report.receive", report, None)
    return code


def _checked(kind: ReportKind, text: str, score: int | None, phone: str) -> tuple[str, str]:
    """The words and the telephone number as kept. Raises Invalid for what cannot be read."""
    words = "\n".join(clean(line) for line in text.splitlines()).strip()
    if len(words) > LONGEST:
        raise Invalid("report.long", most=LONGEST)
    if kind == ReportKind.RATING:
        if score not in range(1, 6):
            raise Invalid("report.score")
    elif len(words) < SHORTEST:
        raise Invalid("report.short", least=SHORTEST)
    dialled = "".join(c for c in to_latin_digits(phone) if c not in " -()/")
    if dialled and not (8 <= len(dialled.removeprefix("+")) <= 14 and _digits(dialled)):
        raise Invalid("report.phone", read=phone)
    return words, dialled


def _digits(number: str) -> bool:
    bare = number.removeprefix("+")
    return bare.isascii() and bare.isdecimal()


@transaction.atomic
def take_next(user: User) -> Report | None:
    """The clerk's own report, else the free one whose day comes first; now locked."""
    now = timezone.now()
    queue = (
        queries.reports(user)
        .filter(state__in=UNANSWERED)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("due", "received_at", "pk")
    )
    mine = queue.filter(locked_by=user.pk, locked_until__gt=now).first()
    # One that is a gap by now waits for the gap; who has not been looked at comes first.
    free = queue.filter(Q(locked_until=None) | Q(locked_until__lte=now), state=ReportState.WAITING)
    found = mine or free.first()
    return _lock(found, user) if found else None


@transaction.atomic
def open_report(user: User, report: Report) -> Report:
    """Read a resident's words: written down, and locked while it waits and nobody else has it."""
    now = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if now.state in UNANSWERED and not queries.held_by_other(now, user):
        return _lock(now, user)
    _record("report.open", now, user.pk)
    return now


def _lock(report: Report, user: User) -> Report:
    now = timezone.now()
    if report.locked_by != user.pk or report.locked_until is None or report.locked_until <= now:
        _record("report.open", report, user.pk)
    report.locked_by, report.locked_until = user.pk, now + LOCK
    report.save(update_fields=["locked_by", "locked_until"])
    return report


@transaction.atomic
def register_as_gap(report: Report, user: User, *, kind: GapKind, severity: int, text: str) -> Gap:
    """Make a gap of a report, in the clerk's words: the resident's may name people."""
    gap = report_gap(
        area=report.area, kind=kind, severity=severity, text=text, found_by=Finder.RESIDENT,
        actor=user.pk,
    )  # fmt: skip
    _move(report, user, "join", gap=gap)
    return gap


@transaction.atomic
def join_gap(report: Report, user: User, gap: Gap) -> None:
    """Say that a report is about a gap that is registered already, at the same place."""
    if gap.area_id != report.area_id or gap.state not in OPEN:
        raise Invalid("report.gap_elsewhere")
    _move(report, user, "join", gap=gap)


@transaction.atomic
def answer(report: Report, user: User, text: str) -> None:
    """Close a report with what the resident is told."""
    said = text.strip()
    if len(clean(said)) < SHORTEST:
        raise Invalid("report.no_answer")
    _move(report, user, "answer", answer=said, ended_at=timezone.now(), actor=user.pk)


@transaction.atomic
def note(report: Report, user: User) -> None:
    """Close a rating that asks for nothing."""
    if report.kind != ReportKind.RATING:
        raise Invalid("report.needs_answer")
    _move(report, user, "note", ended_at=timezone.now(), actor=user.pk)


def _move(report: Report, user: User, verb: str, **values: object) -> None:
    """Move a report on from the state it is in now; its row is locked meanwhile."""
    now = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    target = REPORT.next(now.state, verb)
    if queries.held_by_other(now, user):
        assert now.locked_until
        raise Invalid("report.held", until=f"{timezone.localtime(now.locked_until):%H:%M}")
    Report.objects.filter(pk=now.pk).update(
        state=target, locked_by=None, locked_until=None, **values
    )
    report.refresh_from_db()
    _record(f"report.{verb}", report, user.pk)


def _record(action: str, report: Report, actor: UUID | None) -> None:
    audit.record(
        action, actor=actor, kind="report", object_id=report.pk,
        fields=["state"], area_path=report.area_path,
    )  # fmt: skip
