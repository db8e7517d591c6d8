"""The tables of the room's pages."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.disease import queries
from pooshesh.disease.models import Disease, DiseaseKind
from pooshesh.web.cells import badge
from pooshesh.web.table import Column, Table


def disease_link(one: Disease) -> SafeString:
    """The name of a disease, leading to its page."""
    return format_html('<a href="{}">{}</a>', reverse("disease:disease", args=[one.code]), one)


def _confirmed(one: Disease) -> str:
    return gettext("Confirmed") if one.confirmed_on else gettext("To be confirmed by a clinician")


def confirmed_badge(one: Disease) -> SafeString:
    """Whether a clinician confirmed that names and codes belong together."""
    return badge("confirmed" if one.confirmed_on else "to_be_confirmed", _confirmed(one))


class DiseaseTable(Table[Disease]):
    """The list of diseases."""

    name = "diseases"
    caption = _("Diseases")
    search_label = _("Name or code")
    page_size = 50
    columns = (
        Column("name", _("Name"), str, sort="sort_key", render=disease_link),
        Column("code", _("Code"), "code", kind="id", sort="code"),
        Column("kind", _("Kind"), lambda d: DiseaseKind(d.kind).label, sort="kind"),
        Column("icd10", "ICD-10", "icd10", kind="id"),
        Column("orpha", "ORPHA", "orpha", kind="id"),
        Column("package", _("Package version"), "package", kind="number"),
        Column("confirmed", _("Names and codes"), _confirmed, render=confirmed_badge),
        Column("origin", _("Origin"), "origin", hidden=True),
    )
    order = "name"

    def search(self, rows: Any, text: str) -> Any:
        return queries.search(rows, text)
