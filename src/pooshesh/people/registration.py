"""Registering people, one or a whole census, through one path.

A person whose valid national ID or foreign code is known already is the same person unless both
first name and birth differ; then the number is misused, which is reported and not resolved here.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Grade, Kind, grade
from pooshesh.kernel.identifiers import Identifier as Read
from pooshesh.kernel.ids import uuid7s
from pooshesh.kernel.text import clean, search_key, skeleton, sort_key
from pooshesh.kernel.time import from_day, from_now
from pooshesh.people.bulk import copy_in, supersede
from pooshesh.people.models import (
    Household,
    Identifier,
    IdentifierKind,
    LegalStatus,
    Membership,
    Person,
    Relation,
    Standing,
)
from pooshesh.people.names import LONGEST_WORD, one_person, slips, words_of
from pooshesh.places.models import Area

#: Kinds by which somebody is recognised; passport numbers are given again and again.
IDENTITY = (Kind.NATIONAL_ID, Kind.FOREIGN_CODE)
TRUSTED = (Grade.VERIFIED, Grade.CHECKSUM)


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
    """A row whose identifier belongs to `holder`, who has another first name and birth."""

    row: int
    kind: Kind
    holder: UUID


@dataclass(frozen=True, slots=True)
class Registration:
    """What became of the rows: `persons` by row number, how many of them were new or known."""

    persons: dict[int, UUID]
    registered: int
    reused: int
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """A registered person who holds an identifier."""

    person: UUID
    first_name: str
    birth_date: dt.date | None
    birth_precision: str


Holders = dict[tuple[Kind, str], list[Holder]]


def identity_of(identifiers: Iterable[Read]) -> list[Read]:
    """Those by which somebody is recognised."""
    return [one for one in identifiers if one.kind in IDENTITY and one.grade in TRUSTED]


def holders_of(identifiers: Iterable[Read]) -> Holders:
    """Who holds these identifiers, in any area, whoever was registered first first."""
    keys = keyring()
    wanted = {
        index: (one.kind, one.value)
        for one in set(identity_of(identifiers))
        for index in keys.indexes(one.value, one.kind)
    }
    held: Holders = {}
    with connection.cursor() as cursor:
        # An array is one parameter; `in` of a census would be a statement of ten thousand.
        cursor.execute(
            """select i.blind, p.id, p.first_name, p.birth_date, p.birth_precision
               from people_identifier i join people_person p on p.id = i.person_id
               where i.blind = any(%s) and i.grade = any(%s) and i.replaced_at is null
               order by p.id""",
            [list(wanted), [str(trusted) for trusted in TRUSTED]],
        )
        for blind, *holder in cursor.fetchall():
            held.setdefault(wanted[bytes(blind)], []).append(Holder(*holder))
    return held


@dataclass(slots=True)
class _Resolved:
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


@transaction.atomic
def register_census(
    rows: Iterable[CensusPerson],
    *,
    area: Area,
    on: dt.date,
    actor: UUID | None,
    source_prefix: str = "",
) -> Registration:
    """Register the people of a census with households, identifiers, memberships, standings.

    All or nothing, by COPY within the caller's transaction. `source_prefix` names the source
    ("census:<digest>"); a row of it that was registered before keeps its person and is not
    touched, so a second run changes nothing. Facts hold from `on`. Somebody known already by
    identifier moves here with their household; their standing stays as it was decided.
    """
    census = list(rows)
    if source_prefix:
        _queue(source_prefix)
    resolved = _resolve(census, _registered(source_prefix))
    if resolved.written:
        now = timezone.now()
        _write_persons(resolved, area, source_prefix, now)
        _write_identifiers(resolved.identifiers, now)
        moved = _write_households(census, resolved, area, on, now)
        stood = _write_standings(resolved, on, now)
        touched = {resolved.persons[one.row] for one in resolved.new}
        touched |= {person for person, _ in resolved.identifiers} | moved | stood
        if touched:
            audit.record(
                "people.register", actor=actor, kind="area", object_id=area.id,
                fields=["person", "identifier", "household", "membership", "standing"],
                purpose=source_prefix, area_path=area.path, persons=sorted(touched),
            )  # fmt: skip
    return Registration(
        resolved.persons, len(resolved.new), len(resolved.reused), tuple(resolved.conflicts)
    )


def _queue(source: str) -> None:
    """Let two runs of one source follow each other."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [source])


