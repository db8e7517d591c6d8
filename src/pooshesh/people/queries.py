"""Every read of people, limited to what the viewer may see.

A row outside the viewer's area is not there: lookups answer None and pages turn that into 404.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from pooshesh.access.models import BrokenGlass, User
from pooshesh.access.queries import Viewer, visible
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Grade, Kind, grade, mask
from pooshesh.kernel.identifiers import Identifier as Read
from pooshesh.kernel.models import Event, Subject
from pooshesh.people.doubles import Row, met, typed
from pooshesh.people.merged import of_human, survivors
from pooshesh.people.models import (
    Death,
    Decile,
    Household,
    Identifier,
    Membership,
    Merge,
    Person,
    Precision,
    Relation,
    Standing,
)
from pooshesh.people.names import same_birth
from pooshesh.people.recognition import CensusPerson, blinds_of, holders_of
from pooshesh.people.search import by_name

Fact = TypeVar("Fact", Membership, Decile, Standing)

READ, WRITE = "people.read", "people.write"
SEARCHED = (Kind.NATIONAL_ID, Kind.FOREIGN_CODE, Kind.PASSPORT)
ALIKE = 0.8  # likeness of whole names from which two records may be one person
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
    hits = surviving(rows, hits)
    return Found(tuple(hits[:limit]), len(hits) > limit)


def surviving(rows: QuerySet[Person], found: Iterable[Person]) -> list[Person]:
    """Persons with merged records replaced by what they stand under, each once, in order.

    A merged record whose survivor is not among `rows` (outside the viewer's area) stays.
    """
    hits = {one.pk: one for one in found}
    stands = survivors(hits)
    known = {**hits, **(rows.in_bulk(stands.values()) if stands else {})}
    followed = [stands[pk] if stands.get(pk) in known else pk for pk in hits]
    return [known[pk] for pk in dict.fromkeys(followed)]


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
    held = holders_of(blinds_of(read))
    return next((h.person for holders in held.values() for h in holders), None)


@dataclass(frozen=True, slots=True)
class Likely:
    """Somebody of the viewer's area who may be a newcomer; `chance` 0-1, None by the name alone."""

    person: Person
    chance: float | None


@dataclass(frozen=True, slots=True)
class Doubles:
    """Who may already be the person about to be registered.

    `same_identifier` and `alike` are in the viewer's area; of who holds the identifier `elsewhere`
    and of who is `alike_elsewhere` only how many there are may be shown.
    """

    same_identifier: tuple[Person, ...]
    elsewhere: frozenset[UUID]
    alike: tuple[Likely, ...]
    alike_elsewhere: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.persons())

    def persons(self) -> list[UUID]:
        """Everybody of whom something is told."""
        return [
            *(one.pk for one in self.same_identifier), *(one.person.pk for one in self.alike),
            *self.elsewhere, *self.alike_elsewhere,
        ]  # fmt: skip


def doubles(viewer: Viewer, newcomer: CensusPerson, household: UUID | None = None) -> Doubles:
    """The live check at registration, in the whole country: by trusted identifier, and by what the
    linkage's model makes of names, birth and mobile; 2 statements, 3 where the number is held.

    Who was typed without a whole birth date is looked for by name as well, in the viewer's area.
    """
    holders, likely = met(typed(newcomer, str(household or "")), newcomer.identifiers())
    reach, found = visible(viewer, READ), {one.person for one in likely}
    near = [one for one in likely if reach.covers(one.row.area_path, one.row.area_id)]
    seen = persons(viewer).in_bulk(holders) if holders else {}
    alike = [Likely(_as_read(one.row), one.chance) for one in near]
    if not newcomer.birth_date or newcomer.birth_precision != Precision.DAY:
        alike += _namesakes(persons(viewer), newcomer, holders | found)
    return Doubles(
        tuple(seen[pk] for pk in holders if pk in seen),
        frozenset(holders - seen.keys()),
        tuple(alike),
        frozenset(found - {one.person for one in near}),
    )


def _as_read(row: Row) -> Person:
    """A person from what the check has read already; to show, not to write."""
    one = Person(
        id=row.person, first_name=row.first_name, last_name=row.last_name,
        father_name=row.father_name, sex=row.sex, birth_date=row.birth_date,
        birth_precision=row.birth_precision, area_id=row.area_id, area_path=row.area_path,
    )  # fmt: skip
    one._state.adding = False
    return one


def _namesakes(rows: QuerySet[Person], newcomer: CensusPerson, met: set[UUID]) -> list[Likely]:
    """Others among rows who bear the name and may be born on the same day."""
    name = f"{newcomer.first_name} {newcomer.last_name}"
    found = [
        one
        for one, likeness in by_name(rows, name, limit=10)
        if likeness >= DOUBLE and same_birth(newcomer, one) is not False
    ]
    return [Likely(one, None) for one in surviving(rows, found) if one.pk not in met]


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
    merges: list[Merge]


