"""Pages of appeals."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.people.tables import full_name
from pooshesh.requests import appeals as appealing
from pooshesh.requests import forms, queries, tables
from pooshesh.requests.models import Appeal, AppealStand, Ground
from pooshesh.requests.pages import say, seen
from pooshesh.requests.states import APPEAL_DAYS, APPLY, READ


@require_safe
@needs(READ)
def appeals(request: SignedIn) -> HttpResponseBase:
    """Appeals of the viewer's area, by state."""
    rows = queries.appeals(request.user)
    state = request.GET.get("state", "")
    if state in AppealStand.values:
        rows = rows.filter(state=state)
    late = request.GET.get("late", "")
    if late:
        rows = queries.late_appeals(rows)
    context = {
        "state": state, "states": AppealStand.choices, "late": late, "limit": queries.LIMIT,
    }  # fmt: skip
    return tables.AppealTable(request, rows).respond("requests/appeals.html", context)


@needs(APPLY)
def bring(request: SignedIn, request_id: UUID) -> HttpResponse:
    """Appeal a decision on one of four grounds, within the deadline."""
    found = seen(request, request_id)
    if not queries.may_bring(request.user, found):
        raise Http404
    form = forms.AppealForm(request.POST or None)
    if form.is_valid():
        try:
            made = appealing.bring(
                found, Ground(form.cleaned_data["ground"]), form.cleaned_data["text"],
                actor=request.user.pk,
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Brought; other people than before will decide it."))
            return redirect("requests:appeal", made.pk)
    context = {
        "form": form, "title": _("Appeal"),
        "about": _("Request %(number)s · a decision may be appealed for %(days)s days") % {
            "number": found.number, "days": APPEAL_DAYS,
        },
        "back": reverse("requests:request", args=[found.pk]),
    }  # fmt: skip
    return render(request, "people/form.html", context)


def appeal(request: SignedIn, appeal_id: UUID) -> HttpResponse:
    """One appeal: ground, text, who may not decide it, what was decided and why."""
    found = queries.appeal(request.user, appeal_id)
    if found is None:
        raise Http404
    works = queries.may_work(request.user, found)
    brings = queries.may_bring(request.user, found.request)
    if request.method == "POST":
        return _act(request, found, works=works, brings=brings)
    audit.record(
        "requests.look", actor=request.user.pk, kind="appeal", object_id=found.pk,
        area_path=str(found.area_path), persons=[found.request.person_id],
    )  # fmt: skip
    context = {
        "appeal": found,
        "request_": found.request,
        "name": full_name(found.request.person),
        "may_propose": works and found.state == AppealStand.WAITING,
        "may_withdraw": brings and found.state in (AppealStand.WAITING, AppealStand.DEFERRED),
        "may_answer": brings and found.state == AppealStand.DEFERRED,
        "amount": forms.AmountForm(
            most=found.request.asked,
            initial={"amount": Rial(found.proposed)} if found.proposed else None,
        ),
        "why": forms.WhyForm(),
        "decided": found.state in (AppealStand.OVERTURNED, AppealStand.UPHELD),
    }
    return render(request, "requests/appeal.html", context)


def _act(request: SignedIn, found: Appeal, *, works: bool, brings: bool) -> HttpResponse:
    verb = request.POST.get("verb", "")
    if not (works if verb == "propose" else brings):
        raise Http404
    try:
        if verb == "propose":
            form = forms.AmountForm(request.POST, most=found.request.asked)
            if not form.is_valid():
                say(request, form)
                return redirect("requests:appeal", found.pk)
            appealing.propose(found, form.cleaned_data["amount"], actor=request.user.pk)
        elif verb == "answer":
            appealing.answer(found, text=request.POST.get("why", ""), actor=request.user.pk)
        elif verb == "withdraw":
            appealing.withdraw(found, actor=request.user.pk)
        else:
            raise Http404
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("It was recorded."))
    return redirect("requests:appeal", found.pk)
