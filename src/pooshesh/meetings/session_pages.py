"""Pages of one session: the secretary runs it on one screen, members vote and sign on theirs."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.meetings import agenda, followup, forms, paper, queries, session_queries, sitting
from pooshesh.meetings import minutes as closing
from pooshesh.meetings.models import Choice, Member, Motion, Session, SessionState
from pooshesh.meetings.states import READ, RUN, VOTE
from pooshesh.web.pdf import pdf_response


def _session(request: SignedIn, session_id: UUID) -> Session:
    found = queries.session(request.user, session_id)
    if found is None:
        raise Http404
    return found


def _may_run(request: SignedIn, session: Session) -> bool:
    return queries.body(request.user, session.body_id, RUN) is not None


@require_safe
@needs(READ)
def session(request: SignedIn, session_id: UUID) -> HttpResponse:
    """A session: agenda, attendance, votes, action items; who runs it works here, members vote."""
    return render(
        request, "meetings/session.html", _context(request, _session(request, session_id))
    )


@require_safe
@needs(READ)
def live(request: SignedIn, session_id: UUID) -> HttpResponse:
    """What is being voted on right now, asked for again every few seconds."""
    found = _session(request, session_id)
    return render(request, "meetings/live.html", _voting(request, found))


def _voting(request: SignedIn, found: Session) -> dict[str, Any]:
    """The open motion with the votes so far and the quorum as it stands."""
    people = session_queries.people(found)
    motion = session_queries.open_motion(found) if found.state == SessionState.OPEN else None
    own = queries.own_member(request.user, found.body) if request.user.may(VOTE) else None
    votes = session_queries.votes(motion) if motion else {}
    inside = {one.term.member_id for one in people if one.inside}
    return {
        "session": found,
        "may_run": _may_run(request, found),
        "people": people,
        "own": own,
        "inside": own is not None and own.pk in inside,
        "motion": motion,
        "motion_items": session_queries.motion_titles(motion) if motion else [],
        "motion_verdict": session_queries.verdict_of(motion) if motion else "",
        "voters": [
            (one, votes.get(one.term.member_id)) for one in people if one.inside and one.votes
        ],
        "own_vote": votes.get(own.pk) if own else None,
        "standing": session_queries.standing(found) if found.state == SessionState.OPEN else None,
        "choices": list(Choice),
    }


def _context(request: SignedIn, found: Session) -> dict[str, Any]:
    lines = session_queries.agenda(found)
    verdicts: dict[str, Any] = {}
    for line in lines:
        if line.kind and line.waits:
            verdicts |= line.kind.verdicts
    context = _voting(request, found)
    running = context["may_run"] and found.state == SessionState.OPEN
    return context | {
        "body": found.body,
        "lines": lines,
        "matters": sum(1 for line in lines if line.item.matter_id),
        "running": running,
        "preparing": context["may_run"] and found.state in agenda.BEFORE,
        "votable": running and context["motion"] is None and bool(verdicts),
        "motion_form": (
            forms.MotionForm(verdicts=verdicts, auto_id="motion_%s") if running else None
        ),
        "action_form": forms.ActionForm(body=found.body, auto_id="action_%s") if running else None,
        "new_actions": queries.actions_from(found),
        "waits": queries.waiting_matters(found.body)[:20]
        if running or (context["may_run"] and found.state in agenda.BEFORE) else [],
        "plan_form": forms.PlanForm(initial=_when(found), auto_id="plan_%s"),
        "minutes": session_queries.minutes(found),
        "today": timezone.localdate(),
    }  # fmt: skip


def _when(found: Session) -> dict[str, Any]:
    local = timezone.localtime(found.starts_at)
    return {"day": local.date(), "hour": local.time(), "place": found.place}


@require_safe
@needs(READ)
def item(request: SignedIn, session_id: UUID, item_id: UUID) -> HttpResponse:
    """What the secretary may do with an item, or a member declare about it."""
    found = _session(request, session_id)
    line = session_queries.item(found, item_id)
    if line is None:
        raise Http404
    may_run = _may_run(request, found)
    own = queries.own_member(request.user, found.body) if request.user.may(VOTE) else None
    conflict = forms.ConflictForm(body=found.body, initial={"member": own}, auto_id=f"{line.pk}_%s")
    context = {
        "session": found, "item": line, "may_run": may_run, "own": own,
        "before": found.state in agenda.OPEN_AGENDA,
        "note": forms.NoteForm(initial={"note": line.note}, auto_id=f"{line.pk}_%s"),
        "may_note": may_run and found.state in (SessionState.OPEN, SessionState.CLOSED),
        "conflict": conflict,
    }  # fmt: skip
    return render(request, "meetings/item.html", context)


# --- what is done on the screen ------------------------------------------------------------


@require_POST
@needs(READ)
def act(request: SignedIn, session_id: UUID) -> HttpResponse:
    """One step of a session: the screen comes back with what it changed, or why it did not."""
    found = _session(request, session_id)
    verb = request.POST.get("verb", "")
    step = STEPS.get(verb)
    if step is None or not _allowed(request, found, verb):
        raise Http404
    try:
        step(request, found)
    except Invalid as error:
        messages.error(request, error.message())
    target = "meetings:minutes" if verb == "sign" else "meetings:session"
    return redirect(target, found.pk)


#: What a member does for themselves; everything else is for who runs the body.
BY_MEMBERS = frozenset({"vote", "declare", "sign"})


def _allowed(request: SignedIn, found: Session, verb: str) -> bool:
    if _may_run(request, found):
        return True
    own = queries.own_member(request.user, found.body) if request.user.may(VOTE) else None
    return verb in BY_MEMBERS and own is not None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _member(request: SignedIn, found: Session) -> Member:
    """The member named in the form; for who does not run the body, always themselves."""
    if _may_run(request, found):
        member = session_queries.session_member(found, _id(request.POST.get("member", "")))
    else:
        member = queries.own_member(request.user, found.body)
    if member is None:
        raise Http404
    return member


def _line(request: SignedIn, found: Session) -> Any:
    line = session_queries.item(found, _id(request.POST.get("item", "")))
    if line is None:
        raise Http404
    return line


def _motion(request: SignedIn, found: Session) -> Motion:
    motion = session_queries.motion(found, _id(request.POST.get("motion", "")))
    if motion is None:
        raise Http404
    return motion


def _valid(request: SignedIn, form: django_forms.Form) -> bool:
    """Whether a form may be used; what is wrong with it is said above the screen."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        for error in errors:
            messages.error(request, f"{label}: {error}" if label else str(error))
    return form.is_valid()


