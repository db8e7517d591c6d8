"""Map of the 31 provinces as SVG, coloured in five classes."""

import json
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import cos, radians
from pathlib import Path
from typing import Self
from uuid import uuid4

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from pooshesh.web.charts import Text, data_table
from pooshesh.web.format import number

GEOMETRY = Path(__file__).parent / "assets" / "provinces.geojson"
WIDTH = 800
CLASSES = 5

Ring = list[tuple[float, float]]


@cache
def rings() -> Mapping[str, list[Ring]]:
    """Outer rings (lon, lat in degrees) by the two-digit code of the Statistical Centre of Iran.

    Natural Earth, public domain; see `assets/SOURCES.toml`.
    """
    features = json.loads(GEOMETRY.read_text(encoding="utf-8"))["features"]
    return {
        feature["id"]: [
            [(lon, lat) for lon, lat in polygon[0]]
            for polygon in feature["geometry"]["coordinates"]
        ]
        for feature in features
    }


@cache
def outlines() -> tuple[Mapping[str, str], float]:
    """SVG paths by province code, and the height of the drawing.

    Equirectangular about the middle latitude: at the size of Iran its distortion is below 5 %.
    """
    points = [point for polygons in rings().values() for ring in polygons for point in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    narrow = cos(radians((south + north) / 2))
    scale = WIDTH / ((east - west) * narrow)

    def project(point: tuple[float, float]) -> tuple[float, float]:
        return (point[0] - west) * narrow * scale, (north - point[1]) * scale

    drawn = {}
    for code, polygons in rings().items():
        projected = [[project(point) for point in ring] for ring in polygons]
        drawn[code] = "".join(
            "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring[:-1]) + "Z" for ring in projected
        )
    return drawn, (north - south) * scale


def class_limits(values: Sequence[float]) -> list[float]:
    """Upper limits of the first classes: quantiles, so that each class holds about as many.

    At most four limits; fewer when values repeat.
    """
    ordered = sorted(values)
    cuts = {ordered[len(ordered) * i // CLASSES] for i in range(1, CLASSES)} if ordered else set()
    return sorted(cuts - {ordered[0]} if ordered else cuts)


@dataclass(frozen=True)
class Scale:
    """Five shades over some values: quantiles, so that each class holds about as many."""

    low: float
    high: float
    limits: Sequence[float]
    shades: Sequence[int]

    @classmethod
    def over(cls, values: Collection[float]) -> Self:
        """The scale of values; of none, one that is never asked."""
        limits = class_limits(list(values))
        return cls(
            min(values, default=0), max(values, default=0), limits, _shades(len(limits) + 1)
        )  # fmt: skip

    def of(self, value: float | None) -> int:
        """The class of a value, 1 to 5; 0 is no data."""
        return 0 if value is None else self.shades[bisect_right(self.limits, value)]

    def entries(self, show: Callable[[float], str]) -> list[tuple[int, str]]:
        """Each class with the values it holds, for a legend."""
        bounds = [self.low, *self.limits, self.high]
        return [
            (shade, show(low) if low == high else f"{show(low)} – {show(high)}")
            for shade, (low, high) in zip(self.shades, pairwise(bounds), strict=True)
        ]


def province_map(
    title: Text,
    values: Mapping[str, float],
    names: Mapping[str, Text],
    *,
    unit: Text = "",
    show: Callable[[float], str] = number,
    link: Callable[[str], str] | None = None,
) -> SafeString:
    """A `<figure>` with the map, its legend and the table behind it.

    `values` and `names` are keyed by the two-digit province code; a province without a value is
    drawn as "no data". `show` writes a value; `link` makes the address a province leads to.
    Raises KeyError for a code that is not a province.
    """
    svg = province_drawing(title, values, names, unit=unit, show=show, link=link)
    ranked = sorted(names, key=lambda code: -values.get(code, float("-inf")))
    rows = [(names[code], _said(values.get(code), unit, show)) for code in ranked]
    return map_figure(
        title, svg, legend_of(values, len(rings()), show), [_("Province"), unit or _("Value")], rows
    )  # fmt: skip


def province_drawing(
    title: Text,
    values: Mapping[str, float],
    names: Mapping[str, Text],
    *,
    unit: Text = "",
    show: Callable[[float], str] = number,
    link: Callable[[str], str] | None = None,
    missing: Mapping[str, Text] | None = None,
) -> SafeString:
    """The `<svg>` alone. `missing` says why a province has no value, where it is not "no data"."""
    drawn, height = outlines()
    unknown = sorted(set(values) - set(drawn))
    if unknown:
        raise KeyError(f"not provinces: {', '.join(unknown)}")
    scale = Scale.over(values.values())

    shapes = []
    for code, path in drawn.items():
        words = (missing or {}).get(code) or _said(values.get(code), unit, show)
        said = f"{names.get(code, code)}: {words}"
        shape = format_html(
            '<path class="province class-{}" d="{}"><title>{}</title></path>',
            scale.of(values.get(code)), path, said,
        )  # fmt: skip
        shapes.append(_linked(shape, link(code), said) if link else shape)
    return map_svg(title, f"-2 -2 {WIDTH + 4} {height + 4:.0f}", shapes, bool(link))


def map_svg(title: Text, box: str, shapes: Sequence[SafeString], links: bool) -> SafeString:
    """A drawing of safe shapes in a view box."""
    # A drawing with links inside is a group: role=img would hide them from screen readers.
    return format_html(
        '<svg viewBox="{box}" role="{role}" aria-labelledby="t{k}">'
        '<title id="t{k}">{title}</title>{shapes}</svg>',
        box=box,
        role="group" if links else "img",
        k=uuid4().hex[:8],
        title=title,
        shapes=mark_safe("".join(shapes)),  # noqa: S308 - made by format_html
    )


def map_figure(
    title: Text,
    svg: SafeString,
    entries: Sequence[tuple[int, str]],
    header: Sequence[Text],
    rows: Sequence[Sequence[Text]],
) -> SafeString:
    """A drawing under its caption, with its legend and the table of its numbers."""
    return format_html(
        '<figure class="chart map"><figcaption>{}</figcaption>{}{}'
        "<details><summary>{}</summary>{}</details></figure>",
        title,
        svg,
        _legend(entries),
        _("Table of these numbers"),
        data_table(title, header, rows),
    )


def legend_of(
    values: Mapping[str, float], of: int, show: Callable[[float], str]
) -> list[tuple[int, str]]:
    """The legend of values, with "no data" where fewer than `of` have one."""
    entries = Scale.over(values.values()).entries(show) if values else []
    return [*entries, (0, _("no data"))] if len(values) < of else entries


def _said(value: float | None, unit: Text, show: Callable[[float], str]) -> str:
    return _("no data") if value is None else f"{show(value)} {unit}".strip()


def _linked(shape: SafeString, address: str, said: str) -> SafeString:
    return format_html('<a href="{}" aria-label="{}">{}</a>', address, said, shape)


def _shades(count: int) -> list[int]:
    """Spread `count` classes over the five shades, lightest to darkest."""
    if count == 1:
        return [3]
    return [1 + round(i * (CLASSES - 1) / (count - 1)) for i in range(count)]


def _legend(entries: Sequence[tuple[int, str]]) -> SafeString:
    """A list under the drawing: HTML, so that its type keeps its size on a phone."""
    return format_html(
        '<ul class="legend">{}</ul>',
        format_html_join(
            "",
            '<li><svg width="26" height="16" aria-hidden="true">'
            '<rect class="swatch class-{}" x="0.5" y="0.5" width="25" height="15"/></svg> {}</li>',
            entries,
        ),
    )
