"""Tables of meetings."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.meetings import queries
from pooshesh.meetings.models import ActionItem, ActionState, Body, Session, SessionState
from pooshesh.web.cells import badge
from pooshesh.web.format import digits, number
from pooshesh.web.table import Column, Table


def session_title(session: Session) -> str:
    """«جلسه ۳ سال ۱۴۰۰»."""
    return gettext("Session %(number)s of %(year)s") % {
        "number": number(session.number), "year": digits(str(session.year)),
    }  # fmt: skip


def body_link(body: Body) -> SafeString:
    """The name of a body, leading to its page."""
    return format_html('<a href="{}">{}</a>', reverse("meetings:body", args=[body.pk]), body)


def session_link(session: Session) -> SafeString:
    """Number and year of a session, leading to its page."""
    address = reverse("meetings:session", args=[session.pk])
    return format_html('<a href="{}">{}</a>', address, session_title(session))


def is_overdue(action: ActionItem) -> bool:
    """Whether an action item is open after its deadline."""
    return action.state == ActionState.OPEN and action.deadline < timezone.localdate()


def action_state(action: ActionItem) -> SafeString:
    """The state as a badge; an open item after its deadline is overdue."""
    if is_overdue(action):
        return badge("overdue", gettext("Overdue"))
    return badge(ActionState(action.state))


def action_link(action: ActionItem) -> SafeString:
    """What is to be done, leading to where it is reported."""
    address = reverse("meetings:action", args=[action.pk])
    return format_html('<a href="{}">{}</a>', address, action.text)


class BodyTable(Table[Any]):
    """Bodies with the counts of `queries.with_counts`."""

    name = "bodies"
    caption = _("Bodies")
    columns = (
        Column("name", _("Name"), str, sort="name_fa", render=body_link),
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), sort="kind"),
        Column("area", _("Area"), "area"),
        Column("members", _("Members with a vote"), "members", kind="number"),
        Column("waits", _("Matters that wait"), "waits", kind="number", sort="waits"),
        Column("next", _("Next session"), "next_at", kind="moment", sort="next_at"),
    )
    order = "name"
    empty = _("No body works in your area, and you sit in none.")

    def search(self, rows: QuerySet[Body], text: str) -> QuerySet[Body]:
        return queries.search_bodies(rows, text)


class SessionTable(Table[Any]):
    """Sessions of a body."""

    name = "sessions"
    caption = _("Sessions")
    columns = (
        Column("number", _("Meeting"), session_title, render=session_link),
        Column("at", _("Time"), "starts_at", kind="moment", sort="starts_at"),
        Column("place", _("Place"), "place"),
        Column("state", _("State"), lambda row: SessionState(row.state), kind="state",
               sort="state"),
    )  # fmt: skip
    order = "-at"
    page_size = 10
    empty = _("No session was planned yet.")


class ActionTable(Table[Any]):
    """Action items of a body or of a person."""

    name = "actions"
    caption = _("Action items")
    columns = (
        Column("text", _("What is to be done"), "text", sort="text", render=action_link),
        Column("owner", _("Owner"), lambda row: str(row.member or row.organisation)),
        Column("deadline", _("Deadline"), "deadline", kind="date", sort="deadline"),
        Column("state", _("State"), lambda row: ActionState(row.state), kind="state",
               sort="state", render=action_state),
        Column("session", _("From"), lambda row: session_title(row.session), hidden=True),
    )  # fmt: skip
    page_size = 10
    empty = _("Nothing is to be done.")

    def search(self, rows: QuerySet[ActionItem], text: str) -> QuerySet[ActionItem]:
        return rows.filter(text__icontains=text)
