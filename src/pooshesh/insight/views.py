"""What the pages of an indicator and of a figure show, read in a fixed number of statements."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
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
    months = tuple(moved(month, -back) for back in range(TREND - 1, -1, -1))
    trend = lines(user, here, Wanted((one.code,), (here,), months))
    below = queries.children(user, here)
    rows = lines(user, here, Wanted((one.code,), below, (month,)))
    groups = []
    if here.kind in ("nation", "province"):
        for name in one.dimensions:
            by = lines(user, here, Wanted((one.code,), (here,), (month,), by=(name,)))
            told = sorted((line for line in by if line.figure.group), key=_by_number)
            if trend[-1].masked:  # all of them together would tell it
                told = [replace(line, masked=True) for line in told]
            groups.append((shown.DIMENSION_NAMES[name], told))
    if one.method != "ratio":
        groups = []
    context = {
        "one": one, "here": here, "month": month, "code": code_of(month),
        "now": trend[-1], "crumbs": queries.crumbs(here),
        "chart": _trend(one, trend), "groups": groups,
        "before": code_of(moved(month, -1)), "after": code_of(moved(month, 1)),
    }  # fmt: skip
    return context, rows


def lines(user: User, here: Place, wanted: Wanted) -> list[Line]:
    """Figures of an area, or below it, hidden where who has no reach there must not be told."""
    own = user.reach(queries.READ).covers(here.path, here.id)  # counts alone name nobody
    secret = set() if own else masking.elsewhere(wanted)
    found = figures.read(wanted, queries.shared_reach(user))
    return [Line(one, masking.key_of(one) in secret) for one in found]


def _by_number(line: Line) -> tuple[int, str]:
    """Decile 2 before 10; words after numbers, in their order."""
    whole = line.figure.group[0][1]
    key = whole.split("-")[0].rstrip("+")
    return (int(key) if key.isdecimal() else 999, whole)


def _trend(one: Indicator, trend: Sequence[Line]) -> object:
    """The chart of months that were counted and are told; None with less than two."""
    values = [None if line.masked else line.figure.value for line in trend]
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    title = _("%(name)s by month") % {"name": shown.say(one.name)}
    scale = Fraction(100 if one.unit == "percent" else 1)
    if one.unit == "rial" and max(known) >= MUCH:
        title, scale = _("%(title)s, million rial") % {"title": title}, Fraction(1, 10**6)
    labels = [shown.month_name(line.figure.month) for line in trend]
    points = [None if value is None else float(value * scale) for value in values]
    return charts.figure(
        charts.lines(title, labels, [charts.Line(shown.say(one.name), points)]),
        title,
        [_("Month"), shown.say(one.name), _("Parts")],
        [[label, line.written, line.parts] for label, line in zip(labels, trend, strict=True)],
    )


def figure(user: User, found: Figure) -> dict[str, Any]:
    """A figure with its definition, as the month's revision had it."""
    one = found.indicator
    return {
        "line": Line(found, _hidden(user, found)), "figure": found, "one": one,
        "above": shown.noun(one.numerator), "below": shown.noun(one.denominator),
        "month": code_of(found.month),
        "group": [(shown.DIMENSION_NAMES[n], shown.key_name(n, k)) for n, k in found.group],
        "revisions": [
            (one, _figure_of(found, one.revision)) for one in queries.revisions(found.month)
            if one.closed_at
        ],
    }  # fmt: skip


def _hidden(user: User, found: Figure) -> bool:
    """Whether somebody from elsewhere must not be told: of few people, or for their sake."""
    if found.source is None or user.reach(queries.READ).covers(found.place.path, found.place.id):
        return False
    wanted = Wanted(
        (found.indicator.code,), (found.place,), (found.month,), found.since,
        tuple(name for name, _key in found.group), as_of=found.known or found.source.as_of,
    )  # fmt: skip
    return masking.key_of(found) in masking.elsewhere(wanted)


def _figure_of(found: Figure, revision: int) -> str:
    """The address of the same figure in another revision of its month."""
    code, place, span, *_rest = found.key.split("/")
    group = [f"{name}={key}" for name, key in found.group]
    return reverse("insight:figure", args=["/".join([code, place, span, str(revision), *group])])


def rows(user: User, found: Figure, behind: Behind, below: bool) -> dict[str, Any]:
    """What the page of rows says beside its table."""
    one = found.indicator
    counted = shown.noun(one.denominator if below else one.numerator)
    return {
        "figure": found, "one": one, "behind": behind, "below": below, "counted": counted,
        "hidden": _hidden(user, found), "most": MOST,
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
