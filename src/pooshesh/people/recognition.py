"""Who a row of a census is: somebody registered, somebody met in the same census, or new.

A person whose valid national ID or foreign code is known already is the same person unless both
first name and birth differ, or the holder lives in another province. Such a number is reported
and not resolved here: it is misused, or somebody moved, and a clerk is asked which.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Grade, Kind, grade
from pooshesh.kernel.identifiers import Identifier as Read
from pooshesh.kernel.ids import uuid7s
from pooshesh.people.models import LegalStatus, Relation
from pooshesh.people.names import one_person
from pooshesh.places.models import Area

#: Kinds by which somebody is recognised; passport numbers are given again and again.
IDENTITY = (Kind.NATIONAL_ID, Kind.FOREIGN_CODE)
TRUSTED = (Grade.VERIFIED, Grade.CHECKSUM)
QUEUE = 0x1D  # our own among the advisory locks that have two numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class CensusPerson:
    """One person as a row of a census or a form gives them; texts as typed.

    `row` numbers the people of one source. Equal `household` is one household, "" somebody who
    lives alone. A `birth_date` known by month or year is the first day of it.
    """

    row: int
    household: str = ""
    relation: str = Relation.OTHER
    first_name: str = ""
    last_name: str = ""
    father_name: str = ""
    sex: str = ""
    birth_date: dt.date | None = None
    birth_precision: str = ""
    national_id: str = ""
    foreign_code: str = ""
    passport: str = ""
    mobile: str = ""
    postal_code: str = ""
    status: LegalStatus | None = None  # None: not known
    nationality: str = ""  # ISO 3166

    def identifiers(self) -> list[Read]:
        """What stands in the identifier boxes, graded; empty boxes are left out."""
        read = (
            grade(Kind.NATIONAL_ID, self.national_id, mobile=self.mobile),
            grade(Kind.FOREIGN_CODE, self.foreign_code),
            grade(Kind.PASSPORT, self.passport),
        )
        return [one for one in read if one.grade is not Grade.MISSING]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row whose identifier belongs to `holder`: with another first name and birth, or in another
    province."""

    row: int
    kind: Kind
    holder: UUID


@dataclass(frozen=True, slots=True)
class Holder:
    """A registered person who holds an identifier."""

    person: UUID
    first_name: str
    birth_date: dt.date | None
    birth_precision: str
    province: str
    area_path: str
    area_id: UUID

    def stands_for(self, one: CensusPerson, area: Area) -> bool:
        """Whether a row of a census of the area is this person; nobody is moved out of another
        province unasked."""
        return self.province == area.province and one_person(self, one)


Holders = dict[tuple[Kind, str], list[Holder]]


def identity_of(identifiers: Iterable[Read]) -> list[Read]:
    """Those by which somebody is recognised."""
    return [one for one in identifiers if one.kind in IDENTITY and one.grade in TRUSTED]


Blinds = Mapping[Read, Sequence[bytes]]


def blinds_of(identifiers: Iterable[Read]) -> Blinds:
    """Identifier → its blind indexes, the newest first, each worked out once."""
    indexes = keyring().indexes
    return {one: indexes(one.value, one.kind) for one in dict.fromkeys(identifiers)}


def queue_for(blinds: Blinds) -> None:
    """Let writers who may write the same identifier follow each other until they commit.

    Call it before asking `holders_of` whether a number is free. By the first byte of the blind
    index: a census takes 256 locks at most, however many people it has. Always taken in order, and
    before rows of persons, so that two writers cannot wait for each other.
    """
    queues = {index[0] for one in identity_of(blinds) for index in blinds[one]}
    if queues:
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_advisory_xact_lock(%s, queue) from unnest(%s::int[]) as queue",
                [QUEUE, sorted(queues)],
            )


def holders_of(blinds: Blinds) -> Holders:
    """Who holds these identifiers, in any area, whoever was registered first first.

    Of merged records the survivor holds them.
    """
    wanted = {index: (one.kind, one.value) for one in identity_of(blinds) for index in blinds[one]}
    held: Holders = {}
    if not wanted:
        return held
    with connection.cursor() as cursor:
        # An array is one parameter; `in` of a census would be a statement of ten thousand.
        cursor.execute(
            """select i.blind, p.id, p.first_name, p.birth_date, p.birth_precision,
                      p.province, p.area_path::text, p.area_id
               from people_identifier i
               left join people_merge m on m.person_id = i.person_id and m.undone_at is null
               join people_person p on p.id = coalesce(m.survivor_id, i.person_id)
               where i.blind = any(%s) and i.grade = any(%s) and i.replaced_at is null
               order by p.id""",
            [list(wanted), [str(trusted) for trusted in TRUSTED]],
        )
        for blind, *holder in cursor.fetchall():
            holders, found = held.setdefault(wanted[bytes(blind)], []), Holder(*holder)
            if found not in holders:  # two records of one person may carry the same number
                holders.append(found)
    return held


@dataclass(slots=True)
class Resolved:
    """The rows with the person each stands for, and which of those are to be written."""

    persons: dict[int, UUID]
    new: list[CensusPerson] = field(default_factory=list)
    reused: list[CensusPerson] = field(default_factory=list)
    identifiers: list[tuple[UUID, Read]] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def written(self) -> list[CensusPerson]:
        return [*self.new, *self.reused]

    def old(self) -> list[UUID]:
        """Persons that were there before."""
        fresh = {self.persons[one.row] for one in self.new}
        return sorted(set(self.persons.values()) - fresh)


def resolve(
    census: Sequence[CensusPerson],
    read: Mapping[int, Sequence[Read]],
    held: Holders,
    known: Mapping[int, UUID],
    area: Area,
) -> Resolved:
    """Find for every row the person of the area's province who has its identifier, or a new one.

    `read` are the identifiers of each row, `held` who holds them, `known` who a row was before.
    """
    fresh = iter(uuid7s(len(census)))
    fresh_ids: Sequence[Read]
    resolved = Resolved({one.row: known[one.row] for one in census if one.row in known})
    for one in census:
        identity = identity_of(read[one.row])
        holders = [(h, i.kind) for i in identity for h in held.get((i.kind, i.value), ())]
        same = next((h for h, _ in holders if h.stands_for(one, area)), None)
        person = known.get(one.row)
        if person is None and same:
            person = resolved.persons[one.row] = same.person
            resolved.reused.append(one)
            fresh_ids = [
                i for i in identity
                if all(h.person != person for h in held.get((i.kind, i.value), ()))
            ]  # fmt: skip
        elif person is None:
            person = resolved.persons[one.row] = next(fresh)
            resolved.new.append(one)
            fresh_ids = read[one.row]
        else:
            fresh_ids = []
        first = min(holders, key=lambda pair: pair[0].person, default=None)
        if first and first[0].person != person and not first[0].stands_for(one, area):
            resolved.conflicts.append(Conflict(one.row, first[1], first[0].person))
        resolved.identifiers += [(person, i) for i in fresh_ids]
        for i in identity_of(fresh_ids):
            holder = Holder(
                person, one.first_name, one.birth_date, one.birth_precision, area.province,
                area.path, area.pk,
            )  # fmt: skip
            held.setdefault((i.kind, i.value), []).append(holder)
    return resolved
