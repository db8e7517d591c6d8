"""The tables of the programme's pages."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel.text import search_key
from pooshesh.programme import titles
from pooshesh.programme.campaign.findings import Finding
from pooshesh.programme.models import Campaign, CampaignRow, CampaignState, Deletion, Match
from pooshesh.web.format import digits
from pooshesh.web.registry import name_of, register_tones
from pooshesh.web.table import Column, Table

register_tones(
    {
        CampaignState.DRAFT: "quiet",
        CampaignState.CHECKED: "info",
        CampaignState.CLOSED: "quiet",
        Match.INSURED: "good",
        Match.UNINSURED: "warn",
        Match.REVIEW: "info",
        Match.DUPLICATE: "quiet",
    }
)


def _campaign_link(campaign: Campaign) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', reverse("programme:campaign", args=[campaign.id]), campaign.area
    )


class CampaignTable(Table[Campaign]):
    """Campaigns, newest first."""

    name = "campaigns"
    caption = gettext_lazy("Campaigns")
    empty = gettext_lazy("No campaign has been made in your area.")
    search_label = gettext_lazy("Search neighbourhoods")
    columns = (
        Column("area", gettext_lazy("Neighbourhood"), "area", sort="area__sort_key",
               render=_campaign_link),
        Column("code", gettext_lazy("Code"), "area.code", kind="id", sort="area__code"),
        Column("sponsor", gettext_lazy("Sponsor"), "sponsor", sort="sponsor__name_fa"),
        Column("on", gettext_lazy("Day"), "on", kind="date", sort="on"),
        Column("state", gettext_lazy("State"), lambda c: CampaignState(c.state), kind="state",
               sort="state"),
        Column("ran", gettext_lazy("Run at"), "ran_at", kind="moment", sort="ran_at"),
        Column("created", gettext_lazy("Made at"), "created_at", kind="moment", sort="created_at",
               hidden=True),
    )  # fmt: skip
    order = "-created"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(area__search_key__contains=search_key(text))


def _effect(finding: Finding) -> str:
    return str(titles.EFFECTS[finding.effect])


class FindingTable(Table[Finding]):
    """What the dry run found."""

    name = "findings"
    caption = gettext_lazy("Findings of the dry run")
    empty = gettext_lazy("Nothing was found: every row can be read.")
    columns = (
        Column("sheet", gettext_lazy("Sheet"), "sheet", sort="sheet"),
        Column("row", gettext_lazy("Row of the sheet"), "row", kind="number", sort="row"),
        Column("field", gettext_lazy("Field"), "title"),
        Column("read", gettext_lazy("What was read"), "read"),
        Column("expected", gettext_lazy("What is wrong or expected"), "expected"),
        Column("stops", gettext_lazy("Effect"), _effect, sort="stops"),
    )


def _person(row: CampaignRow) -> SafeString:
    name = f"{row.person.first_name} {row.person.last_name}".strip() or _("no name")
    return format_html('<a href="{}">{}</a>', reverse("people:person", args=[row.person_id]), name)


def _undo(row: CampaignRow) -> SafeString:
    enrolled: bool = row.enrolled  # type: ignore[attr-defined]
    if not enrolled:
        return SafeString("")
    address = reverse("programme:undo", args=[row.campaign_id, row.census_row])
    return format_html('<a class="button small" href="{}">{}</a>', address, _("Undo"))


class ResidentTable(Table[CampaignRow]):
    """The residents of a campaign."""

    name = "residents"
    caption = gettext_lazy("Residents")
    search_label = gettext_lazy("Search names")
    columns: ClassVar[Sequence[Column[Any]]] = (
        Column("row", gettext_lazy("Census row"), "census_row", kind="number", sort="census_row"),
        Column("name", gettext_lazy("Name"),
               lambda r: f"{r.person.first_name} {r.person.last_name}", sort="person__sort_key",
               render=_person),
        Column("household", gettext_lazy("Household"), "household", sort="household",
               render=lambda r: format_html("{}", digits(r.household))),
        Column("match", gettext_lazy("Match"), lambda r: Match(r.match), kind="state",
               sort="match"),
        Column("roll", gettext_lazy("Roll"), "roll_name", sort="roll"),
        Column("roll_row", gettext_lazy("Row of the roll"), "roll_row", kind="number",
               sort="roll_row", hidden=True),
        Column("score", gettext_lazy("Score"), "score", kind="number", sort="score", hidden=True),
        Column("decision", gettext_lazy("Decision"), lambda r: titles.decision(r.decision),
               sort="decision"),
        Column("enrolled", gettext_lazy("Insured by this campaign"), "enrolled", kind="yes",
               sort="enrolled"),
    )  # fmt: skip
    order = "row"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(person__search_key__contains=search_key(text))


class UndoableTable(ResidentTable):
    """The residents, for who may take cover back."""

    columns = (
        *ResidentTable.columns,
        Column("undo", gettext_lazy("Undo"), lambda r: "", render=_undo),
    )


def _data_class(deletion: Deletion) -> str:
    return name_of(deletion.data_class)


class DeletionTable(Table[Deletion]):
    """What was deleted when its day had come."""

    name = "deletions"
    caption = gettext_lazy("Deletions")
    empty = gettext_lazy("Nothing has been deleted yet.")
    columns = (
        Column("at", gettext_lazy("When"), "at", kind="moment", sort="at"),
        Column("class", gettext_lazy("Class of data"), _data_class, sort="data_class"),
        Column("count", gettext_lazy("How many"), "count", kind="number", sort="count"),
    )
    order = "-at"
