"""Reads of the league and the maps: figures side by side, with what must not be told taken out."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.access.reach import Reach
from pooshesh.insight import figures, masking
from pooshesh.insight.figures import Closed, Figure, Wanted
from pooshesh.insight.months import between, moved
from pooshesh.insight.places import Place, places_of, tree_of
from pooshesh.insight.queries import READ, shared_reach
from pooshesh.league.limits import Law
from pooshesh.league.metric import CENSUS, LEAST_RANKED, Metric, additive
from pooshesh.league.standing import Side, Standing, Unit, side_of, standings, trend
from pooshesh.places import queries as places
from pooshesh.places.models import AreaKind, SetKind

#: A province with this many times its share of the people is pointed at, if chance does not do it.
TIMES = 2
NATION = "ir"


@dataclass(frozen=True)
class Asked:
    """A league: of provinces, sponsors or neighbourhoods, the latter two within an area.

    `county` (a path) shows less of it: what is masked was worked out for the whole area, so that
    two views side by side tell no more than one.
    """

    metric: Metric
    month: dt.date
    of: str = "province"
    within: str = "ir"
    since: dt.date | None = None
    county: str = ""

    @property
    def inside(self) -> str:
        """The path that shown areas begin with."""
        return f"{self.county or self.within}."


@dataclass(frozen=True)
class Row:
    """One line. `denominator` is of the metric; None where it has none. `hidden`: not shown."""

    key: str
    name: str
    figure: Figure
    base: Figure | None
    numerator: int
    denominator: int | None
    value: Fraction | None
    events: int | None
    people: int | None  # of the census
    hidden: bool = False
    standing: Standing | None = None
    before: int | None = None  # trend against the month before
    year: int | None = None  # and 12 months before
    share: Fraction | None = None  # of the whole's numerator
    times: Fraction | None = None  # its share over its share of the people


@dataclass(frozen=True)
class League:
    """A league with its whole: what the rows are compared to."""

    asked: Asked
    rows: list[Row]
    target: Fraction | None
    whole: Figure | None
    law: Law
    grain: float
    source: Closed | None
    census: str

    @property
    def hidden(self) -> bool:
        return any(row.hidden for row in self.rows)

    @property
    def unranked(self) -> int:
        return sum(row.standing is None or row.standing.rank is None for row in self.rows)

    @property
    def outliers(self) -> list[Row]:
        """Provinces with far more of a count than their share of the people, most first."""
        far = [
            row
            for row in self.rows
            if row.times is not None and row.times >= TIMES and not row.hidden
            and _far(row, self)
        ]  # fmt: skip
        return sorted(far, key=lambda row: row.times or 0, reverse=True)


Key = tuple[str, str, dt.date]


def months() -> dict[dt.date, Closed]:
    """Every month that was counted, the first first."""
    return figures.closed(None, dt.date.max)


def league(user: User, asked: Asked) -> League:
    """The rows of a league in the order of their names, and who stands where."""
    ago = (moved(asked.month, -12), moved(asked.month, -1), asked.month)
    own = figures_of(asked, ago, None)
    now = figures_of(asked, (asked.month,), asked.since) if asked.since else own
    people, census = _census(asked)
    rows = _masked(user, asked, now, people)
    if asked.county:
        rows = [row for row in rows if row.figure.place.path.startswith(asked.inside)]
    nation = asked.metric.indicator.code, NATION, asked.month
    return _ranked(asked, rows, own, now.get(nation) if asked.of == "province" else None, census)


def unranked(user: User, asked: Asked, found: Mapping[Key, Figure]) -> list[Row]:
    """The rows of a month of figures that were read, without who stands where."""
    return _masked(user, asked, found, _census(asked)[0] if asked.metric.per == CENSUS else {})


def _masked(
    user: User, asked: Asked, found: Mapping[Key, Figure], people: Mapping[Any, int]
) -> list[Row]:
    """The rows of the areas asked for; what is hidden is worked out of all that were read."""
    metric = asked.metric
    rows = [_row(asked, found, key, name, people) for key, name in _keys(asked, found)]
    gone: frozenset[str] = frozenset()
    if metric.names_people:
        own = user.reach(READ)
        knows = {row.key for row in rows if own.covers(*_where(row))}
        gone = hidden(metric, rows, knows) | _hidden_by_month(asked, knows)
    reach = shared_reach(user)
    return [
        replace(row, hidden=row.key in gone)
        for row in rows
        if asked.of == "sponsor" or _sees(reach, asked, row.figure.place)
    ]


def _sees(reach: Reach, asked: Asked, place: Place) -> bool:
    """Whether a place is a row of the league and the reader sees its figures."""
    shown = place.kind in figures.SHARED or reach.covers(place.path, place.id)
    return place.kind == asked.of and shown


def figures_of(
    asked: Asked, wanted: tuple[dt.date, ...], since: dt.date | None
) -> Mapping[Key, Figure]:
    """The figures a league or map is made of, by indicator, key and month; of areas those above
    and beside them too, from which they might follow."""
    by = ("sponsor",) if asked.of == "sponsor" else ()
    kind = "nation" if asked.within == NATION else "province"
    here = places_of(kind, asked.within) if by else tree_of(asked.of, asked.within)
    found = figures.read(Wanted(asked.metric.codes, here, wanted, since, by=by))
    return {
        (one.indicator.code, one.group[0][1] if one.group else one.place.code, one.month): one
        for one in found
        if bool(one.group) == bool(by)
    }


def _keys(asked: Asked, found: Mapping[Key, Figure]) -> list[tuple[str, str]]:
    mine = {key: one for (code, key, month), one in found.items()
            if code == asked.metric.indicator.code and month == asked.month}  # fmt: skip
    if asked.of != "sponsor":
        return [(key, one.place.name) for key, one in mine.items()]
    names = {one.code: str(one) for one in places.area_sets(SetKind.SPONSOR)}
    return [(key, names.get(key, key) if key else _("No sponsor")) for key in mine]


def _census(asked: Asked) -> tuple[Mapping[Any, int], str]:
    """People by area of the last census, and who says so; only for provinces."""
    if asked.of != "province":
        return {}, ""
    kinds = (AreaKind.NATION, AreaKind.PROVINCE)
    found = places.stated("population", kinds, asked.month)
    source = next(iter(found.values())).source if found else ""
    return {one.area_id: one.value for one in found.values()}, source


def number(
    metric: Metric, found: Mapping[Key, Figure], key: str, month: dt.date, people: int | None
) -> tuple[int, int | None, Fraction | None]:
    """Numerator, denominator and value of one unit in one month."""
    one = found.get((metric.indicator.code, key, month))
    if one is None or one.source is None:
        return 0, None, None
    if metric.base is None:
        return one.numerator, one.denominator, one.value
    below = people if metric.per == CENSUS else None
    if metric.per != CENSUS:
        base = found.get((metric.base.indicator, key, month))
        below = base.numerator if base and base.source else None
    return one.numerator, below, metric.value(one.numerator, below)


def _row(
    asked: Asked, found: Mapping[Key, Figure], key: str, name: str, people: Mapping[Any, int]
) -> Row:
    metric, month = asked.metric, asked.month
    figure = found[metric.indicator.code, key, month]
    counted_here = people.get(figure.place.id)
    above, below, value = number(metric, found, key, month, counted_here)
    base = found.get((metric.base.indicator, key, month)) if metric.base else None
    events = found.get((metric.witness, key, month)) if metric.witness else None
    return Row(
        key, name, figure, base, above, below, value,
        events.numerator if events else None, counted_here,
    )  # fmt: skip


def _where(row: Row) -> tuple[str, Any]:
    # A sponsor's row is of the whole area: whoever sees that sees it too.
    return row.figure.place.path, row.figure.place.id


def hidden(metric: Metric, rows: Sequence[Row], knows: Collection[str]) -> frozenset[str]:
    """The rows of too few people, and those that cover for them.

    A league is made to be shown around, so it masks for everybody; what the reader `knows` by
    themselves covers for nobody. What is set over another figure is hidden where either is.
    """
    paths = {row.figure.place.path: row.key for row in rows if not row.figure.group}
    above = {paths[path]: paths[over] for path, over in masking.tree(paths).items()}
    told: list[dict[str, tuple[int, ...]]] = [
        {row.key: masking.people(row.figure) for row in rows},
        {row.key: masking.people(row.base) for row in rows if row.base},
        {row.key: (row.events,) for row in rows if row.events is not None},
    ]
    least = metric.indicator.least
    return frozenset[str]().union(*(masking.hidden(one, above, least, knows) for one in told))


def _hidden_by_month(asked: Asked, knows: Collection[str]) -> frozenset[str]:
    """Rows hidden for a month's sake: of a sum one it holds, of what is cumulative the last. Not
    from who `knows` them: a sum of years would tell nobody anything for one quiet month."""
    one = asked.metric.indicator
    if one.period == "cumulative":
        first = min(figures.closed(None, asked.month), default=asked.month)
    elif asked.since and asked.since != asked.month and not one.numerator.stands:
        first = asked.since
    else:
        return frozenset()
    alone = replace(asked, metric=Metric(one), since=None)
    found = figures_of(alone, tuple(between(first, asked.month)), None)
    mine = [each for (code, _key, _month), each in found.items() if code == one.code]
    paths = {each.place.path for each in mine if each.place.code in knows}
    few = masking.secrets(mine, paths)
    hidden_keys = {
        group[0][1] if group else place
        for _code, place, _since, month, group in few
        if one.period != "cumulative" or month == asked.month
    }
    return frozenset(hidden_keys - set(knows))


def _ranked(
    asked: Asked, rows: Sequence[Row], own: Mapping[Key, Figure],
    whole: Figure | None, census: str,
) -> League:  # fmt: skip
    metric, law = asked.metric, asked.metric.law
    above = sum(row.numerator for row in rows)
    below = sum(row.denominator or 0 for row in rows)
    target = metric.value(above, below) if metric.divided else None
    if metric.indicator.method != "ratio":
        target = whole.value if whole else None
    events = sum(row.events or 0 for row in rows)
    grain = 2 * above / events if events and above else 1.0
    units = [
        Unit(row.key, row.numerator, row.denominator, row.value, _large(metric, row))
        for row in rows
    ]
    law = law if not (law == Law.MONEY and not events) else Law.NONE
    found = standings(units, law, target, metric.scale, metric.indicator.better != "down", grain)
    nation = whole.numerator if whole and whole.source else 0
    people = sum(row.people or 0 for row in rows)
    made = []
    for row, standing in zip(rows, found, strict=True):
        share = Fraction(row.numerator, nation) if nation and additive(metric.indicator) else None
        times = share * people / row.people if share is not None and row.people else None
        before, year = (_trend(metric, own, row, asked.month, back) for back in (1, 12))
        made.append(
            replace(
                row, standing=standing, before=before, year=year, share=share, times=times
            )
        )  # fmt: skip
    source = next((row.figure.source for row in rows if row.figure.source), None)
    return League(asked, made, target, whole, law, grain, source, census)


def _large(metric: Metric, row: Row) -> bool:
    if row.hidden or not row.key:
        return False
    return not metric.divided or (row.denominator or 0) >= LEAST_RANKED


def _trend(
    metric: Metric, own: Mapping[Key, Figure], row: Row, month: dt.date, back: int
) -> int | None:
    *_parts, now = number(metric, own, row.key, month, row.people)
    *_parts, before = number(metric, own, row.key, moved(month, -back), row.people)
    return trend(now, before)


def _far(row: Row, found: League) -> bool:
    """Whether a province's count lies above the 99.8 % limit of its share of the people."""
    people = sum(one.people or 0 for one in found.rows)
    above = sum(one.numerator for one in found.rows)
    if not people:
        return False
    law = found.law if found.law in (Law.COUNT, Law.MONEY) else Law.COUNT
    unit = Unit(row.key, row.numerator, row.people, Fraction(row.numerator, row.people or 1), True)
    return side_of(unit, law, Fraction(above, people), 1, found.grain) == Side.FAR_ABOVE


def provinces() -> Sequence[Place]:
    """The provinces, in the order of their names."""
    return places_of("province")


def counties(user: User, province: str) -> Sequence[Place]:
    """The counties of a province (its code) that a user sees something of."""
    reach, path = shared_reach(user), f"ir.{province}"
    return [place for place in places_of("county", path) if reach.covers(place.path, place.id)]
