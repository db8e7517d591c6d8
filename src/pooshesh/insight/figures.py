"""The one place where figures are read: screens, exports, briefing and public page ask it.

A figure is (indicator, area, month, group, as of). Read again with the same five it is the same,
bit for bit, whatever came since: it is made of the facts that the month's revision froze.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from uuid import UUID

from django.db.models import Max, Q

from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.indicators import Book, Indicator, Part, load_book, shipped
from pooshesh.indicators.book import Dimension
from pooshesh.indicators.evaluate import concentration
from pooshesh.insight import cells
from pooshesh.insight.models import Definitions, Snapshot
from pooshesh.insight.months import code_of
from pooshesh.insight.places import Place
from pooshesh.kernel.bulk import uncollected
from pooshesh.kernel.errors import Invalid, explain, gettext_noop

#: Figures of these are shared with everybody who may see figures, though not the rows behind.
SHARED = ("nation", "province")
#: Before the first month of everything that is cumulative.
BEGINNING = dt.date(1900, 3, 21)
Group = tuple[tuple[str, str], ...]

explain(
    {
        "insight.indicator": gettext_noop("There is no indicator “%(read)s”."),
        "insight.dimension": gettext_noop("“%(name)s” is not counted by “%(read)s”."),
    }
)


@dataclass(frozen=True)
class Wanted:
    """What is asked for: every indicator of every area in every month, by a dimension or whole.

    `months` are first days; each is a figure. With `since`, each is of all months from there on
    (of what happens; what stands is of the last). `by` groups, `where` narrows; both need the
    indicator to carry the dimension. `as_of`: as known then (default: now).
    """

    indicators: tuple[str, ...]
    areas: tuple[Place, ...]
    months: tuple[dt.date, ...]
    since: dt.date | None = None
    by: tuple[Dimension, ...] = ()
    where: Mapping[Dimension, str] = field(default_factory=dict)
    as_of: dt.datetime | None = None


@dataclass(frozen=True)
class Closed:
    """A closed revision of a month; `as_of` is when it closed."""

    id: UUID
    month: dt.date
    revision: int
    as_of: dt.datetime
    definitions: str
    flagged: bool


@dataclass(frozen=True)
class Figure:
    """Two whole numbers and where they came from.

    `month` is the last it covers, `since` the first where that is another. `source` closed the
    last month; None when nobody has counted it. `small`: of fewer people than may be published.
    """

    indicator: Indicator
    place: Place
    month: dt.date
    numerator: int = 0
    denominator: int | None = None
    since: dt.date | None = None
    group: Group = ()
    source: Closed | None = None
    exact: Fraction | None = None  # of a method that is no plain ratio
    known: dt.datetime | None = None  # when the newest of several months closed, if not the last

    @property
    def value(self) -> Fraction | None:
        """What is shown; None where the denominator is empty or nobody counted."""
        if self.source is None:
            return None
        if self.indicator.method != "ratio":
            return self.exact
        return self.indicator.value(self.numerator, self.denominator)

    @property
    def small(self) -> bool:
        """Whether the figure is of people and they are too few to be published."""
        counted = (self.numerator, self.denominator or 0)
        return self.indicator.personal and any(0 < n < self.indicator.least for n in counted)

    @property
    def reference(self) -> str:
        """What names the figure for good: «covered_share/p15/1401-10/1», its group after it.

        The last number is the revision of the (last) month.
        """
        span = code_of(self.month)
        if self.since and self.since != self.month:
            span = f"{code_of(self.since)}..{span}"
        revision = str(self.source.revision if self.source else 0)
        parts = [self.indicator.code, self.place.code, span, revision]
        if self.known:  # an earlier month was counted anew after the last one had closed
            parts.append(f"as_of={self.known.astimezone(dt.UTC):%Y%m%dT%H%M%S.%fZ}")
        return "/".join([*parts, *(f"{name}={key}" for name, key in self.group)])

    @property
    def key(self) -> str:
        """The reference without what it was known by: the same figure whenever it is read."""
        code, place, span, _revision, *rest = self.reference.split("/")
        return "/".join([code, place, span, *(p for p in rest if not p.startswith("as_of="))])


def closed(
    first: dt.date | None, last: dt.date, as_of: dt.datetime | None = None
) -> dict[dt.date, Closed]:
    """The newest revision at a moment of every counted month up to `last`; one statement."""
    known = Q(closed_at__lte=as_of) if as_of else Q()
    since = Q(month__gte=first) if first else Q()
    rows = (
        Snapshot.objects.filter(known, since, state="closed", month__lte=last)
        .order_by("month", "-revision")
        .distinct("month")
        .values_list("id", "month", "revision", "closed_at", "definitions_id", "flagged")
    )
    return {
        month: Closed(pk, month, revision, at, definitions, flagged)
        for pk, month, revision, at, definitions, flagged in rows
        if at  # which a constraint holds
    }


def latest_month(as_of: dt.datetime | None = None) -> dt.date | None:
    """The first day of the last month that anybody has counted."""
    known = {"closed_at__lte": as_of} if as_of else {}
    last: dt.date | None = Snapshot.objects.filter(state="closed", **known).aggregate(
        last=Max("month")
    )["last"]
    return last


@lru_cache(8)
def book(digest: str = "") -> Book:
    """The book of a digest as it was kept; without one, the book in force."""
    here = shipped()
    if digest in ("", here.digest):
        return here
    return load_book(Definitions.objects.get(digest=digest).files)


@uncollected()
def read(wanted: Wanted, reach: Reach = EVERYWHERE) -> list[Figure]:
    """The figures asked for, in the order indicator, area, month, group.

    Areas outside `reach` are left out, but the nation and its provinces: their figures are shared.
    Unknown codes and dimensions an indicator does not carry raise Invalid. A month that nobody
    counted is a figure without a source, so without a value. Two or three statements for whole
    areas, however many indicators; by a dimension one for each. What is finer reads the facts, once
    for each kind of area.
    """
    chosen = [_known(code, wanted) for code in wanted.indicators]
    places = [
        place
        for place in wanted.areas
        if place.kind in SHARED or reach.covers(place.path, place.id)
    ]
    if not (places and wanted.months and chosen):
        return []
    months = _months(chosen, wanted)
    snapshots = {source.id: month for month, source in months.items()}
    kept = {} if wanted.by or wanted.where else _kept(chosen, wanted, places, snapshots)
    found: list[Figure] = []
    for one in chosen:
        if one.code in kept:
            counted = _counted((), kept[one.code])
        else:
            by = _grouping(one, wanted)
            counted = _counted(by, _by_definition(one, by, wanted, places, months))
        spans = [_span(one, month, wanted.since, months) for month in wanted.months]
        for place in places:
            groups = counted.get(place.id, {})
            for span in spans:
                found += _figures(span, place, groups)
    return found


def _known(code: str, wanted: Wanted) -> Indicator:
    one = book().indicators.get(code)
    if one is None:
        raise Invalid("insight.indicator", read=code)
    if wrong := [name for name in (*wanted.by, *wanted.where) if name not in one.dimensions]:
        raise Invalid("insight.dimension", name=one.name.fa, read=wrong[0])
    return one


def _months(chosen: Sequence[Indicator], wanted: Wanted) -> dict[dt.date, Closed]:
    """All months that may be summed: from the first ever for what is cumulative."""
    first = min(wanted.months)
    if wanted.since:
        first = min(first, wanted.since)
    cumulative = any(one.period == "cumulative" for one in chosen)
    return closed(None if cumulative else first, max(wanted.months), wanted.as_of)


#: group → month → numerator, denominator
Groups = Mapping[Group, Mapping[dt.date, tuple[int, int]]]


def _kept(
    chosen: Sequence[Indicator],
    wanted: Wanted,
    places: Sequence[Place],
    months: Mapping[UUID, dt.date],
) -> dict[str, list[cells.Row]]:
    """Rows of whole areas: one statement for what is of single months, which needs these alone,
    and one for what is added up over many."""
    ratios = [one for one in chosen if one.method == "ratio"]
    long = [o.code for o in ratios if wanted.since or o.period == "cumulative"]
    short = [o.code for o in ratios if o.code not in long]
    alone = {pk: month for pk, month in months.items() if month in wanted.months}
    found = cells.whole(long, places, months) if long else {}
    return {**found, **(cells.whole(short, places, alone) if short else {})}


def _grouping(one: Indicator, wanted: Wanted) -> tuple[Dimension, ...]:
    """What is asked by, and the deciles an index is worked out of."""
    needs = one.method == "concentration" and "decile" not in wanted.by
    return (*wanted.by, "decile") if needs else wanted.by


def _by_definition(
    one: Indicator,
    by: tuple[Dimension, ...],
    wanted: Wanted,
    places: Sequence[Place],
    months: Mapping[dt.date, Closed],
) -> Iterable[cells.Row]:
    """Rows by group, each month's by the definition that its revision was made with."""
    long = wanted.since or one.period == "cumulative"
    read = [c for c in months.values() if long or c.month in wanted.months]
    for digest in sorted({c.definitions for c in read}):
        then = book(digest).indicators.get(one.code)
        if then is None or {*by, *wanted.where} - {*then.dimensions}:
            continue  # nobody counted it so then
        snapshots = {c.id: c.month for c in read if c.definitions == digest}
        yield from cells.of(then, by, wanted.where, places, snapshots)


