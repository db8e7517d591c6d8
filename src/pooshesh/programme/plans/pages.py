"""Pages of plans: list, new, one plan, its neighbourhoods, costs."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.access.models import User
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.programme.codes import codes_of
from pooshesh.programme.counts import queries as counts
from pooshesh.programme.counts.curve import curves
from pooshesh.programme.models import Campaign
from pooshesh.programme.pages import of_campaign
from pooshesh.programme.plans import actions, queries
from pooshesh.programme.plans.forms import CostForm, PlaceForm, PlanForm, ReasonForm
from pooshesh.programme.plans.models import Plan, PlanState
from pooshesh.programme.plans.money import per_person
from pooshesh.programme.plans.states import PLAN
from pooshesh.programme.plans.tables import (
    ChangeableCostTable,
    ChangeablePlaceTable,
    CostTable,
    PlanPlaceTable,
    PlanTable,
)
from pooshesh.programme.programmes.forms import SheetOrCodes
from pooshesh.programme.queries import RUN, campaigns, runnable

Page = Callable[..., HttpResponseBase]


def of_plan(scope: Callable[[User], QuerySet[Plan]]) -> Callable[[Page], Page]:
    """Give a page its plan, or 404 when it lies outside what `scope` lets the user see."""

    def wrap(page: Page) -> Page:
        @wraps(page)
        def guarded(request: SignedIn, plan_id: UUID, **kwargs: Any) -> HttpResponseBase:
            return page(request, get_object_or_404(scope(request.user), id=plan_id), **kwargs)

        return guarded

    return wrap


@require_safe
@needs("campaign.read")
def plan_list(request: SignedIn) -> HttpResponseBase:
    """Plans of one's area."""
    return PlanTable(request, queries.listed(request.user)).respond(
        "programme/plans.html", {"may_run": request.user.may(RUN)}
    )


@needs("campaign.run")
def plan_new(request: SignedIn) -> HttpResponse:
    """Choose the area first: who may lead and work there follows from it."""
    place = PlaceForm(request.GET or None, reach=request.user.reach(RUN))
    form = None
    if place.is_valid():
        area = place.cleaned_data["area"]
        form = PlanForm(request.POST or None, area=area)
        if form.is_valid():
            try:
                plan = actions.make_plan(area, form.aim(), actor=request.user.id)
            except Invalid as error:
                _refuse(form, error)
            else:
                messages.success(request, _("The plan is made; now take in its neighbourhoods."))
                return redirect("programme:plan_places", plan.id)
    return render(request, "programme/plan_new.html", {"place": place, "form": form})


@of_plan(queries.changeable)
def plan_change(request: SignedIn, plan: Plan) -> HttpResponse:
    """Change what a plan is to reach."""
    form = PlanForm(request.POST or None, area=plan.area, plan=plan)
    if form.is_valid():
        try:
            actions.change_plan(plan, form.aim(), actor=request.user.id)
        except Invalid as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("programme:plan", plan.id)
    return render(request, "programme/plan_change.html", {"plan": plan, "form": form})


def _refuse(form: PlanForm, error: Invalid) -> None:
    fields = {"plan.order": "ends_on", "plan.budget": "budget"}
    form.add_error(fields.get(error.code), error.message())


@require_safe
@of_plan(queries.plans)
def plan(request: SignedIn, plan: Plan) -> HttpResponseBase:
    """One plan: who, where, until when, for how much; the live curve beside the target."""
    user = request.user
    mine = queries.campaigns_of(user, plan)
    work, days = counts.work(mine), counts.days(mine)
    spent = queries.spent_on(user, plan)
    may_run = queries.changeable(user).filter(id=plan.id).exists()
    open_to_change = may_run and plan.state in (PlanState.DRAFT, PlanState.OPEN)
    rows = queries.listed_places(user, plan)
    table = (ChangeablePlaceTable if open_to_change else PlanPlaceTable)(request, rows)
    return table.respond(
        "programme/plan.html",
        {
            "plan": plan,
            "people": queries.people_of(plan),
            "work": work,
            "curves": curves(plan, days),
            "budget": Rial(plan.budget) if plan.budget else None,
            "spent": spent,
            "over": plan.budget is not None and spent.amount > plan.budget,
            "each": per_person(spent, work.enrolled),
            "may_run": may_run,
            "open_to_change": open_to_change,
            "verbs": [(one, PLAN.transition(plan.state, one)) for one in PLAN.verbs(plan.state)],
        },
    )


