"""The tables of partners' pages."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.partners import agreement_queries, hand_over_queries, queries, task_queries
from pooshesh.partners.clock import overdue
from pooshesh.partners.models import (
    Agreement,
    HandOver,
    HandOverState,
    Organisation,
    OrganisationKind,
    Scope,
    Task,
    TaskState,
)
from pooshesh.partners.titles import STANDINGS
from pooshesh.places.models import Area
from pooshesh.places.queries import search as search_areas
from pooshesh.places.tables import area_link
from pooshesh.web.cells import badge
from pooshesh.web.table import Column, Table


def organisation_link(one: Organisation) -> SafeString:
    """The name of an organisation, leading to its page."""
    return format_html(
        '<a href="{}">{}</a>', reverse("partners:organisation", args=[one.code]), one
    )


class OrganisationTable(Table[Organisation]):
    """Organisations."""

    name = "organisations"
    caption = _("Organisations")
    search_label = _("Name or code")
    columns = (
        Column("name", _("Name"), str, sort="sort_key", render=organisation_link),
        Column("code", _("Code"), "code", kind="id", sort="code"),
        Column("kind", _("Kind"), lambda o: OrganisationKind(o.kind).label, sort="kind"),
        Column("area", _("Governs or serves"), "area", sort="area__sort_key"),
    )
    order = "name"

    def search(self, rows: Any, text: str) -> Any:
        return queries.search(rows, text)


class PlaceTable(Table[Area]):
    """Areas of an organisation or of a hand-over."""

    name = "places"
    caption = _("Neighbourhoods")
    search_label = _("Name or code")
    columns = (
        Column("name", _("Name"), str, sort="sort_key", render=area_link),
        Column("code", _("Code"), "code", kind="id", sort="code"),
        Column("kind", _("Kind"), lambda a: a.get_kind_display(), sort="kind", hidden=True),
        Column("parent", _("Lies in"), "parent"),
        Column("province", _("Province"), "province_name", sort="province_name"),
    )
    order = "name"
    page_size = 15

    def search(self, rows: Any, text: str) -> Any:
        return search_areas(rows, text)


def _agreement_link(one: Agreement) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("partners:agreement", args=[one.id]), one)


def _standing(one: Agreement) -> str:
    return str(STANDINGS[agreement_queries.standing_of(one)])


def _standing_badge(one: Agreement) -> SafeString:
    found = agreement_queries.standing_of(one)
    return badge(found, STANDINGS[found])


class AgreementTable(Table[Agreement]):
    """The register of agreements."""

    name = "agreements"
    caption = _("Agreements")
    empty = _("No agreement has been registered for your area.")
    search_label = _("Title, number or party")
    columns = (
        Column("title", _("Title"), str, sort="title", render=_agreement_link),
        Column("number", _("Agreement number"), "number", kind="id", sort="number"),
        Column("parties", _("Parties"), lambda a: "، ".join(str(p) for p in a.parties.all())),
        Column("scopes", _("For"), lambda a: "، ".join(str(Scope(s).label) for s in a.scopes)),
        Column("standing", _("State"), _standing, render=_standing_badge),
        Column("starts", _("In force from"), "starts", kind="date", sort="starts"),
        Column("ends", _("Until"), "ends", kind="date", sort="ends"),
        Column("signed", _("Signed on"), "signed_on", kind="date", sort="signed_on", hidden=True),
        Column("basis", _("Legal basis"), "legal_basis", hidden=True),
    )
    order = "ends"

    def search(self, rows: Any, text: str) -> Any:
        return agreement_queries.search(rows, text)


def _hand_over_link(one: HandOver) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', reverse("partners:hand_over", args=[one.id]), _direction(one)
    )


def _direction(one: HandOver) -> str:
    return gettext("%(giver)s to %(receiver)s") % {
        "giver": one.giver or gettext("nobody"), "receiver": one.receiver,
    }  # fmt: skip


class HandOverTable(Table[HandOver]):
    """Hand-overs, newest first."""

    name = "hand-overs"
    caption = _("Hand-overs")
    empty = _("No neighbourhood of your area has been handed over.")
    search_label = _("Organisation or neighbourhood")
    columns = (
        Column("between", _("From and to"), _direction, sort="receiver__sort_key",
               render=_hand_over_link),
        Column("places", _("Neighbourhoods"), "places", kind="number", sort="places"),
        Column("on", _("In force from"), "on", kind="date", sort="on"),
        Column("state", _("State"), lambda h: HandOverState(h.state), kind="state", sort="state"),
        Column("proposed", _("Proposed at"), "proposed_at", kind="moment", sort="proposed_at"),
    )  # fmt: skip
    order = "-proposed"

    def search(self, rows: Any, text: str) -> Any:
        return hand_over_queries.search(rows, text)


def _task_link(one: Task) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("partners:task", args=[one.id]), one)


def days_overdue(one: Task) -> int:
    """Days an open task is late; 0 for the others."""
    return overdue(one.due, timezone.localdate()) if one.state in task_queries.OPEN else 0


def _task_state(one: Task) -> SafeString:
    state = badge(TaskState(one.state))
    late = days_overdue(one)
    return format_html("{} {}", state, badge("overdue", gettext("Overdue"))) if late else state


class TaskTable(Table[Task]):
    """Tasks between organisations."""

    name = "tasks"
    caption = _("Tasks between organisations")
    empty = _("No task is here.")
    search_label = _("Title, organisation or place")
    columns = (
        Column("title", _("Title"), str, sort="title", render=_task_link),
        Column("sender", _("From"), "sender", sort="sender__sort_key"),
        Column("receiver", _("To"), "receiver", sort="receiver__sort_key"),
        Column("area", _("Place"), "area", sort="area__sort_key"),
        Column("due", _("Due"), "due", kind="date", sort="due"),
        Column("state", _("State"), lambda t: TaskState(t.state).label, sort="state",
               render=_task_state),
        Column("late", _("Days overdue"), days_overdue, kind="number", hidden=True),
        Column("sent", _("Sent at"), "sent_at", kind="moment", sort="sent_at", hidden=True),
        Column("done", _("Done on"), "done_on", kind="date", sort="done_on", hidden=True),
    )  # fmt: skip
    order = "due"

    def search(self, rows: Any, text: str) -> Any:
        return task_queries.search(rows, text)
