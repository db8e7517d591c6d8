"""Tags of the patient's pages: `{% load portal %}`."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pooshesh.kernel.money import Rial, format_rial
from pooshesh.portal.words import in_toman
from pooshesh.web import format as written
from pooshesh.web.format import language

register = template.Library()


@register.simple_tag
def toman(amount: int | Rial | None) -> SafeString | str:
    """`{% toman rial %}`: an amount as people say it, the rial as its title; "—" when unknown."""
    if amount is None:
        return "—"
    rial = amount if isinstance(amount, Rial) else Rial(amount)
    return format_html(
        '<span class="number" title="{}">{}</span>', format_rial(rial, language()), in_toman(rial)
    )


@register.simple_tag
def digits(value: object) -> str:
    """`{% digits year %}`: a number that is none of things, in the digits of the language."""
    return written.digits(str(value))
