"""Maps of a metric: provinces, counties and neighbourhoods where they lie, months side by side."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.insight import shown
from pooshesh.insight.months import code_of, moved
from pooshesh.league import queries
from pooshesh.league.queries import Asked, Row
from pooshesh.places import queries as places
from pooshesh.web import drawing
from pooshesh.web.point_map import Mark, Small, point_map, small_maps
from pooshesh.web.province_map import Scale, map_figure, province_drawing

MONTHS = 12
Entries = list[tuple[int, str]]


@dataclass(frozen=True)
class Drawn:
    """A map, the table behind it as it is written and as a file has it, and what was left out of
    the drawing (areas without a point)."""

    title: str
    svg: SafeString
    entries: Entries
    header: list[str]
    rows: list[list[str]]
    sheet: list[list[object]]
    nowhere: int = 0
    masked: bool = False

    @property
    def figure(self) -> SafeString:
        """For a page."""
        return map_figure(self.title, self.svg, self.entries, self.header, self.rows)

    @property
    def file(self) -> SafeString:
        """For a file: title and legend inside the drawing."""
        return drawing.framed(self.svg, self.title, self.entries)


def drawn(user: User, asked: Asked, address: Callable[[dt.date], str]) -> Drawn:
    """The map asked for; `asked.of` may be "months" as well. `address` leads to a month's map."""
    if asked.of == "months":
        return _months(user, asked, address)
    rows = _rows(user, asked)
    title = f"{asked.metric.title} · {_when(asked, rows)}"
    if asked.of == "province":
        return _provinces(asked, rows, title)
    return _points(asked, rows, title)


def _rows(user: User, asked: Asked) -> list[Row]:
    """The units with their numbers; those of too few people are hidden as in the league."""
    found = queries.figures_of(asked, (asked.month,), asked.since)
    return queries.unranked(user, asked, found)


def _when(asked: Asked, rows: Sequence[Row]) -> str:
    return shown.span(rows[0].figure) if rows else shown.month_name(asked.month)


def _values(rows: Sequence[Row]) -> dict[str, float]:
    return {
        row.key: float(row.value) for row in rows if row.value is not None and not row.hidden
    }  # fmt: skip


def said(asked: Asked, row: Row) -> str:
    """A unit's value in words."""
    if row.hidden:
        return shown.hidden()
    return _("no data") if row.value is None else asked.metric.text(row.value)


def _plain(row: Row) -> object:
    """A unit's value for a file: a number, words where it is hidden, nothing for no data."""
    if row.hidden:
        return shown.hidden()
    return None if row.value is None else round(float(row.value), 6)


def _sheet(rows: Sequence[Row]) -> list[list[object]]:
    return [[row.name, _plain(row)] for row in rows]


def _table(asked: Asked, rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    ordered = sorted(
        rows, key=lambda row: (row.hidden or row.value is None, -(row.value or Fraction(0)))
    )  # fmt: skip
    return [_("Area"), asked.metric.title], [[row.name, said(asked, row)] for row in ordered]


def _entries(asked: Asked, values: Mapping[str, float], rows: Sequence[Row]) -> Entries:
    made = Scale.over(values.values()).entries(asked.metric.text) if values else []
    return [*made, (0, _("no data or not shown"))] if len(values) < len(rows) else made


def _link(row: Row) -> str:
    if row.hidden or row.figure.source is None:
        return ""
    return reverse("insight:figure", args=[row.figure.reference])


def _provinces(asked: Asked, rows: Sequence[Row], title: str) -> Drawn:
    by_code = {row.figure.place.province: row for row in rows}
    values = {code: float(row.value) for code, row in by_code.items()
              if row.value is not None and not row.hidden}  # fmt: skip
    names = {code: row.name for code, row in by_code.items()}
    linked = all(_link(row) for row in by_code.values()) and len(by_code) > 30
    svg = province_drawing(
        title, values, names, show=asked.metric.text,
        link=(lambda code: _link(by_code[code])) if linked else None,
        missing={code: said(asked, row) for code, row in by_code.items() if row.hidden},
    )  # fmt: skip
    header, table = _table(asked, rows)
    return Drawn(title, svg, _entries(asked, values, rows), header, table, _sheet(rows),
                 masked=any(row.hidden for row in rows))  # fmt: skip


def _points(asked: Asked, rows: Sequence[Row], title: str) -> Drawn:
    rows = [row for row in rows if row.figure.place.path.startswith(asked.inside)]
    at = places.points(asked.of, asked.within)
    values = _values(rows)
    marks = [
        Mark(*at[row.key], values.get(row.key), f"{row.name}: {said(asked, row)}", _link(row))
        for row in rows
        if row.key in at
    ]
    shape = "circle" if asked.of == "neighbourhood" else "square"
    svg = point_map(title, marks, shape, within=_province(asked))  # type: ignore[arg-type]
    header, table = _table(asked, rows)
    return Drawn(
        title, svg, _entries(asked, values, rows), header, table, _sheet(rows),
        sum(row.key not in at for row in rows), any(row.hidden for row in rows),
    )  # fmt: skip


def _province(asked: Asked) -> str:
    return asked.within.partition(".p")[2]


def _months(user: User, asked: Asked, address: Callable[[dt.date], str]) -> Drawn:
    """Small maps of the provinces, month by month up to the one asked for, in one scale."""
    asked = replace(asked, of="province", since=None)
    wanted = tuple(moved(asked.month, -back) for back in range(MONTHS - 1, -1, -1))
    found = queries.figures_of(asked, wanted, None)
    by_month = [
        (month, queries.unranked(user, replace(asked, month=month), found)) for month in wanted
    ]
    names = {row.figure.place.province: row.name for _month, rows in by_month for row in rows}
    smalls, table, every = [], [], []
    for month, rows in by_month:
        here = {row.figure.place.province: float(row.value) for row in rows
                if row.value is not None and not row.hidden}  # fmt: skip
        every += list(here.values())
        smalls.append(Small(shown.month_name(month), here, address(month)))
    title = _("%(what)s, month by month") % {"what": asked.metric.title}
    svg = small_maps(title, smalls, names, asked.metric.text, _("no data or not shown"))
    lines = {row.key: row.name for _month, rows in by_month for row in rows}
    cells = {(row.key, month): said(asked, row) for month, rows in by_month for row in rows}
    table = [
        [name, *(cells.get((key, month), _("no data")) for month in wanted)]
        for key, name in lines.items()
    ]
    plain = {(row.key, month): _plain(row) for month, rows in by_month for row in rows}
    sheet: list[list[object]] = [
        [name, *(plain.get((key, month)) for month in wanted)] for key, name in lines.items()
    ]
    entries: Entries = Scale.over(every).entries(asked.metric.text) if every else []
    missing = len(every) < len(lines) * len(wanted)
    return Drawn(
        title, svg, [*entries, (0, _("no data or not shown"))] if missing else entries,
        [_("Province"), *(shown.month_name(month) for month in wanted)], table, sheet,
        masked=any(row.hidden for _month, rows in by_month for row in rows),
    )  # fmt: skip


def file_name(asked: Asked) -> str:
    """What a download is called."""
    return f"{asked.metric.indicator.code}-{code_of(asked.month)}"
