"""Every read of people, limited to what the viewer may see.

A row outside the viewer's area is not there: lookups answer None and pages turn that into 404.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from pooshesh.access.models import BrokenGlass, User
from pooshesh.access.queries import Viewer, visible
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Grade, Kind, grade, mask
from pooshesh.kernel.identifiers import Identifier as Read
from pooshesh.kernel.models import Subject
from pooshesh.people.models import (
    Death,
    Decile,
    Household,
    Identifier,
    Membership,
    Person,
    Relation,
    Standing,
)
from pooshesh.people.names import same_birth
from pooshesh.people.recognition import CensusPerson, holders_of, identity_of
from pooshesh.people.search import by_name

Fact = TypeVar("Fact", Membership, Decile, Standing)

READ, WRITE = "people.read", "people.write"
SEARCHED = (Kind.NATIONAL_ID, Kind.FOREIGN_CODE, Kind.PASSPORT)
DOUBLE = 0.93  # likeness of whole names from which a clerk is asked
LOOKS_SHOWN = 20


def persons(viewer: Viewer, permission: str = READ) -> QuerySet[Person]:
    """Persons in the viewer's area."""
    return visible(viewer, permission).limit(Person.objects.select_related("area"))


def households(viewer: Viewer, permission: str = READ) -> QuerySet[Household]:
    """Households in the viewer's area."""
    return visible(viewer, permission).limit(Household.objects.select_related("area"))


def person(viewer: Viewer, person_id: UUID, permission: str = READ) -> Person | None:
    """One person in the viewer's area; to read, also one the viewer broke the glass for."""
    found = persons(viewer, permission).filter(pk=person_id).first()
    if found is None and permission == READ and glass(viewer, person_id):
        return Person.objects.select_related("area").filter(pk=person_id).first()
    return found


def household(viewer: Viewer, household_id: UUID, permission: str = READ) -> Household | None:
    """One household in the viewer's area."""
    return households(viewer, permission).filter(pk=household_id).first()


def may_change(viewer: Viewer, row: Person | Household) -> bool:
    """Whether the viewer may write in the area of a row."""
    return visible(viewer, WRITE).covers(row.area_path, row.area_id)


def glass(viewer: Viewer, person_id: UUID) -> BrokenGlass | None:
    """The viewer's emergency access to a person that has not ended yet."""
    if not isinstance(viewer, User):
        return None
    return (
        BrokenGlass.objects.filter(user=viewer, person_id=person_id, ends_at__gt=timezone.now())
        .order_by("-ends_at")
        .first()
    )


# --- search -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """Persons that answer a search, best first; `more`: others were left off."""

    hits: tuple[Person, ...]
    more: bool


def find(viewer: Viewer, text: str, limit: int = 25) -> Found:
    """Search by any identifier in any digits, or by Persian or Latin name with typos."""
    rows = persons(viewer)
    if any(char.isdecimal() for char in text):
        hits = _by_identifier(rows, text)
    else:
        hits = [hit for hit, _ in by_name(rows, text, limit + 1)]
    return Found(tuple(hits[:limit]), len(hits) > limit)


def _by_identifier(rows: QuerySet[Person], text: str) -> list[Person]:
    held = Identifier.objects.filter(blind__in=blinds(text), replaced_at=None)
    mobile = grade(Kind.MOBILE, text)
    found = list(rows.filter(pk__in=held.values("person_id")).order_by("sort_key", "pk"))
    if found or mobile.grade is Grade.PSEUDO:
        return found
    indexes = keyring().indexes(mobile.value, Kind.MOBILE)
    return list(rows.filter(mobile_blind__in=indexes).order_by("sort_key", "pk"))


def blinds(text: str) -> list[bytes]:
    """The blind indexes, under every key, of all a text may be as an identifier."""
    keys = keyring()
    return [
        index
        for kind in SEARCHED
        if (value := grade(kind, text).value)
        for index in keys.indexes(value, kind)
    ]


def person_in_emergency(text: str) -> UUID | None:
    """The person, wherever they live, who holds exactly this trusted identifier.

    For `actions.break_glass` only, which asks for the right and leaves a trace.
    """
    read = [grade(kind, text) for kind in (Kind.NATIONAL_ID, Kind.FOREIGN_CODE)]
    held = holders_of(read)
    return next((h.person for holders in held.values() for h in holders), None)


@dataclass(frozen=True, slots=True)
class Doubles:
    """Who may already be the person about to be registered.

    `same_identifier` and `alike` are in the viewer's area; of who holds the identifier `elsewhere`
    only that they exist may be shown.
    """

    same_identifier: tuple[Person, ...]
    elsewhere: frozenset[UUID]
    alike: tuple[Person, ...]

    def __bool__(self) -> bool:
        return bool(self.persons())

    def persons(self) -> list[UUID]:
        """Everybody of whom something is told."""
        return [*(one.pk for one in (*self.same_identifier, *self.alike)), *self.elsewhere]


def doubles(viewer: Viewer, newcomer: CensusPerson) -> Doubles:
    """The live check at registration: by trusted identifier everywhere, by name and birth here."""
    held = holders_of(identity_of(newcomer.identifiers()))
    holders = {h.person for people in held.values() for h in people}
    rows = persons(viewer)
    seen = tuple(rows.filter(pk__in=holders))
    name = f"{newcomer.first_name} {newcomer.last_name}"
    alike = tuple(
        one
        for one, likeness in by_name(rows, name, limit=10)
        if likeness >= DOUBLE and one.pk not in holders and same_birth(newcomer, one) is not False
    )
    return Doubles(seen, frozenset(holders - {one.pk for one in seen}), alike)


