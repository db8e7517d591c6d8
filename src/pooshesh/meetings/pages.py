"""Pages of bodies: who sits in them, what waits, sessions, action items."""

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.meetings import actions, agenda, followup, forms, queries
from pooshesh.meetings.models import ActionState, Body, BodyKind, Role
from pooshesh.meetings.states import READ, RUN
from pooshesh.meetings.tables import ActionTable, BodyTable, SessionTable
from pooshesh.partners.queries import organisations

SHOWN = 7  # of what waits or is to be done, before one has to ask for all


def body_or_404(request: SignedIn, body_id: UUID, permission: str = READ) -> Body:
    """A body in sight; others do not exist."""
    found = queries.body(request.user, body_id, permission)
    if found is None:
        raise Http404
    return found


@require_safe
@needs(READ)
def body_list(request: SignedIn) -> HttpResponseBase:
    """Working groups and committees of the viewer's area, and those they sit in."""
    rows = queries.with_counts(queries.bodies(request.user))
    return BodyTable(request, rows).respond(
        "meetings/bodies.html", {"may_run": request.user.may(RUN)}
    )


@needs(RUN)
def new_body(request: SignedIn) -> HttpResponse:
    """Set a body up."""
    form = forms.NewBodyForm(request.POST or None, reach=request.user.reach(RUN))
    if form.is_valid():
        given = form.cleaned_data | {"kind": BodyKind(form.cleaned_data["kind"])}
        try:
            made = actions.found_body(**given, actor=request.user.pk)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Set up; now state its rule, its seats and members."))
            return redirect("meetings:change", made.pk)
    return render(request, "meetings/form.html", {"form": form, "title": _("New body")})


@require_safe
@needs(READ)
def body(request: SignedIn, body_id: UUID) -> HttpResponseBase:
    """A body: its remit, members today and before, quorum, sessions and action items."""
    found = body_or_404(request, body_id)
    rule = queries.rule_on(found)
    items = queries.actions_of(found).filter(state=ActionState.OPEN)
    context = {
        "body": found,
        "rule": rule,
        "must_attend": queries.organisations(rule.must_attend) if rule else (),
        "seats": queries.seats_on(found),
        "past": queries.past_terms(found)[:50],
        "waits": queries.waiting_matters(found)[:SHOWN],
        "wait_count": queries.waiting_matters(found).count(),
        "may_run": queries.body(request.user, found.pk, RUN) is not None,
        "actions": items[:SHOWN],
        "action_count": items.count(),
        "today": timezone.localdate(),
    }
    sessions = queries.sessions(request.user, found)
    return SessionTable(request, sessions).respond("meetings/body.html", context)


@require_safe
@needs(READ)
def body_actions(request: SignedIn, body_id: UUID) -> HttpResponseBase:
    """Every action item of a body, open and closed."""
    found = body_or_404(request, body_id)
    table = ActionTable(request, queries.actions_of(found))
    return table.respond("meetings/actions.html", {"body": found})


CHANGES: dict[str, tuple[Any, type[django_forms.Form]]] = {
    "body": (gettext_lazy("Name, remit and capacity"), forms.BodyForm),
    "rule": (gettext_lazy("Quorum and majority"), forms.RuleForm),
    "seat": (gettext_lazy("Give a seat"), forms.SeatForm),
    "member": (gettext_lazy("Appoint a member"), forms.MemberForm),
    "account": (gettext_lazy("Account of a member"), forms.AccountForm),
    "end": (gettext_lazy("End a membership"), forms.EndForm),
    "end_seat": (gettext_lazy("End a seat"), forms.EndSeatForm),
}


@needs(RUN)
def change(request: SignedIn, body_id: UUID) -> HttpResponse:
    """Change a body: its rule, seats and members, each from a day on."""
    found = body_or_404(request, body_id, RUN)
    asked = request.POST.get("verb")
    shown = []
    for verb, (title, form_class) in CHANGES.items():
        data = request.POST if verb == asked else None
        more: dict[str, Any] = {"initial": vars(found)} if verb == "body" else {"body": found}
        if verb == "seat":
            more["organisations"] = organisations(request.user)
        form = form_class(data, prefix=verb, **more)
        shown.append((verb, title, form))
        if verb == asked and form.is_valid():
            try:
                _change(found, verb, form.cleaned_data, request.user.pk)
            except Invalid as error:
                form.add_error(None, error.message())
            else:
                messages.success(request, _("Saved."))
                return redirect("meetings:body", found.pk)
    return render(request, "meetings/change.html", {"body": found, "forms": shown})


