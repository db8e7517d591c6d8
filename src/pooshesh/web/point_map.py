"""Areas as marks where they lie, on the outline of the provinces; and one map for each month.

A county has no outline in the product: none with a licence that fits was at hand. It is a square
at the point it is registered with, which says nothing of its size.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi

from pooshesh.web.charts import Text
from pooshesh.web.province_map import (
    WIDTH,
    Scale,
    _linked,
    map_svg,
    outlines,
    rings,
)

Shape = Literal["circle", "square"]
COLUMNS = 3
CELL, CAPTION = 160, 26


@dataclass(frozen=True)
class Mark:
    """An area at its degrees; `said` is its name with its value in words, None has no data."""

    latitude: float
    longitude: float
    value: float | None
    said: str
    link: str = ""


def point_map(title: Text, marks: Sequence[Mark], shape: Shape, *, within: str = "") -> SafeString:
    """The `<svg>`: all provinces, or what lies about the marks, `within` a province (its code).
    The darker, the larger the value; equirectangular about the middle of what is shown."""
    around = bool(within)
    west, south, east, north = _frame(marks, around)
    narrow = cos(radians((south + north) / 2))
    unit = WIDTH / ((east - west) * narrow)
    height = (north - south) * unit

    def project(longitude: float, latitude: float) -> tuple[float, float]:
        return (longitude - west) * narrow * unit, (north - latitude) * unit

    shapes = [
        format_html(
            '<path class="ground{}" d="{}"/>',
            " here" if code == within else "",
            _outline(polygons, project),
        )
        for code, polygons in rings().items()
    ]
    scale = Scale.over([mark.value for mark in marks if mark.value is not None])
    size = 7.0 if around or len(marks) < 120 else 4.5
    for mark in sorted(marks, key=lambda one: scale.of(one.value)):
        drawn = _mark(project(mark.longitude, mark.latitude), shape, size, scale.of(mark.value),
                      mark.said)  # fmt: skip
        shapes.append(_linked(drawn, mark.link, mark.said) if mark.link else drawn)
    links = any(mark.link for mark in marks)
    return map_svg(title, f"-2 -2 {WIDTH + 4} {height + 4:.0f}", shapes, links)


def _frame(marks: Sequence[Mark], around: bool) -> tuple[float, float, float, float]:
    """(west, south, east, north) in degrees."""
    if around and marks:
        points = [(mark.longitude, mark.latitude) for mark in marks]
        least = 0.15  # degrees: one mark alone still shows where it is
    else:
        points = [point for polygons in rings().values() for ring in polygons for point in ring]
        least = 0.0
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    pad_x = max(least, 0.06 * (max(xs) - min(xs))) if around else 0.0
    pad_y = max(least, 0.06 * (max(ys) - min(ys))) if around else 0.0
    return min(xs) - pad_x, min(ys) - pad_y, max(xs) + pad_x, max(ys) + pad_y


def _outline(
    polygons: Sequence[Sequence[tuple[float, float]]],
    project: Callable[[float, float], tuple[float, float]],
) -> str:
    return "".join(
        "M" + "L".join("{:.1f} {:.1f}".format(*project(*point)) for point in ring[:-1]) + "Z"
        for ring in polygons
    )


def _mark(at: tuple[float, float], shape: Shape, size: float, shade: int, said: str) -> SafeString:
    x, y = at
    if shape == "circle":
        return format_html(
            '<circle class="mark class-{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>',
            shade, f"{x:.1f}", f"{y:.1f}", size, said,
        )  # fmt: skip
    return format_html(
        '<rect class="mark class-{}" x="{}" y="{}" width="{s}" height="{s}">'
        "<title>{}</title></rect>",
        shade, f"{x - size:.1f}", f"{y - size:.1f}", said, s=2 * size,
    )  # fmt: skip


@dataclass(frozen=True)
class Small:
    """One map of several: its label, values by province code, and where it leads."""

    label: Text
    values: Mapping[str, float]
    link: str = ""


def small_maps(
    title: Text, maps: Sequence[Small], names: Mapping[str, Text], show: Callable[[float], str],
    missing: Text,
) -> SafeString:  # fmt: skip
    """The `<svg>` of small maps of the provinces in one scale, in the reading direction."""
    drawn, tall = outlines()
    scale = Scale.over([value for one in maps for value in one.values.values()])
    height = CELL * tall / WIDTH
    # Drawn once, used by each: the outlines are most of the page's bytes.
    shapes = [
        format_html(
            "<defs>{}</defs>",
            mark_safe(  # noqa: S308 - made by format_html
                "".join(
                    format_html('<path id="small-{}" d="{}"/>', code, path)
                    for code, path in drawn.items()
                )
            ),
        )
    ]
    for number, one in enumerate(maps):
        column, row = number % COLUMNS, number // COLUMNS
        column = COLUMNS - 1 - column if get_language_bidi() else column
        x, y = column * CELL, row * (height + CAPTION)
        label = format_html(
            '<text class="small" x="{}" y="{}" text-anchor="middle">{}</text>',
            x + CELL / 2, f"{y + 14:.0f}", one.label,
        )  # fmt: skip
        shapes.append(_linked(label, one.link, str(one.label)) if one.link else label)
        uses = [
            format_html(
                '<use href="#small-{}" class="province class-{}"><title>{}</title></use>', code,
                scale.of(one.values.get(code)),
                f"{names.get(code, code)}, {one.label}: "
                f"{show(one.values[code]) if code in one.values else missing}",
            )
            for code in drawn
        ]  # fmt: skip
        shapes.append(
            format_html(
                '<svg x="{}" y="{}" width="{}" height="{}" viewBox="-20 -20 {} {}">{}</svg>',
                x, f"{y + CAPTION - 6:.0f}", CELL, f"{height:.0f}", WIDTH + 40, f"{tall + 40:.0f}",
                mark_safe("".join(uses)),  # noqa: S308 - made by format_html
            )
        )  # fmt: skip
    rows = -(-len(maps) // COLUMNS)
    box = f"0 0 {COLUMNS * CELL} {rows * (height + CAPTION):.0f}"
    return map_svg(title, box, shapes, any(one.link for one in maps))