def _registered(source_prefix: str) -> dict[int, UUID]:
    """Person by row of those this source brought before."""
    if not source_prefix:
        return {}
    found = Person.objects.exclude(source="").filter(source__startswith=f"{source_prefix}:")
    return {
        int(source.rpartition(":")[2]): person
        for source, person in found.values_list("source", "id")
    }


def _resolve(census: Sequence[CensusPerson], known: Mapping[int, UUID]) -> _Resolved:
    """Find for every row the person who has its identifier, or a new one."""
    read = {one.row: one.identifiers() for one in census}
    held = holders_of(one for identifiers in read.values() for one in identifiers)
    fresh = iter(uuid7s(len(census)))
    resolved = _Resolved({one.row: known[one.row] for one in census if one.row in known})
    for one in census:
        identity = identity_of(read[one.row])
        holders = [(h, i.kind) for i in identity for h in held.get((i.kind, i.value), ())]
        same = next((h for h, _ in holders if one_person(h, one)), None)
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
        if first and first[0].person != person and not one_person(first[0], one):
            resolved.conflicts.append(Conflict(one.row, first[1], first[0].person))
        resolved.identifiers += [(person, i) for i in fresh_ids]
        for i in identity_of(fresh_ids):
            holder = Holder(person, one.first_name, one.birth_date, one.birth_precision)
            held.setdefault((i.kind, i.value), []).append(holder)
    return resolved


class NameKeys(NamedTuple):
    """The columns of a person that follow from the name."""

    search_key: str
    sort_key: str
    words: list[str]

    @classmethod
    def of(cls, first: str, last: str) -> "NameKeys":
        return cls(
            search_key(f"{first} {last}")[:250],
            sort_key(f"{last} {first}")[:250],
            words_of(first, last),
        )


def keep_words(words: Iterable[str]) -> None:
    """Add what is new among words to the vocabulary of names."""
    wanted = set(words)
    with connection.cursor() as cursor:
        cursor.execute("select word from people_nameword where word = any(%s)", [list(wanted)])
        # One order for all writers: no deadlock.
        fresh = sorted(wanted.difference(word for (word,) in cursor.fetchall()))
        heard = [skeleton(word)[:LONGEST_WORD] for word in fresh]
        cursor.execute(
            """insert into people_nameword (word, skeleton, slips)
               select word, skeleton, string_to_array(slips, ' ')
               from unnest(%s::text[], %s::text[], %s::text[]) as t(word, skeleton, slips)
               on conflict do nothing""",
            [fresh, heard, [" ".join(slips(*pair)) for pair in zip(fresh, heard, strict=True)]],
        )


def sealed_mobile(raw: str) -> tuple[bytes | None, bytes | None]:
    """(sealed, blind index) of a mobile number as typed; (None, None) when it is not one."""
    read = grade(Kind.MOBILE, raw)
    if read.grade is not Grade.CHECKSUM:
        return None, None
    keys = keyring()
    return keys.seal(read.value, Kind.MOBILE), keys.index(read.value, Kind.MOBILE)


def _write_persons(resolved: _Resolved, area: Area, source_prefix: str, now: dt.datetime) -> None:
    vocabulary: set[str] = set()
    rows = []
    for one in resolved.new:
        first, last = clean(one.first_name), clean(one.last_name)
        keys = NameKeys.of(first, last)
        vocabulary.update(keys.words)
        rows.append(
            (
                resolved.persons[one.row], first, last, clean(one.father_name),
                *keys, one.sex,
                one.birth_date, one.birth_precision, area.id, area.path, area.province,
                *sealed_mobile(one.mobile),
                f"{source_prefix}:{one.row}" if source_prefix else "", now,
            )
        )  # fmt: skip
    keep_words(vocabulary)
    copy_in(
        Person,
        ("id", "first_name", "last_name", "father_name", "search_key", "sort_key", "words", "sex",
         "birth_date", "birth_precision", "area_id", "area_path", "province", "mobile",
         "mobile_blind", "source", "created_at"),
        rows,
    )  # fmt: skip


