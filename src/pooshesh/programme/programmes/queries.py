"""Reads of programmes. What a programme is, everybody may know; its neighbourhoods are scoped."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.places.models import Area, AreaSetMember, SetKind
from pooshesh.programme.campaign.figures import Share
from pooshesh.programme.counts.models import AreaCount
from pooshesh.programme.models import Campaign, CampaignState, Programme, ProgrammePlace

ENDED = (CampaignState.DONE, CampaignState.CLOSED)


def programmes() -> QuerySet[Programme]:
    """All programmes, by code."""
    return Programme.objects.order_by("code")


def programme(code: str) -> Programme | None:
    """The programme with a code."""
    return Programme.objects.filter(code=code).first()


def programmes_of(area: Area, on: dt.date | None = None) -> list[Programme]:
    """Programmes in which a neighbourhood takes part on a day; one statement."""
    day = on or timezone.localdate()
    places = ProgrammePlace.objects.filter(area=area, valid__contains=day)
    return list(Programme.objects.filter(id__in=places.values("programme_id")).order_by("code"))


def members(reach: Reach, one: Programme, on: dt.date | None = None) -> QuerySet[ProgrammePlace]:
    """Neighbourhoods of a programme on a day within reach, with sponsor, campaigns, other ones.

    Adds `sponsored`, `begun` (a campaign was made), `done` (one has a result), `others` (how many
    other programmes it is in).
    """
    day = on or timezone.localdate()
    campaigns = Campaign.objects.filter(area=OuterRef("area"))
    sponsors = AreaSetMember.objects.on(day).filter(area=OuterRef("area"), kind=SetKind.SPONSOR)
    rows = ProgrammePlace.objects.filter(programme=one, valid__contains=day)
    return (
        reach.limit(rows, path="area__path", province="area__province")
        .select_related("area", "area__parent")
        .annotate(
            sponsored=Exists(sponsors),
            begun=Exists(campaigns),
            done=Exists(campaigns.filter(state__in=ENDED)),
            registered=Exists(AreaCount.objects.filter(area=OuterRef("area"), persons__gt=0)),
        )
        .order_by("area__sort_key", "area__code")
    )


#: The steps of a programme's meter, to narrow its neighbourhoods to.
STEPS = {
    "sponsored": Q(sponsored=True), "unsponsored": Q(sponsored=False), "begun": Q(begun=True),
    "done": Q(done=True),
}  # fmt: skip
STEP_NAMES = {
    "sponsored": _("With a sponsor"), "unsponsored": _("Without a sponsor"),
    "begun": _("Campaign made"), "done": _("Campaign has a result"),
}  # fmt: skip


def also_in(rows: QuerySet[ProgrammePlace], code: str) -> QuerySet[ProgrammePlace]:
    """Those of `members` that are in another programme today too."""
    others = ProgrammePlace.objects.filter(
        programme__code=code, area=OuterRef("area"), valid__contains=timezone.localdate()
    )
    return rows.filter(Exists(others))


@dataclass(frozen=True)
class Meter:
    """How complete a programme is; unit: neighbourhood. Each step is a part of the one before."""

    declared: int | None
    registered: int  # named as neighbourhoods of the programme
    sponsored: int
    begun: int  # with a campaign
    done: int  # with a campaign that has a result

    @property
    def missing(self) -> int | None:
        """Declared and not registered; negative where more are registered."""
        return None if self.declared is None else self.declared - self.registered

    def steps(self) -> list[int]:
        return [self.registered, self.sponsored, self.begun, self.done]

    @property
    def whole(self) -> Share:
        """With a result, of what was declared, or else of what is registered."""
        return Share(self.done, self.declared or self.registered)


def meter(reach: Reach, one: Programme, on: dt.date | None = None) -> Meter:
    """The meter of a programme within reach; what was declared is told only for the nation."""
    found = members(reach, one, on).aggregate(
        all=Count("id"), with_sponsor=Count("id", filter=Q(sponsored=True)),
        with_campaign=Count("id", filter=Q(begun=True)),
        with_result=Count("id", filter=Q(done=True)),
    )  # fmt: skip
    declared = one.declared_neighbourhoods if reach.everywhere else None
    return Meter(
        declared, found["all"], found["with_sponsor"], found["with_campaign"],
        found["with_result"],
    )  # fmt: skip


@dataclass(frozen=True)
class Province:
    """What a programme has in one province; unit: neighbourhood."""

    code: str
    registered: int
    sponsored: int
    done: int


def by_province(reach: Reach, one: Programme, on: dt.date | None = None) -> list[Province]:
    """Neighbourhoods of a programme by statistical code of their province."""
    rows = (
        members(reach, one, on)
        .order_by()
        .values(province=F("area__province"))
        .annotate(
            number=Count("id"), with_sponsor=Count("id", filter=Q(sponsored=True)),
            with_result=Count("id", filter=Q(done=True)),
        )
        .order_by("-number", "province")
    )  # fmt: skip
    return [
        Province(row["province"], row["number"], row["with_sponsor"], row["with_result"])
        for row in rows
    ]


@dataclass(frozen=True)
class Overlap:
    """Neighbourhoods that are in two programmes on a day."""

    first: Programme
    second: Programme
    neighbourhoods: int


def overlaps(reach: Reach, on: dt.date | None = None) -> list[Overlap]:
    """Pairs of programmes that share neighbourhoods within reach; two statements."""
    day = on or timezone.localdate()
    rows = ProgrammePlace.objects.filter(valid__contains=day)
    found: dict[object, set[object]] = {}
    for programme_id, area_id in reach.limit(
        rows, path="area__path", province="area__province"
    ).values_list("programme_id", "area_id"):
        found.setdefault(programme_id, set()).add(area_id)
    known = [one for one in programmes() if one.id in found]
    return [
        Overlap(first, second, shared)
        for place, first in enumerate(known)
        for second in known[place + 1 :]
        if (shared := len(found[first.id] & found[second.id]))
    ]
