"""Tables of the portal's desk."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from pooshesh.people.tables import full_name
from pooshesh.portal.models import Newcomer, NewcomerState
from pooshesh.web.table import Column, Table


class NewcomerTable(Table[Newcomer]):
    name = "newcomers"
    caption = _("First applications")
    columns = (
        Column("made", _("When"), "made_at", kind="moment"),
        Column(
            "person", _("Patient on record"), lambda row: full_name(row.person),
            render=lambda row: format_html(
                '<a href="{}">{}</a>', reverse("portal:newcomer", args=[row.pk]),
                full_name(row.person),
            ),
        ),
        Column("area", _("Place"), "person.area"),
        Column(
            "fresh", _("Record"),
            lambda row: _("Registered by themselves") if row.fresh else _("On record before"),
        ),
        Column("state", _("State"), lambda row: NewcomerState(row.state), kind="state"),
    )  # fmt: skip
    empty = _("Nobody waits to be seen.")
