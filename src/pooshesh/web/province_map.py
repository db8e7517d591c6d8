"""Map of the 31 provinces as SVG, coloured in five classes."""

import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import cos, radians
from pathlib import Path
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
    drawn, height = outlines()
    unknown = sorted(set(values) - set(drawn))
    if unknown:
        raise KeyError(f"not provinces: {', '.join(unknown)}")
    limits = class_limits(list(values.values()))
    shades = _shades(len(limits) + 1)

    def shade(code: str) -> int:
        return shades[bisect_right(limits, values[code])] if code in values else 0

    def said(code: str) -> str:
        return f"{show(values[code])} {unit}".strip() if code in values else _("no data")

    shapes = []
    for code, path in drawn.items():
        shape = format_html(
            '<path class="province class-{}" d="{}"><title>{}</title></path>',
            shade(code),
            path,
            f"{names[code]}: {said(code)}",
        )
        if link:
            shape = format_html(
                '<a href="{}" aria-label="{}">{}</a>',
                link(code),
                f"{names[code]}: {said(code)}",
                shape,
            )
        shapes.append(shape)

    key = uuid4().hex[:8]
    # A drawing with links inside is a group: role=img would hide them from screen readers.
    svg = format_html(
        '<svg viewBox="-2 -2 {w} {h}" role="{role}" aria-labelledby="t{k}">'
        '<title id="t{k}">{title}</title>{shapes}</svg>',
        w=WIDTH + 4,
        h=f"{height + 4:.0f}",
        role="group" if link else "img",
        k=key,
        title=title,
        shapes=mark_safe("".join(shapes)),  # noqa: S308 - made by format_html above
    )
    ranked = sorted(names, key=lambda code: -values.get(code, float("-inf")))
    return format_html(
        '<figure class="chart map"><figcaption>{}</figcaption>{}{}'
        "<details><summary>{}</summary>{}</details></figure>",
        title,
        svg,
        _legend(values, limits, shades, show),
        _("Table of these numbers"),
        data_table(
            title,
            [_("Province"), unit or _("Value")],
            [(names[code], said(code)) for code in ranked],
        ),
    )


def _shades(count: int) -> list[int]:
    """Spread `count` classes over the five shades, lightest to darkest."""
    if count == 1:
        return [3]
    return [1 + round(i * (CLASSES - 1) / (count - 1)) for i in range(count)]


def _legend(
    values: Mapping[str, float],
    limits: Sequence[float],
    shades: Sequence[int],
    show: Callable[[float], str],
) -> SafeString:
    """A list under the drawing: HTML, so that its type keeps its size on a phone."""
    entries: list[tuple[int, str]] = []
    if values:
        bounds = [min(values.values()), *limits, max(values.values())]
        entries = [
            (shade, show(low) if low == high else f"{show(low)} – {show(high)}")
            for shade, (low, high) in zip(shades, pairwise(bounds), strict=True)
        ]
    if len(values) < len(rings()):
        entries.append((0, _("no data")))
    return format_html(
        '<ul class="legend">{}</ul>',
        format_html_join(
            "",
            '<li><svg width="26" height="16" aria-hidden="true">'
            '<rect class="swatch class-{}" x="0.5" y="0.5" width="25" height="15"/></svg> {}</li>',
            entries,
        ),
    )
