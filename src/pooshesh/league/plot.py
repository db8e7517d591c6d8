"""The funnel plot of a league."""

from collections.abc import Sequence
from math import log10

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pooshesh.insight import shown
from pooshesh.league.limits import Z_95, Z_998, limits
from pooshesh.league.metric import CENSUS
from pooshesh.league.queries import League, Row
from pooshesh.league.standing import Side
from pooshesh.web.funnel_plot import Dot, Limit, funnel_plot

POINTS = 28  # of each limit's line
NAMED = 6  # units named in the drawing: those farthest out
FAR = (Side.FAR_ABOVE, Side.FAR_BELOW)


def drawn(found: League) -> list[Row]:
    """The rows that have a place in the plot."""
    return [
        row
        for row in found.rows
        if row.denominator and row.value is not None and not row.hidden
    ]  # fmt: skip


def plot(found: League) -> SafeString | None:
    """The plot; None where there is nothing to set over a size."""
    metric, rows = found.asked.metric, drawn(found)
    if not metric.divided or metric.indicator.method != "ratio" or found.target is None:
        return None
    if len(rows) < 2:
        return None
    sizes = [row.denominator or 1 for row in rows]
    target = float(found.target)
    loud = _loud(rows, target)
    lines = [
        Limit(_("99.8-percent limits"), "line limit-998", _curve(found, sizes, Z_998)),
        Limit(_("95-percent limits"), "line limit-95", _curve(found, sizes, Z_95)),
    ]
    return funnel_plot(
        metric.title,
        [Dot(row.name, row.denominator or 0, float(row.value or 0), row.key in loud)
         for row in rows],
        target, [line for line in lines if line.points], metric.text, size_title(found),
        description=_("Each point is a unit: the larger, the farther in the reading direction; "
                      "the higher, the larger its value. The table below has every number."),
    )  # fmt: skip


def size_title(found: League) -> str:
    """What the size of a unit is."""
    metric = found.asked.metric
    if metric.per == CENSUS:
        return _("People of the 1395 census")
    if metric.base:
        return _("insured persons") if metric.per == "insured" else _("tagged patients")
    return shown.noun(metric.indicator.denominator)


def _loud(rows: Sequence[Row], target: float) -> set[str]:
    far = [row for row in rows if row.standing and row.standing.side in FAR]
    far.sort(key=lambda row: -abs(float(row.value or 0) - target))
    return {row.key for row in far[:NAMED]}


def _curve(found: League, sizes: Sequence[int], z: float) -> list[tuple[float, float, float]]:
    scale, low, high = found.asked.metric.scale, log10(min(sizes)), log10(max(sizes))
    points = []
    for step in range(POINTS + 1):
        size = 10 ** (low + (high - low) * step / POINTS)
        edges = limits(found.law, float(found.target or 0) / scale, size, z, found.grain)
        if edges is None:
            return []
        points.append((size, edges[0] * scale, edges[1] * scale))
    return points
