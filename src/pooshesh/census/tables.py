"""The tables of the census."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.census import answers, queries, sealing
from pooshesh.census.models import (
    Aside,
    AsideState,
    Conflict,
    Entry,
    EntryState,
    Outcome,
    Round,
    RoundState,
    Why,
)
from pooshesh.kernel.text import search_key
from pooshesh.web.format import digits, number
from pooshesh.web.table import Column, Table


def _link(view: str, key: object, text: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(f"census:{view}", args=[key]), text)


def _of(row: Any) -> str:
    """Households done of those expected."""
    return _("%(part)s of %(whole)s") % {
        "part": number(row.done), "whole": number(row.expected),
    }  # fmt: skip


_PROGRESS = (
    Column[Any]("done", gettext_lazy("Households done"), _of, sort="done"),
    Column[Any]("persons", gettext_lazy("Persons"), "persons", kind="number", sort="persons"),
    Column[Any]("synced", gettext_lazy("Last sent"), "synced", kind="moment", sort="synced"),
)


def last_day(round_: Round) -> dt.date:
    """The last day on which households are taken."""
    end: dt.date = round_.during.upper
    return end - dt.timedelta(1)


class RoundTable(Table[Any]):
    """Rounds of the census."""

    name = "rounds"
    caption = gettext_lazy("Rounds of the census")
    search_label = gettext_lazy("Search rounds and neighbourhoods")
    empty = gettext_lazy("No round is planned in your area. Plan one to begin.")
    columns = (
        Column("name", gettext_lazy("Round"), "name", sort="name",
               render=lambda r: _link("round", r.id, r.name)),
        Column("area", gettext_lazy("Neighbourhood"), "area", sort="area__sort_key"),
        Column("start", gettext_lazy("From"), "during.lower", kind="date", sort="during"),
        Column("end", gettext_lazy("Until"), last_day, kind="date"),
        Column("state", gettext_lazy("State"), lambda r: RoundState(r.state), kind="state",
               sort="state"),
        *_PROGRESS,
    )  # fmt: skip
    order = "-start"

    def search(self, rows: Any, text: str) -> Any:
        found = rows.filter(name__icontains=text)
        return found | rows.filter(area__search_key__contains=search_key(text))


class ZoneTable(Table[Any]):
    """Zones of a round with what is done."""

    name = "zones"
    caption = gettext_lazy("Zones")
    search_label = gettext_lazy("Search zones and alleys")
    empty = gettext_lazy("No zone is written yet. Add one with its alleys below.")
    columns = (
        Column("name", gettext_lazy("Zone"), "name", sort="name",
               render=lambda z: _link("zone", z.id, z.name)),
        Column("alleys", gettext_lazy("Alleys"), "alley_count", kind="number",
               sort="alley_count"),
        *_PROGRESS,
    )  # fmt: skip
    order = "name"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(name__icontains=text) | rows.filter(alleys__name__icontains=text)


class AlleyTable(Table[Any]):
    """Alleys of a zone: who has them, what is done."""

    name = "alleys"
    caption = gettext_lazy("Alleys")
    search_label = gettext_lazy("Search alleys")
    columns = (
        Column("name", gettext_lazy("Alley"), "name", sort="name"),
        Column("worker", gettext_lazy("Given to"), "worker", sort="worker"),
        *_PROGRESS,
    )
    order = "name"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(name__icontains=text)


def _head(row: Any) -> str:
    content = sealing.open_(row.content)
    head = answers.head_of(content) if content else None
    name = f"{head['first_name']} {head['last_name']}".strip() if head else ""
    return name or (_("deleted on its day") if content is None else _("no name"))


def _address(row: Any) -> str:
    content = sealing.open_(row.content)
    return digits(content["address"]) if content else ""


class EntryTable(Table[Entry]):
    """Households of a round, to look through and accept."""

    name = "households"
    caption = gettext_lazy("Households")
    search_label = gettext_lazy("Search names, numbers and addresses")
    empty = gettext_lazy("No household fits. What workers send stands here.")
    columns = (
        Column("head", gettext_lazy("Head of household"), _head,
               render=lambda e: _link("entry", e.id, _head(e))),
        Column("address", gettext_lazy("Address"), _address),
        Column("zone", gettext_lazy("Zone"), "alley.zone", sort="alley__zone__name"),
        Column("alley", gettext_lazy("Alley"), "alley", sort="alley__name"),
        Column("outcome", gettext_lazy("Outcome"), lambda e: Outcome(e.outcome).label,
               sort="outcome"),
        Column("persons", gettext_lazy("Persons"), "persons", kind="number", sort="persons"),
        Column("state", gettext_lazy("State"), lambda e: EntryState(e.state), kind="state",
               sort="state"),
        Column("received", gettext_lazy("Received"), "received_at", kind="moment",
               sort="received_at"),
        Column("entered", gettext_lazy("Written at"), "entered_at", kind="moment",
               sort="entered_at", hidden=True),
    )  # fmt: skip
    order = "-received"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(id__in=queries.matching(rows, text))


class ConflictTable(Table[Conflict]):
    """Conflicts that wait in a round."""

    name = "conflicts"
    caption = gettext_lazy("Conflicts that wait")
    empty = gettext_lazy("No conflict waits.")
    columns = (
        Column("head", gettext_lazy("Head of household"), _head,
               render=lambda c: _link("conflict", c.id, _head(c))),
        Column("alley", gettext_lazy("Alley"), "alley", sort="alley__name"),
        Column("received", gettext_lazy("Received"), "received_at", kind="moment",
               sort="received_at"),
    )  # fmt: skip
    order = "received"


class AsideTable(Table[Aside]):
    """What is kept aside in a round."""

    name = "aside"
    caption = gettext_lazy("Kept aside")
    empty = gettext_lazy("Nothing is kept aside.")
    columns = (
        Column("head", gettext_lazy("Head of household"), _head,
               render=lambda a: _link("aside", a.id, _head(a))),
        Column("why", gettext_lazy("Why"), lambda a: Why(a.why).label, sort="why"),
        Column("alley", gettext_lazy("Alley"), "alley", sort="alley__name"),
        Column("persons", gettext_lazy("Persons"), "persons", kind="number", sort="persons"),
        Column("state", gettext_lazy("State"), lambda a: AsideState(a.state), kind="state",
               sort="state"),
        Column("received", gettext_lazy("Received"), "received_at", kind="moment",
               sort="received_at"),
    )  # fmt: skip
    order = "-state"


class DeviceTable(Table[Any]):
    """Phones of the workers of a round."""

    name = "devices"
    caption = gettext_lazy("Phones")
    empty = gettext_lazy("No phone is set up by the workers of this round.")
    columns = (
        Column("name", gettext_lazy("Phone"), "name", sort="name"),
        Column("worker", gettext_lazy("Worker"), "worker", sort="worker"),
        Column("made", gettext_lazy("Set up"), "made_at", kind="moment", sort="made_at"),
        Column("seen", gettext_lazy("Last sent"), "seen_at", kind="moment", sort="seen_at"),
        Column(
            "lost", gettext_lazy("Reported lost"), "revoked_at", kind="moment", sort="revoked_at"
        ),
    )
    order = "name"
