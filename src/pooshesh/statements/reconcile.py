"""What was published set beside what is computed, with a verdict for each reconciliation.

Red: what was published and what is counted here cannot both be. Amber: they may, but something is
left to explain, or cannot be told yet. Green: they agree.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.indicators import Words
from pooshesh.insight import figures
from pooshesh.insight.figures import SHARED, Figure, Wanted
from pooshesh.insight.places import Place, place_of
from pooshesh.insight.shown import say
from pooshesh.places.models import Area
from pooshesh.statements import facts, sums
from pooshesh.statements.book import Asked, Fact, Reconciliation, Sum, shipped
from pooshesh.statements.bounds import Bounds, exactly
from pooshesh.statements.models import Statement


class Verdict(models.TextChoices):
    RED = "red", _("Contradicts")
    AMBER = "amber", _("To be explained")
    GREEN = "green", _("Agrees")


class Missing(models.TextChoices):
    """Why no figure stands beside."""

    MONTH = "month", _("Nobody has counted that month yet.")
    NOTHING = "nothing", _("Nothing was counted there.")
    PLACE = "place", _("The place is not registered here.")
    ELSEWHERE = "elsewhere", _("The place is outside your area.")
    FEW = "few", _("Too few people to tell.")
    INDICATOR = "indicator", _("No indicator counts it.")


RETRACTED = _("A statement was retracted.")
UNSAID = _("A statement is not registered, or was not yet.")


@dataclass(frozen=True)
class Beside:
    """A figure that stands beside statements, or why it does not."""

    asked: Asked
    figure: Figure | None
    missing: Missing | None = None

    @property
    def name(self) -> str:
        """What the figure is called, in the active language."""
        known = figures.book().indicators.get(self.asked.indicator)
        return say(known.name) if known else self.asked.indicator

    @property
    def bounds(self) -> Bounds | None:
        value = self.figure.value if self.figure and not self.missing else None
        return None if value is None else exactly(value)


@dataclass(frozen=True)
class Result:
    """A reconciliation with everything read. What is None is not known."""

    of: Reconciliation
    statements: Sequence[Statement]
    follows: Sequence[tuple[Sum, Bounds | None]]
    figures: Sequence[Beside]
    facts: Sequence[tuple[Fact, int | None]]
    computed: Sequence[tuple[Sum, Bounds | None]]
    verdict: Verdict
    why: Sequence[object]  # Words of findings, lazy texts of what is missing

    @property
    def code(self) -> str:
        return self.of.code


def reconcile(
    reach: Reach,
    chosen: Iterable[Reconciliation] | None = None,
    as_of: dt.datetime | None = None,
) -> list[Result]:
    """All reconciliations (or those chosen), as far as a reach sees, as known at a moment
    (default: now): with what had been published, counted and registered then.

    Statements of SQL: one each for statements, areas and months, those of `figures.read` for each
    span, and one for each fact of another register.
    """
    rows = list(shipped() if chosen is None else chosen)
    said = {one.code: one for one in _said(rows, as_of)}
    asked = {one.area for row in rows for one in row.figures}
    asked |= {one.area for row in rows for one in row.facts}
    areas = {area.code: area for area in Area.objects.filter(code__in=asked)}
    found = _read(rows, areas, reach, as_of)
    return [_result(row, said, areas, found, reach, as_of) for row in rows]


def _said(rows: Sequence[Reconciliation], as_of: dt.datetime | None) -> Iterable[Statement]:
    """The statements of rows that stand, or stood at a moment; one of a code, a constraint and
    `actions.correct` see to it."""
    codes = {code for row in rows for code in row.statements.values()}
    stood = Q(retracted_at=None)
    if as_of:
        stood = Q(made_at__lte=as_of) & (stood | Q(retracted_at__gt=as_of))
    return Statement.objects.filter(stood, code__in=codes).select_related("area")


#: (reconciliation, name) → figure
Found = Mapping[tuple[str, str], Figure]


def _read(
    rows: Sequence[Reconciliation], areas: Mapping[str, Area], reach: Reach,
    as_of: dt.datetime | None,
) -> Found:  # fmt: skip
    """The figures of all rows, each of its month, or of the last counted where nobody counted
    that; as few readings as there are spans."""
    months = _months(rows, as_of)
    places = {code: place_of(area) for code, area in areas.items()}
    known = figures.book().indicators
    spans: dict[tuple[object, ...], list[tuple[Reconciliation, Asked]]] = defaultdict(list)
    for row in rows:
        for one in row.figures:
            if one.indicator in known and one.area in places and row.code in months:
                spans[(one.since, one.where)].append((row, one))
    found: dict[tuple[str, str], Figure] = {}
    for some in spans.values():
        read = _index(some, months, places, reach, as_of)
        for row, one in some:
            key = one.indicator, one.area, months[row.code]
            if key in read:
                found[row.code, one.name] = read[key]
    return found


def _months(rows: Sequence[Reconciliation], as_of: dt.datetime | None) -> dict[str, dt.date]:
    """Code → the month whose figures stand beside; none where nobody has counted any."""
    last = figures.latest_month(as_of) if rows else None
    wanted = [row.month for row in rows if row.month]
    closed = figures.closed(min(wanted), max(wanted), as_of) if wanted else {}
    found = {row.code: row.month if row.month in closed else last or row.month for row in rows}
    return {code: month for code, month in found.items() if month}


def _index(
    some: Sequence[tuple[Reconciliation, Asked]], months: Mapping[str, dt.date],
    places: Mapping[str, Place], reach: Reach, as_of: dt.datetime | None,
) -> dict[tuple[str, str, dt.date], Figure]:  # fmt: skip
    """One reading for all that are of one span: more areas and months than needed, fewer times."""
    first = some[0][1]
    wanted = Wanted(
        tuple(dict.fromkeys(one.indicator for _row, one in some)),
        tuple(places[code] for code in sorted({one.area for _row, one in some})),
        tuple(sorted({months[row.code] for row, _one in some})),
        since=first.since, where=dict(first.where), as_of=as_of,
    )  # fmt: skip
    return {
        (one.indicator.code, one.place.code, one.month): one for one in figures.read(wanted, reach)
    }


def _result(
    row: Reconciliation, said: Mapping[str, Statement], areas: Mapping[str, Area], found: Found,
    reach: Reach, as_of: dt.datetime | None,
) -> Result:  # fmt: skip
    names: dict[str, Bounds | None] = {
        name: said[code].bounds if code in said else None for name, code in row.statements.items()
    }
    follows = _sums(row.follows, names)
    beside = [
        _beside(one, found.get((row.code, one.name)), areas.get(one.area), reach)
        for one in row.figures
    ]
    names |= {one.asked.name: one.bounds for one in beside}
    read = [(one, _fact(one, areas.get(one.area), as_of)) for one in row.facts]
    names |= {one.name: None if value is None else exactly(value) for one, value in read}
    computed = _sums(row.computed, names)
    missing = list(dict.fromkeys(one.missing.label for one in beside if one.missing))
    if any(code not in said for code in row.statements.values()):
        missing.append(UNSAID if as_of else RETRACTED)
    verdict, why = _verdict(row, names)
    if verdict is Verdict.GREEN and (missing or _unknown(row, names)):
        verdict, why = Verdict.AMBER, []
    statements = [said[code] for code in row.statements.values() if code in said]
    return Result(row, statements, follows, beside, read, computed, verdict, [*why, *missing])


def _sums(
    wanted: Iterable[Sum], names: dict[str, Bounds | None]
) -> list[tuple[Sum, Bounds | None]]:
    made = []
    for one in wanted:
        names[one.name] = sums.total(one.tree, names)
        made.append((one, names[one.name]))
    return made


def _beside(asked: Asked, figure: Figure | None, area: Area | None, reach: Reach) -> Beside:
    if asked.indicator not in figures.book().indicators:
        return Beside(asked, None, Missing.INDICATOR)
    if area is None:
        return Beside(asked, None, Missing.PLACE)
    own = reach.covers(area.path, area.id)
    if not own and (asked.own or area.kind not in SHARED):
        return Beside(asked, None, Missing.ELSEWHERE)
    if figure is None or figure.source is None:
        return Beside(asked, figure, Missing.MONTH)
    if figure.small and not own:
        return Beside(asked, figure, Missing.FEW)
    return Beside(asked, figure, Missing.NOTHING if figure.value is None else None)


def _fact(one: Fact, area: Area | None, as_of: dt.datetime | None) -> int | None:
    return facts.READ[one.of](area, one.day, as_of) if area else None


def _verdict(
    row: Reconciliation, names: Mapping[str, Bounds | None]
) -> tuple[Verdict, list[Words]]:
    for verdict, findings in ((Verdict.RED, row.red), (Verdict.AMBER, row.amber)):
        if says := [one.says for one in findings if sums.holds(one.test, names)]:
            return verdict, says
    return Verdict.GREEN, [row.green] if row.green else []


def _unknown(row: Reconciliation, names: Mapping[str, Bounds | None]) -> bool:
    return any(sums.holds(one.test, names) is None for one in (*row.red, *row.amber))
