"""What the pages of an indicator and of a figure show, read in a fixed number of statements."""

import datetime as dt
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.indicators import Indicator
from pooshesh.insight import figures, masking, queries, shown
from pooshesh.insight.checks import Check
from pooshesh.insight.figures import Figure, Wanted
from pooshesh.insight.months import code_of, moved
from pooshesh.insight.places import Place
from pooshesh.insight.rows import MOST, Behind
from pooshesh.insight.tables import Line
from pooshesh.web import charts
from pooshesh.web.cells import identifier
from pooshesh.web.format import jdate, number

TREND = 13  # months
MUCH = 10**9  # rial


def indicator(
    user: User, one: Indicator, here: Place, month: dt.date
) -> tuple[dict[str, Any], list[Line]]:
    """The page's context, and the areas below with their figures."""
    reach = queries.shared_reach(user)
    own = user.reach(queries.READ).covers(here.path, here.id)  # counts alone name nobody
    months = tuple(moved(month, -back) for back in range(TREND - 1, -1, -1))
    trend = figures.read(Wanted((one.code,), (here,), months), reach)
    below = queries.children(user, here)
    rows = figures.read(Wanted((one.code,), below, (month,)), reach) if below else []
    groups = []
    if here.kind in ("nation", "province"):
        for name in one.dimensions:
            found = figures.read(Wanted((one.code,), (here,), (month,), by=(name,)), reach)
            lines = masking.lines(sorted((f for f in found if f.group), key=_by_number), own)
            groups.append((shown.DIMENSION_NAMES[name], lines))
    if one.method != "ratio":
        groups = []
    context = {
        "one": one, "here": here, "month": month, "code": code_of(month),
        "now": Line(trend[-1], trend[-1].small and not own), "crumbs": queries.crumbs(here),
        "chart": _trend(one, trend, own), "groups": groups,
        "before": code_of(moved(month, -1)), "after": code_of(moved(month, 1)),
    }  # fmt: skip
    return context, masking.lines(rows, own)


def _by_number(figure: Figure) -> tuple[int, str]:
    """Decile 2 before 10; words after numbers, in their order."""
    key = figure.group[0][1].split("-")[0].rstrip("+")
    return (int(key) if key.isdecimal() else 999, figure.group[0][1])


def _trend(one: Indicator, trend: list[Figure], own: bool) -> object:
    """The chart of months that were counted; None with less than two."""
    known = [f for f in trend if f.value is not None and (own or not f.small)]
    if len(known) < 2:
        return None
    title = _("%(name)s by month") % {"name": shown.say(one.name)}
    scale = Fraction(100 if one.unit == "percent" else 1)
    if one.unit == "rial" and max(f.value or 0 for f in known) >= MUCH:
        title, scale = _("%(title)s, million rial") % {"title": title}, Fraction(1, 10**6)
    labels = [shown.month_name(f.month) for f in trend]
    values = [
        float(f.value * scale) if f.value is not None and (own or not f.small) else None
        for f in trend
    ]
    return charts.figure(
        charts.lines(title, labels, [charts.Line(shown.say(one.name), values)]),
        title,
        [_("Month"), shown.say(one.name), _("Parts")],
        [
            [
                shown.month_name(f.month), shown.text(f, masked=not own),
                "" if f.small and not own else shown.parts(f),
            ]
            for f in trend
        ],
    )  # fmt: skip


def figure(user: User, found: Figure) -> dict[str, Any]:
    """A figure with its definition, as the month's revision had it."""
    own = user.reach(queries.READ).covers(found.place.path, found.place.id)
    one = found.indicator
    return {
        "line": Line(found, found.small and not own), "figure": found, "one": one,
        "above": shown.noun(one.numerator), "below": shown.noun(one.denominator),
        "month": code_of(found.month),
        "group": [(shown.DIMENSION_NAMES[n], shown.key_name(n, k)) for n, k in found.group],
        "revisions": [
            (one, _figure_of(found, one.revision)) for one in queries.revisions(found.month)
            if one.closed_at
        ],
    }  # fmt: skip


def _figure_of(found: Figure, revision: int) -> str:
    """The address of the same figure in another revision of its month."""
    code, place, span, *_rest = found.key.split("/")
    group = [f"{name}={key}" for name, key in found.group]
    return reverse("insight:figure", args=["/".join([code, place, span, str(revision), *group])])


def rows(user: User, found: Figure, behind: Behind, below: bool) -> dict[str, Any]:
    """What the page of rows says beside its table."""
    one = found.indicator
    counted = shown.noun(one.denominator if below else one.numerator)
    hidden = found.small and not user.reach(queries.READ).covers(found.place.path, found.place.id)
    return {
        "figure": found, "one": one, "behind": behind, "below": below, "counted": counted,
        "hidden": hidden, "most": MOST,
    }  # fmt: skip


def check_rows(one: Check, found: list[tuple[Any, ...]]) -> list[list[Any]]:
    """Cells of the rows a check shows; the first is a link where the check names a page."""
    return [[_opened(one, row[0]), *(_cell(value) for value in row[1:])] for row in found]


def _cell(value: Any) -> object:
    if isinstance(value, dt.date):
        return jdate(value)
    return number(value) if isinstance(value, int) else identifier(value)


def _opened(one: Check, key: Any) -> object:
    if not one.open:
        return _cell(key)
    return format_html('<a href="{}">{}</a>', reverse(one.open, args=[key]), str(key)[-12:])