def _come(request: SignedIn, found: Session) -> None:
    sitting.come(found, _member(request, found), actor=request.user.pk)


def _leave(request: SignedIn, found: Session) -> None:
    sitting.leave(found, _member(request, found), actor=request.user.pk)


def _put_on(request: SignedIn, found: Session) -> None:
    matter = queries.waiting_matter(found.body, _id(request.POST.get("matter", "")))
    if matter:
        agenda.put_on(found, matter, actor=request.user.pk)


def _add(request: SignedIn, found: Session) -> None:
    form = forms.MatterForm(request.POST)
    if _valid(request, form):
        brought = agenda.Brought(form.cleaned_data["title"], None, form.cleaned_data["urgent"])
        agenda.submit_to(found, brought, actor=request.user.pk)


def _put(request: SignedIn, found: Session) -> None:
    lines = session_queries.agenda(found)
    verdicts = {
        code: word for line in lines if line.kind for code, word in line.kind.verdicts.items()
    }
    form = forms.MotionForm(request.POST, verdicts=verdicts)
    chosen = {_id(text) for text in request.POST.getlist("items")}
    if request.POST.get("all"):
        chosen = {line.item.pk for line in lines if line.waits}
    if _valid(request, form):
        sitting.put(found, chosen, **form.cleaned_data, actor=request.user.pk)


def _vote(request: SignedIn, found: Session) -> None:
    who, _colon, word = request.POST.get("vote", "").partition(":")
    motion = _motion(request, found)
    if word not in Choice.values:
        raise Http404
    choice = Choice(word)
    if _may_run(request, found) and who == "all":
        members = session_queries.voters(found, motion)
    elif _may_run(request, found):
        members = [_id(who)]
    else:
        own = queries.own_member(request.user, found.body)
        assert own is not None
        members = [own.pk]
    sitting.vote(motion, dict.fromkeys(members, choice), actor=request.user.pk)


def _count(request: SignedIn, found: Session) -> None:
    sitting.count(_motion(request, found), actor=request.user.pk)


def _withdraw_motion(request: SignedIn, found: Session) -> None:
    sitting.withdraw_motion(_motion(request, found), actor=request.user.pk)


def _declare(request: SignedIn, found: Session) -> None:
    line = _line(request, found)
    if line.matter is None:
        raise Http404
    declared = sitting.declare(
        line.matter, _member(request, found), reason=request.POST.get("reason", ""),
        actor=request.user.pk,
    )  # fmt: skip
    if declared.set_aside:
        messages.warning(request, _("The decision is set aside; it has to be voted on again."))
    for sentence in declared.told:
        messages.warning(request, sentence)


