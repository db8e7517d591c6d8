"""Reads of neighbourhoods, limited to what the viewer may see."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.queries import countable, visible
from pooshesh.access.reach import Reach
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Kind, grade
from pooshesh.kernel.money import Rial
from pooshesh.neighbourhoods import needs
from pooshesh.neighbourhoods.models import Assessment, AssessmentState, Benefit, BenefitKind
from pooshesh.neighbourhoods.scorecard import Card
from pooshesh.network.models import OPEN as GAP_OPEN
from pooshesh.network.models import Gap, GapState
from pooshesh.partners.models import Organisation, Task, TaskState
from pooshesh.partners.queries import organisations_of
from pooshesh.partners.task_queries import promises_kept
from pooshesh.people.merged import survivors
from pooshesh.people.models import Household, Identifier, Membership
from pooshesh.places.models import Area, AreaKind, AreaSet, AreaSetMember, SetKind, in_language
from pooshesh.places.queries import with_facts
from pooshesh.programme.campaign.figures import Share
from pooshesh.programme.counts.models import AreaCount, CampaignCount
from pooshesh.programme.counts.queries import by_sponsor
from pooshesh.programme.models import Campaign, Programme, ProgrammePlace
from pooshesh.programme.queries import READ

WRITE = "neighbourhoods.write"
NEAR = dt.timedelta(days=30)  # two benefits of one kind to a household within this are looked at

# --- console ------------------------------------------------------------


def console(user: User, programme: Programme | None, on: dt.date | None = None) -> QuerySet[Any]:
    """Neighbourhoods whose figures the viewer may see, each with what the console tells of it.

    Adds to `places.queries.with_facts`: `persons`, `ours`, `uncovered` (registered persons),
    `campaign_state`, `uninsured` (persons, before the newest campaign), `enrolled`, `open_gaps`,
    `late_tasks`, `assessed` (day), `severe` (questions), `helped` (households).
    """
    day = on or timezone.localdate()
    rows = Area.objects.filter(kind=AreaKind.NEIGHBOURHOOD, valid__contains=day)
    if programme:
        places = ProgrammePlace.objects.filter(programme=programme, valid__contains=day)
        rows = rows.filter(pk__in=places.values("area_id"))
    rows = countable(user, READ).limit(rows, path="path", area="id")
    here = AreaCount.objects.filter(area=OuterRef("pk"))
    newest = Campaign.objects.filter(area=OuterRef("pk")).order_by("-on", "-created_at")
    counts = CampaignCount.objects.filter(campaign__area=OuterRef("pk")).order_by(
        "-campaign__on", "-campaign__created_at"
    )
    gaps = Gap.objects.filter(area=OuterRef("pk"), state__in=GAP_OPEN)
    late = Task.objects.filter(
        area=OuterRef("pk"), due__lt=day, state__in=[TaskState.SENT, TaskState.ACCEPTED]
    )
    looked = _shown_assessments().filter(area=OuterRef("pk")).order_by("-on", "-made_at")
    given = Benefit.objects.filter(area=OuterRef("pk"), undone_at=None)
    return with_facts(rows, day).annotate(
        persons=Subquery(here.values("persons")[:1]),
        ours=Subquery(here.values("ours")[:1]),
        uncovered=Subquery(
            here.annotate(n=F("persons") - F("ours") - F("elsewhere")).values("n")[:1]
        ),
        campaign_state=Subquery(newest.values("state")[:1]),
        uninsured=Subquery(counts.values("uninsured")[:1]),
        enrolled=Subquery(counts.values("enrolled")[:1]),
        open_gaps=_number(gaps),
        late_tasks=_number(late),
        assessed=Subquery(looked.values("on")[:1]),
        severe=Subquery(looked.values("worst")[:1]),
        helped=_number(given, Count("household", distinct=True)),
    )


def _number(rows: QuerySet, what: Count | None = None) -> Coalesce:  # type: ignore[type-arg]
    counted = rows.order_by().values("area").annotate(n=what or Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


NARROW = {
    "sponsored": Q(sponsor__isnull=False),
    "nobody": Q(sponsor=None),
    "no_campaign": Q(campaign_state=None),
    "late": Q(late_tasks__gt=0),
    "gaps": Q(open_gaps__gt=0),
    "not_assessed": Q(assessed=None),
}


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the neighbourhoods of a list; persons unless said otherwise."""

    neighbourhoods: int
    sponsored: int  # neighbourhoods
    with_campaign: int  # neighbourhoods
    persons: int
    uncovered: int
    uninsured: int
    enrolled: int
    open_gaps: int
    late_tasks: int
    assessed: int  # neighbourhoods


