"""The writes around plans: making and changing them, their neighbourhoods, states and costs."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.access.reach import Reach
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import Rial, words
from pooshesh.kernel.text import clean
from pooshesh.kernel.time import from_day
from pooshesh.places.models import Area, AreaKind
from pooshesh.places.queries import areas as areas_within
from pooshesh.programme.models import Campaign
from pooshesh.programme.plans.models import Cost, CostKind, Plan, PlanPlace, PlanState, PlanWorker
from pooshesh.programme.plans.money import meant
from pooshesh.programme.plans.states import PLAN
from pooshesh.web.format import language

SHORTEST_REASON = 10

explain(
    {
        "plan.order": gettext_noop(
            "The last day %(until)s lies before the first, %(since)s; expected it on or after it."
        ),
        "plan.budget": gettext_noop(
            "A budget of %(read)s for %(persons)s persons is far from what this costs; was"
            " %(meant)s meant? Correct it, or confirm that it is right."
        ),
        "plan.no_neighbourhood": gettext_noop(
            "These are no neighbourhoods within the area of the plan: %(read)s. Nothing was"
            " changed."
        ),
        "plan.taken": gettext_noop(
            "Some of these neighbourhoods are in another plan on these days: %(read)s. Nothing was"
            " changed."
        ),
        "plan.has_campaign": gettext_noop(
            "A campaign was made in %(read)s already; a neighbourhood is taken out only before."
        ),
        "plan.no_places": gettext_noop(
            "The plan has no neighbourhood yet; expected at least one before it begins."
        ),
        "plan.over": gettext_noop(
            "A plan in the state “%(state)s” is not changed; expected one that is a draft or under"
            " way."
        ),
        "plan.holds_days": gettext_noop(
            "Campaigns of the plan lie outside these days: %(read)s. Choose days that hold them."
        ),
        "cost.future": gettext_noop(
            "The day %(read)s lies after today; money is written down once it is spent."
        ),
        "cost.withdrawn": gettext_noop("This cost was withdrawn before."),
        "cost.reason": gettext_noop("Write the reason in at least %(least)s letters."),
    }
)


@dataclass(frozen=True, slots=True)
class Aim:
    """What a plan is to reach; `sure` says that the amount was confirmed."""

    name: str
    leader: UUID | None
    starts_on: dt.date
    ends_on: dt.date  # the last day
    persons: int
    budget: Rial | None
    workers: Collection[UUID] = ()
    sure: bool = False

    def fields(self) -> dict[str, object]:
        """The columns of `Plan`."""
        return {
            "name": clean(self.name), "leader": self.leader, "starts_on": self.starts_on,
            "ends_on": self.ends_on, "target_persons": self.persons,
            "budget": self.budget.amount if self.budget else None,
        }  # fmt: skip


@transaction.atomic
def make_plan(area: Area, aim: Aim, *, actor: UUID | None) -> Plan:
    """A draft of a plan within an area. Raises Invalid with a plan.* code."""
    _check(aim)
    plan = Plan.objects.create(
        area=area, area_path=area.path, province=area.province, actor=actor, **aim.fields()
    )
    _set_workers(plan, aim.workers)
    _record("plan.make", plan, actor, aim)
    return plan


@transaction.atomic
def change_plan(plan: Plan, aim: Aim, *, actor: UUID | None) -> Plan:
    """Set what a plan is to reach; its neighbourhoods follow its days. Raises Invalid."""
    _check(aim)
    plan = _changeable(plan)
    outside = Campaign.objects.filter(plan=plan).exclude(on__range=(aim.starts_on, aim.ends_on))
    if outside.exists():
        names = [str(one.area) for one in outside.select_related("area")[:10]]
        raise Invalid("plan.holds_days", read=tuple(names))
    Plan.objects.filter(id=plan.id).update(**aim.fields())
    try:
        with transaction.atomic():
            PlanPlace.objects.filter(plan=plan).update(valid=_days(aim.starts_on, aim.ends_on))
    except IntegrityError as error:
        raise Invalid("plan.taken", read=_taken(plan, aim.starts_on, aim.ends_on)) from error
    _set_workers(plan, aim.workers)
    _record("plan.change", plan, actor, aim)
    plan.refresh_from_db()
    return plan


@transaction.atomic
def add_places(plan: Plan, codes: Sequence[str], *, reach: Reach, actor: UUID | None) -> int:
    """Take neighbourhoods into a plan, all of a list or none; how many are new to it."""
    plan = _changeable(plan)
    wanted = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    rows = areas_within(reach, plan.starts_on).filter(
        kind=AreaKind.NEIGHBOURHOOD, code__in=wanted, path__within=plan.area_path
    )
    found = {area.code: area for area in rows}
    if missing := [code for code in wanted if code not in found]:
        raise Invalid("plan.no_neighbourhood", read=tuple(missing))
    there = set(PlanPlace.objects.filter(plan=plan).values_list("area_id", flat=True))
    new = [area for area in found.values() if area.id not in there]
    days = _days(plan.starts_on, plan.ends_on)
    try:
        with transaction.atomic():
            PlanPlace.objects.bulk_create(
                PlanPlace(
                    plan=plan, area=area, area_path=area.path, province=area.province, valid=days
                )
                for area in new
            )
    except IntegrityError as error:
        taken = PlanPlace.objects.filter(area__in=new, live=True, valid__overlap=days)
        names = tuple(str(one.area) for one in taken.select_related("area")[:10])
        raise Invalid("plan.taken", read=names) from error
    # A campaign of these days that was made before belongs to the plan from now on.
    Campaign.objects.filter(
        area__in=new, plan=None, on__range=(plan.starts_on, plan.ends_on)
    ).update(plan=plan)
    audit.record(
        "plan.add_places", actor=actor, kind="plan", object_id=plan.id,
        content={"areas": sorted(area.code for area in new)}, area_path=plan.area_path,
    )  # fmt: skip
    return len(new)


@transaction.atomic
def take_out(plan: Plan, area: Area, *, actor: UUID | None) -> None:
    """Take a neighbourhood out of a plan, unless a campaign was made there. Raises Invalid."""
    plan = _changeable(plan)
    if Campaign.objects.filter(plan=plan, area=area).exists():
        raise Invalid("plan.has_campaign", read=str(area))
    PlanPlace.objects.filter(plan=plan, area=area).delete()
    audit.record(
        "plan.take_out", actor=actor, kind="plan", object_id=plan.id,
        content={"area": area.code}, area_path=plan.area_path,
    )  # fmt: skip


@transaction.atomic
def move_plan(plan: Plan, verb: str, *, actor: UUID | None) -> Plan:
    """Begin, end, go on with or drop a plan. Raises Invalid where its state does not lead there."""
    plan = Plan.objects.select_for_update().get(id=plan.id)
    target = PLAN.next(plan.state, verb)
    if target == PlanState.OPEN and not PlanPlace.objects.filter(plan=plan).exists():
        raise Invalid("plan.no_places")
    Plan.objects.filter(id=plan.id).update(state=target, moved_at=timezone.now())
    if target == PlanState.DROPPED:
        PlanPlace.objects.filter(plan=plan).update(live=False)
    audit.record(
        "plan.move", actor=actor, kind="plan", object_id=plan.id,
        content={"verb": verb, "state": target}, area_path=plan.area_path,
    )  # fmt: skip
    plan.refresh_from_db()
    return plan


def plan_of(area: Area, on: dt.date) -> Plan | None:
    """The plan to which a campaign in a neighbourhood for a day belongs."""
    place = (
        PlanPlace.objects.filter(area=area, live=True, valid__contains=on)
        .select_related("plan")
        .first()
    )
    return place.plan if place else None


@transaction.atomic
def write_cost(
    of: Plan | Campaign, kind: CostKind | str, amount: Rial, on: dt.date, note: str, *,
    actor: UUID | None,
) -> Cost:  # fmt: skip
    """Write down money spent on a plan or a campaign. Raises Invalid for a day to come."""
    if on > timezone.localdate():
        raise Invalid("cost.future", read=on)
    cost = Cost.objects.create(
        plan=of if isinstance(of, Plan) else None,
        campaign=of if isinstance(of, Campaign) else None,
        area_id=of.area_id, area_path=of.area_path, province=of.province,
        kind=CostKind(kind), amount=amount.amount, on=on, note=clean(note)[:200], actor=actor,
    )  # fmt: skip
    audit.record(
        "cost.write", actor=actor, kind="cost", object_id=cost.id,
        content={"kind": cost.kind, "amount": cost.amount, "on": on, "of": str(of.id)},
        area_path=of.area_path,
    )  # fmt: skip
    return cost


@transaction.atomic
def withdraw_cost(cost: Cost, reason: str, *, actor: UUID | None) -> None:
    """Count a cost no longer; it stays with the reason. Of two at once one succeeds."""
    reason = clean(reason)
    if len(reason) < SHORTEST_REASON:
        raise Invalid("cost.reason", least=SHORTEST_REASON)
    changed = Cost.objects.filter(id=cost.id, withdrawn_at=None).update(
        withdrawn_at=timezone.now(), withdrawn_by=actor, reason=reason[:200]
    )
    if not changed:
        raise Invalid("cost.withdrawn")
    audit.record(
        "cost.withdraw", actor=actor, kind="cost", object_id=cost.id, purpose=reason,
        fields=["withdrawn_at"], area_path=cost.area_path,
    )  # fmt: skip


def _check(aim: Aim) -> None:
    if aim.ends_on < aim.starts_on:
        raise Invalid("plan.order", since=aim.starts_on, until=aim.ends_on)
    guess = meant(aim.budget, aim.persons) if aim.budget and not aim.sure else None
    if aim.budget and guess:
        raise Invalid(
            "plan.budget", read=words(aim.budget, language()), persons=aim.persons,
            meant=words(guess, language()),
        )  # fmt: skip


def _changeable(plan: Plan) -> Plan:
    plan = Plan.objects.select_for_update().get(id=plan.id)
    if plan.state not in (PlanState.DRAFT, PlanState.OPEN):
        raise Invalid("plan.over", state=plan.get_state_display())
    return plan


def _days(starts_on: dt.date, ends_on: dt.date) -> object:
    return from_day(starts_on, ends_on + dt.timedelta(days=1))


def _taken(plan: Plan, starts_on: dt.date, ends_on: dt.date) -> tuple[str, ...]:
    """Neighbourhoods of a plan that another plan holds on some days."""
    mine = PlanPlace.objects.filter(plan=plan).values("area_id")
    others = PlanPlace.objects.filter(
        area_id__in=mine, live=True, valid__overlap=_days(starts_on, ends_on)
    ).exclude(plan=plan)
    return tuple(str(one.area) for one in others.select_related("area")[:10])


def _set_workers(plan: Plan, workers: Collection[UUID]) -> None:
    PlanWorker.objects.filter(plan=plan).exclude(user_id__in=workers).delete()
    PlanWorker.objects.bulk_create(
        (PlanWorker(plan=plan, user_id=user) for user in sorted(workers)), ignore_conflicts=True
    )


def _record(action: str, plan: Plan, actor: UUID | None, aim: Aim) -> None:
    content = {
        **aim.fields(),
        "leader": str(aim.leader or ""),
        "workers": sorted(map(str, aim.workers)),
    }
    audit.record(
        action, actor=actor, kind="plan", object_id=plan.id, content=content,
        area_path=plan.area_path,
    )  # fmt: skip
