"""The tables of requests."""

from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from pooshesh.kernel.money import Rial
from pooshesh.kernel.text import search_key
from pooshesh.people.tables import full_name
from pooshesh.requests import queries
from pooshesh.requests.models import AppealStand, DoubtState, Ground, Kind, State
from pooshesh.web.table import Column, Table


def _link(name: str, key: object, text: object) -> SafeString:
    return format_html('<a href="{}"><bdi>{}</bdi></a>', reverse(name, args=[key]), text)


def days_in_state(row: Any) -> int:
    """Days a request stands in its state."""
    days: int = (timezone.now() - row.since).days
    return days


class RequestTable(Table[Any]):
    """Requests, the newest first."""

    name = "requests"
    caption = gettext_lazy("Expense requests")
    empty = gettext_lazy("No request fits.")
    search_label = gettext_lazy("Number, name or national ID")
    columns: ClassVar = (
        Column("number", gettext_lazy("No."), "number", kind="id", sort="number",
               render=lambda row: _link("requests:request", row.pk, row.number)),
        Column("patient", gettext_lazy("Patient"), lambda row: full_name(row.person),
               sort="person__sort_key"),
        Column("disease", gettext_lazy("Disease"), lambda row: str(row.disease),
               sort="disease__sort_key"),
        Column("kind", gettext_lazy("Kind"), lambda row: Kind(row.kind).label, sort="kind"),
        Column("state", gettext_lazy("State"), lambda row: State(row.state), kind="state",
               sort="state"),
        Column("asked", gettext_lazy("Asked"), lambda row: Rial(row.asked), kind="money",
               sort="asked"),
        Column("payable", gettext_lazy("Granted"), lambda row: Rial(row.payable), kind="money",
               sort="payable"),
        Column("days", gettext_lazy("Days in this state"), days_in_state, kind="number",
               sort="-since"),
        Column("year", gettext_lazy("Year of the services"), "year", kind="id", sort="year",
               hidden=True),
        Column("area", gettext_lazy("Area"), lambda row: str(row.area), sort="area__sort_key",
               hidden=True),
        Column("made", gettext_lazy("Brought at"), "made_at", kind="moment", sort="made_at",
               hidden=True),
    )  # fmt: skip
    order = "-number"

    def search(self, rows: Any, text: str) -> Any:
        return queries.find(rows, text)


class DoubtTable(Table[Any]):
    """Pairs of invoices that look alike, the oldest first."""

    name = "doubts"
    caption = gettext_lazy("Invoices that look alike")
    empty = gettext_lazy("No invoice looks like one that was brought before.")
    search_label = gettext_lazy("Search names")
    columns: ClassVar = (
        Column("request", gettext_lazy("Request"), lambda row: row.line.request.number, kind="id",
               render=lambda row: _link("requests:doubt", row.pk, row.line.request.number)),
        Column("other", gettext_lazy("Looks like"), lambda row: row.other.request.number,
               kind="id"),
        Column("patient", gettext_lazy("Patient"),
               lambda row: full_name(row.line.request.person),
               sort="line__request__person__sort_key"),
        Column("provider", gettext_lazy("Provider"), "line.provider", sort="line__provider"),
        Column("asked", gettext_lazy("Asked"), lambda row: Rial(row.line.asked), kind="money",
               sort="line__asked"),
        Column("state", gettext_lazy("State"), lambda row: DoubtState(row.state), kind="state",
               sort="state"),
        Column("found", gettext_lazy("Found at"), "found_at", kind="moment", sort="found_at"),
    )  # fmt: skip
    order = "found"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(line__request__person__search_key__contains=search_key(text))


class AppealTable(Table[Any]):
    """Appeals, the oldest first."""

    name = "appeals"
    caption = gettext_lazy("Appeals")
    empty = gettext_lazy("Nobody has appealed.")
    search_label = gettext_lazy("Search names")
    columns: ClassVar = (
        Column("number", gettext_lazy("No."), "number", kind="id", sort="number",
               render=lambda row: _link("requests:appeal", row.pk, row.number)),
        Column("request", gettext_lazy("Request"), lambda row: row.request.number, kind="id",
               sort="request__number"),
        Column("patient", gettext_lazy("Patient"), lambda row: full_name(row.request.person),
               sort="request__person__sort_key"),
        Column("ground", gettext_lazy("Ground"), lambda row: Ground(row.ground).label,
               sort="ground"),
        Column("state", gettext_lazy("State"), lambda row: AppealStand(row.state), kind="state",
               sort="state"),
        Column("brought", gettext_lazy("Brought on"), "brought_on", kind="date",
               sort="brought_on"),
    )  # fmt: skip
    order = "brought"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(request__person__search_key__contains=search_key(text))
