"""The table of whom to call."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel.text import search_key
from pooshesh.programme.calls.models import Call, Outcome
from pooshesh.programme.calls.queries import masked
from pooshesh.web.registry import register_tones
from pooshesh.web.table import Column, Table

register_tones(
    {
        Outcome.CONFIRMED: "good",
        Outcome.UNAWARE: "warn",
        Outcome.WRONG_PERSON: "bad",
        Outcome.NOT_REACHED: "quiet",
    }
)


def _name(row: Call) -> str:
    return f"{row.person.first_name} {row.person.last_name}".strip() or _("no name")


def _link(row: Call) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("programme:call", args=[row.id]), _name(row))


class CallTable(Table[Call]):
    """The sample in the order it was drawn."""

    name = "calls"
    caption = gettext_lazy("Persons to call")
    empty = gettext_lazy("Nobody fits what was asked for.")
    search_label = gettext_lazy("Search names")
    columns = (
        Column("place", gettext_lazy("No."), "place", kind="number", sort="place"),
        Column("name", gettext_lazy("Name"), _name, sort="person__sort_key", render=_link),
        Column("mobile", gettext_lazy("Mobile number"), masked, kind="id"),
        Column("outcome", gettext_lazy("What the call told"),
               lambda c: Outcome(c.outcome) if c.outcome else None, kind="state", sort="outcome"),
        Column("tries", gettext_lazy("Calls made"), "tries", kind="number", sort="tries"),
        Column("at", gettext_lazy("Called at"), "called_at", kind="moment", sort="called_at"),
    )  # fmt: skip
    order = "place"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(person__search_key__contains=search_key(text))