def _counted(by: Sequence[Dimension], rows: Iterable[cells.Row]) -> dict[UUID, Groups]:
    made: dict[UUID, dict[Group, dict[dt.date, tuple[int, int]]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for area, keys, month, numerator, denominator in rows:
        made[area][tuple(zip(by, keys, strict=True))][month] = numerator, denominator
    return dict(made)


@dataclass(frozen=True)
class _Span:
    """What the figures of an indicator in a month have in common, whichever the area."""

    one: Indicator  # as it was defined when the month closed
    month: dt.date
    since: dt.date | None
    first: dt.date | None = None  # of the months that are summed; None for all of them
    source: Closed | None = None
    known: dt.datetime | None = None


def _span(
    now: Indicator, month: dt.date, since: dt.date | None, months: Mapping[dt.date, Closed]
) -> _Span:
    source = months.get(month)
    one = book(source.definitions).indicators.get(now.code) if source else None
    if source is None or one is None:  # nobody counted, or it was not defined yet
        return _Span(now, month, since)
    first = None if one.period == "cumulative" else since or month
    return _Span(one, month, since, first, source, _known_at(first, month, months, source))


def _figures(span: _Span, place: Place, groups: Groups) -> Iterable[Figure]:
    """The figure of a month, or one for each group that has people."""
    one, month, since, source = span.one, span.month, span.since, span.source
    if source is None:
        return [Figure(one, place, month, since=since)]
    sums = {
        group: (
            _sum(one.numerator, span.first, month, found, 0),
            _sum(one.denominator, span.first, month, found, 1) if one.denominator else None,
        )
        for group, found in sorted(groups.items())
    }
    if one.method == "concentration":
        return [_concentrated(one, place, month, since, source, sums, span.known)]
    if not sums:
        sums = {(): (0, 0 if one.denominator else None)}
    return [
        Figure(one, place, month, numerator, denominator, since, group, source, known=span.known)
        for group, (numerator, denominator) in sums.items()
    ]


def _known_at(
    first: dt.date | None, last: dt.date, months: Mapping[dt.date, Closed], source: Closed
) -> dt.datetime | None:
    """When the newest of the months that are summed closed, if that is after the last one did."""
    newest = max(
        (c.as_of for m, c in months.items() if m <= last and (not first or first <= m)),
        default=source.as_of,
    )
    return newest if newest > source.as_of else None


def _sum(
    part: Part | None,
    first: dt.date | None,
    last: dt.date,
    found: Mapping[dt.date, tuple[int, int]],
    which: int,
) -> int:
    """What stands is read of the last month, what happens is summed over all of them."""
    if part is None or part.stands or first == last:
        return found.get(last, (0, 0))[which]
    return sum(
        pair[which]
        for month, pair in found.items()
        if (not first or first <= month) and month <= last
    )


def _concentrated(
    one: Indicator,
    place: Place,
    month: dt.date,
    since: dt.date | None,
    source: Closed,
    sums: Mapping[Group, tuple[int, int | None]],
    known: dt.datetime | None,
) -> Figure:
    deciles = {dict(group)["decile"]: (much, people or 0) for group, (much, people) in sums.items()}
    return Figure(
        one, place, month, sum(much for much, _ in deciles.values()),
        sum(people for _, people in deciles.values()), since, (), source, concentration(deciles),
        known,
    )  # fmt: skip