def _note(request: SignedIn, found: Session) -> None:
    form = forms.NoteForm(request.POST)
    if _valid(request, form):
        write = closing.correct if found.state == SessionState.CLOSED else sitting.note
        write(_line(request, found), form.cleaned_data["note"], actor=request.user.pk)


def _assign(request: SignedIn, found: Session) -> None:
    form = forms.ActionForm(request.POST, body=found.body)
    if _valid(request, form):
        followup.assign(
            found, text=form.cleaned_data["text"], deadline=form.cleaned_data["deadline"],
            **form.owned_by(), actor=request.user.pk,
        )  # fmt: skip


def _reschedule(request: SignedIn, found: Session) -> None:
    form = forms.PlanForm(request.POST)
    if _valid(request, form):
        agenda.reschedule(
            found, starts_at=form.starts_at(), place=form.cleaned_data["place"],
            actor=request.user.pk,
        )  # fmt: skip


def _close(request: SignedIn, found: Session) -> None:
    closing.close(found, actor=request.user.pk)
    messages.success(request, _("Closed; the members read the minutes and sign them."))


def _sign(request: SignedIn, found: Session) -> None:
    closing.sign(
        found, _member(request, found), digest=request.POST.get("digest", ""),
        actor=request.user.pk, on_paper=_may_run(request, found),
    )  # fmt: skip
    messages.success(request, _("Signed."))


STEPS: dict[str, Callable[[SignedIn, Session], None]] = {
    "invite": lambda r, s: agenda.invite(s, actor=r.user.pk),
    "open": lambda r, s: agenda.open_session(s, actor=r.user.pk),
    "cancel": lambda r, s: agenda.cancel(s, why=r.POST.get("why", ""), actor=r.user.pk),
    "refill": lambda r, s: _discard(agenda.refill(s, actor=r.user.pk)),
    "up": lambda r, s: agenda.move(_line(r, s), up=True, actor=r.user.pk),
    "down": lambda r, s: agenda.move(_line(r, s), up=False, actor=r.user.pk),
    "take_off": lambda r, s: agenda.take_off(_line(r, s), actor=r.user.pk),
    "reschedule": _reschedule,
    "put_on": _put_on,
    "add": _add,
    "come": _come,
    "leave": _leave,
    "declare": _declare,
    "put": _put,
    "vote": _vote,
    "count": _count,
    "withdraw_motion": _withdraw_motion,
    "note": _note,
    "assign": _assign,
    "close": _close,
    "sign": _sign,
}


def _discard(_result: object) -> None:
    """A step answers nothing."""


# --- papers ------------------------------------------------------------------------------


@require_safe
@needs(READ)
def agenda_pdf(request: SignedIn, session_id: UUID) -> HttpResponse:
    """The invitation with the agenda, to print or send."""
    found = _session(request, session_id)
    return pdf_response(paper.invitation(found), f"agenda-{found.year}-{found.number}")


@require_safe
@needs(READ)
def minutes(request: SignedIn, session_id: UUID) -> HttpResponse:
    """The minutes as they are signed, and who has signed them."""
    found = _session(request, session_id)
    made = session_queries.minutes(found)
    if made is None:
        raise Http404
    may_run = _may_run(request, found)
    own = queries.own_member(request.user, found.body) if request.user.may(VOTE) else None
    signed = {one.member_id for one in session_queries.signatures(found)}
    signers = closing.signers_of(found)
    unsigned = [
        one.term.member
        for one in session_queries.people(found)
        if one.term.member_id in signers - signed
    ]
    context = {
        "session": found,
        "body": found.body,
        "minutes": made,
        "words": paper.words_of(found, made),
        "own_signs": own is not None and own in unsigned and not may_run,
        "on_paper": [one for one in unsigned if one.user_id is None] if may_run else [],
        "open": found.state == SessionState.CLOSED,
        "pdf": reverse("meetings:minutes_pdf", args=[found.pk]),
    }
    return render(request, "meetings/minutes.html", context)


@require_safe
@needs(READ)
def minutes_pdf(request: SignedIn, session_id: UUID) -> HttpResponse:
    """The minutes to print, with their digest and signatures."""
    found = _session(request, session_id)
    made = session_queries.minutes(found)
    if made is None:
        raise Http404
    return pdf_response(paper.minutes(found, made), f"minutes-{found.year}-{found.number}")
