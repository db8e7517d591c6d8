"""Tables of briefings."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from pooshesh.briefing.models import Briefing, Template
from pooshesh.insight import shown
from pooshesh.insight.months import code_of
from pooshesh.web.table import Column, Table


def _briefing(row: Briefing) -> SafeString:
    there = reverse("briefing:briefing", args=[row.pk])
    return format_html('<a href="{}">{}</a>', there, shown.month_name(row.month))


class BriefingTable(Table[Briefing]):
    name = "briefings"
    caption = _("Briefings")
    empty = _("No briefing was made yet.")
    order = "-made"
    columns = (
        Column("month", _("Month"), lambda r: code_of(r.month), sort="month", render=_briefing),
        Column("area", _("Area"), "area", sort="area__sort_key"),
        Column("template", _("Template"), "version.template"),
        Column("version", _("Version"), "version.number", kind="number"),
        Column("state", _("State"), "state", kind="state"),
        Column("flagged", _("A check is red"), "flagged", kind="yes"),
        Column("as_of", _("As of"), "as_of", kind="moment", sort="as_of"),
        Column("made", _("Made at"), "made_at", kind="moment", sort="made_at"),
        Column("signed", _("Signed at"), "signed_at", kind="moment", sort="signed_at"),
        Column("digest", _("Digest"), lambda r: r.digest[:16], kind="id", hidden=True),
    )  # fmt: skip

    def search(self, rows: QuerySet[Briefing], text: str) -> QuerySet[Briefing]:
        return rows.filter(
            Q(area__name_fa__icontains=text) | Q(area__name_en__icontains=text)
            | Q(area__code=text) | Q(version__template__name_fa__icontains=text)
        )  # fmt: skip


def _template(row: Template) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("briefing:template", args=[row.code]), row)


class TemplateTable(Table[Template]):
    name = "briefing-templates"
    caption = _("Templates of briefings")
    columns = (
        Column("name", _("Template"), str, render=_template),
        Column("number", _("Version"), "number", kind="number"),
        Column("changed", _("Changed at"), "changed", kind="moment"),
    )
