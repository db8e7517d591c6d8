"""Tables of the network."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.network.models import Gap, GapKind, GapState, Severity
from pooshesh.network.queries import Place, is_late
from pooshesh.places.tables import area_link
from pooshesh.web.cells import badge, dash
from pooshesh.web.format import jdate, number
from pooshesh.web.table import Column, Table


def _link(row: Gap) -> SafeString:
    address = reverse("network:gap", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, GapKind(row.kind).label)


def _deadline(row: Gap) -> SafeString:
    if row.deadline is None:
        return format_html("{}", dash())
    if is_late(row):
        return badge("overdue", f"{jdate(row.deadline)} · {gettext('Overdue')}")
    return format_html("{}", jdate(row.deadline))


class GapTable(Table[Gap]):
    name = "gaps"
    caption = _("Gaps")
    search_label = _("Number, place or words")
    empty = _("No gap is registered here.")
    columns = (
        Column("number", _("Gap number"), "number", kind="id", sort="number"),
        Column(
            "kind", _("What is missing"), lambda r: GapKind(r.kind).label, sort="kind", render=_link
        ),
        Column("place", _("Place"), "area", sort="area__sort_key"),
        Column(
            "severity", _("Severity"), lambda r: Severity(r.severity), kind="state", sort="severity"
        ),
        Column("state", _("State"), lambda r: GapState(r.state), kind="state", sort="state"),
        Column("owner", _("Owner"), "owner"),
        Column(
            "deadline", _("Fixed by"), "deadline", kind="date", sort="deadline", render=_deadline
        ),
        Column("found", _("Found"), "found_at", kind="moment", sort="found_at"),
        Column("text", _("In words"), "text", hidden=True),
    )
    order = "-severity"

    def search(self, rows: QuerySet[Gap], text: str) -> QuerySet[Gap]:
        found = Q(area__search_key__icontains=text) | Q(text__icontains=text)
        return rows.filter(found | Q(number=int(text)) if text.isdecimal() else found)


def _beside(needed: int, there: int | None) -> SafeString:
    """What is needed beside what is there."""
    if there is None:
        return format_html("<span>{} / {}</span>", number(needed), dash())
    marked = badge("short", f"{number(needed)} / {number(there)}")
    if needed > there:
        return marked
    return format_html("<span>{} / {}</span>", number(needed), number(there))


def _gaps(row: Place) -> SafeString:
    if not row.gaps:
        return format_html("{}", number(0))
    address = f"{reverse('network:gaps')}?area={row.area.code}&state=open"
    return format_html('<a href="{}">{}</a>', address, number(row.gaps))


class PlaceTable(Table[Any]):
    name = "places"
    caption = _("Load and capacity by place, in the last month")
    columns = (
        Column("name", _("Place"), "area", render=lambda r: area_link(r.area)),
        Column("newly", _("Newly insured"), "newly", kind="number", sort="newly"),
        Column(
            "visits", _("Visits needed / possible"), "visits", kind="number", sort="visits",
            render=lambda r: _beside(r.visits, r.visit_capacity),
        ),
        Column("visits_there", _("Visits possible"), "visit_capacity", kind="number", hidden=True),
        Column(
            "beds", _("Beds needed / there"), "beds", kind="number", sort="beds",
            render=lambda r: _beside(r.beds, r.bed_capacity),
        ),
        Column("beds_there", _("Beds there"), "bed_capacity", kind="number", hidden=True),
        Column("medicines", _("Medicines"), "medicines", kind="number", sort="medicines"),
        Column("gaps", _("Open gaps"), "gaps", kind="number", sort="gaps", render=_gaps),
    )  # fmt: skip
    order = "-newly"
