"""Tables of plans, their neighbourhoods and costs."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel.money import Rial
from pooshesh.kernel.text import search_key
from pooshesh.programme.models import CampaignState
from pooshesh.programme.plans.models import Cost, CostKind, Plan, PlanPlace, PlanState
from pooshesh.web.registry import register_tones
from pooshesh.web.table import Column, Table

register_tones({PlanState.OPEN: "info", PlanState.ENDED: "good", PlanState.DROPPED: "quiet"})


def _plan(row: Plan) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("programme:plan", args=[row.id]), row.name)


class PlanTable(Table[Plan]):
    """Plans, newest first."""

    name = "plans"
    caption = gettext_lazy("Plans")
    empty = gettext_lazy("No plan has been made in your area.")
    search_label = gettext_lazy("Search plans")
    columns = (
        Column("name", gettext_lazy("Plan"), "name", sort="name", render=_plan),
        Column("area", gettext_lazy("Area"), "area", sort="area__sort_key"),
        Column("state", gettext_lazy("State"), lambda p: PlanState(p.state), kind="state",
               sort="state"),
        Column("starts", gettext_lazy("First day"), "starts_on", kind="date", sort="starts_on"),
        Column("ends", gettext_lazy("Last day"), "ends_on", kind="date", sort="ends_on"),
        Column("places", gettext_lazy("Neighbourhoods"), "places", kind="number", sort="places"),
        Column("target", gettext_lazy("Persons to be insured"), "target_persons", kind="number",
               sort="target_persons"),
        Column("insured", gettext_lazy("Insured"), "insured", kind="number", sort="insured"),
        Column("budget", gettext_lazy("Budget"),
               lambda p: Rial(p.budget) if p.budget else None, kind="money", sort="budget"),
        Column("made", gettext_lazy("Made at"), "created_at", kind="moment", sort="created_at",
               hidden=True),
    )  # fmt: skip
    order = "-made"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(name__icontains=text)


def _area(row: PlanPlace) -> SafeString:
    address = reverse("places:area", args=[row.area.code])
    return format_html('<a href="{}">{}</a>', address, row.area)


def _campaign(row: Any) -> SafeString:
    if row.campaign is None:
        return SafeString("")
    address = reverse("programme:campaign", args=[row.campaign])
    label = CampaignState(row.campaign_state).label
    return format_html('<a href="{}">{}</a>', address, label)


class PlanPlaceTable(Table[PlanPlace]):
    """Neighbourhoods of a plan, each with its newest campaign."""

    name = "plan-places"
    caption = gettext_lazy("Neighbourhoods of the plan")
    empty = gettext_lazy("No neighbourhood has been taken into the plan.")
    search_label = gettext_lazy("Search neighbourhoods")
    columns: ClassVar[Sequence[Column[Any]]] = (
        Column("area", gettext_lazy("Neighbourhood"), "area", sort="area__sort_key", render=_area),
        Column("code", gettext_lazy("Code"), "area.code", kind="id", sort="area__code"),
        Column("campaign", gettext_lazy("Campaign"), "campaign_state", sort="campaign_state",
               render=_campaign),
        Column("residents", gettext_lazy("Residents"), "residents", kind="number",
               sort="residents"),
        Column("insured", gettext_lazy("Insured"), "enrolled", kind="number", sort="enrolled"),
    )  # fmt: skip
    order = "area"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(area__search_key__contains=search_key(text))


def _take_out(row: Any) -> SafeString:
    if row.campaign is not None:
        return SafeString("")
    address = reverse("programme:take_out", args=[row.plan_id, row.area.code])
    return format_html('<a class="button small" href="{}">{}</a>', address, _("Take out"))


class ChangeablePlaceTable(PlanPlaceTable):
    """The same for who may take a neighbourhood out."""

    columns = (
        *PlanPlaceTable.columns,
        Column("out", gettext_lazy("Take out"), lambda r: "", render=_take_out),
    )


def _note(row: Cost) -> str:
    return f"{row.note} — {row.reason}" if row.reason else row.note


class CostTable(Table[Cost]):
    """Costs, newest first; withdrawn ones stay in sight."""

    name = "costs"
    caption = gettext_lazy("Costs")
    empty = gettext_lazy("No cost has been written down.")
    columns: ClassVar[Sequence[Column[Any]]] = (
        Column("on", gettext_lazy("Day"), "on", kind="date", sort="on"),
        Column("kind", gettext_lazy("Kind"), lambda c: CostKind(c.kind).label, sort="kind"),
        Column("amount", gettext_lazy("Amount"), lambda c: Rial(c.amount), kind="money",
               sort="amount"),
        Column("note", gettext_lazy("Note"), _note),
        Column("withdrawn", gettext_lazy("Withdrawn at"), "withdrawn_at", kind="moment",
               sort="withdrawn_at"),
    )  # fmt: skip
    order = "-on"


def _withdraw(row: Cost) -> SafeString:
    if row.withdrawn_at:
        return SafeString("")
    address = reverse("programme:withdraw_cost", args=[row.id])
    return format_html('<a class="button small" href="{}">{}</a>', address, _("Withdraw"))


class ChangeableCostTable(CostTable):
    """The same for who may withdraw one."""

    columns = (
        *CostTable.columns,
        Column("change", gettext_lazy("Withdraw"), lambda c: "", render=_withdraw),
    )
