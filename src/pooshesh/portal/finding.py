"""Whom a number means, and to which mobile their code goes: reads before anybody is let in.

Every question asks the same statements in the same order, whoever is known: what is looked for in
vain is looked for all the same, under ids that nobody has.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from pooshesh.fund.applications import mobile_of
from pooshesh.fund.codes import read as read_code
from pooshesh.fund.models import Application, Channel, PatientFile, State
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Grade, Kind, grade
from pooshesh.people.merged import survivors
from pooshesh.people.models import Death, Identifier, Merge, Person, Precision
from pooshesh.people.recognition import TRUSTED
from pooshesh.portal import rights
from pooshesh.portal.models import Mandate, Newcomer, NewcomerState, Visit
from pooshesh.portal.sealing import MOBILE, blinds, opened

NOBODY = UUID(int=0)
BY = (Kind.NATIONAL_ID, Kind.FOREIGN_CODE)


@dataclass(frozen=True, slots=True)
class Meant:
    """Who may be let in, by which right, and where the code goes; nobody when `person` is None."""

    person: Person | None = None
    mandate: Mandate | None = None
    mobile: str = ""


def meant(number: str, patient: str, on: dt.date) -> Meant:
    """Who asks with `number`, for themselves or (`patient`) for whom it stands. 12 statements."""
    person = _one(patient or number)
    records = _records(person)
    death = Death.objects.filter(person__in=records).order_by("on").first()
    mandates = list(
        Mandate.objects.filter(
            person__in=records,
            holder_blind__in=_own(number) if patient else [b""],
            terms__valid__contains=on, terms__recorded__upper_inf=True,
        ).order_by("-made_at")
    )  # fmt: skip
    waits = Newcomer.objects.filter(
        person__in=records, fresh=True, state=NewcomerState.OPEN
    ).exists()
    contact = _contact(records)
    brought = (
        Application.objects.filter(file__person__in=records)
        .exclude(channel=Channel.PORTAL)
        .exists()
    )
    if person is None:
        return Meant()
    died = death.on if death else None
    if patient:
        held = (m for m in mandates if rights.holds(m.kind, on, birth=born(person), death=died))
        mandate = next(held, None)
        return Meant(person, mandate, opened(mandate.holder_mobile, MOBILE)) if mandate else Meant()
    mobile = _mobile(person, contact, on)
    # Who registered themselves is not believed about what others bring, until the desk saw them.
    if not mobile or died is not None or (waits and brought):
        return Meant()
    return Meant(person, None, mobile)


def may_stay(visit: Visit, on: dt.date) -> bool:
    """Whether the right by which a visit was opened still holds. 3 statements."""
    person, records = visit.person, _records(visit.person)
    death = Death.objects.filter(person__in=records).order_by("on").first()
    died = death.on if death else None
    if visit.mandate is None:
        return died is None and not _refused_since(visit, records)
    term = visit.mandate.terms.on(on).exists()
    return bool(term) and rights.holds(visit.mandate.kind, on, birth=born(person), death=died)


def _refused_since(visit: Visit, records: Collection[UUID]) -> bool:
    """Whether the desk found that who registered this record themselves was somebody else."""
    rows = Newcomer.objects.filter(person__in=records, fresh=True)
    return rows.filter(state=NewcomerState.REFUSED, ended_at__gt=visit.began_at).exists()


def born(person: Person) -> dt.date | None:
    """The birth date where it is known to the day."""
    return person.birth_date if person.birth_precision == Precision.DAY else None


def _own(number: str) -> list[bytes]:
    return [
        b for kind in BY if (read := grade(kind, number)).is_trusted for b in blinds(read.value)
    ]


def _one(number: str) -> Person | None:
    """The one person a number stands for; None also where it stands for several."""
    keys = keyring()
    wanted = [
        index
        for kind in BY
        if (read := grade(kind, number)).grade in (Grade.CHECKSUM, Grade.VERIFIED)
        for index in keys.indexes(read.value, kind)
    ]
    held = Identifier.objects.filter(
        blind__in=wanted or [b""], grade__in=[str(one) for one in TRUSTED], replaced_at=None
    ).values_list("person_id", flat=True)
    code = read_code(number)
    filed = PatientFile.objects.filter(number=code or 0).values_list("person_id", flat=True)
    applied = Application.objects.filter(number=code or 0).values_list("file__person_id", flat=True)
    found = {*_some(held), *filed, *applied}
    stands = survivors(found)
    humans = {stands.get(pk, pk) for pk in found} - {NOBODY}
    people = list(Person.objects.select_related("area").filter(pk__in=_some(humans)))
    return people[0] if len(people) == 1 else None


def _records(person: Person | None) -> list[UUID]:
    """The records that stand for somebody; 1 statement also for nobody."""
    survivor = person.pk if person else NOBODY
    merged = Merge.objects.live().filter(survivor=survivor).values_list("person_id", flat=True)
    return [survivor, *merged]


def _some(ids: Iterable[UUID]) -> Collection[UUID]:
    return list(ids) or [NOBODY]


def _mobile(person: Person, contact: str, on: dt.date) -> str:
    """Where a patient's own code goes: a child has no telephone, but who applied for it has."""
    if person.mobile is None or not rights.himself(on, birth=born(person), death=None):
        return contact
    return keyring().open(bytes(person.mobile), Kind.MOBILE)


def mobile_on_record(person: Person, on: dt.date) -> str:
    """Where the code of a patient goes; "" where none is known."""
    return _mobile(person, _contact(_records(person)), on)


def reached_at(visit: Visit) -> str:
    """The mobile on which who sits here was reached."""
    if visit.mandate:
        return opened(visit.mandate.holder_mobile, MOBILE)
    return mobile_on_record(visit.person, timezone.localdate())


def told_at(persons: Collection[UUID], on: dt.date) -> dict[UUID, list[str]]:
    """Person → the mobiles that messages about them go to; 4 statements, however many they are.

    The patient's own; else those of who may act for them; else what an application left.
    """
    ids = list(dict.fromkeys(persons))
    died = dict(Death.objects.filter(person__in=ids).values_list("person_id", "on"))
    mandates: dict[UUID, list[Mandate]] = {}
    live = Mandate.objects.filter(
        person__in=ids, terms__valid__contains=on, terms__recorded__upper_inf=True
    )
    for one in live.order_by("made_at"):
        mandates.setdefault(one.person_id, []).append(one)
    left = {
        row.file.person_id: mobile_of(row)
        for row in _with_contact().filter(file__person__in=ids).order_by("pk")
    }
    found = {}
    for person in Person.objects.filter(pk__in=ids):
        birth, death = born(person), died.get(person.pk)
        acting = [
            opened(one.holder_mobile, MOBILE)
            for one in mandates.get(person.pk, ())
            if rights.holds(one.kind, on, birth=birth, death=death)
        ]
        own = rights.himself(on, birth=birth, death=death) and person.mobile is not None
        if own:
            found[person.pk] = [_mobile(person, "", on)]
        elif acting or death:
            found[person.pk] = list(dict.fromkeys(acting))
        else:
            found[person.pk] = [one for one in [left.get(person.pk, "")] if one]
    return found


def _with_contact() -> QuerySet[Application]:
    """Applications with a mobile that may still be used."""
    rows = Application.objects.filter(mobile__isnull=False).select_related("file")
    return rows.exclude(state__in=[State.WITHDRAWN, State.CLOSED])


def _contact(records: Collection[UUID]) -> str:
    """The mobile that was left with the newest application that has one."""
    newest = _with_contact().filter(file__person__in=records).order_by("-pk").first()
    return mobile_of(newest) if newest else ""