@require_POST
@of_plan(queries.changeable)
def plan_move(request: SignedIn, plan: Plan, verb: str) -> HttpResponse:
    """Begin, end, go on with or drop a plan."""
    try:
        actions.move_plan(plan, verb, actor=request.user.id)
    except Invalid as error:
        messages.error(request, error.message())
    return redirect("programme:plan", plan.id)


@of_plan(queries.changeable)
def plan_places(request: SignedIn, plan: Plan) -> HttpResponse:
    """Take neighbourhoods in, by a list of codes or a sheet."""
    form = SheetOrCodes(request.POST or None, request.FILES or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            codes = given["codes"]
            if given["sheet"]:
                codes = codes + codes_of(given["sheet"].name, given["sheet"])
            actions.add_places(plan, codes, reach=request.user.reach(RUN), actor=request.user.id)
        except Invalid as error:
            form.add_error("sheet" if given["sheet"] else "codes", error.message())
        else:
            messages.success(request, _("Saved."))
            return redirect("programme:plan", plan.id)
    return render(request, "programme/plan_places.html", {"plan": plan, "form": form})


@of_plan(queries.changeable)
def take_out(request: SignedIn, plan: Plan, code: str) -> HttpResponse:
    """Ask once, then take a neighbourhood out."""
    place = queries.place(request.user, plan, code)
    if place is None:
        raise Http404
    if request.method == "POST":
        try:
            actions.take_out(plan, place.area, actor=request.user.id)
        except Invalid as error:
            messages.error(request, error.message())
        return redirect("programme:plan", plan.id)
    return render(request, "programme/take_out.html", {"plan": plan, "place": place})


@of_plan(queries.plans)
def plan_costs(request: SignedIn, plan: Plan) -> HttpResponseBase:
    """What a plan as a whole has cost; who may run it writes down more."""
    may = queries.changeable(request.user).filter(id=plan.id).exists()
    return _costs(request, plan, may=may)


@of_campaign(campaigns)
def campaign_costs(request: SignedIn, campaign: Campaign) -> HttpResponseBase:
    """What one campaign has cost."""
    may = runnable(request.user).filter(id=campaign.id).exists()
    return _costs(request, campaign, may=may)


def _costs(request: SignedIn, of: Plan | Campaign, *, may: bool) -> HttpResponseBase:
    form = CostForm(request.POST or None) if may else None
    if request.method == "POST" and form is None:
        raise Http404
    if form and form.is_valid():
        given = form.cleaned_data
        try:
            actions.write_cost(
                of, given["kind"], given["amount"], given["on"], given["note"],
                actor=request.user.id,
            )  # fmt: skip
        except Invalid as error:
            form.add_error("on", error.message())
        else:
            messages.success(request, _("Saved."))
            return redirect(request.path)
    rows = queries.costs(of)
    table = (ChangeableCostTable if may else CostTable)(request, rows)
    return table.respond(
        "programme/costs.html",
        {"of": of, "plan": of if isinstance(of, Plan) else None, "form": form,
         "spent": queries.spent(rows)},
    )  # fmt: skip


@needs("campaign.run")
def withdraw_cost(request: SignedIn, cost_id: UUID) -> HttpResponse:
    """Count a cost no longer, with a reason."""
    cost = queries.cost_to_withdraw(request.user, cost_id)
    if cost is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    back = (
        ("programme:plan_costs", cost.plan_id)
        if cost.plan_id
        else ("programme:campaign_costs", cost.campaign_id)
    )
    if form.is_valid():
        try:
            actions.withdraw_cost(cost, form.cleaned_data["reason"], actor=request.user.id)
        except Invalid as error:
            form.add_error("reason", error.message())
        else:
            messages.success(request, _("The cost is withdrawn; the reason is kept."))
            return redirect(*back)
    context = {"cost": cost, "amount": Rial(cost.amount), "form": form, "back": back}
    return render(request, "programme/withdraw_cost.html", context)
