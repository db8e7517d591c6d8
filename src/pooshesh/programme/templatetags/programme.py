"""Tags of the programme's pages and report: `{% load programme %}`."""

import datetime as dt

from django import template

from pooshesh.places.models import in_language
from pooshesh.programme.campaign.figures import Share
from pooshesh.programme.models import Programme
from pooshesh.programme.titles import decision as title_of
from pooshesh.web.format import jdate, out_of

register = template.Library()


@register.simple_tag
def decision_title(code: str) -> str:
    """`{% decision_title row.decision %}`: a decision in words."""
    return str(title_of(code))


@register.simple_tag
def share_of(share: Share) -> str:
    """`{% share_of share %}`: numerator and denominator in words."""
    return out_of(share.part, share.whole)


@register.simple_tag
def iso_day(text: str) -> str:
    """`{% iso_day "2022-02-11" %}`: the day in the calendar of the language."""
    return jdate(dt.date.fromisoformat(text))


@register.simple_tag
def programme_name(programme: Programme) -> str:
    """`{% programme_name programme %}`: its name in the language of the page."""
    return str(getattr(programme, in_language("name")))
