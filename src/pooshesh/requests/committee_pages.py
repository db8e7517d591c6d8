"""The secretary's desk: what waits, agendas by age and urgency, sheets, decisions by groups."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.meetings import session_queries as at_session
from pooshesh.meetings import sitting
from pooshesh.meetings.models import SessionState
from pooshesh.requests import desk, fast, forms, queries
from pooshesh.requests import practice as practising
from pooshesh.requests.models import Decider, Practice, Request
from pooshesh.requests.pages import said, say
from pooshesh.requests.sheets import sheet_of
from pooshesh.requests.states import RUN, VERDICTS, VOTE

READ = "meetings.read"


@require_safe
@needs(READ)
def bodies(request: SignedIn) -> HttpResponse:
    """The fund's committees and working groups, with what waits before each."""
    found = queries.waits(queries.practices(request.user))
    return render(request, "requests/bodies.html", {"waits": found, "may_run": _run(request)})


def _run(request: SignedIn) -> set[UUID]:
    return {one.pk for one in queries.practices(request.user, RUN)}


@require_safe
@needs(RUN)
def committee(request: SignedIn, body_id: UUID) -> HttpResponse:
    """One body: what waits in the order it will come up, its meeting, groups to put to the vote."""
    practice = queries.practice(request.user, body_id)
    if practice is None:
        raise Http404
    (waits,) = queries.waits([practice])
    session = desk.next_session(practice.body)
    waiting = queries.waiting_requests(practice.body)
    context = {
        "practice": practice,
        "body": practice.body,
        "waits": waits,
        "waiting": waiting[: practice.body.capacity],
        "session": session,
        "groups": desk.groups(session) if session else [],
        "motion": at_session.open_motion(session) if session else None,
        "is_open": session is not None and session.state == SessionState.OPEN,
        "form": forms.GroupForm(auto_id=False),
        "verdicts": list(VERDICTS.items()),
        "is_group": practice.of == Decider.GROUP,
        "past": desk.past_sessions(practice.body),
    }
    return render(request, "requests/committee.html", context)


@require_POST
@needs(RUN)
def put(request: SignedIn, body_id: UUID) -> HttpResponse:
    """Put a group of requests to the vote in the open meeting; one press, however many."""
    practice = queries.practice(request.user, body_id)
    session = desk.next_session(practice.body) if practice else None
    if session is None:
        raise Http404
    group = next((g for g in desk.groups(session) if g.key == request.POST.get("group")), None)
    form = forms.GroupForm(request.POST)
    if group is None or not form.is_valid():
        messages.error(request, _("Choose a group and write the text that is voted on."))
        return redirect("requests:committee", body_id)
    try:
        sitting.put(
            session, group.items, text=form.cleaned_data["text"],
            verdict=request.POST.get("verdict", ""), actor=request.user.pk,
        )  # fmt: skip
    except Invalid as error:
        messages.error(request, error.message())
        return redirect("requests:committee", body_id)
    return redirect("meetings:session", session.pk)


@require_POST
@needs(RUN)
def practice(request: SignedIn, body_id: UUID) -> HttpResponse:
    """Let a body's sheets carry the patient's name, or not."""
    found = queries.practice(request.user, body_id)
    if found is None:
        raise Http404
    practising.set_blind(found, blind=bool(request.POST.get("blind")), actor=request.user.pk)
    messages.success(request, _("It was recorded."))
    return redirect("requests:committee", body_id)


@require_safe
@needs(READ)
def sheet(request: SignedIn, request_id: UUID) -> HttpResponse:
    """A request on one sheet, as the body sees it: without a name where the body wishes so."""
    row, practice = _sheet(request, request_id)
    audit.record(
        "requests.look", actor=request.user.pk, kind="request", object_id=row.pk,
        area_path=str(row.area_path), persons=[row.person_id],
    )  # fmt: skip
    own = queries.agreeing(request.user, row)
    consents = queries.consents(row) if own else []
    context: dict[str, Any] = {
        "sheet": sheet_of(row, blind=practice.blind),
        "body": practice.body,
        "to_request": reverse("requests:request", args=[row.pk])
        if queries.request(request.user, row.pk) else "",
        "agreeing": forms.AmountForm(most=row.asked, initial={"amount": Rial(row.asked)})
        if own else None,
        "consents": consents,
        "agreed": any(one.member_id == own.pk for one in consents) if own else False,
    }  # fmt: skip
    return render(request, "requests/sheet.html", context)


def _sheet(request: SignedIn, request_id: UUID) -> tuple[Request, Practice]:
    found = queries.sheet(request.user, request_id)
    if found is None:
        raise Http404
    return found


@require_POST
@needs(VOTE)
def agree(request: SignedIn, request_id: UUID) -> HttpResponse:
    """A member agrees by their own account to grant an urgent request before the meeting."""
    row, _practice = _sheet(request, request_id)
    own = queries.agreeing(request.user, row)
    if own is None:
        raise Http404
    form = forms.AmountForm(request.POST, most=row.asked)
    if not form.is_valid():
        say(request, form)
        return redirect("requests:sheet", row.pk)
    try:
        made = fast.agree(row, own, form.cleaned_data["amount"], actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, said(made))
    return redirect("requests:sheet", row.pk)