def _write_identifiers(identifiers: Sequence[tuple[UUID, Read]], now: dt.datetime) -> None:
    keys = keyring()
    version = keys.keys[0].version
    copy_in(
        Identifier,
        ("id", "person_id", "kind", "grade", "sealed", "blind", "key_version", "recorded_at"),
        (
            (
                pk, person, IdentifierKind(one.kind), one.grade.value,
                keys.seal(one.value, one.kind), keys.index(one.value, one.kind), version, now,
            )
            for pk, (person, one) in zip(uuid7s(len(identifiers)), identifiers, strict=True)
        ),
    )  # fmt: skip


def _write_households(
    census: Sequence[CensusPerson],
    resolved: _Resolved,
    area: Area,
    on: dt.date,
    now: dt.datetime,
) -> set[UUID]:
    """Households and memberships; the persons whose membership changed.

    A household some member of which lives in one of this area already stays that household. Where
    a membership from a later day is known, an older census does not undo it.
    """
    lives = {
        m.person_id: m
        for m in Membership.objects.known()
        .filter(person_id__in=resolved.old(), valid__overlap=from_day(on))
        .select_related("household")
        .order_by("valid")
    }
    persons, written = resolved.persons, resolved.written
    home: dict[str, UUID] = {}
    for one in census:
        now_at = lives.get(persons[one.row])
        if now_at and now_at.household.area_id == area.id:
            home.setdefault(_household(one), now_at.household_id)
    unplaced = {_household(one): "" for one in written if _household(one) not in home}
    home |= dict(zip(unplaced, uuid7s(len(unplaced)), strict=True))
    for one in written:
        code = grade(Kind.POSTAL_CODE, one.postal_code)
        if _household(one) in unplaced and code.grade is Grade.CHECKSUM:
            unplaced[_household(one)] = unplaced[_household(one)] or code.value
    copy_in(
        Household,
        ("id", "area_id", "area_path", "province", "postal_code", "address", "created_at"),
        (
            (home[name], area.id, area.path, area.province, code, "", now)
            for name, code in unplaced.items()
        ),
    )
    joins: dict[UUID, tuple[UUID, str]] = {}
    for one in written:
        person, where = persons[one.row], (home[_household(one)], str(one.relation))
        was = lives.get(person)
        if was is None or (on in was.valid and (was.household_id, was.relation) != where):
            joins.setdefault(person, where)
    movers = [person for person in joins if person in lives]
    if movers:
        supersede(Membership, "person_id", movers, on, now)
        Person.objects.filter(id__in=movers).update(
            area=area, area_path=area.path, province=area.province
        )
    valid, recorded = from_day(on), from_now(now)
    copy_in(
        Membership,
        ("person_id", "household_id", "relation", "valid", "recorded"),
        ((person, *where, valid, recorded) for person, where in joins.items()),
    )
    return set(joins)


def _household(one: CensusPerson) -> str:
    """The name of a household within its source; who gives none lives alone."""
    return one.household or f"\0{one.row}"


def _write_standings(resolved: _Resolved, on: dt.date, now: dt.datetime) -> set[UUID]:
    """Standings of those who have none yet; the persons who got one."""
    stated = {resolved.persons[one.row]: one for one in reversed(resolved.written) if one.status}
    decided = set(
        Standing.objects.known()
        .filter(person_id__in=resolved.old(), valid__overlap=from_day(on))
        .values_list("person_id", flat=True)
    )
    valid, recorded = from_day(on), from_now(now)
    fresh = {person: one for person, one in stated.items() if person not in decided}
    copy_in(
        Standing,
        ("person_id", "status", "nationality", "source", "valid", "recorded"),
        (
            (person, one.status, one.nationality, "census", valid, recorded)
            for person, one in fresh.items()
        ),
    )
    return set(fresh)
