"""How a value looks in a table cell or a sentence, by its kind."""

import datetime as dt
from typing import Any, Literal, cast

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pooshesh.kernel.money import Rial, format_rial, words
from pooshesh.web import registry
from pooshesh.web.format import jdate, language, number

Kind = Literal["text", "number", "id", "date", "moment", "money", "state", "yes"]


def identifier(value: object) -> SafeString:
    """A code or number that reads left to right, isolated from the text around it."""
    return format_html('<bdi class="id" dir="ltr">{}</bdi>', value)


def badge(value: object, label: object = None) -> SafeString:
    """The badge of a state: `value` picks the tone, `label` is read (default: its own label)."""
    text = label or getattr(value, "label", None) or str(getattr(value, "value", value))
    return format_html('<span class="badge {}">{}</span>', registry.tone(value), text)


def amount(rial: Rial) -> SafeString:
    """Digits in rial; the words in both units as the title."""
    return format_html(
        '<span class="number" title="{}">{}</span>',
        words(rial, language()),
        format_rial(rial, language()),
    )


def dash() -> SafeString:
    """What stands where nothing is recorded: a dash to see, words to hear."""
    return format_html(
        '<span aria-hidden="true">—</span><span class="visually-hidden">{}</span>',
        _("not recorded"),
    )


def show(kind: Kind, value: Any) -> str:
    """Safe HTML of a cell; a dash for None or ""."""
    if value is None or value == "":
        return dash()
    match kind:
        case "number":
            return number(value)
        case "money":
            return amount(value)
        case "id":
            return identifier(value)
        case "date":
            return jdate(cast(dt.date, value))
        case "moment":
            return jdate(cast(dt.datetime, value), "moment")
        case "state":
            return badge(value)
        case "yes":
            return _("yes") if value else _("no")
        case _:
            return conditional_escape(value)
