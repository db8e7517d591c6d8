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
    values = [*_inside([dot.value for dot in dots], target, limits), target]
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
            path = " ".join(
                f"{x(p[0]):.1f},{y(p[side]):.1f}" for p in limit.points if floor_ <= p[side] <= roof
            )
            parts.append(format_html('<polyline class="{}" points="{}"/>', limit.css, path))
    parts.append(
        format_html(
            '<line class="line target" x1="{}" y1="{y}" x2="{}" y2="{y}"/>',
            f"{_x(START):.1f}", f"{_x(WIDTH - END):.1f}", y=f"{y(target):.1f}",
        )
    )  # fmt: skip
    named: list[tuple[float, float]] = []
    for dot in sorted(dots, key=lambda one: (one.loud, -abs(one.value - target))):
        if dot.size > 0:
            off = (dot.value > roof) - (dot.value < floor_)
            parts.append(_dot(dot, x(dot.size), y(dot.value), show, off, named))
    entries = [("target", _("The whole: %(value)s") % {"value": show(target)})]
    entries += [(limit.css.split()[-1], str(limit.label)) for limit in limits]
    legend = format_html(
        '<g transform="translate(0 {})">{}</g>', TOP + HEIGHT + 46, _legend(entries, 160)
    )
    return _svg(title, description, TOP + HEIGHT + FOOT + 6, [*parts, legend])


def _inside(values: Sequence[float], target: float, limits: Sequence[Limit]) -> list[float]:
    """The values the axis is made for: one unit far out may not press all others flat."""
    roomy = 3 * max([p[2] - target for limit in limits for p in limit.points], default=0)
    middle = sorted(abs(value - target) for value in values)[: -(-len(values) * 9 // 10)]
    room = max([roomy, 1.5 * middle[-1]]) if middle else 0
    return [value for value in values if abs(value - target) <= room] if room else [*values]


def _dot(
    dot: Dot, x: float, y: float, show: Callable[[float], str], off: int,
    named: list[tuple[float, float]],
) -> SafeString:  # fmt: skip
    """A point; an arrow at the edge for one beyond it (`off` 1 or -1), with its value in words."""
    tip = f"{dot.label}: {show(dot.value)} · {number(dot.size)}"
    css = "series-2 dot" if dot.loud else "series-1 dot"
    if off:
        shape = f"M{x - 7:.1f} {y + 6 * off:.1f}h14l-7 {-12 * off}Z"
        drawn = format_html('<path class="{}" d="{}"><title>{}</title></path>', css, shape, tip)
    else:
        drawn = format_html(
            '<circle class="{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>', css,
            f"{x:.1f}", f"{y:.1f}", 5 if dot.loud else 4, tip,
        )  # fmt: skip
    at = (x, y - 9 if y > TOP + 16 else y + 20)
    crowded = any(abs(at[0] - other[0]) < 70 and abs(at[1] - other[1]) < 13 for other in named)
    if not (dot.loud or off) or crowded:
        return drawn
    named.append(at)
    words = f"{dot.label}: {show(dot.value)}" if off else dot.label
    left, right = x < START + 40, x > WIDTH - START - 40
    bidi = _x(0) > 0  # "start" is the right edge then
    anchor = "middle" if not (left or right) else ("start" if left != bidi else "end")
    return drawn + _text(at[0], at[1], words, "small", anchor)


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
