"""The facts of registered persons on a day, each from the room that knows it.

A room registers one query for all its facts, so that the facts of a person, a province or a nation
cost the same few statements. A query reads `picked` (person_id, household_id, relation, area_id,
province, sex, day, about: the members of every household asked about, one row a living human
being) and gives a row for each person it knows something of.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection, transaction
from django_stubs_ext import StrPromise

from pooshesh.rules import BoundPack
from pooshesh.rules.frames import HOUSEHOLD, PERSON, PolarsEngine
from pooshesh.rules.pack import Fact, required_facts

_FLAGS = {"t": True, "f": False}

#: What people are counted by, beside the facts.
GROUPS = ("province", "sex")

_CREATE = "create temp table picked on commit drop as "
_PICKED = """
with asked as ({asked}),
homes as (
  select distinct household_id from people_membership m join asked using (person_id)
  where m.valid @> %(day)s::date and upper_inf(m.recorded)
),
members as (
  select m.person_id, m.household_id, m.relation
  from people_membership m join homes using (household_id)
  where m.valid @> %(day)s::date and upper_inf(m.recorded)
  union all
  select person_id, person_id, 'head' from asked a
  where not exists (
    select 1 from people_membership m
    where m.person_id = a.person_id and m.valid @> %(day)s::date and upper_inf(m.recorded)
  )
)
select m.person_id, m.household_id, m.relation, p.area_id, p.province, p.sex,
       exists (select 1 from asked a where a.person_id = m.person_id) as asked,
       %(day)s::date as day, %(about)s::jsonb as about
from members m join people_person p on p.id = m.person_id
where not exists (select 1 from people_death d where d.person_id = p.id and d.on <= %(day)s)
  and not exists (
    select 1 from people_merge g where g.person_id = p.id and g.undone_at is null
  )
"""


@dataclass(frozen=True)
class Source:
    """A room's facts: `sql` selects person_id and the `facts`; `title` says who knows them.

    `absent` stand where the query has no row for a person; other facts are then not known. A column
    named like a fact made from the household says it for this person, where it says a thing.
    """

    title: StrPromise
    facts: tuple[str, ...]
    sql: str
    absent: Mapping[str, object]


_sources: list[Source] = []


def register(source: Source) -> None:
    """Let a room bring its facts; each fact has one source."""
    taken = {fact for one in _sources for fact in one.facts} & set(source.facts)
    if taken:
        raise ValueError(f"facts with two sources: {sorted(taken)}")
    _sources.append(source)


def sources() -> Sequence[Source]:
    """Every source, in the order of registration."""
    return tuple(_sources)


def picked(asked: str) -> str:
    """The query of `picked` for the persons that a query names; takes asked, day and about."""
    return _PICKED.format(asked=asked)


def source_of(fact: str) -> StrPromise | None:
    """Who knows a fact; None when no room brings it."""
    return next((one.title for one in _sources if fact in one.facts), None)


def of_persons(
    pack: BoundPack,
    persons: Sequence[UUID],
    *,
    about: Mapping[str, str] | None = None,
    given: Mapping[str, object] | None = None,
) -> pl.DataFrame:
    """The facts of these persons on the pack's day; as `_gather`.

    `about` tells the sources what is decided of each of them, such as which disease; `given` are
    facts no source knows, such as the amount asked for.
    """
    asked = "select unnest(%(asked)s::uuid[]) as person_id"
    return _gather(pack, asked, list(persons), about or {}, given or {})


def of_province(pack: BoundPack, province: str) -> pl.DataFrame:
    """The facts of everybody who lives in a province on the pack's day; as `_gather`."""
    asked = "select id as person_id from people_person where province = %(asked)s"
    return _gather(pack, asked, province)


@transaction.atomic
def _gather(
    pack: BoundPack,
    asked: str,
    of: str | list[UUID],
    about: Mapping[str, str] = MappingProxyType({}),
    given: Mapping[str, object] = MappingProxyType({}),
) -> pl.DataFrame:
    """person_id, every fact and aggregate of the pack, and `GROUPS`; a row for each human being.

    The dead and records merged into others are left out. 2 statements and one a source.
    """
    asks: dict[str, Any] = {"day": pack.on, "asked": of, "about": json.dumps(dict(about))}
    engine = PolarsEngine(pack.plan)
    with connection.cursor() as cursor:
        cursor.execute(_CREATE + picked(asked), asks)
        frame = _read(cursor, "select * from picked")
        for source in _sources:
            known = _read(cursor, source.sql)
            frame = frame.join(known, on=PERSON, how="left", suffix=".again")
            frame = frame.with_columns(
                pl.col(name).fill_null(_literal(value)) for name, value in source.absent.items()
            )
        cursor.execute("drop table picked")
    frame = frame.with_columns(_literal(value).alias(name) for name, value in given.items())
    facts = [_fact(fact, engine).alias(fact.name) for fact in required_facts(pack.pack)]
    said = [name for name in pack.plan.aggregates if name in frame.columns]
    stated = [
        pl.col(name).replace_strict(_FLAGS, default=None).alias(f"{name}.said") for name in said
    ]
    asked_for = pl.col("asked") == "t"
    return (
        engine.with_aggregates(
            frame.lazy().select(PERSON, HOUSEHOLD, *GROUPS, asked_for, *facts, *stated)
        )
        .filter("asked")
        .with_columns(pl.coalesce(f"{name}.said", name).alias(name) for name in said)
        .select(PERSON, *GROUPS, *pack.plan.facts)
        .collect()
    )


def _read(cursor: Any, sql: str) -> pl.DataFrame:
    """A query's rows as text, null where nothing is known."""
    buffer = io.BytesIO()
    with cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER)") as copy:
        for block in copy:
            buffer.write(block)
    buffer.seek(0)
    return pl.read_csv(buffer, infer_schema=False)


def _literal(value: object) -> pl.Expr:
    if value is None:
        return pl.lit(None, dtype=pl.String)
    return pl.lit("t" if value is True else "f" if value is False else str(value))


def _fact(fact: Fact, engine: PolarsEngine) -> pl.Expr:
    """The fact's column in its own type, from PostgreSQL's text."""
    column = pl.col(fact.name)
    if fact.type.kind == "bool":
        return column.replace_strict(_FLAGS, default=None, return_dtype=pl.Boolean)
    if fact.type.kind == "date":
        return column.str.to_date("%Y-%m-%d")
    return column.cast(engine.dtype(fact.type))
