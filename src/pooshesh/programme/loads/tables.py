"""Tables of loads."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from pooshesh.programme.loads.models import ItemState, Load, LoadItem
from pooshesh.web.registry import register_tones
from pooshesh.web.table import Column, Table

register_tones({ItemState.BROUGHT: "info", ItemState.REFUSED: "bad"})


def _load(row: Load) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("programme:load", args=[row.id]), row.name)


class LoadTable(Table[Load]):
    """Loads, newest first."""

    name = "loads"
    caption = gettext_lazy("Loads")
    empty = gettext_lazy("No folder of sheets has been brought.")
    columns = (
        Column("name", gettext_lazy("Folder"), "name", sort="name", render=_load),
        Column("on", gettext_lazy("Day"), "on", kind="date", sort="on"),
        Column("sheets", gettext_lazy("Sheets"), "sheets", kind="number", sort="sheets"),
        Column("done", gettext_lazy("Done"), "done", kind="number", sort="done"),
        Column("refused", gettext_lazy("Refused"), "refused", kind="number", sort="refused"),
        Column("made", gettext_lazy("Made at"), "created_at", kind="moment", sort="created_at"),
    )  # fmt: skip
    order = "-made"


def _campaign(row: LoadItem) -> SafeString:
    if row.campaign_id is None:
        return SafeString("")
    address = reverse("programme:campaign", args=[row.campaign_id])
    return format_html('<a href="{}">{}</a>', address, row.area)


def _residents(row: LoadItem) -> int | None:
    count = getattr(row.campaign, "count", None) if row.campaign else None
    return count.residents if count else None


class ItemTable(Table[LoadItem]):
    """The sheets of a load."""

    name = "sheets"
    caption = gettext_lazy("Sheets")
    search_label = gettext_lazy("Search sheets")
    columns = (
        Column("name", gettext_lazy("File"), "name", kind="id", sort="name"),
        Column("area", gettext_lazy("Campaign"), "area", sort="area__sort_key", render=_campaign),
        Column("state", gettext_lazy("State"), lambda i: ItemState(i.state), kind="state",
               sort="state"),
        Column("residents", gettext_lazy("Residents"), _residents, kind="number"),
        Column("message", gettext_lazy("Why it was refused"), "message"),
        Column("ended", gettext_lazy("Ended at"), "ended_at", kind="moment", sort="ended_at"),
    )  # fmt: skip
    order = "name"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(name__icontains=text)
