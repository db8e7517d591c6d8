"""Files a browser gets: known sources, logical properties, nothing inline."""

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

WEB = Path(__file__).parents[1]
ROOMS = WEB.parent
SOURCES = sorted(WEB.rglob("SOURCES.toml"))
LISTED = [
    pytest.param(source.parent / entry["path"], entry, id=entry["path"])
    for source in SOURCES
    for entry in tomllib.loads(source.read_text(encoding="utf-8"))["file"]
]
STYLES = sorted((WEB / "static" / "web").glob("*.css"))
# Written to a file for whoever gets it by hand: no policy applies there and no style sheet is near.
STANDALONE = {"programme/report.html", "programme/report_body.html"}
TEMPLATES = [
    path
    for path in sorted(ROOMS.glob("*/templates/**/*.html"))
    if "/".join(path.parts[-2:]) not in STANDALONE
]

PHYSICAL = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)"
    r"|left|right|(?:min-|max-)?(?:width|height))(?:-\w+)*\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)
MEDIA = re.compile(r"@media[^{]*")
SCROLLS = re.compile(r'<div class="scroll"[^>]*>')


@pytest.mark.parametrize(("path", "entry"), LISTED)
def test_a_third_party_file_is_the_one_that_was_taken(path: Path, entry: dict[str, Any]) -> None:
    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
    assert entry["package"]
    assert entry["version"]
    assert entry["licence"]


def test_every_font_file_is_listed() -> None:
    fonts = WEB / "static" / "web" / "fonts"

    found = {path.name for path in fonts.iterdir()} - {"SOURCES.toml"}

    listed = tomllib.loads((fonts / "SOURCES.toml").read_text(encoding="utf-8"))["file"]
    assert found == {entry["path"] for entry in listed}


def test_what_scrolls_is_reached_by_keyboard() -> None:
    tags = [(path.name, tag) for path in TEMPLATES for tag in SCROLLS.findall(path.read_text())]

    assert len(tags) > 10
    assert [name for name, tag in tags if "tabindex" not in tag] == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_use_logical_properties_only(path: Path) -> None:
    rules = MEDIA.sub("", path.read_text(encoding="utf-8"))

    assert PHYSICAL.findall(rules) == []


@pytest.mark.parametrize("rule", ["margin-left: 1px", "a { right: 0 }", "text-align: left"])
def test_the_check_finds_a_physical_property(rule: str) -> None:
    assert PHYSICAL.search(rule)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOMS)))
def test_templates_hold_no_inline_script_or_style(path: Path) -> None:
    text = re.sub(r"\{%.*?%\}", "", path.read_text(encoding="utf-8"))  # tags have arguments

    assert re.findall(r"\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text) == []
