"""`{% load statements %}`: `{% said one %}`, `{% said_in_rial one %}`, `{% words text %}`."""

from django import template

from pooshesh.statements import shown

register = template.Library()
register.simple_tag(shown.amount, name="said")
register.simple_tag(shown.in_rial, name="said_in_rial")
register.simple_tag(shown.say, name="words")
