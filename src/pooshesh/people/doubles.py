"""Who may already be somebody: candidates by one indexed statement, scored by the linkage's model.

Reads for registration, which checks against the whole country; what of it a viewer may see is for
`queries` to say.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from rapidfuzz.distance import JaroWinkler

from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Grade, Kind, grade
from pooshesh.kernel.identifiers import Identifier as Read
from pooshesh.people import matchkeys
from pooshesh.people.linkage.live import Record, score_one, score_pairs
from pooshesh.people.matchkeys import Hashes, birth_text
from pooshesh.people.recognition import CensusPerson, blinds_of, identity_of
from pooshesh.people.search import persian

PART = 1_000  # newcomers looked for at once
MOST = 200  # candidates looked at; more share a fact only where it says nothing
NAMES = ("first_name", "last_name", "father_name")
SLIP = 0.75  # Jaro-Winkler similarity below which names are no slip of each other
COLUMNS = {Kind.NATIONAL_ID.value: "national_id", Kind.FOREIGN_CODE.value: "foreign_id"}


class Row(NamedTuple):
    """Somebody registered as `people_records` gives them: numbers and today's household as kept."""

    person: UUID
    area_path: str
    area_id: UUID
    first_name: str
    last_name: str
    father_name: str
    sex: str
    birth_date: dt.date | None
    birth_precision: str
    mobile: bytes | None
    mobile_blind: bytes | None
    household: UUID | None
    postal_code: str | None
    kinds: list[str] | None
    sealed: list[bytes] | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody registered who shares facts with somebody else; a merged record's survivor."""

    row: Row
    record: Record


@dataclass(frozen=True, slots=True)
class Alike:
    """A candidate whom the model finds likely: chance 0-1, "match" or "review"."""

    row: Row
    chance: float
    likely: str

    @property
    def person(self) -> UUID:
        return self.row.person


def typed(one: CensusPerson, household: str = "") -> Record:
    """A newcomer as the linkage reads it; `household` is the one they join, if it exists."""
    return {
        "household": household,
        "first_name": one.first_name,
        "last_name": one.last_name,
        "father_name": one.father_name,
        "sex": one.sex,
        "birth_date": birth_text(one.birth_date, one.birth_precision),
        "national_id": one.national_id,
        "foreign_id": one.foreign_code,
        "postal_code": one.postal_code,
        "mobile": one.mobile,
    }


class Met(NamedTuple):
    """Who holds a trusted number of somebody, and who else may be this person, best first."""

    holders: set[UUID]
    alike: list[Alike]


def met(record: Record, numbers: Iterable[Read]) -> Met:
    """Who in the registry holds one of these numbers or may be this person; 2 statements at most.

    Numbers and household are read of those alone whose names may be slips of these.
    """
    blinds = [index for found in blinds_of(identity_of(numbers)).values() for index in found]
    holders, near = set(), []
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from people_alike(%s::bigint[], %s, %s::bytea[])",
            [matchkeys.sought(record), MOST, blinds],
        )
        for person, held, *names, blind in cursor.fetchall():
            if held:
                holders.add(person)
            elif _near(record, names, blind):
                near.append(person)
    known = candidates(near) if near else {}
    read = [known[person] for person in near]
    return Met(
        holders,
        [
            Alike(read[at].row, chance, sort)
            for at, chance, sort in score_one(record, [one.record for one in read])
        ],
    )


def _near(one: Record, names: Sequence[str | None], blind: bytes | None) -> bool:
    """Whether somebody may bear another's first, last and father's names. Kin, and strangers who
    were born on one day and share one name, may not.

    The first name, or either crosswise, is alike as far as it is known, and something beside it.
    `blind` is the index of the other's mobile.
    """
    first, last, father = (
        _alike(one[name], other) for name, other in zip(NAMES, names, strict=True)
    )
    crosswise = bool(_alike(one["first_name"], names[1]))
    return crosswise or (
        first is not False
        and (last is not False or father is not False or _same_mobile(one["mobile"], blind))
    )


def _same_mobile(mobile: str | None, blind: bytes | None) -> bool:
    return blind is not None and blind in _phones(mobile)


@lru_cache(1 << 14)
def _phones(mobile: str | None) -> tuple[bytes, ...]:
    """The indexes of a mobile number as typed, the newest first; none where it is not one."""
    read = grade(Kind.MOBILE, mobile or "")
    if read.grade is not Grade.CHECKSUM:
        return ()
    return tuple(keyring().indexes(read.value, Kind.MOBILE))


@lru_cache(1 << 16)
def _alike(one: str | None, other: str | None) -> bool | None:
    """Whether two names may be slips of each other; None where one is not known."""
    a, b = persian(one or ""), persian(other or "")
    return JaroWinkler.similarity(a, b) >= SLIP if a and b else None


def candidates(persons: Collection[UUID]) -> dict[UUID, Candidate]:
    """Persons as candidates, by id; one statement."""
    return _read(records(persons))


