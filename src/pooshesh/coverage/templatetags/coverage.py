"""Tags of coverage's pages: `{% load coverage %}`."""

from django import template

from pooshesh.kernel.money import Rial, words
from pooshesh.web.format import language

register = template.Library()


@register.simple_tag
def money_words(amount: Rial) -> str:
    """`{% money_words rial %}`: the amount in words, in rial and in toman."""
    return words(amount, language())
