"""Tables of places."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from pooshesh.places import queries
from pooshesh.places.models import Area, Facility
from pooshesh.web.table import Column, Table


def area_link(area: Area) -> SafeString:
    """The name of an area, leading to its page."""
    return format_html('<a href="{}">{}</a>', reverse("places:area", args=[area.code]), area)


def facility_link(facility: Facility) -> SafeString:
    """The name of a facility, leading to its page."""
    address = reverse("places:facility", args=[facility.code])
    return format_html('<a href="{}">{}</a>', address, facility)


class AreaTable(Table[Any]):
    """Areas with the facts of `queries.with_facts`."""

    name = "areas"
    caption = _("Areas")
    search_label = _("Name or code")
    columns = (
        Column("name", _("Name"), str, sort="sort_key", render=area_link),
        Column("code", _("Code"), "code", kind="id", sort="code"),
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), sort="kind"),
        Column("parent", _("Lies in"), "parent"),
        Column("province", _("Province"), "province_name", sort="province_name"),
        Column("sponsor", _("Sponsor"), "sponsor", sort="sponsor"),
        Column("catchment", _("University catchment"), "catchment", sort="catchment", hidden=True),
        Column("population", _("Population"), "population", kind="number", sort="population"),
        Column("latitude", _("Latitude"), "latitude", kind="id", hidden=True),
        Column("longitude", _("Longitude"), "longitude", kind="id", hidden=True),
    )
    order = "name"

    def search(self, rows: QuerySet[Area], text: str) -> QuerySet[Area]:
        return queries.search(rows, text)


class FacilityTable(Table[Any]):
    """Facilities with their area."""

    name = "facilities"
    caption = _("Facilities")
    search_label = _("Name or code")
    columns = (
        Column("name", _("Name"), str, sort="sort_key", render=facility_link),
        Column("code", _("Code"), "code", kind="id", sort="code"),
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), sort="kind"),
        Column("level", _("Level"), "level", kind="number", sort="level"),
        Column("area", _("Lies in"), "area", sort="area__sort_key"),
        Column("beds", _("Beds"), "beds", kind="number", sort="beds"),
        Column("visits", _("Visits a day"), "daily_visits", kind="number", sort="daily_visits"),
        Column("services", _("Services"), lambda row: "، ".join(row.services), hidden=True),
        Column("opened", _("Opened on"), "opened_on", kind="date", sort="opened_on"),
    )
    order = "name"

    def search(self, rows: QuerySet[Facility], text: str) -> QuerySet[Facility]:
        return queries.search_facilities(rows, text)
