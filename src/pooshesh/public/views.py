"""What the public pages show, made of releases."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pooshesh.insight import shown
from pooshesh.insight.months import code_of, moved, of_code
from pooshesh.insight.places import Place, places_of
from pooshesh.public.queries import Edition, Row, editions, newest, year
from pooshesh.public.tables import TABLES, Table
from pooshesh.web import charts
from pooshesh.web.format import number
from pooshesh.web.province_map import Scale, map_figure, province_drawing

HEADLINE = (
    ("cover", "persons"), ("cover", "covered_share"), ("cover", "uninsured_share"),
    ("fund", "tags_active"), ("year", "requests_brought"), ("year", "paid"),
)  # fmt: skip
MAPPED = "covered_share"
NATION = "ir"


@dataclass(frozen=True)
class Cell:
    """A row with how it is written and where it is found, below the address of public pages."""

    row: Row | None

    @property
    def text(self) -> str:
        """The number with its unit; "not shown", or a dash."""
        return said(self.row)

    @property
    def address(self) -> str:
        """Of its page."""
        return f"figure/{self.row.address}" if self.row else ""

    @property
    def name(self) -> str:
        """What it counts, with its group."""
        if self.row is None:
            return ""
        name = shown.say(self.row.one.name)
        return f"{name}: {group_name(self.row)}" if self.row.dimension else name

    @property
    def what(self) -> str:
        """What its number says."""
        return shown.say(self.row.one.what) if self.row else ""

    @property
    def parts(self) -> str:
        """«60 persons of 100 persons»; "" where it is masked."""
        row = self.row
        if row is None or row.numerator is None or row.one.denominator is None:
            return ""
        return _("%(part)s of %(whole)s") % {
            "part": counted(row.numerator, shown.noun(row.one.numerator)),
            "whole": counted(row.denominator or 0, shown.noun(row.one.denominator)),
        }


def counted(count: int, noun: str) -> str:
    """A count with what it counts."""
    return f"{number(count)} {noun}".strip()


def said(row: Row | None) -> str:
    """A published number in words."""
    if row is None:
        return shown.NOTHING
    if row.masked:
        return shown.hidden()
    return shown.value(row.value, row.one.unit, shown.noun(row.one.numerator))


def group_name(row: Row) -> str:
    """«Decile 3»."""
    return f"{shown.DIMENSION_NAMES[row.dimension]} {shown.key_name(row.dimension, row.key)}"


def places() -> dict[str, Place]:
    """The nation and its provinces by code, with names in the active language."""
    return {one.code: one for one in (*places_of("nation"), *places_of("province"))}


def home() -> dict[str, Any]:
    """The newest month of the nation, its map and its year."""
    found = newest()
    if found is None:
        return {"edition": None, "tables": TABLES.values()}
    names = places()
    rows = {(row.table, row.one.code): row for row in found.rows if row.area == NATION}
    return {
        "edition": found, "month": shown.month_name(found.month), "tables": TABLES.values(),
        "figures": [Cell(rows[key]) for key in HEADLINE if key in rows],
        "map": _map(found, MAPPED, names),
        "chart": chart(rows["cover", MAPPED]) if ("cover", MAPPED) in rows else None,
    }  # fmt: skip


def _map(found: Edition, code: str, names: dict[str, Place]) -> SafeString | None:
    """Provinces shaded by an indicator; None where none may be shown."""
    rows = [row for row in found.rows
            if row.one.code == code and not row.dimension and row.area in names
            and row.area != NATION]  # fmt: skip
    values = {
        names[row.area].province: float(row.value) for row in rows if row.value is not None
    }  # fmt: skip
    if not values:
        return None
    one = rows[0].one
    title = f"{shown.say(one.name)} · {shown.month_name(found.month)}"
    province = {names[row.area].province: row for row in rows}

    def show(value: float) -> str:
        return shown.value(Fraction(value), one.unit, "")

    svg = province_drawing(
        title, values, {names[row.area].province: names[row.area].name for row in rows}, show=show,
        missing={code: said(row) for code, row in province.items() if row.value is None},
    )  # fmt: skip
    entries = Scale.over(values.values()).entries(show)
    if len(values) < len(rows):
        entries = [*entries, (0, _("no data or not shown"))]
    ordered = sorted(rows, key=lambda row: (row.value is None, -(row.value or 0)))
    return map_figure(
        title, svg, entries, [_("Province"), shown.say(one.name)],
        [[names[row.area].name, said(row)] for row in ordered],
    )  # fmt: skip


def chart(row: Row) -> SafeString | None:
    """A figure over the twelve published months up to it; None with less than two."""
    month = shown_month(row)
    found = [(one, _in_month(one, row)) for one in year(month)]
    known = [(one, each) for one, each in found if each is not None]
    if sum(each.value is not None for _one, each in known) < 2:
        return None
    scale = 100 if row.one.unit == "percent" else 1
    name = shown.say(row.one.name)
    return charts.figure(
        charts.lines(
            name, [shown.month_name(one.month) for one, _each in known],
            [charts.Line(name, [float(each.value * scale) if each.value is not None else None
                                for _one, each in known])],
        ),
        _("%(name)s by month") % {"name": name}, [_("Month"), name],
        [[shown.month_name(one.month), said(each)] for one, each in known],
    )  # fmt: skip


def _in_month(edition: Edition, row: Row) -> Row | None:
    """The same figure in another month."""
    wanted = (row.table, row.one.code, row.area, row.dimension, row.key)
    return next(
        (
            one for one in edition.rows
            if (one.table, one.one.code, one.area, one.dimension, one.key) == wanted
        ),
        None,
    )  # fmt: skip


def shown_month(row: Row) -> dt.date:
    """The last month of a row."""
    return of_code(row.month)


def table(which: Table, found: Edition) -> dict[str, Any]:
    """A public table: a line for each area, a column for each indicator or group."""
    rows = [row for row in found.rows if row.table == which.code]
    columns = list(dict.fromkeys((row.one.code, row.key) for row in rows))
    cells = {(row.area, row.one.code, row.key): row for row in rows}
    heads = {(row.one.code, row.key): _head(row) for row in rows}
    return {
        "table": which, "edition": found, "month": shown.month_name(found.month),
        "heads": [heads[column] for column in columns],
        "lines": [
            (place.name, [Cell(cells.get((code, *column))) for column in columns])
            for code, place in places().items()
        ],
        "says": list({row.one.code: Cell(row) for row in rows}.values()),
        "masked": any(row.masked for row in rows),
        "before": _beside(found.month, -1), "after": _beside(found.month, 1),
    }  # fmt: skip


def _head(row: Row) -> str:
    return group_name(row) if row.dimension else shown.say(row.one.name)


def _beside(month: dt.date, by: int) -> str:
    """The code of a neighbouring month that was published, or ""."""
    other = moved(month, by)
    return code_of(other) if newest(other) else ""


def figure(found: Edition, row: Row) -> dict[str, Any]:
    """A figure for good: what it is, what it was as of when, and its other releases."""
    others = [(one, one.find(row.address)) for one in editions(found.month)]
    place = places()[row.area]
    return {
        "edition": found, "row": row, "cell": Cell(row), "one": row.one, "place": place,
        "span": _span(row), "newest": others[0][0].number == found.number,
        "group": group_name(row) if row.dimension else "",
        "releases": [(one, Cell(each)) for one, each in others if each],
        "chart": chart(row), "table": TABLES[row.table],
    }  # fmt: skip


def _span(row: Row) -> str:
    last = shown.month_name(of_code(row.month))
    if row.first == row.month:
        return last
    return _("%(first)s to %(last)s") % {
        "first": shown.month_name(of_code(row.first)),
        "last": last,
    }


def corrections(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Lines of the public correction log."""
    names = places()
    lines = []
    for each in rows:
        one, row = each.one, each.correction
        noun = shown.noun(one.numerator)
        group = [part.split("=", 1) for part in row.key.split("/")[3:]]
        words = [shown.say(one.name), *(
            f"{shown.DIMENSION_NAMES[name]} {shown.key_name(name, key)}" for name, key in group
        )]  # fmt: skip
        lines.append({
            "name": ", ".join(words), "place": names[row.area.code].name
            if row.area.code in names else str(row.area),
            "month": shown.month_name(row.month), "at": row.at, "reason": row.get_reason_display(),
            "was": shown.value(each.was, one.unit, noun),
            "now": shown.value(each.now, one.unit, noun) if each.now is not None
            else shown.hidden(),
        })  # fmt: skip
    return lines
