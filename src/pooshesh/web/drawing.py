"""A drawing as a file of its own: an SVG that carries its style with it."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi

STYLES = Path(__file__).parent / "static" / "web"


def download(name: str, svg: SafeString) -> HttpResponse:
    """The answer `name.svg`."""
    response = HttpResponse(standalone(svg), content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.svg"'
    return response


def framed(svg: str, title: str, entries: Sequence[tuple[int, str]]) -> SafeString:
    """A map with its title above and its legend below inside the drawing, for a file."""
    found = re.match(r'<svg viewBox="(\S+) (\S+) (\S+) (\S+)"', svg)
    assert found, "drawings of the house begin with their view box"
    wide, tall = float(found[3]), float(found[4])
    bidi = get_language_bidi()
    grown = wide / 480  # letters keep their size beside the drawing

    def line(number: int, css: str, text: str) -> SafeString:
        return format_html(
            '<text x="{}" y="{}" class="{}" font-size="{}" text-anchor="start">{}</text>',
            f"{wide - 26 * grown if bidi and css else wide if bidi else 26 * grown if css else 0}",
            f"{tall + (40 + 20 * number) * grown}" if css else f"{18 * grown}", css, 14 * grown,
            text,
        )  # fmt: skip

    rows = [
        format_html(
            '<rect class="swatch class-{}" x="{}" y="{}" width="{w}" height="{h}"/>', shade,
            wide - 20 * grown if bidi else 0, tall + (29 + 20 * number) * grown, w=18 * grown,
            h=12 * grown,
        )
        + line(number, "legend-text", words)
        for number, (shade, words) in enumerate(entries)
    ]  # fmt: skip
    inner = svg.replace(
        "<svg ", f'<svg x="0" y="{26 * grown}" width="{wide}" height="{tall}" ', 1
    )  # fmt: skip
    return format_html(
        '<svg viewBox="0 0 {} {}" direction="{}" role="group">{}{}{}</svg>', wide,
        f"{tall + (44 + 20 * len(entries)) * grown:.0f}", "rtl" if bidi else "ltr",
        line(0, "", title), mark_safe(inner),  # noqa: S308 - a drawing of the house
        mark_safe("".join(rows)),  # noqa: S308 - made by format_html
    )  # fmt: skip


def standalone(svg: str) -> str:
    """An `<svg>` of a page as a whole file, coloured as on the page."""
    opening = '<svg xmlns="http://www.w3.org/2000/svg" class="chart" '
    body = svg.replace("<svg ", opening, 1)
    start = body.index(">") + 1
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n{body[:start]}<style>{_style()}</style>'
        f"{body[start:]}"
    )


@cache
def _style() -> str:
    """The rules of charts with their colours written out: a file has no page to look them up."""
    colours = dict(
        re.findall(r"(--[\w-]+):\s*([^;]+);", _root((STYLES / "tokens.css").read_text("utf-8")))
    )
    rules = [
        line.strip()
        for line in (STYLES / "components.css").read_text("utf-8").splitlines()
        if line.startswith(".chart") and line.rstrip().endswith("}")
    ]
    text = re.sub(r"var\((--[\w-]+)\)", lambda found: colours[found[1]], "\n".join(rules))
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _root(text: str) -> str:
    return text[text.index(":root {") : text.index("}")]