def totals(rows: QuerySet[Any]) -> Totals:
    """The sums of a list of the console; 1 statement."""
    found = rows.order_by().aggregate(
        n_all=Count("pk"),
        n_sponsored=Count("pk", filter=Q(sponsor__isnull=False)),
        n_campaign=Count("pk", filter=Q(campaign_state__isnull=False)),
        n_persons=Sum("persons"),
        n_uncovered=Sum("uncovered"),
        n_uninsured=Sum("uninsured"),
        n_enrolled=Sum("enrolled"),
        n_gaps=Sum("open_gaps"),
        n_late=Sum("late_tasks"),
        n_assessed=Count("pk", filter=Q(assessed__isnull=False)),
    )
    return Totals(*(value or 0 for value in found.values()))


# --- scorecards ------------------------------------------------------------


def scorecards(user: User, since: dt.date, until: dt.date) -> list[Card]:
    """A card for each sponsor that answers for a neighbourhood within the viewer's reach, or did
    something there, for the days [since, until); a fixed number of statements."""
    reach, today = countable(user, READ), timezone.localdate()
    work = {one.sponsor: one for one in by_sponsor(reach, since, until)}
    homes = _homes(reach, since, until)
    answers = dict(
        reach.limit(
            AreaSetMember.objects.on(today).filter(kind=SetKind.SPONSOR),
            path="area__path", province="area__province",
        )
        .values_list("area_set__code")
        .annotate(n=Count("area", distinct=True))
        .order_by()
    )  # fmt: skip
    promises, gaps = promises_kept(since, until), _gaps_in_time(reach, since, until)
    cards = []
    sponsors = AreaSet.objects.filter(kind=SetKind.SPONSOR).order_by("name_fa")
    organisations = {
        o.area_set_id: o.pk for o in Organisation.objects.filter(area_set__in=sponsors)
    }
    for sponsor in sponsors:
        done, held = work.get(sponsor.code), answers.get(sponsor.code, 0)
        if not (done or held):
            continue
        uninsured, enrolled, households, days = homes.get(sponsor.code, (0, 0, 0, 0))
        organisation = organisations.get(sponsor.pk)
        kept = promises.get(organisation) if organisation else None
        cards.append(
            Card(
                sponsor.code, str(sponsor), held, done.campaigns if done else 0,
                done.insured if done else 0, Share(min(enrolled, uninsured), uninsured),
                done.cost if done else Rial(0), days, households,
                gaps.get(organisation, Share(0, 0)) if organisation else Share(0, 0),
                Share(kept.part, kept.whole) if kept else Share(0, 0),
            )
        )  # fmt: skip
    return cards


def _homes(reach: Reach, since: dt.date, until: dt.date) -> dict[str, tuple[int, int, int, int]]:
    """Sponsor → (found uninsured, of them insured, households covered, days until then) of the
    newest campaign of each neighbourhood that ran in these days."""
    within = reach.limit(Campaign.objects.filter(ran_at__date__gte=since, ran_at__date__lt=until))
    newest = within.order_by("area_id", "-on", "-created_at").distinct("area_id").values("pk")
    rows = (
        CampaignCount.objects.filter(campaign__in=newest)
        .values("campaign__sponsor__code")
        .annotate(
            bare=Sum("uninsured"), given=Sum("enrolled"), homes=Sum("households_enrolled"),
            days=Sum("household_days"),
        )
        .order_by()
    )  # fmt: skip
    return {
        row["campaign__sponsor__code"]: (row["bare"], row["given"], row["homes"], row["days"])
        for row in rows
    }


def _gaps_in_time(reach: Reach, since: dt.date, until: dt.date) -> dict[UUID | None, Share]:
    """Owner → gaps closed by their day, of those whose day fell in the time."""
    due = reach.limit(
        Gap.objects.filter(deadline__gte=since, deadline__lt=until, owner__isnull=False)
    )
    rows = (
        due.values("owner")
        .annotate(
            whole=Count("pk"),
            part=Count("pk", filter=Q(state=GapState.CLOSED, closed_at__date__lte=F("deadline"))),
        )
        .order_by()
    )
    return {row["owner"]: Share(row["part"], row["whole"]) for row in rows}


# --- needs ------------------------------------------------------------


def _shown_assessments() -> QuerySet[Assessment]:
    """What counts as known: submitted or confirmed."""
    return Assessment.objects.exclude(state=AssessmentState.DRAFT)


def assessments(viewer: User) -> QuerySet[Assessment]:
    """Assessments in the viewer's area: drafts only their own."""
    who = User.objects.filter(pk=OuterRef("actor")).values("full_name")[:1]
    rows = Assessment.objects.select_related("area").annotate(who=Subquery(who))
    mine = rows.exclude(~Q(actor=viewer.pk), state=AssessmentState.DRAFT)
    return visible(viewer, WRITE).limit(mine)


def assessment(viewer: User, assessment_id: UUID) -> Assessment | None:
    """One assessment in the viewer's area."""
    return assessments(viewer).filter(pk=assessment_id).first()


