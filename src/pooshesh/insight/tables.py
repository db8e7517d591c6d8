"""Tables of figures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from pooshesh.insight import figures, shown
from pooshesh.insight.figures import Figure
from pooshesh.insight.models import CheckState, Correction, Snapshot, SnapshotState
from pooshesh.insight.months import code_of, of_code
from pooshesh.insight.queries import Asked
from pooshesh.insight.rows import Row
from pooshesh.insight.templatetags.figures import as_of, figure_of
from pooshesh.kernel.text import search_key
from pooshesh.web.cells import identifier
from pooshesh.web.table import Column, Table


@dataclass(frozen=True)
class Line:
    """A figure, and whether it is hidden from who reads it."""

    figure: Figure
    masked: bool = False

    @property
    def name(self) -> str:
        return shown.say(self.figure.indicator.name)

    @property
    def place(self) -> str:
        return self.figure.place.name

    @property
    def value(self) -> float | None:
        """To sort and to export; none where it is hidden, so that no order tells it."""
        found = self.figure.value
        return None if self.masked or found is None else float(found)

    @property
    def written(self) -> str:
        """The number with its unit, or what stands in its place."""
        if not self.masked:
            return shown.text(self.figure)
        return shown.text(self.figure, masked=True) if self.figure.small else shown.hidden()

    @property
    def parts(self) -> str:
        return "" if self.masked else shown.parts(self.figure)

    @property
    def key(self) -> str:
        """What its group is called."""
        return "، ".join(shown.key_name(name, key) for name, key in self.figure.group)


def number(line: Line) -> SafeString:
    """The figure in a table: a link to its page."""
    if line.masked:
        return conditional_escape(line.written)
    return figure_of(line.figure, short=True)


def _indicator(line: Line) -> SafeString:
    return _linked(line, line.name)


def _place(line: Line) -> SafeString:
    return _linked(line, line.figure.place.name)


def _linked(line: Line, name: str) -> SafeString:
    """A name that leads to the indicator's page for the line's place and month."""
    one = line.figure
    there = urlencode({"area": one.place.code, "month": code_of(one.month)})
    address = reverse("insight:indicator", args=[one.indicator.code])
    return format_html('<a href="{}?{}">{}</a>', address, there, name)


_VALUE: Column[Line] = Column("value", _("Figure"), "value", sort="value", render=number)
_PARTS: Column[Line] = Column("parts", _("Parts"), "parts")
_AS_OF: Column[Line] = Column("as_of", _("As of"), lambda line: as_of(line.figure))


class BookTable(Table[Line]):
    name = "insight-book"
    caption = _("Indicators")
    page_size = 100
    empty = _("No indicator matches.")
    columns = (
        Column("name", _("Indicator"), "name", sort="name", render=_indicator), _VALUE, _PARTS,
        Column("what", _("What the figure says"),
               lambda line: shown.say(line.figure.indicator.what)),
        Column("cite", _("Source"), lambda line: shown.say(line.figure.indicator.cite),
               hidden=True),
        _AS_OF,
    )  # fmt: skip

    def search(self, rows: Any, text: str) -> Any:
        asked = search_key(text)
        return [line for line in rows if asked in search_key(_told(line))]


def _told(line: Line) -> str:
    one = line.figure.indicator
    return " ".join((one.code, one.name.fa, one.name.en, one.what.fa, one.what.en))


class AreaTable(Table[Line]):
    name = "insight-areas"
    caption = _("The areas below")
    page_size = 50
    empty = _("No area below is within your reach.")
    columns = (
        Column("place", _("Area"), "place", sort="place", render=_place), _VALUE, _PARTS,
    )  # fmt: skip


def _row(row: Row) -> SafeString:
    if not row.page:
        return identifier(row.id[-12:])
    return format_html('<a href="{}">{}</a>', reverse(row.page, args=[row.id]), row.id[-12:])


class RowTable(Table[Row]):
    name = "insight-rows"
    caption = _("Rows behind the number")
    page_size = 50
    empty = _("No row is behind it now.")
    columns = (
        Column("id", _("Row"), "id", render=_row),
        Column("place", _("Place"), "place", sort="place"),
        Column("day", _("Day"), "day", kind="date", sort="day"),
        Column("disease", _("Disease code"), "disease", kind="id", sort="disease"),
        Column("value", _("Adds"), "value", kind="number", sort="value"),
    )  # fmt: skip


def _month(row: Snapshot) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', reverse("insight:month", args=[code_of(row.month)]),
        shown.month_name(row.month),
    )  # fmt: skip


class MonthTable(Table[Snapshot]):
    name = "insight-months"
    caption = _("Months and their revisions")
    page_size = 40
    empty = _("Nobody has counted a month yet.")
    columns = (
        Column("month", _("Month"), lambda r: code_of(r.month), sort="month", render=_month),
        Column("revision", _("Revision"), "revision", kind="number"),
        Column("state", _("State"), lambda r: SnapshotState(r.state), kind="state"),
        Column("reason", _("Why"), lambda r: r.get_reason_display()),
        Column("late", _("Rows that came late"), lambda r: sum(r.late.values()) or None,
               kind="number"),
        Column("closed", _("Known as of"), "closed_at", kind="moment"),
        Column("facts", _("Facts"), "facts", kind="number"),
        Column("flagged", _("A check is red"), "flagged", kind="yes"),
        Column("digest", _("Digest"), lambda r: r.digest[:12], kind="id", hidden=True),
    )  # fmt: skip


def _check(row: Asked) -> SafeString:
    there = reverse("insight:check", args=[row.check.code])
    return format_html('<a href="{}">{}</a>', there, shown.say(row.check.name))


SEVERITIES = {
    "stop": _("Flags the months"), "warn": _("Warning"), "note": _("Note"),
}  # fmt: skip


class CheckTable(Table[Asked]):
    name = "insight-checks"
    caption = _("Checks of integrity")
    page_size = 50
    columns = (
        Column("name", _("Check"), lambda r: shown.say(r.check.name), render=_check),
        Column("state", _("State"),
               lambda r: CheckState(r.result.state) if r.result else None, kind="state"),
        Column("number", _("Found"), lambda r: r.result.number if r.result else None,
               kind="number"),
        Column("severity", _("Severity"), lambda r: SEVERITIES[r.check.severity]),
        Column("months", _("Months"),
               lambda r: "، ".join(shown.month_name(of_code(m)) for m in r.result.months[:6])
               if r.result else ""),
        Column("since", _("Since"), lambda r: r.result.since if r.result else None,
               kind="moment"),
        Column("at", _("Asked"), lambda r: r.result.at if r.result else None, kind="moment",
               hidden=True),
    )  # fmt: skip


def _indicator_of(row: Correction) -> str:
    one = figures.book().indicators.get(row.indicator)
    return shown.say(one.name) if one else row.indicator


def _said(numerator: str, denominator: str, reference: str) -> Callable[[Correction], SafeString]:
    def render(row: Correction) -> SafeString:
        one = figures.book().indicators.get(row.indicator)
        above, below = getattr(row, numerator), getattr(row, denominator)
        whole = one is not None and one.method == "ratio"
        told = shown.value(one.value(above, below), one.unit) if one and whole else f"{above}"
        there = reverse("insight:figure", args=[getattr(row, reference)])
        return format_html('<a href="{}">{}</a>', there, told)

    return render


class CorrectionTable(Table[Correction]):
    name = "insight-corrections"
    caption = _("Corrections of published figures")
    empty = _("No published figure had to be corrected.")
    columns = (
        Column("indicator", _("Indicator"), _indicator_of),
        Column("area", _("Area"), "area"),
        Column("month", _("Month"), lambda r: shown.month_name(r.month), sort="month"),
        Column("was", _("Was published"), "numerator_was",
               render=_said("numerator_was", "denominator_was", "was")),
        Column("now", _("Holds now"), "numerator", render=_said("numerator", "denominator", "now")),
        Column("why", _("Why"), lambda r: r.get_reason_display()),
        Column("at", _("Corrected at"), "at", kind="moment", sort="at"),
    )  # fmt: skip
    order = "-at"
