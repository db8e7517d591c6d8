"""`{% load briefing %}`: who did it, and the words of a briefing as they were printed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pooshesh.kernel.text import to_latin_digits

register = template.Library()


@register.simple_tag
def who(names: Mapping[UUID, str], key: UUID | None) -> str:
    """The name of an account; "" for none."""
    return names.get(key, "") if key else ""


@register.simple_tag
def pieces(block: Mapping[str, Any]) -> SafeString:
    """The words of a block, its figures leading to their notes."""
    return format_html_join("", "{}", ([_piece(one)] for one in block["pieces"]))


def _piece(one: Mapping[str, Any]) -> SafeString | str:
    if one["note"]:
        return figure_in(one)
    return format_html("<strong>{}</strong>", one["text"]) if one["bold"] else str(one["text"])


@register.simple_tag
def figure_in(one: Mapping[str, Any]) -> SafeString:
    """A figure with the number of its note."""
    return format_html(
        '<a class="briefing-figure" href="#note-{}"><strong>{}</strong>{}<sup>{}</sup></a>',
        to_latin_digits(one["note"]), one["text"], "†" if one["flagged"] else "", one["note"],
    )  # fmt: skip
