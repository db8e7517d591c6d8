"""Tables of the league."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.insight import shown
from pooshesh.insight.figures import Figure
from pooshesh.kernel.text import search_key
from pooshesh.league.limits import Law
from pooshesh.league.queries import League, Row
from pooshesh.league.standing import Side
from pooshesh.web.cells import badge, dash
from pooshesh.web.format import number, percent
from pooshesh.web.table import Column, Table

SIDES = {
    Side.WITHIN: gettext_lazy("Within chance"),
    Side.ABOVE: gettext_lazy("Above the 95-percent limit"),
    Side.FAR_ABOVE: gettext_lazy("Above the 99.8-percent limit: to audit"),
    Side.BELOW: gettext_lazy("Below the 95-percent limit"),
    Side.FAR_BELOW: gettext_lazy("Below the 99.8-percent limit: to audit"),
}
TRENDS = {
    1: ("▲", gettext_lazy("higher")),
    0: ("=", gettext_lazy("the same")),
    -1: ("▼", gettext_lazy("lower")),
}


def hidden() -> str:
    """What stands where something may not be told."""
    return shown.hidden()


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


class LeagueTable(Table[Row]):
    """The league; `found` says how its metric is written."""

    name = "league"
    caption = gettext_lazy("League")
    page_size = 50
    order = "rank"
    empty = gettext_lazy("Nothing was counted here.")

    def __init__(self, request: HttpRequest, found: League) -> None:
        self.found = found
        super().__init__(request, found.rows)

    def search(self, rows: Any, text: str) -> Any:
        asked = search_key(text)
        return [row for row in rows if asked in search_key(row.name)]

    @cached_property
    def columns(self) -> Sequence[Column[Row]]:  # type: ignore[override]
        """Those that this league has something to say in."""
        found = self.found
        metric, ratio = found.asked.metric, found.asked.metric.indicator.method == "ratio"
        limited = found.law != Law.NONE
        columns: list[Column[Row]] = [
            Column("rank", _("Rank"), _rank, kind="number", sort="rank", render=self._rank),
            Column("name", _("Unit"), "name", sort="name", render=self._name),
            Column("value", _("Value"), self._value, kind="number", sort="value",
                   render=self._link),
        ]  # fmt: skip
        if limited:
            columns.append(Column("ranks", _("Interval of the rank"), _ranks, render=_ranks_said))
        if limited and metric.divided:
            columns.append(Column("side", _("By the limits"), _side, sort="side", render=_badge))
        columns += [
            Column("before", _("A month ago"), lambda row: _trend(row, row.before),
                   render=lambda row: _arrow(row, row.before)),
            Column("year", _("12 months ago"), lambda row: _trend(row, row.year),
                   render=lambda row: _arrow(row, row.year)),
        ]  # fmt: skip
        if any(row.times is not None for row in found.rows):
            columns += [
                Column("share", _("Share of the country"), _share, sort="share",
                       render=lambda row: _ratio(row, row.share)),
                Column("times", _("Times its share of the people"), _times, sort="times",
                       render=_multiple),
            ]  # fmt: skip
        if limited:
            columns.append(
                Column("interval", _("95-percent interval"), _edges, render=self._interval)
            )
        if ratio and metric.divided:
            columns += [
                Column("above", _("Numerator"), _above, kind="number", sort="above",
                       render=lambda row: _whole(row, row.numerator, row.figure)),
                Column("below", _("Denominator"), _below, kind="number", sort="below",
                       render=lambda row: _whole(row, row.denominator, row.base)),
            ]  # fmt: skip
        return columns

    def _value(self, row: Row) -> Decimal | None:
        return None if row.hidden else _decimal(row.value)

    def _link(self, row: Row) -> SafeString:
        if row.hidden:
            return conditional_escape(hidden())
        if row.value is None:
            return dash()
        written = self.found.asked.metric.text(row.value)
        return format_html(
            '<a class="number" href="{}" aria-label="{}">{}</a>',
            reverse("insight:figure", args=[row.figure.reference]), f"{row.name}: {written}",
            written,
        )  # fmt: skip

    def _name(self, row: Row) -> SafeString:
        return format_html('<strong id="unit-{}">{}</strong>', row.key or "none", row.name)

    def _rank(self, row: Row) -> SafeString:
        if row.standing is None or row.standing.rank is None:
            words = _("not ranked")
            return format_html('<span class="soft">{}</span>', words)
        return conditional_escape(f"{number(row.standing.rank)}{'=' if row.standing.tied else ''}")

    def _interval(self, row: Row) -> SafeString:
        one = row.standing
        if row.hidden or one is None or one.low is None or one.high is None:
            return dash()
        return _range(*map(self.found.asked.metric.plain, (one.low, one.high)))


def _range(low: str, high: str) -> SafeString:
    both = low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}
    return conditional_escape(both)


def _edges(row: Row) -> str | None:
    """For an export: in plain digits, percents as parts of one."""
    one = row.standing
    if row.hidden or one is None or one.low is None or one.high is None:
        return None
    return f"{one.low:.6g} – {one.high:.6g}"


def _rank(row: Row) -> int | None:
    return row.standing.rank if row.standing else None


def _above(row: Row) -> int | None:
    return None if row.hidden or row.figure.source is None else row.numerator


def _below(row: Row) -> int | None:
    return None if row.hidden else row.denominator


def _whole(row: Row, value: int | None, figure: Figure | None) -> SafeString:
    """One of the two whole numbers, which leads to the figure it is of."""
    if row.hidden:
        return conditional_escape(hidden())
    if value is None or row.figure.source is None:
        return dash()
    if figure is None or figure.source is None or figure.indicator.denominator:
        return conditional_escape(number(value))
    return format_html(
        '<a href="{}">{}</a>', reverse("insight:figure", args=[figure.reference]), number(value)
    )


def _ranks(row: Row) -> str | None:
    found = row.standing.ranks if row.standing else None
    return f"{found[0]} – {found[1]}" if found else None


def _ranks_said(row: Row) -> SafeString:
    found = row.standing.ranks if row.standing else None
    return _range(number(found[0]), number(found[1])) if found else dash()


def _side(row: Row) -> str | None:
    if row.hidden or row.standing is None:
        return None
    words = SIDES.get(row.standing.side)
    return str(words) if words else None


def _badge(row: Row) -> SafeString:
    words = _side(row)
    return badge(row.standing.side, words) if words and row.standing else dash()


def _trend(row: Row, way: int | None) -> str | None:
    return None if row.hidden or way is None else str(TRENDS[way][1])


def _arrow(row: Row, way: int | None) -> SafeString:
    words = _trend(row, way)
    if words is None or way is None:
        return dash()
    return format_html('<span aria-hidden="true">{}</span> {}', TRENDS[way][0], words)


def _share(row: Row) -> Decimal | None:
    return None if row.hidden else _decimal(row.share)


def _ratio(row: Row, value: Any) -> SafeString:
    found = _share(row)
    return dash() if found is None else conditional_escape(percent(found))


def _times(row: Row) -> Decimal | None:
    return None if row.hidden else _decimal(row.times)


def _multiple(row: Row) -> SafeString:
    found = _times(row)
    return dash() if found is None else conditional_escape(f"{number(found)}×")