def _change(body: Body, verb: str, given: dict[str, Any], actor: UUID) -> None:
    match verb:
        case "body":
            actions.change_body(body, **given, actor=actor)
        case "rule":
            actions.set_rule(body, **given, actor=actor)
        case "seat":
            actions.give_seat(body, given["organisation"], start=given["start"], actor=actor)
        case "member":
            account = given.pop("account")
            role = Role(given.pop("role"))
            actions.appoint(
                body, given.pop("organisation"), **given, role=role,
                user_id=account.pk if account else None, actor=actor,
            )  # fmt: skip
        case "account":
            actions.link_account(given["member"], given["account"].pk, actor=actor)
        case "end":
            actions.dismiss(given["member"], day=given["day"], actor=actor)
        case "end_seat":
            actions.end_seat(body, given["organisation"], day=given["day"], actor=actor)


@needs(READ)
def matters(request: SignedIn, body_id: UUID) -> HttpResponse:
    """Everything that waits for a body; its secretary adds topics and withdraws them."""
    found = body_or_404(request, body_id)
    may_run = queries.body(request.user, found.pk, RUN) is not None
    form = forms.MatterForm(request.POST if may_run and "add" in request.POST else None)
    if request.method == "POST":
        if not may_run:
            raise Http404
        if "withdraw" in request.POST:
            matter = queries.waiting_matter(found, _uuid(request.POST["withdraw"]))
            if matter:
                agenda.withdraw(matter, actor=request.user.pk)
                messages.success(request, _("Withdrawn."))
            return redirect("meetings:matters", found.pk)
        if form.is_valid():
            brought = agenda.Brought(form.cleaned_data["title"], None, form.cleaned_data["urgent"])
            agenda.submit(found, "topic", [brought], actor=request.user.pk)
            messages.success(request, _("It waits for the next agenda."))
            return redirect("meetings:matters", found.pk)
    context = {
        "body": found, "form": form, "may_run": may_run,
        "waits": queries.waiting_matters(found)[:200],
        "count": queries.waiting_matters(found).count(),
    }  # fmt: skip
    return render(request, "meetings/matters.html", context)


@needs(RUN)
def plan(request: SignedIn, body_id: UUID) -> HttpResponse:
    """Plan a session; its agenda is made of what waits."""
    found = body_or_404(request, body_id, RUN)
    form = forms.PlanForm(request.POST or None)
    if form.is_valid():
        try:
            made = agenda.plan(
                found, starts_at=form.starts_at(), place=form.cleaned_data["place"],
                actor=request.user.pk,
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Planned; look at the agenda, then invite."))
            return redirect("meetings:session", made.pk)
    context = {"form": form, "title": _("Plan a session"), "body": found}
    return render(request, "meetings/form.html", context)


# --- action items ------------------------------------------------------------------------


@require_safe
def mine(request: SignedIn) -> HttpResponseBase:
    """Action items that wait for the viewer, or for an organisation they speak for."""
    table = ActionTable(request, queries.own_actions(request.user))
    return table.respond("meetings/mine.html")


def action(request: SignedIn, action_id: UUID) -> HttpResponse:
    """One action item: report it done, or drop it with a reason."""
    found = queries.action(request.user, action_id)
    if found is None:
        raise Http404
    may_drop = queries.body(request.user, found.body_id, RUN) is not None
    form = forms.ReportForm(request.POST or None)
    if form.is_valid():
        report = form.cleaned_data["report"]
        try:
            if request.POST.get("verb") == "drop" and may_drop:
                followup.drop(found, report=report, actor=request.user.pk)
            else:
                followup.finish(found, report=report, actor=request.user.pk)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Kept."))
            return redirect("meetings:action", found.pk)
    context = {
        "action": found, "form": form, "may_drop": may_drop,
        "open": found.state == ActionState.OPEN,
        "sees_body": queries.body(request.user, found.body_id) is not None,
    }  # fmt: skip
    return render(request, "meetings/action.html", context)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
