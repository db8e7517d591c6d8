"""`{% load figures %}`: a number that says what it is.

`{% figure_style %}` in the block `head`; `{% figure_of figure %}` opens its definition, as-of and
parts beside it; `{% figure_of figure short=True %}`, for tables, leads to its page.
"""

from uuid import uuid4

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pooshesh.insight import shown
from pooshesh.insight.figures import Figure
from pooshesh.web.cells import dash
from pooshesh.web.format import jdate, number

register = template.Library()


@register.simple_tag
def figure_style() -> SafeString:
    """The style of `figure_of`, for the page's head."""
    return format_html('<link rel="stylesheet" href="{}">', static("insight/figures.css"))


@register.simple_tag
def figure_of(figure: Figure, short: bool = False, masked: bool = False) -> SafeString:
    """The number with its definition, as-of, parts, citation and a way to its rows."""
    written = shown.text(figure, masked=masked)
    if figure.source is None:
        return dash()
    address = reverse("insight:figure", args=[figure.reference])
    hidden = masked and figure.small
    told = "" if hidden else shown.parts(figure)
    name = shown.say(figure.indicator.name)
    if short:
        return format_html(
            '<a class="number figure-link" href="{}" title="{}" aria-label="{}">{}</a>',
            address, told, f"{name}, {figure.place.name}: {written}", written,
        )  # fmt: skip
    return format_html(
        '<span class="figure-of"><button type="button" class="number" popovertarget="{key}"'
        ' aria-label="{name}: {written}">{written}</button>'
        '<span popover id="{key}" class="figure-about" role="dialog" aria-label="{name}">'
        "<strong>{name}</strong><span>{what}</span>"
        '<span class="soft">{place} · {span} · {told}</span>'
        '<span class="soft">{as_of}</span><cite>{cite}</cite>'
        '<a href="{address}">{more}</a></span></span>',
        key=f"f{uuid4().hex[:10]}", name=name, written=written,
        what=shown.say(figure.indicator.what), place=figure.place.name, span=shown.span(figure),
        told=told, as_of=as_of(figure), cite=shown.say(figure.indicator.cite), address=address,
        more=_("Definition, revisions and rows"),
    )  # fmt: skip


@register.simple_tag
def as_of(figure: Figure) -> str:
    """«As of 1401/11/01 08:30, revision 2»; "" when nobody has counted."""
    if figure.source is None:
        return ""
    return _("As of %(moment)s, revision %(revision)s") % {
        "moment": jdate(figure.source.as_of, "moment"),
        "revision": number(figure.source.revision),
    }


register.simple_tag(shown.say, name="words")
register.simple_tag(shown.month_name, name="month_name")
register.simple_tag(shown.span, name="span_of")
register.simple_tag(shown.parts, name="parts_of")
register.simple_tag(shown.key_name, name="key_name")
