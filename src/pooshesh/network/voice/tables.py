"""The clerk's inbox as a table."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.network.models import UNANSWERED, GapKind, Report, ReportKind, ReportState
from pooshesh.web.cells import badge, dash
from pooshesh.web.format import jdate
from pooshesh.web.table import Column, Table


def _link(row: Report) -> SafeString:
    address = reverse("network:report", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, ReportKind(row.kind).label)


def _due(row: Report) -> SafeString:
    if row.state not in UNANSWERED:
        return format_html("{}", dash())
    if row.due < timezone.localdate():
        return badge("overdue", f"{jdate(row.due)} · {gettext('Overdue')}")
    return format_html("{}", jdate(row.due))


class ReportTable(Table[Report]):
    name = "reports"
    caption = _("What residents report")
    search_label = _("Place")
    empty = _("No report waits here.")
    columns = (
        Column("kind", _("Kind"), lambda r: ReportKind(r.kind).label, sort="kind", render=_link),
        Column("place", _("Place"), "area", sort="area__sort_key"),
        Column(
            "about", _("What is missing"), lambda r: GapKind(r.about).label if r.about else None
        ),
        Column("score", _("Satisfaction"), "score", kind="number", sort="score"),
        Column("state", _("State"), lambda r: ReportState(r.state), kind="state", sort="state"),
        Column("due", _("Answer by"), "due", kind="date", sort="due", render=_due),
        Column("received", _("Received"), "received_at", kind="moment", sort="received_at"),
    )
    order = "due"

    def search(self, rows: QuerySet[Report], text: str) -> QuerySet[Report]:
        return rows.filter(Q(area__search_key__icontains=text) | Q(area__code=text))
