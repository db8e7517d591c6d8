"""The two numbers of an indicator by area, month and group, from kept values or from facts.

Values stand ready for whole areas, and for one dimension of the nation and its provinces. Anything
finer is summed from the facts by the same definitions.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection
from django.db.models import QuerySet

from pooshesh.indicators.book import DIMENSIONS, Dimension, Indicator
from pooshesh.indicators.evaluate import measures_of, numbers
from pooshesh.insight.models import Value
from pooshesh.insight.places import Place

#: Kinds of area of which values by one dimension are kept.
KEPT_BY_DIMENSION = ("nation", "province")
#: area, key of each dimension asked by, month, numerator, denominator
Row = tuple[UUID, tuple[str, ...], dt.date, int, int]


def of(
    one: Indicator,
    by: Sequence[Dimension],
    where: Mapping[Dimension, str],
    places: Sequence[Place],
    months: Mapping[UUID, dt.date],
) -> Iterable[Row]:
    """Rows of an indicator; `months` by snapshot. One statement for places of one kind."""
    if not months or not places:
        return []
    wide = all(place.kind in KEPT_BY_DIMENSION for place in places)
    if (not by and not where) or (wide and len({*by, *where}) == 1):
        return _kept(one, by, where, places, months)
    return _from_facts(one, by, where, places, months)


def whole(
    codes: Sequence[str], places: Sequence[Place], months: Mapping[UUID, dt.date]
) -> dict[str, list[Row]]:
    """Rows of whole areas of several indicators by code; one statement for all of them."""
    found: dict[str, list[Row]] = {code: [] for code in codes}
    rows = _values(places, months, "").filter(indicator__in=codes)
    wanted = rows.values_list("indicator", "area_id", "snapshot_id", "numerator", "denominator")
    for code, area, snapshot, numerator, denominator in wanted:
        found[code].append((area, (), months[snapshot], numerator, denominator or 0))
    return found


def _kept(
    one: Indicator,
    by: Sequence[Dimension],
    where: Mapping[Dimension, str],
    places: Sequence[Place],
    months: Mapping[UUID, dt.date],
) -> Iterable[Row]:
    (name,) = {*by, *where} or {""}
    rows = _values(places, months, name).filter(
        indicator=one.code, **({"key": where[name]} if name in where else {})
    )
    wanted = rows.values_list("area_id", "key", "snapshot_id", "numerator", "denominator")
    return (
        (area, (key,) if by else (), months[snapshot], numerator, denominator or 0)
        for area, key, snapshot, numerator, denominator in wanted.iterator()
    )


def _values(
    places: Sequence[Place], months: Mapping[UUID, dt.date], dimension: str
) -> QuerySet[Value]:
    """What was kept of these places and months, whole ("") or by a dimension."""
    return Value.objects.filter(
        snapshot__in=list(months),
        kind__in=sorted({place.kind for place in places}),
        area__in=[place.id for place in places],
        dimension=dimension,
    )


def _from_facts(
    one: Indicator,
    by: Sequence[Dimension],
    where: Mapping[Dimension, str],
    places: Sequence[Place],
    months: Mapping[UUID, dt.date],
) -> Iterable[Row]:
    for depth in sorted({place.path.count(".") + 1 for place in places}):
        level = {p.path: p.id for p in places if p.path.count(".") + 1 == depth}
        facts = _facts(one, by, where, list(level), depth, list(months))
        found = numbers(one, facts, ["snapshot", "place", *by]).collect()
        closed = {str(pk): month for pk, month in months.items()}
        for snapshot, path, *keys, numerator, denominator in found.iter_rows():
            yield level[path], tuple(keys), closed[snapshot], numerator, denominator or 0


def _facts(
    one: Indicator,
    by: Sequence[Dimension],
    where: Mapping[Dimension, str],
    paths: list[str],
    depth: int,
    snapshots: list[UUID],
) -> pl.LazyFrame:
    """Facts summed to the areas asked for and the dimensions needed, as columns."""
    parts = [part for part in (one.numerator, one.denominator) if part]
    filtered = {
        name for part in parts for term in part.terms for name, _ in (*term.where, *term.not_where)
    }
    needed = [name for name in DIMENSIONS if name in filtered or name in by]
    columns = "".join(f", {name}" for name in needed)
    narrowed = "".join(f" and {name} = %({name})s" for name in where)
    provinces = sorted({path.split(".")[1].removeprefix("p") for path in paths if "." in path})
    within = " and province = any(%(provinces)s)" if depth > 1 else ""
    # Summed where they were counted first: a path is cut once for each area, not for each fact.
    table, lies = "insight_fact", "area_path"
    place, deep = "subpath(lies, 0, %(depth)s)::text", "nlevel(lies) >= %(depth)s"
    if depth <= len(KEPT_BY_DIMENSION):  # whole provinces are summed already
        table, lies = "insight_provincefact", "province"
        place = "%(nation)s::text" if depth == 1 else "%(nation)s || '.p' || lies"
        deep = "true" if depth == 1 else "lies <> ''"
    statement = f"""
        with summed as (
            select snapshot_id, {lies} as lies, measure {columns}, sum(value) as value
            from {table}
            where snapshot_id = any(%(snapshots)s) and measure = any(%(measures)s)
                {within} {narrowed}
            group by snapshot_id, {lies}, measure {columns}
        ), placed as (
            select snapshot_id, {place} as place, measure {columns}, value
            from summed where {deep}
        )
        select snapshot_id::text, place, measure {columns}, sum(value)::bigint
        from placed where place = any(%(paths)s)
        group by snapshot_id, place, measure {columns}"""  # noqa: S608 - names are the product's own
    given: dict[str, Any] = {
        "depth": depth, "snapshots": snapshots, "measures": sorted(measures_of([one])),
        "paths": paths, "provinces": provinces, "nation": paths[0].split(".")[0], **where,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        rows = cursor.fetchall()
    names = ["snapshot", "place", "measure", *needed, "value"]
    schema = {name: pl.Int64 if name == "value" else pl.String for name in names}
    return pl.LazyFrame(rows, schema=schema, orient="row")