def earlier(one: Assessment) -> Assessment | None:
    """What was known of the neighbourhood before."""
    rows = _shown_assessments().filter(area=one.area, on__lt=one.on)
    return rows.order_by("-on", "-made_at").first()


def ranked_needs(user: User, within: Area | None = None) -> list[needs.Need]:
    """Severe needs over the newest assessment of each neighbourhood; 1 statement."""
    rows = countable(user, READ).limit(_shown_assessments())
    if within:
        rows = rows.filter(area_path__within=within.path)
    newest = rows.order_by("area_id", "-on", "-made_at").distinct("area_id")
    return needs.ranked(newest.values_list("answers", flat=True))


# --- benefits ------------------------------------------------------------


def kinds() -> QuerySet[BenefitKind]:
    """Every kind of benefit, by its Persian name."""
    return BenefitKind.objects.order_by("name_fa")


def givers(viewer: User) -> QuerySet[Organisation]:
    """In whose name the viewer records benefits: their own organisations; for the nation, any."""
    if visible(viewer, WRITE).everywhere:
        return Organisation.objects.order_by("name_fa")
    return organisations_of(viewer).order_by("name_fa")


def benefits(viewer: User) -> QuerySet[Any]:
    """Benefits in the viewer's area, each with `twice`: the household got the same kind near it."""
    other = Benefit.objects.filter(
        household=OuterRef("household"), kind=OuterRef("kind"), undone_at=None,
        on__gte=OuterRef("on") - NEAR, on__lte=OuterRef("on") + NEAR,
    ).exclude(pk=OuterRef("pk"))  # fmt: skip
    rows = Benefit.objects.select_related("area", "kind", "organisation")
    return visible(viewer, WRITE).limit(rows.annotate(twice=Exists(other)))


def benefit(viewer: User, benefit_id: UUID) -> Benefit | None:
    """One benefit in the viewer's area."""
    found: Benefit | None = benefits(viewer).filter(pk=benefit_id).first()
    return found


def of_household(viewer: User, household: Household) -> list[Benefit] | None:
    """What a household was given; None for who may not know of benefits there."""
    if not visible(viewer, WRITE).covers(household.area_path, household.area_id):
        return None
    return list(benefits(viewer).filter(household=household).order_by("-on", "-at"))


@dataclass(frozen=True, slots=True)
class Helped:
    """Benefits of an area, of one kind."""

    kind: str
    benefits: int  # benefits
    households: int  # households
    amount: Rial


def helped(user: User, area: Area | None = None) -> list[Helped]:
    """What was given, by kind; figures of the viewer's area."""
    rows = countable(user, READ).limit(Benefit.objects.filter(undone_at=None))
    if area:
        rows = rows.filter(area_path__within=area.path)
    counted = (
        rows.values(name=F(f"kind__{in_language('name')}"))
        .annotate(n=Count("pk"), homes=Count("household", distinct=True), paid=Sum("amount"))
        .order_by("-n")
    )
    return [Helped(r["name"], r["n"], r["homes"], Rial(int(r["paid"] or 0))) for r in counted]


def households_of(reach: Reach, numbers: Iterable[str]) -> dict[str, Household]:
    """Number as typed → the household within reach in which somebody holds it; 4 statements.

    Numbers that two households hold are left out: nobody's is guessed.
    """
    keys, typed = keyring(), list(dict.fromkeys(numbers))
    blind_of: dict[bytes, set[str]] = {}
    for text in typed:
        for kind in (Kind.NATIONAL_ID, Kind.FOREIGN_CODE):
            if value := grade(kind, text).value:
                for index in keys.indexes(value, kind):
                    blind_of.setdefault(index, set()).add(text)
    held = list(
        Identifier.objects.filter(blind__in=list(blind_of), replaced_at=None).values_list(
            "blind", "person_id"
        )
    )
    stands = survivors([person for _blind, person in held])
    homes = _homes_of(reach, [stands.get(person, person) for _blind, person in held])
    found: dict[str, set[UUID]] = {}
    for blind, person in held:
        home = homes.get(stands.get(person, person))
        for text in blind_of[bytes(blind)] if home else ():
            found.setdefault(text, set()).add(home.pk)  # type: ignore[union-attr]
    known = {home.pk: home for home in homes.values()}
    return {text: known[ids.pop()] for text, ids in found.items() if len(ids) == 1}


def _homes_of(reach: Reach, persons: Sequence[UUID]) -> dict[UUID, Household]:
    rows = Membership.objects.on(timezone.localdate()).filter(person_id__in=persons)
    lived = dict(rows.values_list("person_id", "household_id"))
    homes = reach.limit(Household.objects.filter(pk__in=lived.values())).in_bulk()
    return {person: homes[home] for person, home in lived.items() if home in homes}
