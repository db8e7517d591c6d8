"""A drawing as a file of its own: an SVG that carries its style with it."""

import re
from functools import cache
from pathlib import Path

from django.http import HttpResponse
from django.utils.safestring import SafeString

STYLES = Path(__file__).parent / "static" / "web"


def download(name: str, svg: SafeString) -> HttpResponse:
    """The answer `name.svg`."""
    response = HttpResponse(standalone(svg), content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.svg"'
    return response


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
