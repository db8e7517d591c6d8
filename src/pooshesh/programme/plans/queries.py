"""Reads of plans, scoped. A plan shows in it only the neighbourhoods within the viewer's area."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from pooshesh.access.models import Grant, User
from pooshesh.access.queries import countable, visible
from pooshesh.access.roles import ROLES
from pooshesh.kernel.money import Rial
from pooshesh.places.models import Area, AreaSetMember
from pooshesh.programme.counts.models import CampaignCount
from pooshesh.programme.models import Campaign
from pooshesh.programme.plans.models import Cost, Plan, PlanPlace, PlanState, PlanWorker
from pooshesh.programme.queries import READ, RUN

#: What somebody must be allowed who works on a plan: one of these.
WORK = frozenset({"campaign.run", "worklist.work", "census.collect"})


def plans(user: User) -> QuerySet[Plan]:
    """Plans of the viewer's area, or with a neighbourhood in it, newest first."""
    rows = Plan.objects.select_related("area").order_by("-created_at")
    reach = countable(user, READ)
    if reach.everywhere:
        return rows
    within = reach.limit(PlanPlace.objects.filter(plan=OuterRef("pk")))
    return rows.filter(reach.q() | Q(Exists(within)))


def changeable(user: User) -> QuerySet[Plan]:
    """Plans whose whole area lies where the viewer may run campaigns."""
    return visible(user, RUN).limit(Plan.objects.select_related("area"))


def places(user: User, plan: Plan) -> QuerySet[PlanPlace]:
    """The neighbourhoods of a plan within the viewer's area, with a name to sort by."""
    rows = PlanPlace.objects.filter(plan=plan).select_related("area")
    return countable(user, READ).limit(rows).order_by("area__sort_key", "area__code")


def place(user: User, plan: Plan, code: str) -> PlanPlace | None:
    """One neighbourhood of a plan by its code."""
    return places(user, plan).filter(area__code=code).first()


def campaigns_of(user: User, plan: Plan) -> QuerySet[Campaign]:
    """The campaigns of a plan within the viewer's area."""
    return countable(user, READ).limit(Campaign.objects.filter(plan=plan))


def under_way(user: User) -> QuerySet[Plan]:
    """Plans the viewer leads or works on that are under way."""
    mine = PlanWorker.objects.filter(plan=OuterRef("pk"), user_id=user.id)
    return plans(user).filter(Q(leader=user.id) | Q(Exists(mine)), state=PlanState.OPEN)


def candidates(area: Area, permissions: Iterable[str]) -> QuerySet[User]:
    """Active users whose role allows one of these somewhere in an area, or over it, by name.

    Who has it over a set of areas, such as a sponsor's, only where one of these lies there.
    """
    roles = [r.code for r in ROLES.values() if r.permissions & set(permissions)]
    parts = area.path.split(".")
    above = [".".join(parts[: n + 1]) for n in range(len(parts))]
    today = timezone.localdate()
    sets = AreaSetMember.objects.on(today).filter(
        Q(area__path__in=above) | Q(area__path__within=area.path)
    )
    grants = Grant.objects.filter(
        Q(area__path__in=above) | Q(area__path__within=area.path)
        | Q(area_set__in=sets.values("area_set")),
        user=OuterRef("pk"), role__in=roles, valid__contains=today, counts_only=False,
    )  # fmt: skip
    return User.objects.filter(Exists(grants), is_active=True).order_by("full_name", "username")


@dataclass(frozen=True)
class People:
    """Who leads a plan and who works on it, by name."""

    leader: str
    workers: list[str]


def people_of(plan: Plan) -> People:
    """Names of leader and workers."""
    ids = worker_ids(plan)
    names = {
        user.id: str(user)
        for user in User.objects.filter(id__in={i for i in (plan.leader, *ids) if i})
    }
    leader = names.get(plan.leader, "") if plan.leader else ""
    return People(leader, sorted(names[i] for i in ids if i in names))


def worker_ids(plan: Plan) -> list[UUID]:
    """Users who work on a plan."""
    return list(PlanWorker.objects.filter(plan=plan).values_list("user_id", flat=True))


def costs(of: Plan | Campaign) -> QuerySet[Cost]:
    """Everything written down as spent on a plan as a whole or on one campaign, newest first."""
    mine = Q(plan=of) if isinstance(of, Plan) else Q(campaign=of)
    return Cost.objects.filter(mine).order_by("-on", "-at")


def spent(rows: QuerySet[Cost]) -> Rial:
    """What stands of costs."""
    total = rows.filter(withdrawn_at=None).aggregate(total=Sum("amount"))["total"]
    return Rial(int(total or 0))


def spent_on(user: User, plan: Plan) -> Rial:
    """What a plan has cost: as a whole, and its campaigns within the viewer's area."""
    mine = Q(plan=plan) | Q(campaign__in=campaigns_of(user, plan).values("id"))
    return spent(Cost.objects.filter(mine))


def names_of(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of users by id."""
    return {user.id: str(user) for user in User.objects.filter(id__in={i for i in ids if i})}


def listed(user: User) -> QuerySet[Plan]:
    """`plans`, with `places` (neighbourhoods) and `insured` (persons) within the viewer's area."""
    reach = countable(user, READ)
    held = reach.limit(PlanPlace.objects.filter(plan=OuterRef("pk"))).order_by()
    counts = CampaignCount.objects.filter(campaign__plan=OuterRef("pk"))
    given = reach.limit(counts, area="campaign__area_id").order_by()
    return plans(user).annotate(
        places=Coalesce(Subquery(held.values("plan").annotate(n=Count("id")).values("n")), 0),
        insured=Coalesce(
            Subquery(given.values("campaign__plan").annotate(n=Sum("enrolled")).values("n")), 0
        ),
    )


def listed_places(user: User, plan: Plan) -> QuerySet[PlanPlace]:
    """`places`, each with the newest `campaign` of the plan there, its state and counts."""
    newest = Campaign.objects.filter(plan=plan, area=OuterRef("area")).order_by(
        "-on", "-created_at"
    )
    return places(user, plan).annotate(
        campaign=Subquery(newest.values("id")[:1]),
        campaign_state=Subquery(newest.values("state")[:1]),
        residents=Subquery(newest.values("count__residents")[:1]),
        enrolled=Subquery(newest.values("count__enrolled")[:1]),
    )


def cost_to_withdraw(user: User, cost_id: UUID) -> Cost | None:
    """A cost in the area where the viewer may run campaigns."""
    return visible(user, RUN).limit(Cost.objects.filter(id=cost_id)).first()
