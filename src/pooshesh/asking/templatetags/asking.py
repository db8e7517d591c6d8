"""`{% cell line %}`: a figure of an answer, with a way to its page."""

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from pooshesh.insight.tables import Line, number
from pooshesh.web.cells import dash

register = template.Library()


@register.simple_tag
def cell(line: Line | None) -> SafeString:
    """The number, a dash for none, words for what is hidden."""
    if line is None:
        return dash()
    return conditional_escape(line.written) if line.masked else number(line)
