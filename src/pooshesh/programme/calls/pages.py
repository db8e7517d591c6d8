"""Pages of verification calls: drawing, the list, one call."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.programme.calls import actions, queries
from pooshesh.programme.calls.forms import CallForm, SampleForm
from pooshesh.programme.calls.models import Call, Outcome
from pooshesh.programme.calls.tables import CallTable
from pooshesh.programme.models import Campaign
from pooshesh.programme.pages import of_campaign
from pooshesh.programme.queries import runnable


@require_POST
@of_campaign(runnable)
def sample_draw(request: SignedIn, campaign: Campaign) -> HttpResponse:
    """Draw the sample of a campaign, once."""
    form = SampleForm(request.POST)
    if form.is_valid():
        try:
            actions.draw_sample(campaign, form.cleaned_data["half_width"], actor=request.user.id)
        except Invalid as error:
            messages.error(request, error.message())
    return redirect("programme:campaign", campaign.id)


@require_safe
@of_campaign(queries.to_call)
def call_list(request: SignedIn, campaign: Campaign) -> HttpResponseBase:
    """Whom to call, for those who may."""
    sample = queries.sample(campaign)
    if sample is None:
        raise Http404
    rows = queries.calls(request.user, campaign)
    outcome = request.GET.get("outcome", "")
    if outcome in Outcome.values:
        rows = rows.filter(outcome=outcome)
    elif outcome == "waiting":
        rows = rows.filter(outcome="")
    table = CallTable(request, rows)
    shown = rows if "export" in request.GET else table.page_rows
    audit.record(
        "sample.look", actor=request.user.id, kind="campaign", object_id=campaign.id,
        purpose=request.GET.get("export", ""), area_path=campaign.area_path,
        persons=[one.person_id for one in shown],
    )  # fmt: skip
    return table.respond(
        "programme/calls.html",
        {
            "campaign": campaign, "sample": sample, "answers": queries.answers(sample),
            "outcomes": Outcome.choices, "outcome": outcome,
            "next": queries.next_call(request.user, campaign),
        },
    )  # fmt: skip


@needs("worklist.work")
def call(request: SignedIn, call_id: UUID) -> HttpResponse:
    """One person: the number on request, what the call told, then the next."""
    found = _call(request, call_id)
    campaign = found.sample.campaign
    form = CallForm(request.POST or None, initial={"outcome": found.outcome, "note": found.note})
    if form.is_valid():
        given = form.cleaned_data
        actions.keep_call(found, given["outcome"], given["note"], actor=request.user.id)
        following = queries.next_call(request.user, campaign, found.place)
        if following:
            return redirect("programme:call", following.id)
        messages.success(request, _("That was the last of the list."))
        return redirect("programme:calls", campaign.id)
    return _show(request, found, form, queries.masked(found))


@require_POST
@needs("worklist.work")
def call_number(request: SignedIn, call_id: UUID) -> HttpResponse:
    """The number of one person in full; that it was shown is kept."""
    found = _call(request, call_id)
    return _show(request, found, CallForm(), actions.show_number(found, actor=request.user.id),
                 full=True)  # fmt: skip


def _show(
    request: SignedIn, found: Call, form: CallForm, mobile: str, *, full: bool = False
) -> HttpResponse:
    context = {
        "call": found, "campaign": found.sample.campaign, "form": form, "mobile": mobile,
        "full": full,
    }  # fmt: skip
    return render(request, "programme/call.html", context)


def _call(request: SignedIn, call_id: UUID) -> Call:
    found = queries.call(request.user, call_id)
    if found is None:
        raise Http404
    return found
