"""The live rows behind a figure, for who may see them: within the reach of the rows' permission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from pooshesh.access.models import User
from pooshesh.access.reach import Reach
from pooshesh.indicators import Part, Term
from pooshesh.insight import figures
from pooshesh.insight.figures import Figure
from pooshesh.insight.sources import Source, given, sources
from pooshesh.places.models import in_language

LIMIT = 8  # seconds
MOST = 500  # rows that are shown and exported


@dataclass(frozen=True)
class Row:
    """A row behind: where it is opened ("" nowhere), its place, day and what it adds."""

    id: str
    page: str
    place: str
    day: Any
    disease: str
    value: int


@dataclass(frozen=True)
class Behind:
    """Rows behind a part of a figure.

    `then` stood in the snapshot, `now` is there within the viewer's reach; `whole`: that reach
    holds all of the figure's place. `why` says in a code why there are no rows: "none" (nothing
    is kept row by row), "may" (the viewer may not see them), "slow" (choose a smaller place).
    """

    then: int
    now: int | None = None
    number: int = 0
    rows: Sequence[Row] = ()
    whole: bool = False
    why: str = ""


def behind(user: User, figure: Figure, *, denominator: bool = False) -> Behind:
    """The rows behind the numerator (or denominator) of a figure. One statement for each source."""
    one = figure.indicator
    part = one.denominator if denominator else one.numerator
    then = (figure.denominator if denominator else figure.numerator) or 0
    if part is None or figure.source is None:
        return Behind(then, why="none")
    found, total, number, whole = list[Row](), 0, 0, True
    for source, terms in _sources(figure, part).items():
        if not source.rows:
            return Behind(then, why="none")
        reach = user.reach(source.may)
        if not reach:
            return Behind(then, why="may")
        whole = whole and reach.covers(figure.place.path, figure.place.id)
        try:
            rows, more, added = _asked(figure, part, source, terms, reach)
        except OperationalError as error:
            if not isinstance(error.__cause__, QueryCanceled):
                raise
            return Behind(then, why="slow")
        found, number, total = found + rows, number + more, total + added
    return Behind(then, total, number, found[:MOST], whole)


def _sources(figure: Figure, part: Part) -> Mapping[Source, list[Term]]:
    """The sources a part is counted by, with the terms of each."""
    assert figure.source is not None, "the caller looked"
    measures = figures.book(figure.source.definitions).measures
    known = {source.code: source for source in sources()}
    found: dict[Source, list[Term]] = {}
    for term in part.terms:
        source = known.get(measures[term.measure].source)
        if source is not None:
            found.setdefault(source, []).append(term)
    return found


@transaction.atomic
def _asked(
    figure: Figure, part: Part, source: Source, terms: Sequence[Term], reach: Reach
) -> tuple[list[Row], int, int]:
    assert figure.source is not None, "the caller looked"
    first = figure.month if part.stands else figure.since or figure.month
    if figure.indicator.period == "cumulative" and not part.stands:
        first = figures.BEGINNING
    values = given(figure.month, figure.source.as_of)
    if first != figure.month:
        values |= {"first": first, "start": given(first, figure.source.as_of)["start"]}
    values |= {"path": figure.place.path}
    with connection.cursor() as cursor:
        cursor.execute(f"set local statement_timeout = '{LIMIT * 1000}ms'")
        cursor.execute(f"select * from ({source.rows}) s limit 0", values)  # noqa: S608
        columns = {column.name for column in cursor.description or ()}
        wanted = " or ".join(
            _term(term, number, columns, values) for number, term in enumerate(terms)
        )
        group = "".join(
            f" and r.{name} = %(group_{name})s" for name, _key in figure.group if name in columns
        )
        values |= {f"group_{name}": key for name, key in figure.group}
        disease = "r.disease" if "disease" in columns else "''"
        cursor.execute(
            f"""
            select r.id, r.page, a.{in_language("name")}, a.name_fa, r.day, {disease}, r.value,
                count(*) over (), sum(r.value) over ()
            from ({source.rows}) r join places_area a on a.id = r.area_id
            where ({wanted}) {group} and r.value <> 0 and a.path <@ %(path)s::ltree
                and {_within(reach, values)}
            order by r.day desc nulls last, r.id limit {MOST}""",  # noqa: S608 - own names only
            values,
        )
        found = cursor.fetchall()
        cursor.execute("set local statement_timeout = 0")
    rows = [Row(r[0], r[1], r[2] or r[3], r[4], r[5], int(r[6])) for r in found]
    return rows, *((found[0][7], int(found[0][8])) if found else (0, 0))


def _term(term: Term, number: int, columns: set[str], values: dict[str, Any]) -> str:
    parts = [f"r.measure = %(measure_{number})s"]
    values[f"measure_{number}"] = term.measure
    for sign, filters in (("=", term.where), ("<>", term.not_where)):
        for name, keys in filters:
            if name in columns:
                key = f"key_{number}_{name}_{'is' if sign == '=' else 'not'}"
                values[key] = list(keys)
                test = "= any" if sign == "=" else "<> all"
                parts.append(f"r.{name} {test}(%({key})s)")
    return f"({' and '.join(parts)})"


def _within(reach: Reach, values: dict[str, Any]) -> str:
    """A reach as a condition on an area `a`; its values are added to `values`."""
    if reach.everywhere:
        return "true"
    values |= {
        "reach_provinces": list(reach.provinces), "reach_subtrees": list(reach.subtrees),
        "reach_areas": list(reach.areas),
    }  # fmt: skip
    return (
        "(a.province = any(%(reach_provinces)s) or a.path <@ any(%(reach_subtrees)s::ltree[])"
        " or a.id = any(%(reach_areas)s::uuid[]))"
    )
