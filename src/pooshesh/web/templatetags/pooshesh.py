"""Tags every page uses: `{% load pooshesh %}`."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any, cast

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pooshesh.kernel.money import Rial
from pooshesh.web import cells
from pooshesh.web import format as written
from pooshesh.web.progress import JobView
from pooshesh.web.registry import Text
from pooshesh.web.table import Table
from pooshesh.web.timeline import Event

MUCH = 10**9  # rial

register = template.Library()

register.simple_tag(cells.identifier, name="bdi")
register.simple_tag(cells.badge, name="state")


@register.simple_tag
def number(value: Decimal | float | None) -> str:
    """`{% number n %}`: digits and separators of the language; nothing for None."""
    return cells.show("number", value)


@register.simple_tag
def percent(ratio: Decimal | float | None, places: int = 1) -> str:
    """`{% percent ratio %}`: a ratio of 0 to 1."""
    return cells.dash() if ratio is None else written.percent(ratio, places)


@register.simple_tag
def share(part: int, whole: int) -> SafeString:
    """`{% share part whole %}`: the percentage with numerator and denominator in words."""
    return format_html(
        '<span class="number">{}</span> <span class="soft">({})</span>',
        written.percent(part / whole) if whole else "—",
        written.out_of(part, whole),
    )


@register.simple_tag
def jdate(value: dt.date | None, style: written.Style = "numeric") -> str:
    """`{% jdate day "prose" %}`: numeric, prose or moment."""
    return written.jdate(value, style) if value else cells.dash()


@register.simple_tag
def money(amount: Rial | None) -> str:
    """`{% money rial %}`: the amount in rial, its words as the title."""
    return cells.show("money", amount)


@register.inclusion_tag("web/figure.html")
def figure(
    title: Text, value: object, unit: Text = "", note: Text = "", address: str = ""
) -> dict[str, object]:
    """`{% figure title value unit note address %}` inside `<dl class="figures">`.

    A number is written in the language's digits; `note` is for numerator and denominator,
    `address` leads to the rows behind it. Much money is told in million rial, all of it below.
    """
    if isinstance(value, Rial):
        much = abs(value.amount) >= MUCH
        note = note or (money(value) if much else "")
        unit = _("million rial") if much else _("rial")
        value = (value.amount + 500_000) // 10**6 if much else value.amount
    shown = written.number(value) if isinstance(value, int | float | Decimal) else value
    return {"title": title, "value": shown, "unit": unit, "note": note, "address": address}


@register.inclusion_tag("web/crumbs.html")
def breadcrumbs(*pairs: str) -> dict[str, object]:
    """`{% breadcrumbs title address title address … title %}`; the last is the page itself."""
    return {"crumbs": list(zip_longest(pairs[::2], pairs[1::2], fillvalue=""))}


@register.inclusion_tag("web/timeline.html")
def timeline(events: Sequence[Event]) -> dict[str, object]:
    """`{% timeline events %}`: newest first is the caller's choice."""
    return {"events": events}


@register.inclusion_tag("web/job.html", takes_context=True)
def job_progress(context: template.Context, view: JobView) -> dict[str, object]:
    """`{% job_progress view %}`: the card of a background job."""
    return {"view": view, "csrf_token": context.get("csrf_token")}


@register.simple_tag(takes_context=True)
def table(context: template.Context, rows: Table[Any]) -> str:
    """`{% table table %}`: see `pooshesh.web.table`."""
    shared = cast(dict[str, Any], context.flatten())
    return render_to_string(rows.template, {**shared, "table": rows})
