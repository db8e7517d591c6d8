"""A question as its address says it. Reading it touches no figure.

i=CODE…            indicators, in the order they stand
level=KIND         areas of a kind (province, county, city, neighbourhood); "" the area itself
within=CODE        inside which area; "" where one's own figures begin
from=1401-01&to=1401-12&per=month|year|all
by=DIMENSION…      split by dimensions
only=DIMENSION:KEY…  of one value of a dimension
rows=AXIS&cols=AXIS  which axis stands first in rows, and which in columns
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from pooshesh.indicators import Book
from pooshesh.indicators.book import DIMENSIONS, Dimension
from pooshesh.insight.months import between, code_of, of_code
from pooshesh.insight.shown import DIMENSION_NAMES, say
from pooshesh.kernel.calendar import to_jalali
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.places.models import AreaKind

Per = Literal["month", "year", "all"]
PERS = ("month", "year", "all")
AXES = ("indicator", "area", "period")
LEVELS = ("", "province", "county", "city", "neighbourhood")
MOST_INDICATORS = 12
MOST_DIMENSIONS = 2
MOST_MONTHS = 120

explain(
    {
        "asking.indicator": gettext_noop("There is no indicator “%(read)s”."),
        "asking.indicators": gettext_noop("Choose at most %(most)s indicators."),
        "asking.level": gettext_noop("There is no kind of area “%(read)s”."),
        "asking.month": gettext_noop("“%(read)s” is no month; write it like 1401-10."),
        "asking.order": gettext_noop("The last month lies before the first."),
        "asking.months": gettext_noop("Ask for at most %(most)s months."),
        "asking.per": gettext_noop("“%(read)s” is not month, year or all."),
        "asking.axis": gettext_noop("“%(read)s” is not part of the question."),
        "asking.dimension": gettext_noop("There is no dimension “%(read)s”."),
        "asking.dimensions": gettext_noop("Split by at most %(most)s dimensions."),
        "asking.missing": gettext_noop(
            "“%(name)s” is not counted by %(dimension)s. Take that dimension or that indicator out."
        ),
        "asking.whole": gettext_noop("“%(name)s” is one number of a whole area; it has no parts."),
    }
)


@dataclass(frozen=True)
class Question:
    """What is asked, checked; see the module."""

    indicators: tuple[str, ...]
    level: str
    within: str
    first: dt.date
    last: dt.date
    per: Per
    by: tuple[Dimension, ...]
    only: Mapping[Dimension, str]
    rows: str
    cols: str

    @property
    def axes(self) -> tuple[str, ...]:
        """All axes: the rows' first one first, the columns' one last."""
        every = [one for one in (*AXES, *self.by) if one not in (self.rows, self.cols)]
        return (self.rows, *every, self.cols)

    @property
    def periods(self) -> list[tuple[dt.date, dt.date]]:
        """First and last month of each figure."""
        months = list(between(self.first, self.last))
        if self.per == "month":
            return [(month, month) for month in months]
        if self.per == "all":
            return [(self.first, self.last)]
        years: dict[int, list[dt.date]] = {}
        for month in months:
            years.setdefault(to_jalali(month).year, []).append(month)
        return [(months[0], months[-1]) for months in years.values()]

    @property
    def address(self) -> str:
        """The question as a query string, the same for the same question."""
        said = [
            *(("i", code) for code in self.indicators), ("level", self.level),
            ("within", self.within), ("from", code_of(self.first)), ("to", code_of(self.last)),
            ("per", self.per), *(("by", one) for one in self.by),
            *(("only", f"{name}:{key}") for name, key in self.only.items()),
            ("rows", self.rows), ("cols", self.cols),
        ]  # fmt: skip
        return urlencode(said)


def read(asked: QueryDict, book: Book, latest: dt.date) -> Question | None:
    """The question of an address; None where no indicator is asked for.

    Months not given are the latest. Raises Invalid with a sentence for what cannot be asked.
    """
    codes = tuple(dict.fromkeys(code for code in asked.getlist("i") if code))
    if not codes:
        return None
    for code in codes:
        if code not in book.indicators:
            raise Invalid("asking.indicator", read=code[:60])
    if len(codes) > MOST_INDICATORS:
        raise Invalid("asking.indicators", most=MOST_INDICATORS)
    by = tuple(dict.fromkeys(one for one in asked.getlist("by") if one))
    if len(by) > MOST_DIMENSIONS:
        raise Invalid("asking.dimensions", most=MOST_DIMENSIONS)
    only = _only(asked.getlist("only"))
    _carried(book, codes, (*by, *only))
    level, per = asked.get("level", ""), asked.get("per") or "month"
    if level not in LEVELS:
        raise Invalid("asking.level", read=level[:60])
    if per not in PERS:
        raise Invalid("asking.per", read=per[:60])
    last = _month(asked.get("to", ""), latest)
    first = _month(asked.get("from", ""), last)
    if last < first:
        raise Invalid("asking.order")
    rows, cols = _axes(asked, by)
    made = Question(
        codes, level, asked.get("within", ""), first, last, cast(Per, per), by, only, rows, cols
    )
    if sum(1 for _month_ in between(first, last)) > MOST_MONTHS:
        raise Invalid("asking.months", most=MOST_MONTHS)
    return made


def _month(text: str, otherwise: dt.date) -> dt.date:
    try:
        return of_code(text) if text else otherwise
    except ValueError as error:
        raise Invalid("asking.month", read=text[:20]) from error


def _only(texts: list[str]) -> dict[Dimension, str]:
    pairs = (text.partition(":") for text in texts if text)
    return {name: key for name, _colon, key in pairs}


def _carried(book: Book, codes: tuple[str, ...], names: tuple[str, ...]) -> None:
    for name in names:
        if name not in DIMENSIONS:
            raise Invalid("asking.dimension", read=name[:60])
        for code in codes:
            one = book.indicators[code]
            if one.method != "ratio":
                raise Invalid("asking.whole", name=say(one.name))
            if name not in one.dimensions:
                raise Invalid(
                    "asking.missing", name=say(one.name), dimension=str(DIMENSION_NAMES[name])
                )


def _axes(asked: QueryDict, by: tuple[str, ...]) -> tuple[str, str]:
    known = (*AXES, *by)
    rows, cols = asked.get("rows") or "area", asked.get("cols") or "period"
    for one in (rows, cols):
        if one not in known:
            raise Invalid("asking.axis", read=axis_name(one[:60]))
    if rows == cols:
        rows = next(one for one in known if one != cols)
    return rows, cols


def axis_name(axis: str) -> str:
    """What an axis is called."""
    if axis == "indicator":
        return _("Indicator")
    if axis == "area":
        return _("Area")
    if axis == "period":
        return _("Period")
    return str(DIMENSION_NAMES.get(axis, axis))


def level_name(level: str) -> str:
    """What a kind of area is called; the area itself for ""."""
    return str(AreaKind(level).label) if level else _("the area itself")


def per_name(per: str) -> str:
    """What a figure covers."""
    names = {"month": _("each month"), "year": _("each year"), "all": _("all months together")}
    return names[per]