# --- one record ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Masked:
    """An identifier as lists show it."""

    id: UUID
    kind: str
    grade: str
    grade_label: str
    masked: str


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody did something with a record."""

    at: dt.datetime
    who: str
    action: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Record:
    """All about a person as it held on `on`, as known at `known` (None: now).

    The lists hold every dated fact believed then, oldest first; `hidden` counts household members
    outside the viewer's area.
    """

    person: Person
    on: dt.date
    known: dt.datetime | None
    identifiers: list[Masked]
    mobile: str
    membership: Membership | None
    members: list[Membership]
    hidden: int
    memberships: list[Membership]
    deciles: list[Decile]
    decile: Decile | None
    standings: list[Standing]
    standing: Standing | None
    death: Death | None
    glass: BrokenGlass | None


def record(
    viewer: Viewer,
    person_id: UUID,
    on: dt.date | None = None,
    known: dt.datetime | None = None,
) -> Record | None:
    """Everything about a person the viewer may see, or None; 8 statements, 9 behind the glass."""
    found = person(viewer, person_id)
    if found is None:
        return None
    day = on or timezone.localdate()
    memberships = list(
        Membership.objects.known(known)
        .filter(person=found)
        .select_related("household__area")
        .order_by("valid")
    )
    membership = _holding(memberships, day)
    reach = visible(viewer, READ)
    members = _members(membership.household_id, day, known) if membership else []
    shown = [
        m for m in members
        if m.person_id == found.pk or reach.covers(m.person.area_path, m.person.area_id)
    ]  # fmt: skip
    deciles = list(
        Decile.objects.known(known)
        .filter(household__in={m.household_id for m in memberships})
        .order_by("valid")
    )
    standings = list(Standing.objects.known(known).filter(person=found).order_by("valid"))
    here = [d for d in deciles if membership and d.household_id == membership.household_id]
    return Record(
        person=found,
        on=day,
        known=known,
        identifiers=[
            masked(i)
            for i in Identifier.objects.filter(person=found, replaced_at=None).order_by("id")
        ],
        mobile=_masked_mobile(found),
        membership=membership,
        members=shown,
        hidden=len(members) - len(shown),
        memberships=memberships,
        deciles=deciles,
        decile=_holding(here, day),
        standings=standings,
        standing=_holding(standings, day),
        death=Death.objects.filter(person=found).first(),
        glass=glass(viewer, found.pk),
    )


def _holding(facts: Iterable[Fact], day: dt.date) -> Fact | None:
    return next((fact for fact in facts if day in fact.valid), None)


def _members(household_id: UUID, on: dt.date, known: dt.datetime | None = None) -> list[Membership]:
    """Who belongs to a household on a day, the head first, then by age."""
    members = (
        Membership.objects.on(on, known)
        .filter(household_id=household_id)
        .select_related("person")
        .order_by("person__birth_date", "person_id")
    )
    return sorted(members, key=lambda m: m.relation != Relation.HEAD)


def masked(identifier: Identifier) -> Masked:
    """An identifier with all but its last digits hidden."""
    value = keyring().open(bytes(identifier.sealed), identifier.kind)
    read = Read(Kind(identifier.kind), value, Grade(identifier.grade))
    return Masked(
        identifier.pk,
        identifier.get_kind_display(),
        identifier.grade,
        identifier.get_grade_display(),
        mask(read),
    )


def _masked_mobile(one: Person) -> str:
    if one.mobile is None:
        return ""
    value = keyring().open(bytes(one.mobile), Kind.MOBILE)
    return mask(Read(Kind.MOBILE, value, Grade.CHECKSUM))


@dataclass(frozen=True, slots=True)
class HouseholdRecord:
    """A household as it is on a day: its members in the viewer's area and its deciles."""

    household: Household
    members: list[Membership]
    hidden: int
    deciles: list[Decile]
    decile: Decile | None

    @property
    def size(self) -> int:
        """Members in and outside the viewer's area."""
        return len(self.members) + self.hidden


def household_record(
    viewer: Viewer, household_id: UUID, on: dt.date | None = None
) -> HouseholdRecord | None:
    """Everything about a household the viewer may see, or None; 3 statements."""
    found = household(viewer, household_id)
    if found is None:
        return None
    day = on or timezone.localdate()
    reach = visible(viewer, READ)
    members = _members(found.pk, day)
    shown = [m for m in members if reach.covers(m.person.area_path, m.person.area_id)]
    deciles = list(Decile.objects.known().filter(household=found).order_by("valid"))
    return HouseholdRecord(found, shown, len(members) - len(shown), deciles, _holding(deciles, day))


def identifier(viewer: Viewer, person_id: UUID, identifier_id: UUID) -> Identifier | None:
    """An identifier of a person the viewer may see."""
    found = person(viewer, person_id)
    return Identifier.objects.filter(pk=identifier_id, person=found).first() if found else None


def who_looked(person_id: UUID, limit: int = LOOKS_SHOWN) -> list[Look]:
    """The latest events about a person, newest first; the caller has opened the record."""
    events = [
        subject.event
        for subject in Subject.objects.filter(person_id=person_id)
        .select_related("event")
        .order_by("-event__at")[:limit]
    ]
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=[e.actor for e in events])}
    return [
        Look(e.at, names.get(e.actor, "") if e.actor else "", e.action, e.purpose) for e in events
    ]