def _read(rows: Iterable[Row]) -> dict[UUID, Candidate]:
    return {row.person: _candidate(row) for row in rows}


def records(persons: Collection[UUID]) -> list[Row]:
    """Persons as they are kept; one statement."""
    with connection.cursor() as cursor:
        cursor.execute("select * from people_records(%s::uuid[])", [list(persons)])
        return [Row(*row) for row in cursor.fetchall()]


def _candidate(row: Row) -> Candidate:
    keys = keyring()
    record: dict[str, str | None] = {
        "household": str(row.household or ""),
        "first_name": row.first_name,
        "last_name": row.last_name,
        "father_name": row.father_name,
        "sex": row.sex,
        "birth_date": birth_text(row.birth_date, row.birth_precision),
        "postal_code": row.postal_code or "",
        "mobile": keys.open(row.mobile, Kind.MOBILE) if row.mobile else "",
    }
    for kind, value in zip(row.kinds or (), row.sealed or (), strict=True):
        if kind in COLUMNS:
            record[COLUMNS[kind]] = keys.open(value, kind)
    return Candidate(row, record)


Pairs = set[tuple[UUID, UUID]]


def found_among(
    newcomers: Mapping[UUID, Record], hashes: Mapping[UUID, Hashes], *, within: bool
) -> list[tuple[UUID, Alike]]:
    """(newcomer, who may be the same) for persons who are written already, without their hashes.

    `newcomers` in the order of registration. Looked at is who was registered before, of merged
    records the survivor; and, only `within`, who comes earlier among the newcomers. Two statements
    for each thousand; a part is scored while the database looks for the next.
    """
    order = list(hashes)
    among = sharing_within(newcomers, hashes) if within else set()
    with ThreadPoolExecutor(1) as beside:
        scored = []
        for start in range(0, len(order), PART):
            part = {person: hashes[person] for person in order[start : start + PART]}
            pairs = sharing(newcomers, part) | {pair for pair in among if pair[0] in part}
            rows = records({other for _, other in pairs})
            scored.append(beside.submit(_scored, newcomers, pairs, rows))
        return [hit for part_of in scored for hit in part_of.result()]


def _scored(
    newcomers: Mapping[UUID, Record], pairs: Pairs, rows: Iterable[Row]
) -> list[tuple[UUID, Alike]]:
    known = _read(rows)
    both = [(one, known[other]) for one, other in sorted(pairs, key=_by_newcomer)]
    scored = score_pairs([(newcomers[one], other.record) for one, other in both])
    return [
        (one, Alike(other.row, *score))
        for (one, other), score in zip(both, scored, strict=True)
        if score
    ]


def _by_newcomer(pair: tuple[UUID, UUID]) -> tuple[int, int]:
    return pair[0].int, pair[1].int


def sharing(newcomers: Mapping[UUID, Record], hashes: Mapping[UUID, Hashes]) -> Pairs:
    """(newcomer, registered before) of those who share a hash and may bear the name."""
    order = list(hashes)
    with connection.cursor() as cursor:
        # Row by row: it takes every sharing for a common one, and would read the whole registry.
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(
            """select n.at, p.*
               from unnest(%(keys)s::text[]) with ordinality as n(keys, at)
               cross join lateral (
                   select o.person_id from people_matchkeys o
                   where o.keys && n.keys::bigint[] limit %(most)s
               ) as met
               left join lateral (
                   select m.survivor_id from people_merge m
                   where m.person_id = met.person_id and m.undone_at is null limit 1
               ) as g on true
               cross join lateral (
                   select r.id, r.first_name, r.last_name, r.father_name, r.mobile_blind
                   from people_person r where r.id = coalesce(g.survivor_id, met.person_id) limit 1
               ) as p""",
            {
                "keys": [matchkeys.array(hashes[person].narrow) for person in order],
                "most": MOST,
            },
        )
        rows = cursor.fetchall()
        cursor.execute("set local enable_seqscan = on")
    return {
        (order[at - 1], other)
        for at, other, *names, blind in rows
        if _near(newcomers[order[at - 1]], names, blind)
    }


def sharing_within(newcomers: Mapping[UUID, Record], hashes: Mapping[UUID, Hashes]) -> Pairs:
    """(newcomer, earlier newcomer) of those who share a hash and may bear the name."""
    met: defaultdict[int, list[UUID]] = defaultdict(list)
    pairs: Pairs = set()
    for one, of in hashes.items():
        for each in of.narrow:
            pairs.update((one, other) for other in met[each][:MOST])
            met[each].append(one)
    return {(one, other) for one, other in pairs if _both(newcomers[one], newcomers[other])}


def _both(one: Record, other: Record) -> bool:
    phones = _phones(other["mobile"])
    return _near(one, [other[name] for name in NAMES], phones[0] if phones else None)
