"""`{% load meetings %}`: how a session is called."""

from django import template

from pooshesh.meetings.tables import session_title

register = template.Library()
register.filter("session_title", session_title)
register.simple_tag(session_title, name="session_title")
