"""Charts as SVG: bars, bars before and after, a funnel, a line, a histogram.

Each function is pure: data in, one `<svg>` out, with title and description for screen readers, in
the digits and the direction of the active language (bars grow from the right in Persian).
Colours come from classes of `components.css`, never from inline styles, which the
content-security policy forbids. `figure` sets the table of the same numbers behind a chart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import uuid4

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from pooshesh.web.format import number, percent

Text = str | Promise

WIDTH = 480
ROW = 46
BAR = 16
PLOT_HEIGHT = 220
AXIS_SPACE = 52


@dataclass(frozen=True)
class Datum:
    """One labelled number."""

    label: Text
    value: float


@dataclass(frozen=True)
class Line:
    """One line of several: a value for each point, None where there is none; dashed for an aim."""

    label: Text
    values: Sequence[float | None]
    dashed: bool = False


@dataclass(frozen=True)
class Change:
    """One labelled pair of numbers: before and after."""

    label: Text
    before: float
    after: float


def bar(title: Text, data: Sequence[Datum], *, description: Text = "") -> SafeString:
    """Horizontal bars, one a row, the longest filling the width."""
    scale = _scale([d.value for d in data])
    rows = [
        _labels(i, d.label, number(d.value))
        + _track(i * ROW + 22, d.value * scale, "series-1", f"{d.label}: {number(d.value)}")
        for i, d in enumerate(data)
    ]
    return _svg(title, description, len(data) * ROW, rows)


def funnel(title: Text, data: Sequence[Datum], *, description: Text = "") -> SafeString:
    """Steps of a process; each shows its count and its share of the first step."""
    first = data[0].value if data else 0
    scale = _scale([d.value for d in data])
    rows = []
    for i, d in enumerate(data):
        share = percent(d.value / first) if first else ""
        text = f"{number(d.value)} ({share})" if share and i else number(d.value)
        rows.append(
            _labels(i, d.label, text)
            + _track(i * ROW + 22, d.value * scale, "series-1", f"{d.label}: {text}")
        )
    return _svg(title, description, len(data) * ROW, rows)


def before_after(title: Text, data: Sequence[Change], *, description: Text = "") -> SafeString:
    """Two bars a row, before and after, with a legend."""
    scale = _scale([v for d in data for v in (d.before, d.after)])
    step = ROW + 20
    rows = [_legend([("series-2", _("Before")), ("series-1", _("After"))])]
    for i, d in enumerate(data):
        top = 26 + i * step
        both = (
            f"{number(d.before)} ← {number(d.after)}"
            if get_language_bidi()
            else (f"{number(d.before)} → {number(d.after)}")
        )
        rows.append(_text(_start(), top + 14, d.label, "strong", "start"))
        rows.append(_text(_end(), top + 14, both, "", "end"))
        rows.append(
            _track(top + 22, d.before * scale, "series-2", f"{_('Before')}: {number(d.before)}")
        )
        rows.append(
            _track(top + 40, d.after * scale, "series-1", f"{_('After')}: {number(d.after)}")
        )
    return _svg(title, description, 26 + len(data) * step, rows)


def line(title: Text, data: Sequence[Datum], *, description: Text = "") -> SafeString:
    """One line over ordered points; time runs in the reading direction."""
    top = _round_up(max((d.value for d in data), default=0))
    space = _space(top)
    inner = WIDTH - space - 12
    step = inner / max(len(data) - 1, 1)
    points = [
        (_x(space + i * step), 10 + PLOT_HEIGHT * (1 - d.value / top)) for i, d in enumerate(data)
    ]
    parts = _axis(top, space)
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts.append(format_html('<polyline class="line" points="{}"/>', path))
    every = max(1, -(-len(data) // 6))
    for i, (d, (x, y)) in enumerate(zip(data, points, strict=True)):
        tip = f"{d.label}: {number(d.value)}"
        parts.append(
            format_html(
                '<circle class="series-1" cx="{}" cy="{}" r="3.5"><title>{}</title></circle>',
                f"{x:.1f}",
                f"{y:.1f}",
                tip,
            )
        )
        if i % every == 0:
            parts.append(_text(x, PLOT_HEIGHT + 28, d.label, "soft", "middle"))
    return _svg(title, description, PLOT_HEIGHT + 36, parts)


def lines(
    title: Text, labels: Sequence[Text], data: Sequence[Line], *, description: Text = ""
) -> SafeString:
    """Up to two lines and an aim over the same ordered points, with a legend above."""
    top = _round_up(max((v for one in data for v in one.values if v is not None), default=0))
    space = _space(top)
    inner = WIDTH - space - 12
    step = inner / max(len(labels) - 1, 1)
    parts = _axis(top, space)
    entries = []
    for place, one in enumerate(data, 1):
        css = "aim" if one.dashed else f"series-{place}"
        entries.append((css, str(one.label)))
        points = [
            (_x(space + i * step), 10 + PLOT_HEIGHT * (1 - value / top), value, labels[i])
            for i, value in enumerate(one.values)
            if value is not None
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _value, _label in points)
        parts.append(format_html('<polyline class="line {}" points="{}"/>', css, path))
        parts += [
            format_html(
                '<circle class="{}" cx="{}" cy="{}" r="3.5"><title>{}</title></circle>',
                css, f"{x:.1f}", f"{y:.1f}", f"{label} · {one.label}: {number(value)}",
            )
            for x, y, value, label in points
            if not one.dashed
        ]  # fmt: skip
    every = max(1, -(-len(labels) // 6))
    for i in range(0, len(labels), every):
        anchor = "end" if i == len(labels) - 1 else "middle"
        parts.append(_text(_x(space + i * step), PLOT_HEIGHT + 28, labels[i], "soft", anchor))
    legend = format_html(
        '<g transform="translate(0 {})">{}</g>', PLOT_HEIGHT + 42, _legend(entries, 160)
    )
    return _svg(title, description, PLOT_HEIGHT + 62, [*parts, legend])


def histogram(
    title: Text, edges: Sequence[float], counts: Sequence[int], *, description: Text = ""
) -> SafeString:
    """Columns over `len(counts) + 1` bin edges; each bin is [edge, next edge)."""
    if len(edges) != len(counts) + 1:
        raise ValueError(f"{len(counts)} counts need {len(counts) + 1} edges, got {len(edges)}")
    top = _round_up(max(counts, default=0))
    column = (WIDTH - AXIS_SPACE - 12) / max(len(counts), 1)
    every = max(1, -(-len(edges) // 9))
    parts = _axis(top)
    for i, ((low, high), count) in enumerate(zip(pairwise(edges), counts, strict=True)):
        height = PLOT_HEIGHT * count / top
        start = AXIS_SPACE + i * column
        x = _x(start + column - 1) if get_language_bidi() else start
        parts.append(
            format_html(
                '<rect class="series-1" x="{}" y="{}" width="{}" height="{}">'
                "<title>{}</title></rect>",
                f"{x:.1f}",
                f"{10 + PLOT_HEIGHT - height:.1f}",
                f"{column - 1:.1f}",
                f"{height:.1f}",
                f"{number(low)}–{number(high)}: {number(count)}",
            )
        )
    parts += [
        _text(_x(AXIS_SPACE + i * column), PLOT_HEIGHT + 28, number(edges[i]), "soft", "middle")
        for i in range(0, len(edges), every)
    ]
    return _svg(title, description, PLOT_HEIGHT + 36, parts)


def figure(
    svg: SafeString, caption: Text, header: Sequence[Text], rows: Sequence[Sequence[Text]]
) -> SafeString:
    """A chart under its caption, with the table of its numbers in a closed disclosure."""
    return format_html(
        '<figure class="chart"><figcaption>{}</figcaption>{}'
        "<details><summary>{}</summary>{}</details></figure>",
        caption,
        svg,
        _("Table of these numbers"),
        data_table(caption, header, rows),
    )


def data_table(caption: Text, header: Sequence[Text], rows: Sequence[Sequence[Text]]) -> SafeString:
    """A plain table; the first cell of each row is its header."""
    body = [
        format_html(
            '<tr><th scope="row">{}</th>{}</tr>',
            row[0],
            format_html_join("", '<td class="number">{}</td>', ((cell,) for cell in row[1:])),
        )
        for row in rows
    ]
    return format_html(
        '<div class="scroll"><table class="data"><caption class="visually-hidden">{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        caption,
        format_html_join("", '<th scope="col">{}</th>', ((cell,) for cell in header)),
        _join(body),
    )


# --- drawing -------------------------------------------------------------------


def _join(parts: Sequence[SafeString]) -> SafeString:
    # Every part was made by format_html, so joining them stays safe.
    return mark_safe("".join(parts))  # noqa: S308


def _svg(title: Text, description: Text, height: float, parts: Sequence[SafeString]) -> SafeString:
    key = uuid4().hex[:8]  # several charts share a page, and ids must differ
    return format_html(
        '<svg viewBox="0 0 {w} {h}" role="img" aria-labelledby="t{k} d{k}" direction="{dir}">'
        '<title id="t{k}">{title}</title><desc id="d{k}">{description}</desc>{body}</svg>',
        w=WIDTH,
        h=f"{height:.0f}",
        k=key,
        dir="rtl" if get_language_bidi() else "ltr",
        title=title,
        description=description,
        body=_join(parts),
    )


def _x(distance: float) -> float:
    """`distance` from the start edge → x, which in a right-to-left language is mirrored."""
    return WIDTH - distance if get_language_bidi() else distance


def _start() -> float:
    return _x(0)


def _end() -> float:
    return _x(WIDTH)


def _scale(values: Sequence[float]) -> float:
    """Pixels per unit, so that the largest value fills the width."""
    largest = max(values, default=0)
    return WIDTH / largest if largest > 0 else 0


def _text(x: float, y: float, text: Text, css: str, anchor: str) -> SafeString:
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>',
        css,
        f"{x:.1f}",
        f"{y:.1f}",
        anchor,
        text,
    )


def _labels(row: int, label: Text, value: str) -> SafeString:
    y = row * ROW + 16
    return _text(_start(), y, label, "", "start") + _text(_end(), y, value, "strong", "end")


def _track(y: float, length: float, css: str, tip: str) -> SafeString:
    """A bar of `length` pixels from the start edge, on a track of full width."""
    x = _x(length) if get_language_bidi() else 0
    return format_html(
        '<rect class="track" x="0" y="{y}" width="{full}" height="{h}" rx="2"/>'
        '<rect class="{css}" x="{x}" y="{y}" width="{length}" height="{h}" rx="2">'
        "<title>{tip}</title></rect>",
        y=y,
        full=WIDTH,
        h=BAR,
        css=css,
        x=f"{x:.1f}",
        length=f"{length:.1f}",
        tip=tip,
    )


def _legend(entries: Sequence[tuple[str, str]], width: int = 90) -> SafeString:
    parts = []
    for i, (css, label) in enumerate(entries):
        start = i * width
        x = _x(start + 14) if get_language_bidi() else start
        parts.append(
            format_html(
                '<rect class="{} swatch" x="{}" y="2" width="14" height="14" rx="2"/>', css, x
            )
            + _text(_x(start + 20), 14, label, "soft", "start")
        )
    return _join(parts)


def _round_up(largest: float) -> float:
    """The next number a grid reads well: 2, 4, 6 or 10 times a power of ten, at least 2."""
    power = 1
    while 10 * power < largest:
        power *= 10
    return next(n * power for n in (2, 4, 6, 10) if n * power >= largest)


def _space(top: float) -> int:
    """Room for the longest number beside the grid."""
    return max(AXIS_SPACE, 7 * len(number(top)) + 16)


def _axis(top: float, space: int = AXIS_SPACE) -> list[SafeString]:
    """Baseline, and grid lines at zero, half and `top` with their numbers."""
    parts = []
    for share in (0, 0.5, 1):
        y = 10 + PLOT_HEIGHT * (1 - share)
        parts.append(
            format_html(
                '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>',
                "axis" if share == 0 else "grid-line",
                _x(space - 6),
                f"{y:.1f}",
                _end(),
                f"{y:.1f}",
            )
            + _text(_x(space - 10), y + 4, number(top * share), "soft", "end")
        )
    return parts
