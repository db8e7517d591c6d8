"""The table of the national board."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from pooshesh.kernel.money import Rial
from pooshesh.kernel.text import search_key
from pooshesh.programme.models import Campaign, CampaignState
from pooshesh.programme.plans.money import per_person
from pooshesh.web.format import percent
from pooshesh.web.table import Column, Table


def _link(row: Any) -> SafeString:
    address = reverse("programme:campaign", args=[row.id])
    return format_html('<a href="{}">{}</a>', address, row.area)


def _count(row: Any, field: str) -> int | None:
    count = getattr(row, "count", None)
    return None if count is None else getattr(count, field)


def _bare(row: Any) -> str | None:
    return None if row.bare is None else percent(row.bare)


def _per_day(row: Any) -> int | None:
    enrolled = _count(row, "enrolled")
    return round(enrolled / row.working_days) if enrolled and row.working_days else None


def _cost(row: Any) -> Rial | None:
    return None if row.cost is None else Rial(int(row.cost))


def _each(row: Any) -> Rial | None:
    cost = _cost(row)
    return per_person(cost, _count(row, "enrolled") or 0) if cost else None


def idle(row: Any) -> int:
    """Whole days since anything happened."""
    return int((timezone.now() - row.stepped).days)


class BoardTable(Table[Campaign]):
    """Every campaign with its figures, those longest without a step first."""

    name = "board"
    caption = gettext_lazy("Board of campaigns")
    empty = gettext_lazy("No campaign fits what was asked for.")
    search_label = gettext_lazy("Search neighbourhoods")
    columns = (
        Column("area", gettext_lazy("Neighbourhood"), "area", sort="area__sort_key", render=_link),
        Column("code", gettext_lazy("Code"), "area.code", kind="id", sort="area__code",
               hidden=True),
        Column("sponsor", gettext_lazy("Sponsor"), "sponsor", sort="sponsor__name_fa"),
        Column("plan", gettext_lazy("Plan"), "plan", sort="plan__name", hidden=True),
        Column("state", gettext_lazy("State"), lambda c: CampaignState(c.state), kind="state",
               sort="state"),
        Column("on", gettext_lazy("Day"), "on", kind="date", sort="on", hidden=True),
        Column("residents", gettext_lazy("Residents"), lambda c: _count(c, "residents"),
               kind="number", sort="count__residents"),
        Column("bare", gettext_lazy("Without cover before"), _bare, sort="bare"),
        Column("insured", gettext_lazy("Insured"), lambda c: _count(c, "enrolled"), kind="number",
               sort="count__enrolled"),
        Column("per_day", gettext_lazy("Insured a working day"), _per_day, kind="number"),
        Column("review", gettext_lazy("Under review"), lambda c: _count(c, "review"),
               kind="number", sort="count__review", hidden=True),
        Column("open", gettext_lazy("Open items"), lambda c: _count(c, "work_open"),
               kind="number", sort="count__work_open"),
        Column("cost", gettext_lazy("Cost"), _cost, kind="money", sort="cost"),
        Column("each", gettext_lazy("Cost per insured person"), _each, kind="money", hidden=True),
        Column("idle", gettext_lazy("Days since the last step"), idle, kind="number",
               sort="stepped"),
    )  # fmt: skip
    order = "idle"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(area__search_key__contains=search_key(text))
