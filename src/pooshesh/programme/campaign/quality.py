"""How often the linkage errs, measured on the campaign's own rows.

Numbers are hidden from some whose answer the numbers told, and they are linked again. Pure but for
the job that keeps the result.

Half of the rows with a trusted number lose it (and the mobile that may carry it), as if they had
none; whatever is then found without it is compared with what the number says. So the errors are
known for those who get lost: people without a number.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import polars as pl
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.identifiers import Kind, grade
from pooshesh.kernel.jobs import Progress, job
from pooshesh.people.linkage.engine import link
from pooshesh.programme.campaign.figures import Share
from pooshesh.programme.models import Campaign, CampaignFile, CampaignState, FileRole

CITIZEN, FOREIGN = "citizen", "foreign"
GROUPS = {CITIZEN: _("Citizens without a number"), FOREIGN: _("Foreign nationals without a code")}
COLUMNS = {CITIZEN: ("national_id", Kind.NATIONAL_ID), FOREIGN: ("foreign_id", Kind.FOREIGN_CODE)}
HIDDEN = ("national_id", "foreign_id", "mobile")
MOST = 30_000  # rows of a census that are tried


@dataclass(frozen=True, slots=True)
class Errors:
    """Of one group: rows tried, those whose number stands on a roll, found, found rightly."""

    group: str
    tried: int
    on_roll: int
    linked: int
    right: int

    @property
    def recall(self) -> Share:
        """Of those on a roll, how many were found there."""
        return Share(self.right, self.on_roll)

    @property
    def precision(self) -> Share:
        """Of those found, how many rightly."""
        return Share(self.right, self.linked)

    @property
    def title(self) -> str:
        return str(GROUPS[self.group])


def measure(census: pl.DataFrame, rolls: Mapping[str, pl.DataFrame]) -> list[Errors]:
    """The errors by group; frames as `match` takes them. A group nobody is in is left out."""
    known = {
        group: _known(census, rolls, column, kind)
        for group, (column, kind) in COLUMNS.items()
        if column in census.columns
    }
    hidden = {row for rows in known.values() for row in rows}
    if not hidden or len(census) > MOST:
        return []
    lost = pl.col("row").is_in(list(hidden))
    blind = census.with_columns(
        pl.when(lost).then(None).otherwise(pl.col(name)).alias(name)
        for name in HIDDEN
        if name in census.columns
    )
    found = {
        row: (str(roll), int(at)) if roll is not None and at is not None else None
        for row, roll, at in link(blind, rolls).rows.select("row", "roll", "roll_row").iter_rows()
    }
    return [
        Errors(
            group, len(rows),
            sum(bool(places) for places in rows.values()),
            sum(found.get(row) is not None for row in rows),
            sum(found.get(row) in places for row, places in rows.items()),
        )
        for group, rows in known.items()
        if rows
    ]  # fmt: skip


def _known(
    census: pl.DataFrame, rolls: Mapping[str, pl.DataFrame], column: str, kind: Kind
) -> dict[int, set[tuple[str, int]]]:
    """Census row → where its trusted number stands on the rolls; of every second such number."""
    mine = {
        row: value
        for row, text in census.select("row", column).drop_nulls().iter_rows()
        if (value := _value(kind, text)) and _chosen(value)
    }
    wanted, places = set(mine.values()), dict[str, set[tuple[str, int]]]()
    for insurer, roll in rolls.items():
        if column not in roll.columns:
            continue
        for row, text in roll.select("row", column).drop_nulls().iter_rows():
            value = _value(kind, text)
            if value in wanted:
                places.setdefault(value, set()).add((insurer, row))
    return {row: places.get(value, set()) for row, value in mine.items()}


def _value(kind: Kind, text: str) -> str:
    read = grade(kind, text)
    return read.value if read.is_trusted else ""


def _chosen(value: str) -> bool:
    """Every second number, the same ones in every run."""
    return hashlib.sha256(value.encode()).digest()[0] % 2 == 0


@job("campaign.measure")
def keep(progress: Progress, campaign_id: str) -> dict[str, int]:
    """Measure on a campaign's own rows how often the linkage errs."""
    from pooshesh.programme.campaign.run import sheets

    campaign = Campaign.objects.select_related("area").get(id=UUID(campaign_id))
    gone = CampaignFile.objects.filter(campaign=campaign, deleted_at__isnull=False).exists()
    if gone or campaign.state != CampaignState.DONE:
        return {"tried": 0}
    read = {name: sheet.good() for name, sheet in sheets(campaign).items()}
    found = measure(read.pop(FileRole.CENSUS.value), read)
    Campaign.objects.filter(id=campaign.id).update(errors=[asdict(one) for one in found])
    return {"tried": sum(one.tried for one in found)}


def kept(campaign: Campaign) -> list[Errors]:
    """What was measured, by group; [] before."""
    rows: list[dict[str, Any]] = campaign.errors or []
    return [Errors(**row) for row in rows]
