"""The figures of a campaign, from its rows as they are now: one source for page, JSON and report.

Unit: person, unless the name says otherwise; a duplicate row is not a person. "Uninsured" always
means: on none of the rolls that were searched.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncDate

from pooshesh.coverage.models import Source, Spell
from pooshesh.people.linkage.accuracy import wilson
from pooshesh.people.merged import survivors
from pooshesh.programme.campaign.decide import COVERED, UNBORN
from pooshesh.programme.models import Campaign, CampaignRow, Match, WorkItem, WorkState


@dataclass(frozen=True)
class Share:
    """A share with what it is made of."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % score interval; None for a share of nothing."""
        return wilson(self.part, self.whole) if self.whole else None


@dataclass(frozen=True)
class Measure:
    """A share of residents whose match is certain, and its bounds by those under review."""

    share: Share
    low: Share
    high: Share


@dataclass(frozen=True)
class Figures:
    """Everything a campaign reports. `insured_before` and the like count persons by code."""

    rows: int
    residents: int
    duplicate_rows: int
    not_resident_then: int  # born after the day of the campaign; no residents
    not_resident_then_rows: int  # the rows of these persons, duplicates included; unit: row
    insured_before: Mapping[str, int]  # insurer
    uninsured: int
    review: int
    covered_otherwise: int  # by this insurer, on none of the rolls and not by this campaign
    decisions: Mapping[str, int]
    enrolled: Mapping[str, int]  # scheme
    enrolled_by_day: Mapping[str, int]  # ISO day
    work_open: Mapping[str, int]  # kind; unit: item
    work_done: Mapping[str, int]

    @property
    def insured(self) -> int:
        return sum(self.insured_before.values())

    @property
    def enrolled_total(self) -> int:
        return sum(self.enrolled.values())

    @property
    def open_total(self) -> int:
        return sum(self.work_open.values())

    @property
    def uninsured_share(self) -> Share:
        """Of the residents about whom it is known; those under review are in the bounds."""
        return Share(self.uninsured, self.uninsured + self.insured)

    @property
    def bounds(self) -> tuple[Share, Share]:
        """The share if all residents under review turn out insured, and if none does."""
        return (
            Share(self.uninsured, self.residents),
            Share(self.uninsured + self.review, self.residents),
        )

    @property
    def covered_before(self) -> int:
        """Residents with cover without the campaign: on a roll, or by another campaign."""
        return self.insured + self.covered_otherwise

    @property
    def covered_after(self) -> int:
        """Residents with cover once the campaign's enrolments count."""
        return self.covered_before + self.enrolled_total

    @property
    def bare_before(self) -> int:
        """Residents without cover before the campaign; who is under review is in neither."""
        return self.residents - self.review - self.covered_before

    @property
    def bare_after(self) -> int:
        """Residents still without cover once the campaign's enrolments count."""
        return self.residents - self.review - self.covered_after

    @property
    def before(self) -> "Measure":
        """Residents without cover before the campaign."""
        return self._bare(self.bare_before)

    @property
    def after(self) -> "Measure":
        """Residents without cover once the campaign's enrolments count."""
        return self._bare(self.bare_after)

    def _bare(self, part: int) -> "Measure":
        return Measure(
            Share(part, self.residents - self.review),
            Share(part, self.residents),
            Share(part + self.review, self.residents),
        )


def figures(campaign: Campaign) -> Figures:
    """Count the rows, enrolments and worklists of a campaign. Six queries, seven with merges."""
    again = _counted_again(campaign)
    matches: Counter[str] = Counter()
    insurers: Counter[str] = Counter()
    decisions: Counter[str] = Counter()
    unborn = unborn_rows = 0
    for match, roll, decision, rows, count in (
        CampaignRow.objects.filter(campaign=campaign)
        .values_list("match", "roll", "decision")
        .annotate(rows=Count("id"), count=Count("id", filter=~Q(id__in=again)))
        .order_by()
    ):
        if decision == UNBORN:
            unborn_rows += rows
        if decision == UNBORN and match != Match.DUPLICATE:
            unborn += count
            continue
        matches[match] += count
        if match == Match.INSURED:
            insurers[roll] += count
        if match != Match.DUPLICATE:
            decisions[decision] += count
    matches[Match.DUPLICATE] += len(again)
    enrolled: Counter[str] = Counter()
    days: Counter[str] = Counter()
    enrolments = (
        Spell.objects.known()
        .filter(campaign_id=campaign.id, source=Source.ENROLMENT)
        .exclude(person_id__in=again.values())
    )
    for scheme, day, count in (
        enrolments.annotate(day=TruncDate("recorded__startswith"))
        .values_list("scheme", "day")
        .annotate(count=Count("id"))
        .order_by()
    ):
        enrolled[scheme] += count
        days[day.isoformat()] += count
    work: dict[str, Counter[str]] = {state: Counter() for state in WorkState.values}
    for kind, state, count in (
        WorkItem.objects.filter(campaign=campaign)
        .values_list("kind", "state")
        .annotate(count=Count("id"))
        .order_by()
    ):
        work[state][kind] += count
    otherwise = (
        CampaignRow.objects.filter(campaign=campaign, decision=COVERED)
        .exclude(match__in=[Match.INSURED, Match.DUPLICATE])
        .exclude(id__in=again)
        .exclude(person_id__in=enrolments.values("person_id"))
    )
    return Figures(
        rows=matches.total() + unborn,
        residents=matches.total() - matches[Match.DUPLICATE],
        duplicate_rows=matches[Match.DUPLICATE],
        not_resident_then=unborn,
        not_resident_then_rows=unborn_rows,
        insured_before=_sorted(insurers),
        uninsured=matches[Match.UNINSURED],
        review=matches[Match.REVIEW],
        covered_otherwise=otherwise.count(),
        decisions=_sorted(decisions),
        enrolled=_sorted(enrolled),
        enrolled_by_day=_sorted(days),
        work_open=_sorted(work[WorkState.OPEN]),
        work_done=_sorted(work[WorkState.DONE]),
    )


def _counted_again(campaign: Campaign) -> dict[int, UUID]:
    """Rows (id → person) of residents who stand on another row too, as their records were merged.

    Of the rows of one person counts the one that was enrolled, else the first.
    """
    rows = CampaignRow.objects.filter(campaign=campaign).exclude(match=Match.DUPLICATE)
    stands = survivors(rows.values("person_id"))
    if not stands:
        return {}
    theirs = rows.filter(person_id__in={*stands, *stands.values()})
    spells = Spell.objects.known().filter(
        campaign_id=campaign.id, source=Source.ENROLMENT, person=OuterRef("person")
    )
    ordered = theirs.annotate(enrolled=Exists(spells)).order_by("-enrolled", "census_row")
    counted: set[UUID] = set()
    again: dict[int, UUID] = {}
    for row, person in ordered.values_list("id", "person_id"):
        human = stands.get(person, person)
        if human in counted:
            again[row] = person
        counted.add(human)
    return again


def _sorted(counts: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(counts.items()))
