"""The table of a programme's neighbourhoods."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from pooshesh.kernel.text import search_key
from pooshesh.programme.models import ProgrammePlace
from pooshesh.web.table import Column, Table


def _link(row: ProgrammePlace) -> SafeString:
    address = reverse("places:area", args=[row.area.code])
    return format_html('<a href="{}">{}</a>', address, row.area)


class MemberTable(Table[ProgrammePlace]):
    """Neighbourhoods of a programme."""

    name = "members"
    caption = gettext_lazy("Neighbourhoods of the programme")
    empty = gettext_lazy("No neighbourhood of your area is in this programme.")
    search_label = gettext_lazy("Search neighbourhoods")
    columns = (
        Column("area", gettext_lazy("Neighbourhood"), "area", sort="area__sort_key", render=_link),
        Column("code", gettext_lazy("Code"), "area.code", kind="id", sort="area__code"),
        Column("city", gettext_lazy("City"), "area.parent", sort="area__parent__sort_key"),
        Column("since", gettext_lazy("Since"), "valid.lower", kind="date", sort="valid"),
        Column("sponsored", gettext_lazy("With a sponsor"), "sponsored", kind="yes",
               sort="sponsored"),
        Column("begun", gettext_lazy("Campaign made"), "begun", kind="yes", sort="begun"),
        Column("done", gettext_lazy("Campaign has a result"), "done", kind="yes", sort="done"),
    )  # fmt: skip
    order = "area"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(area__search_key__contains=search_key(text))
