"""A funnel plot as SVG: units by their size, between the limits of chance about a target."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pooshesh.web.charts import Text, _legend, _svg, _text, _x
from pooshesh.web.format import number

WIDTH, HEIGHT = 480, 300
START, END, TOP, FOOT = 62, 18, 14, 62


@dataclass(frozen=True)
class Dot:
    """A unit: its size, its value, and a word for it; `loud` ones are named in the drawing."""

    label: Text
    size: float
    value: float
    loud: bool = False


@dataclass(frozen=True)
class Limit:
    """A pair of limits over sizes: (size, low, high) in rising order of size; css of the lines."""

    label: Text
    css: str
    points: Sequence[tuple[float, float, float]]


def funnel_plot(
    title: Text,
    dots: Sequence[Dot],
    target: float,
    limits: Sequence[Limit],
    show: Callable[[float], str],
    size_title: Text,
    *,
    description: Text = "",
) -> SafeString:
    """The plot; sizes stand on a logarithmic axis, growing in the reading direction."""
    sizes = [dot.size for dot in dots if dot.size > 0] or [1]
    first, last = log10(min(sizes)), log10(max(sizes))
    first, last = (first, last) if last - first > 0.3 else (first - 0.5, last + 0.5)
    pad = 0.04 * (last - first)
    first, last = first - pad, last + pad
    values = [dot.value for dot in dots] + [target]
    reach = max(values) - min(values) or target or 1
    floor_ = max(0.0, min(values) - 0.15 * reach) if min(values) >= 0 else min(values) - reach
    roof = max(values) + 0.15 * reach

    def x(size: float) -> float:
        return _x(START + (log10(size) - first) / (last - first) * (WIDTH - START - END))

    def y(value: float) -> float:
        inside = min(max(value, floor_), roof)
        return TOP + HEIGHT * (1 - (inside - floor_) / (roof - floor_))

    parts = _grid(floor_, roof, y, show)
    parts += _sizes(first, last, x)
    parts.append(_text(_x(WIDTH - END), TOP + HEIGHT + 36, size_title, "soft", "end"))
    for limit in limits:
        for side in (1, 2):
            path = " ".join(f"{x(p[0]):.1f},{y(p[side]):.1f}" for p in limit.points)
            parts.append(format_html('<polyline class="{}" points="{}"/>', limit.css, path))
    parts.append(
        format_html(
            '<line class="line target" x1="{}" y1="{y}" x2="{}" y2="{y}"/>',
            f"{_x(START):.1f}", f"{_x(WIDTH - END):.1f}", y=f"{y(target):.1f}",
        )
    )  # fmt: skip
    for dot in sorted(dots, key=lambda one: one.loud):
        if dot.size > 0:
            parts.append(_dot(dot, x(dot.size), y(dot.value), show))
    entries = [("target", _("The whole: %(value)s") % {"value": show(target)})]
    entries += [(limit.css.split()[-1], str(limit.label)) for limit in limits]
    legend = format_html(
        '<g transform="translate(0 {})">{}</g>', TOP + HEIGHT + 46, _legend(entries, 160)
    )
    return _svg(title, description, TOP + HEIGHT + FOOT + 6, [*parts, legend])


def _dot(dot: Dot, x: float, y: float, show: Callable[[float], str]) -> SafeString:
    tip = f"{dot.label}: {show(dot.value)} · {number(dot.size)}"
    drawn = format_html(
        '<circle class="{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>',
        "series-2 dot" if dot.loud else "series-1 dot", f"{x:.1f}", f"{y:.1f}",
        5 if dot.loud else 4, tip,
    )  # fmt: skip
    if not dot.loud:
        return drawn
    middle = START < x < WIDTH - START
    anchor = "middle" if middle else ("start" if (x > WIDTH / 2) == (_x(0) > 0) else "end")
    return drawn + _text(x, y - 9 if y > TOP + 16 else y + 18, dot.label, "small", anchor)


def _grid(
    low: float, high: float, y: Callable[[float], float], show: Callable[[float], str]
) -> list[SafeString]:
    """Lines at round values with their words."""
    parts = []
    for value in _steps(low, high):
        parts.append(
            format_html(
                '<line class="grid-line" x1="{}" y1="{y}" x2="{}" y2="{y}"/>',
                f"{_x(START):.1f}", f"{_x(WIDTH - END):.1f}", y=f"{y(value):.1f}",
            )
            + _text(_x(START - 6), y(value) + 4, show(value), "soft", "end")
        )  # fmt: skip
    return parts


def _steps(low: float, high: float) -> list[float]:
    raw = (high - low) / 4 or 1
    power = 10 ** floor(log10(raw))
    step = next(n * power for n in (1, 2, 5, 10) if n * power >= raw)
    return [step * n for n in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def _sizes(first: float, last: float, x: Callable[[float], float]) -> list[SafeString]:
    """Marks of 1, 2 and 5 times the powers of ten, no more than seven."""
    marks = [
        n * 10**power
        for power in range(floor(first), ceil(last) + 1)
        for n in (1, 2, 5)
        if first <= log10(n * 10**power) <= last
    ]
    every = -(-len(marks) // 6) or 1
    axis = format_html(
        '<line class="axis" x1="{}" y1="{y}" x2="{}" y2="{y}"/>', _x(START), _x(WIDTH - END),
        y=TOP + HEIGHT,
    )  # fmt: skip
    return [axis] + [
        _text(x(mark), TOP + HEIGHT + 18, number(mark), "soft", "middle") for mark in marks[::every]
    ]
