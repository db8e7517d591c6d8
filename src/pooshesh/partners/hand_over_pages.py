"""Pages of hand-overs: the list, a proposal, one with its signatures, and its certificate."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.partners import certificate as printing
from pooshesh.partners import forms, handing_over, tables
from pooshesh.partners import hand_over_queries as queries
from pooshesh.partners.models import HandOver, HandOverState
from pooshesh.partners.queries import WRITE, names_of
from pooshesh.web.pdf import pdf_response
from pooshesh.web.timeline import Event


@needs("partners.read")
def hand_over_list(request: SignedIn) -> HttpResponseBase:
    """Hand-overs of neighbourhoods in one's area and of one's own organisation."""
    rows = queries.hand_overs(request.user)
    state = request.GET.get("state", "")
    if state in HandOverState.values:
        rows = rows.filter(state=state)
    return tables.HandOverTable(request, rows).respond(
        "partners/hand_overs.html",
        {
            "may_propose": queries.may_propose(request.user), "state": state,
            "states": HandOverState.choices,
        },
    )  # fmt: skip


@needs("partners.read")
def hand_over_new(request: SignedIn) -> HttpResponse:
    """Propose that neighbourhoods get another sponsor, or their first."""
    user = request.user
    if not queries.may_propose(user):
        raise Http404
    form = forms.HandOverForm(
        request.POST or None, reach=queries.proposing_reach(user),
        givers=queries.givers(user), receivers=queries.receivers(),
        must_give=not user.may(WRITE), initial={"codes": request.GET.get("codes", "")},
    )  # fmt: skip
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = handing_over.propose(
                actor=user.id, giver=given["giver"], receiver=given["receiver"],
                areas=given["areas"], on=given["on"], until=given["until"], note=given["note"],
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("The hand-over is proposed; it awaits its signatures."))
            return redirect("partners:hand_over", made.id)
    title = _("Propose a hand-over")
    return render(request, "partners/form.html", {"form": form, "title": title, "wide": True})


def found(request: SignedIn, hand_over_id: UUID) -> HandOver:
    """The hand-over, or 404 where the viewer does not see it."""
    try:
        return queries.hand_over(request.user, hand_over_id)
    except HandOver.DoesNotExist as error:
        raise Http404 from error


@require_safe
@needs("partners.read")
def hand_over(request: SignedIn, hand_over_id: UUID) -> HttpResponseBase:
    """One hand-over: its neighbourhoods, who has signed, and what the viewer may do."""
    one = found(request, hand_over_id)
    table = tables.PlaceTable(request, queries.lines(request.user, one))
    context = {
        "one": one, "may": queries.may(request.user, one), "events": _events(one),
        "refuse": forms.RefuseForm(), "hidden": one.places - table.given.count(),  # type: ignore[attr-defined, call-arg]
        "signed": one.state in (HandOverState.AGREED, HandOverState.IN_FORCE),
    }  # fmt: skip
    return table.respond("partners/hand_over.html", context)


def _events(one: HandOver) -> list[Event]:
    """What happened to a hand-over, newest first."""
    who = {one.proposed_by, one.given_by, one.received_by, one.ended_by} - {None}
    names = names_of({user for user in who if user})

    def by(user: UUID | None) -> str:
        return names.get(user, "") if user else ""

    events = [Event(_("Proposed"), one.proposed_at, one.note, by(one.proposed_by), "info")]
    if one.given_at:
        events.append(Event(_("Signed by the giving side"), one.given_at, str(one.giver),
                            by(one.given_by), "good"))  # fmt: skip
    if one.received_at:
        events.append(Event(_("Signed by the receiving side"), one.received_at,
                            str(one.receiver), by(one.received_by), "good"))  # fmt: skip
    if one.ended_at:
        tones = {HandOverState.IN_FORCE: "good", HandOverState.REFUSED: "bad"}
        events.append(Event(one.get_state_display(), one.ended_at, one.reason,
                            by(one.ended_by), tones.get(HandOverState(one.state), "quiet")))  # type: ignore[arg-type]  # fmt: skip
    return sorted(events, key=lambda event: event.when, reverse=True)


@require_POST
@needs("partners.read")
def hand_over_act(request: SignedIn, hand_over_id: UUID, verb: str) -> HttpResponse:
    """Sign, refuse or withdraw a hand-over; `seen` is the state the page was shown in."""
    one, user = found(request, hand_over_id), request.user
    allowed = queries.may(user, one)
    seen = request.POST.get("seen", one.state)
    if seen in HandOverState.values:
        one.state = seen  # what has happened since is then told, not overrun
    try:
        if verb in ("give", "receive", "refuse") and not user.may("partners.sign"):
            raise Http404
        if verb == "give":
            handing_over.give(one, user)
        elif verb == "receive":
            handing_over.receive(one, user)
        elif verb == "refuse":
            handing_over.refuse(one, user, request.POST.get("reason", ""))
        elif verb == "withdraw" and allowed.withdraw:
            handing_over.withdraw(one, user)
        else:
            raise Http404
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("Saved."))
    return redirect("partners:hand_over", hand_over_id)


@require_safe
@needs("partners.read")
def certificate(request: SignedIn, hand_over_id: UUID) -> HttpResponse:
    """The certificate of a signed hand-over, to print: both signatures and every neighbourhood."""
    one = found(request, hand_over_id)
    if one.state not in (HandOverState.AGREED, HandOverState.IN_FORCE):
        raise Http404
    return pdf_response(printing.certificate(request.user, one), f"hand-over-{one.id}")
