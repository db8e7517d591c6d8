"""Tables of figures."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from pooshesh.insight import shown
from pooshesh.insight.figures import Figure
from pooshesh.insight.months import code_of
from pooshesh.insight.templatetags.figures import as_of, figure_of
from pooshesh.kernel.text import search_key
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
    one = line.figure
    there = urlencode({"area": one.place.code, "month": code_of(one.month)})
    return format_html(
        '<a href="{}?{}">{}</a>', reverse("insight:indicator", args=[one.indicator.code]), there,
        line.name,
    )  # fmt: skip


def _place(line: Line) -> SafeString:
    one = line.figure
    there = urlencode({"area": one.place.code, "month": code_of(one.month)})
    return format_html(
        '<a href="{}?{}">{}</a>', reverse("insight:indicator", args=[one.indicator.code]), there,
        one.place.name,
    )  # fmt: skip


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
        Column("what", _("What it says"), lambda line: shown.say(line.figure.indicator.what)),
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
