"""Cards that prove cover: issued, printed, revoked, and checked by anybody without a name."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from pooshesh.coverage import codes, terms
from pooshesh.coverage.actions import SHORTEST_REASON
from pooshesh.coverage.models import Proof
from pooshesh.kernel import audit, rotation
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.people.models import Person
from pooshesh.people.registration import lock_persons

FIELD = "coverage.proof"

explain(
    {
        "coverage.card_not_covered": gettext_noop(
            "There is no cover here today that a card could prove."
        ),
        "coverage.card_there": gettext_noop(
            "This person has a card already; print it again, or revoke it first."
        ),
        "coverage.card_gone": gettext_noop("This card was revoked before."),
    }
)

rotation.register(rotation.column("codes of cards", Proof, "sealed", bound=FIELD))

#: Asked alike for every code, so that an unknown one takes as long as a known one.
_CHECK = """
select p.id, p.person_id, p.area_path, c.scheme,
       least(p.expires_on, c.until) as until
from (select %(digest)s::varchar as digest) asked
left join coverage_proof p
  on p.digest = asked.digest and p.revoked_at is null and p.expires_on > %(day)s
left join lateral coverage_covered(p.person_id, %(day)s) c on c.covered
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """What anybody may learn from a code: that it covers today, in which fund and how long."""

    scheme: str
    until: dt.date  # the first day it says nothing


@transaction.atomic
def issue(person: Person, *, actor: UUID | None, on: dt.date | None = None) -> Proof:
    """Give a covered person a card. Raises Invalid when there is no cover, or a card already."""
    lock_persons([person.pk])
    today = on or timezone.localdate()
    if not _covered(person.pk, today):
        raise Invalid("coverage.card_not_covered")
    _retire(person, today)
    code = codes.new()
    try:
        with transaction.atomic():
            made = Proof.objects.create(
                person=person, digest=codes.digest(code), sealed=keyring().seal(code, FIELD),
                issued_on=today, expires_on=today + terms.CARD, actor=actor,
                area_id=person.area_id, area_path=person.area_path, province=person.province,
            )  # fmt: skip
    except IntegrityError as error:
        raise Invalid("coverage.card_there") from error
    audit.record(
        "coverage.issue_proof", actor=actor, kind="proof", object_id=made.pk,
        fields=["digest"], area_path=person.area_path, persons=[person.pk],
    )  # fmt: skip
    return made


def _retire(person: Person, today: dt.date) -> None:
    """A card past its day makes room for the next."""
    past = Proof.objects.filter(person=person, revoked_at=None, expires_on__lte=today)
    past.update(revoked_at=timezone.now())


@transaction.atomic
def revoke(proof: Proof, *, reason: str, actor: UUID | None) -> None:
    """Let a card say nothing from now on."""
    reason = clean(reason)
    if len(reason) < SHORTEST_REASON:
        raise Invalid("coverage.reason_short", least=SHORTEST_REASON)
    live = Proof.objects.filter(pk=proof.pk, revoked_at=None)
    if not live.update(revoked_at=timezone.now(), revoked_reason=reason):
        raise Invalid("coverage.card_gone")
    audit.record(
        "coverage.revoke_proof", actor=actor, kind="proof", object_id=proof.pk,
        fields=["revoked_at"], purpose=reason, area_path=proof.area_path,
        persons=[proof.person_id],
    )  # fmt: skip


def code_of(proof: Proof) -> str:
    """The code of a card, to print it."""
    return keyring().open(bytes(proof.sealed), FIELD)


@transaction.atomic
def check(code: str, on: dt.date | None = None) -> Checked | None:
    """What a code says today; None alike for unknown, revoked and expired ones, and no cover.

    Who was checked is written down, not by whom: nobody signs in. 1 statement and the event.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CHECK, {"digest": codes.digest(code), "day": on or timezone.localdate()})
        proof, person, path, scheme, until = cursor.fetchone()
    audit.record(
        "coverage.verify", actor=None, kind="proof", object_id=proof or "",
        area_path=path or "", persons=[person] if person else [],
    )  # fmt: skip
    return Checked(scheme, until) if scheme else None


def _covered(person_id: UUID, day: dt.date) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select covered from coverage_covered(%s, %s)", [person_id, day])
        return bool(cursor.fetchone()[0])
