"""Who may already be somebody: candidates by one indexed statement, scored by the linkage's model.

Reads for registration, which checks against the whole country; what of it a viewer may see is for
`queries` to say.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from rapidfuzz.distance import JaroWinkler

from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Kind
from pooshesh.people import matchkeys
from pooshesh.people.linkage.live import Record, score_one
from pooshesh.people.matchkeys import birth_text
from pooshesh.people.recognition import CensusPerson
from pooshesh.people.search import persian

MOST = 200  # candidates looked at; more share a fact only where it says nothing
NAMES = ("first_name", "last_name", "father_name")
SLIP = 0.75  # Jaro-Winkler similarity below which names are no slip of each other
COLUMNS = {Kind.NATIONAL_ID.value: "national_id", Kind.FOREIGN_CODE.value: "foreign_id"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody registered who shares facts with somebody else; a merged record's survivor."""

    person: UUID
    area_path: str
    area_id: UUID
    record: Record


@dataclass(frozen=True, slots=True)
class Alike:
    """A candidate whom the model finds likely: chance 0-1, "match" or "review"."""

    person: UUID
    area_path: str
    area_id: UUID
    chance: float
    likely: str


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


def likely(record: Record) -> list[Alike]:
    """Who in the registry may be this person, best first; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(met=_BY_KEYS), {"keys": matchkeys.sought(record), "most": MOST})
        met = [_candidate(row) for row in cursor.fetchall()]
    return scored(record, met)


def scored(record: Record, candidates: Iterable[Candidate]) -> list[Alike]:
    """The candidates whom the model finds likely, best first."""
    near = [one for one in candidates if _may_be(record, one.record)]
    return [
        Alike(near[at].person, near[at].area_path, near[at].area_id, chance, sort)
        for at, chance, sort in score_one(record, [one.record for one in near])
    ]


def _may_be(one: Record, other: Record) -> bool:
    """Whether two records that share a fact are worth the model's time."""
    phone = bool(one["mobile"]) and one["mobile"] == other["mobile"]
    return _near(one, [other[name] for name in NAMES], phone)


def _near(one: Record, names: Sequence[str | None], same_mobile: bool) -> bool:
    """Whether somebody may bear another's first, last and father's names. Kin, and strangers who
    were born on one day and share one name, may not.

    The first name, or either crosswise, is alike as far as it is known, and something beside it.
    """
    first, last, father = (
        _alike(one[name], other) for name, other in zip(NAMES, names, strict=True)
    )
    crosswise = bool(_alike(one["first_name"], names[1]))
    return crosswise or (
        first is not False and (same_mobile or last is not False or father is not False)
    )


@lru_cache(1 << 16)
def _alike(one: str | None, other: str | None) -> bool | None:
    """Whether two names may be slips of each other; None where one is not known."""
    a, b = persian(one or ""), persian(other or "")
    return JaroWinkler.similarity(a, b) >= SLIP if a and b else None


#: Candidates in full. Numbers and the household of today come as they are kept.
_SQL = """
    select p.id, p.area_path::text, p.area_id, p.first_name, p.last_name, p.father_name, p.sex,
           p.birth_date, p.birth_precision, p.mobile, h.id, h.postal_code, n.kinds, n.sealed
    from ({met}) as met
    join people_person p on p.id = met.person_id
    left join lateral (
        select h.id, h.postal_code from people_membership m
        join people_household h on h.id = m.household_id
        where m.person_id = p.id and m.valid @> current_date and upper_inf(m.recorded) limit 1
    ) h on true
    left join lateral (
        select array_agg(i.kind) as kinds, array_agg(i.sealed) as sealed
        from people_identifier i
        where i.person_id = p.id and i.replaced_at is null and i.grade <> 'pseudo'
    ) n on true
"""

# Materialised, so that the limit does not lure the planner into reading the whole table.
_BY_KEYS = """
    with met as materialized (
        select person_id from people_matchkeys where keys && %(keys)s::bigint[]
    )
    select distinct coalesce(g.survivor_id, f.person_id) as person_id
    from (select person_id from met limit %(most)s) as f
    left join people_merge g on g.person_id = f.person_id and g.undone_at is null
"""
_BY_ID = "select unnest(%(persons)s::uuid[]) as person_id"


def candidates(persons: Collection[UUID]) -> dict[UUID, Candidate]:
    """Persons as candidates, by id; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(met=_BY_ID), {"persons": list(persons)})
        return {row[0]: _candidate(row) for row in cursor.fetchall()}


def _candidate(row: Sequence[Any]) -> Candidate:
    (person, path, area, first, last, father, sex, born, precision, mobile, home, postal, kinds,
     sealed) = row  # fmt: skip
    keys = keyring()
    record: dict[str, str | None] = {
        "household": str(home or ""),
        "first_name": first,
        "last_name": last,
        "father_name": father,
        "sex": sex,
        "birth_date": birth_text(born, precision),
        "postal_code": postal or "",
        "mobile": keys.open(bytes(mobile), Kind.MOBILE) if mobile else "",
    }
    for kind, value in zip(kinds or (), sealed or (), strict=True):
        if kind in COLUMNS:
            record[COLUMNS[kind]] = keys.open(bytes(value), kind)
    return Candidate(person, path, area, record)


def sharing(
    newcomers: Mapping[UUID, Record], keys: Mapping[UUID, str], *, within: bool
) -> dict[UUID, list[UUID]]:
    """Newcomer → persons who share one of these hashes and may bear the name; other newcomers,
    registered before them, only `within`. Of merged records the survivor."""
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")  # it takes every sharing for a common one
        cursor.execute(
            """select n.person_id, p.id, p.first_name, p.last_name, p.father_name,
                      coalesce(p.mobile_blind = q.mobile_blind, false)
               from unnest(%(new)s::uuid[], %(keys)s::text[]) as n(person_id, keys)
               join people_person q on q.id = n.person_id
               cross join lateral (
                   select o.person_id from people_matchkeys o
                   where o.keys && n.keys::bigint[] and o.person_id <> n.person_id limit %(most)s
               ) as met
               left join people_merge g on g.person_id = met.person_id and g.undone_at is null
               join people_person p on p.id = coalesce(g.survivor_id, met.person_id)""",
            {"new": list(keys), "keys": list(keys.values()), "most": MOST},
        )
        rows = cursor.fetchall()
        cursor.execute("set local enable_seqscan = on")
    met: dict[UUID, list[UUID]] = {}
    for one, other, *names, same_mobile in rows:
        earlier = other not in newcomers or (within and other < one)
        if earlier and _near(newcomers[one], names, same_mobile):
            met.setdefault(one, []).append(other)
    return met


def found_among(
    newcomers: Mapping[UUID, Record], keys: Mapping[UUID, str], *, within: bool
) -> Iterable[tuple[UUID, Alike]]:
    """(newcomer, who may be the same) for persons who are written already, with their hashes."""
    met = sharing(newcomers, keys, within=within)
    known = candidates({other for others in met.values() for other in others})
    for one, others in met.items():
        for alike in scored(newcomers[one], [known[other] for other in others]):
            yield one, alike