def record(
    viewer: Viewer,
    person_id: UUID,
    on: dt.date | None = None,
    known: dt.datetime | None = None,
) -> Record | None:
    """Everything about a person the viewer may see, or None; 9 statements, 10 behind the glass.

    What stands in records that were merged into this one, within the viewer's area, is gathered.
    """
    found = person(viewer, person_id)
    if found is None:
        return None
    day = on or timezone.localdate()
    merges = _merges(viewer, found, known)
    records = _ids(found, merges)
    memberships = list(
        Membership.objects.known(known)
        .filter(person__in=records)
        .select_related("household__area")
        .order_by("valid")
    )
    membership = _holding(memberships, day, found)
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
    standings = list(Standing.objects.known(known).filter(person__in=records).order_by("valid"))
    here = [d for d in deciles if membership and d.household_id == membership.household_id]
    return Record(
        person=found,
        on=day,
        known=known,
        identifiers=[masked(i) for i in _held(records)],
        mobile=_masked_mobile(found),
        membership=membership,
        members=shown,
        hidden=len(members) - len(shown),
        memberships=memberships,
        deciles=deciles,
        decile=_holding(here, day),
        standings=standings,
        standing=_holding(standings, day, found),
        death=Death.objects.filter(person__in=records).order_by("on").first(),
        glass=glass(viewer, found.pk),
        merges=merges,
    )


def _held(records: Iterable[UUID]) -> Iterable[Identifier]:
    """The identifiers of one human being; a number that two records carry stands once."""
    rows = Identifier.objects.filter(person__in=records, replaced_at=None).order_by("-id")
    return reversed({(i.kind, bytes(i.blind)): i for i in rows}.values())


def _holding(facts: Iterable[Fact], day: dt.date, first: Person | None = None) -> Fact | None:
    """The fact that holds on a day; of merged records, that of the survivor `first`."""
    held = [fact for fact in facts if day in fact.valid]
    own = (fact for fact in held if first and getattr(fact, "person_id", None) == first.pk)
    return next(own, held[0] if held else None)


def _merges(viewer: Viewer, survivor: Person, known: dt.datetime | None = None) -> list[Merge]:
    """Merges of records in the viewer's area that end at a survivor; behind the glass, of none."""
    rows = Merge.objects.live(known).filter(survivor=survivor).select_related("person__area")
    return list(
        visible(viewer, READ)
        .limit(rows, path="person__area_path", province="person__province", area="person__area_id")
        .order_by("at")
    )


def records_of(viewer: Viewer, survivor: Person) -> list[UUID]:
    """A visible person's record, then those of the viewer's area that were merged into it."""
    return _ids(survivor, _merges(viewer, survivor))


def _ids(survivor: Person, merges: Iterable[Merge]) -> list[UUID]:
    return [survivor.pk, *(one.person_id for one in merges)]


def merge(viewer: Viewer, merge_id: UUID) -> Merge | None:
    """A merge that stands, both records of which the viewer may change."""
    rows = Merge.objects.live().select_related("person", "survivor").filter(pk=merge_id)
    reach = visible(viewer, WRITE)
    return next(
        (
            one
            for one in rows
            if all(reach.covers(p.area_path, p.area_id) for p in (one.person, one.survivor))
        ),
        None,
    )


def alike(viewer: Viewer, one: Person) -> list[Person]:
    """Who may be the same human being, for a clerk to choose from: by name, best first."""
    rows = persons(viewer, WRITE)
    found = by_name(rows, f"{one.first_name} {one.last_name}", limit=10)
    likely = [other for other, likeness in found if likeness >= ALIKE]
    return [other for other in surviving(rows, likely) if other.pk != one.pk]


def _members(household_id: UUID, on: dt.date, known: dt.datetime | None = None) -> list[Membership]:
    """Who belongs to a household on a day, the head first, then by age.

    A merged record is left out where its survivor belongs to a household: one person, one place.
    """
    belonging = Membership.objects.on(on, known)
    elsewhere = Merge.objects.live(known).filter(
        person=OuterRef("person"), survivor__in=belonging.values("person")
    )
    members = (
        belonging.filter(household_id=household_id)
        .exclude(Exists(elsewhere))
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
    if found is None:
        return None
    return Identifier.objects.filter(pk=identifier_id, person__in=records_of(viewer, found)).first()


def stands_under(viewer: Viewer, person_id: UUID) -> Merge | None:
    """The merge by which a person of the viewer's area stands under another record there."""
    rows = Merge.objects.live().filter(person=person_id, person__in=persons(viewer).values("pk"))
    return rows.filter(survivor__in=persons(viewer).values("pk")).first()


def who_looked(person_id: UUID, limit: int = LOOKS_SHOWN) -> list[Look]:
    """The latest events about a person, newest first; the caller has opened the record.

    An event about two records of one person stands once.
    """
    events = Event.objects.filter(
        pk__in=Subject.objects.filter(person_id__in=of_human(person_id)).values("event")
    ).order_by("-at")[:limit]
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=[e.actor for e in events])}
    return [
        Look(e.at, names.get(e.actor, "") if e.actor else "", e.action, e.purpose) for e in events
    ]


def sealed_with_old_keys() -> bool:
    """Whether some identifier still waits for the newest data key."""
    newest = keyring().keys[0].version
    # Both sides apart: each is a range of the index, what is unequal is the whole table.
    other = Q(key_version__lt=newest) | Q(key_version__gt=newest)
    return Identifier.objects.filter(other).exists()
