"""Reads of kept counts: of a neighbourhood, a sponsor, a plan, a programme, and the board.

Every function asks a fixed number of statements over kept rows, whatever the number of persons.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce, Greatest, NullIf

from pooshesh.access.models import User
from pooshesh.access.queries import countable
from pooshesh.access.reach import Reach
from pooshesh.kernel.money import Rial
from pooshesh.places.models import Area
from pooshesh.programme.campaign.figures import Share
from pooshesh.programme.counts.models import AreaCount, CampaignCount, CampaignDay
from pooshesh.programme.models import Campaign, CampaignState
from pooshesh.programme.plans.models import Cost
from pooshesh.programme.queries import READ, campaigns

ENDED = (CampaignState.DONE, CampaignState.CLOSED)


@dataclass(frozen=True)
class Cover:
    """Who is registered and covered in an area; persons. `day` and `counted_at` are the oldest."""

    neighbourhoods: int
    persons: int
    households: int  # households
    ours: int
    elsewhere: int
    day: dt.date | None
    counted_at: dt.datetime | None

    @property
    def uncovered(self) -> Share:
        """Registered persons of whom no cover is known."""
        return Share(self.persons - self.ours - self.elsewhere, self.persons)


def cover(reach: Reach, area: Area) -> Cover | None:
    """Of the counted neighbourhoods of an area within reach; None where none was counted."""
    rows = reach.limit(AreaCount.objects.filter(area_path__within=area.path))
    found: dict[str, Any] = rows.aggregate(
        neighbourhoods=Count("area_id"), people=Sum("persons"), homes=Sum("households"),
        by_us=Sum("ours"), by_others=Sum("elsewhere"), oldest=Min("day"), at=Min("counted_at"),
    )  # fmt: skip
    if not found["neighbourhoods"]:
        return None
    return Cover(
        found["neighbourhoods"], found["people"], found["homes"], found["by_us"],
        found["by_others"], found["oldest"], found["at"],
    )  # fmt: skip


@dataclass(frozen=True)
class Work:
    """What campaigns did together; persons unless said otherwise.

    Who lives there is told by the newest campaign of each neighbourhood, so that nobody counts
    twice; who was insured by all of them, as nobody is insured twice.
    """

    campaigns: int  # campaigns
    done: int  # campaigns
    neighbourhoods: int  # with a result
    residents: int
    insured: int  # before, on a roll
    uninsured: int  # before, on none
    review: int
    enrolled: int
    households_enrolled: int  # households
    household_days: int  # days
    work_open: int  # items

    @property
    def uninsured_share(self) -> Share:
        return Share(self.uninsured, self.uninsured + self.insured)

    @property
    def days_per_household(self) -> float | None:
        """Mean days from opening the campaign to cover."""
        return self.household_days / self.households_enrolled if self.households_enrolled else None


def work(rows: QuerySet[Campaign]) -> Work:
    """What these campaigns did. Two statements."""
    newest = (
        CampaignCount.objects.filter(campaign__in=rows.order_by().values("id"))
        .order_by("campaign__area_id", "-campaign__on", "-campaign__created_at")
        .distinct("campaign__area_id")
    )
    lives = CampaignCount.objects.filter(pk__in=newest.values("pk")).aggregate(
        neighbourhoods=Count("pk"), homes=Sum("residents"), before=Sum("insured"),
        bare=Sum("uninsured"), doubtful=Sum("review"),
    )  # fmt: skip
    done = rows.order_by().aggregate(
        campaigns=Count("id"), finished=Count("id", filter=Q(state__in=ENDED)),
        given=Sum("count__enrolled"), covered_homes=Sum("count__households_enrolled"),
        days=Sum("count__household_days"), waiting=Sum("count__work_open"),
    )  # fmt: skip
    return Work(
        done["campaigns"], done["finished"], lives["neighbourhoods"], lives["homes"] or 0,
        lives["before"] or 0, lives["bare"] or 0, lives["doubtful"] or 0, done["given"] or 0,
        done["covered_homes"] or 0, done["days"] or 0, done["waiting"] or 0,
    )  # fmt: skip


@dataclass(frozen=True)
class Day:
    """One working day; persons."""

    day: dt.date
    found: int
    insured: int


def days(rows: QuerySet[Campaign]) -> list[Day]:
    """What campaigns did on each day on which they did anything, oldest first."""
    counted = (
        CampaignDay.objects.filter(campaign__in=rows.order_by().values("id"))
        .values("day")
        .annotate(people=Sum("found"), given=Sum("insured"))
        .order_by("day")
    )
    return [Day(row["day"], row["people"], row["given"]) for row in counted]


def board(user: User) -> QuerySet[Campaign]:
    """Campaigns whose figures the viewer may see, with what the board tells of each.

    Adds `cost` (rial), `working_days` (days on which somebody was insured), `per_day` (persons) and
    `stepped` (when anything happened last).
    """
    mine = Cost.objects.filter(campaign=OuterRef("pk"), withdrawn_at=None)
    total = mine.order_by().values("campaign").annotate(total=Sum("amount")).values("total")
    insured = CampaignDay.objects.filter(campaign=OuterRef("pk"), insured__gt=0)
    number = insured.order_by().values("campaign").annotate(n=Count("id")).values("n")
    return (
        campaigns(user)
        .select_related("area", "sponsor", "plan", "count")
        .annotate(
            cost=Subquery(total, output_field=BigIntegerField()),
            working_days=Coalesce(Subquery(number), 0),
            stepped=Greatest("created_at", "ran_at", "closed_at", "count__stepped_at"),
        )
        .annotate(
            bare=F("count__uninsured")
            * 1.0
            / NullIf(F("count__uninsured") + F("count__insured"), 0)
        )
    )


@dataclass(frozen=True)
class SponsorWork:
    """What the campaigns of a sponsor did in a time; persons unless said otherwise."""

    sponsor: str  # code
    campaigns: int  # campaigns that did something
    found: int
    insured: int
    cost: Rial

    @property
    def cost_per_person(self) -> Rial | None:
        return Rial(self.cost.amount // self.insured) if self.insured else None


def by_sponsor(reach: Reach, since: dt.date, until: dt.date) -> list[SponsorWork]:
    """Work of the days [since, until) by the sponsor accountable on the day of each campaign."""
    within = reach.limit(Campaign.objects.order_by()).values("id")
    worked = (
        CampaignDay.objects.filter(campaign__in=within, day__gte=since, day__lt=until)
        .values("campaign__sponsor__code")
        .annotate(
            campaigns=Count("campaign", distinct=True), people=Sum("found"), given=Sum("insured")
        )
    )
    paid = dict(
        Cost.objects.filter(campaign__in=within, on__gte=since, on__lt=until, withdrawn_at=None)
        .values_list("campaign__sponsor__code")
        .annotate(total=Sum("amount"))
        .order_by()
    )
    found: dict[str, dict[str, Any]] = {
        row["campaign__sponsor__code"]: dict(row) for row in worked.order_by()
    }
    none = {"campaigns": 0, "people": 0, "given": 0}
    rows = {code: found.get(code, none) for code in sorted({*found, *paid})}
    return [
        SponsorWork(
            code, row["campaigns"], row["people"], row["given"], Rial(int(paid.get(code, 0)))
        )
        for code, row in rows.items()
    ]


def by_neighbourhood(reach: Reach) -> QuerySet[AreaCount]:
    """The count of each neighbourhood within reach, with its area."""
    return reach.limit(AreaCount.objects.select_related("area"))


def newest_campaigns(user: User, area: Area, limit: int) -> list[Campaign]:
    """The newest campaigns in an area with their counts; one statement."""
    rows = countable(user, READ).limit(Campaign.objects.filter(area_path__within=area.path))
    found = rows.select_related("area", "sponsor", "plan", "count").order_by("-on", "-created_at")
    return list(found[:limit])


def alone(campaign: Campaign) -> QuerySet[Campaign]:
    """One campaign as rows."""
    return Campaign.objects.filter(id=campaign.id)


def in_area(area: Area) -> QuerySet[Campaign]:
    """Campaigns in an area, for a reach to limit."""
    return Campaign.objects.filter(area_path__within=area.path)
