"""Tables of neighbourhoods."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from pooshesh.access.models import User
from pooshesh.kernel.money import Rial
from pooshesh.neighbourhoods.models import Assessment, AssessmentState, Benefit
from pooshesh.places import queries as places
from pooshesh.places.tables import area_link
from pooshesh.programme.models import CampaignState
from pooshesh.web.cells import badge
from pooshesh.web.format import number
from pooshesh.web.table import Column, Table


def _counted(address: str, field: str) -> Any:
    """A count that leads to its rows; 0 stays plain."""

    def render(row: Any) -> SafeString:
        value = getattr(row, field)
        if not value:
            return format_html("{}", number(0))
        return format_html('<a href="{}">{}</a>', address.format(row.code), number(value))

    return render


def _state(row: Any) -> CampaignState | None:
    return CampaignState(row.campaign_state) if row.campaign_state else None


class ConsoleTable(Table[Any]):
    name = "console"
    caption = _("Neighbourhoods")
    search_label = _("Name or code")
    empty = _("No neighbourhood fits what was asked for.")
    columns: ClassVar[Sequence[Column[Any]]] = (
        Column("name", _("Neighbourhood"), str, sort="sort_key", render=area_link),
        Column("code", _("Code"), "code", kind="id", sort="code", hidden=True),
        Column("province", _("Province"), "province_name", sort="province_name"),
        Column("population", _("Population"), "population", kind="number", sort="population",
               hidden=True),
        Column("sponsor", _("Sponsor"), "sponsor", sort="sponsor"),
        Column("campaign", _("Campaign"), _state, kind="state", sort="campaign_state"),
        Column("persons", _("Registered"), "persons", kind="number", sort="persons"),
        Column("uninsured", _("Without cover before"), "uninsured", kind="number",
               sort="uninsured", hidden=True),
        Column("enrolled", _("Insured by us"), "enrolled", kind="number", sort="enrolled"),
        Column("uncovered", _("Without cover now"), "uncovered", kind="number", sort="uncovered"),
        Column("gaps", _("Open gaps"), "open_gaps", kind="number", sort="open_gaps",
               render=_counted("/gaps/?state=open&area={}", "open_gaps")),
        Column("late", _("Overdue tasks"), "late_tasks", kind="number", sort="late_tasks",
               render=_counted("/tasks/?state=overdue&area={}", "late_tasks")),
        Column("assessed", _("Needs assessed"), "assessed", kind="date", sort="assessed",
               hidden=True),
        Column("severe", _("Severe needs"), "severe", kind="number", sort="severe", hidden=True),
        Column("helped", _("Households helped"), "helped", kind="number", sort="helped",
               hidden=True),
    )  # fmt: skip
    order = "-uncovered"

    def search(self, rows: Any, text: str) -> Any:
        return places.search(rows, text)


def console_of(user: User) -> type[ConsoleTable]:
    """The console, its figures links only to rows that the viewer may look at."""
    rights = {"gaps": "network.read", "late": "tasks.work"}
    closed = {key for key, right in rights.items() if not user.may(right)}

    class Shown(ConsoleTable):
        columns = tuple(
            replace(one, render=None) if one.key in closed else one for one in ConsoleTable.columns
        )

    return Shown


def _assessment(row: Assessment) -> SafeString:
    address = reverse("neighbourhoods:assessment", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, row.area)


class AssessmentTable(Table[Assessment]):
    name = "assessments"
    caption = _("Assessments of needs")
    search_label = _("Name or code")
    columns = (
        Column("area", _("Neighbourhood"), "area", sort="area__sort_key", render=_assessment),
        Column("on", _("Day"), "on", kind="date", sort="on"),
        Column("state", _("State"), lambda r: AssessmentState(r.state), kind="state", sort="state"),
        Column("severe", _("Severe needs"), "worst", kind="number", sort="worst"),
        Column("who", _("Assessed by"), "who"),
    )
    order = "-on"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(Q(area__search_key__icontains=text) | Q(area__code=text))


def _benefit(row: Benefit) -> SafeString:
    address = reverse("neighbourhoods:benefit", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, row.kind)


def _marks(row: Any) -> SafeString:
    if row.undone_at:
        return badge("taken_back", _("Taken back"))
    return badge("twice", _("Twice within 30 days")) if row.twice else format_html("")


class BenefitTable(Table[Benefit]):
    name = "benefits"
    caption = _("Benefits beside insurance")
    search_label = _("Neighbourhood or kind")
    columns = (
        Column("kind", _("Kind"), "kind", sort="kind__name_fa", render=_benefit),
        Column("area", _("Neighbourhood"), "area", sort="area__sort_key"),
        Column("on", _("Day"), "on", kind="date", sort="on"),
        Column("quantity", _("Count"), "quantity", kind="number"),
        Column(
            "amount", _("Amount"), lambda r: Rial(r.amount) if r.amount else None, kind="money",
            sort="amount",
        ),
        Column("organisation", _("Given by"), "organisation"),
        Column(
            "mark", _("Mark"),
            lambda r: _("Taken back") if r.undone_at else _("Twice within 30 days") if r.twice
            else "",
            render=_marks,
        ),
    )  # fmt: skip
    order = "-on"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(
            Q(area__search_key__icontains=text)
            | Q(kind__name_fa__icontains=text)
            | Q(kind__name_en__icontains=text)
        )
