"""Tables of eligibility."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from pooshesh.eligibility.models import Pass
from pooshesh.web.cells import badge
from pooshesh.web.table import Column, Table

STATES = {"works": _("Works"), "expired": _("Expired"), "revoked": _("Revoked")}


def state(row: Pass) -> str:
    """Where a pass stands today."""
    if row.revoked_at:
        return "revoked"
    return "works" if row.expires_on >= timezone.localdate() else "expired"


def _link(row: Pass) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("eligibility:pass", args=[row.pk]), row.name)


class PassTable(Table[Pass]):
    name = "passes"
    caption = _("Passes of providers")
    columns = (
        Column("name", _("Provider or system"), "name", sort="name", render=_link),
        Column("account", _("Account"), "username"),
        Column("area", _("Area"), "area"),
        Column(
            "state", _("State"), lambda row: STATES[state(row)],
            render=lambda row: badge(state(row), STATES[state(row)]),
        ),
        Column("until", _("Last day it works"), "expires_on", kind="date", sort="expires_on"),
        Column("rate", _("Checks a minute"), "per_minute", kind="number"),
        Column("given", _("Given"), "given_at", kind="moment", sort="given_at"),
    )  # fmt: skip
    order = "-given"

    def search(self, rows: QuerySet[Pass], text: str) -> QuerySet[Pass]:
        return rows.filter(name__icontains=text) | rows.filter(user__username__icontains=text)
