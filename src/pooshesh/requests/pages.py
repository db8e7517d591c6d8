"""Pages of requests: lists, one request with its decision and money, the queue of doubts."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.documents import actions as documents
from pooshesh.documents.queries import attached
from pooshesh.fund import desk
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.ledger.models import CommitmentState, VoucherState
from pooshesh.people.tables import full_name
from pooshesh.requests import (
    bringing,
    committee,
    ending,
    evidence,
    explained,
    fast,
    forms,
    queries,
    tables,
)
from pooshesh.requests import doubts as doubting
from pooshesh.requests.models import Decider, Doubt, DoubtState, Hold, Kind, Request, State
from pooshesh.requests.states import APPLY, READ, REQUEST, WORK
from pooshesh.web.registry import tone
from pooshesh.web.timeline import Event

# --- lists -----------------------------------------------------------------------------------


@require_safe
@needs(READ)
def request_list(request: SignedIn) -> HttpResponseBase:
    """Requests of the viewer's area, by state and kind."""
    rows = queries.requests(request.user)
    asked = {name: request.GET.get(name, "") for name in ("state", "kind", "late")}
    if asked["state"] in State.values:
        rows = rows.filter(state=asked["state"])
    if asked["kind"] in Kind.values:
        rows = rows.filter(kind=asked["kind"])
    if asked["late"]:
        rows = queries.late(rows)
    table = tables.RequestTable(request, rows)
    _note(request, (one.person_id for one in shown(table)))
    counts = [(state, n) for state, n in queries.counts_by_state(request.user).items() if n]
    return table.respond(
        "requests/requests.html",
        {
            "asked": asked, "states": State.choices, "kinds": Kind.choices, "counts": counts,
            "limit": queries.LIMIT,
        },
    )  # fmt: skip


@require_safe
@needs(APPLY)
def brought(request: SignedIn) -> HttpResponseBase:
    """The requests the viewer brought, wherever the patients live."""
    rows = queries.requests(request.user).filter(made_by=request.user.pk)
    table = tables.RequestTable(request, rows)
    _note(request, (one.person_id for one in shown(table)))
    return table.respond("requests/brought.html")


def shown(table: Any) -> Iterable[Any]:
    """The rows of a table that somebody sees: its page, or all of an export."""
    exported = table.request.GET.get("export", "") in ("csv", "xlsx")
    rows: Iterable[Any] = table.rows if exported else table.page_rows
    return rows


def _note(request: SignedIn, persons: Iterable[UUID]) -> None:
    """Note whose names a list showed, or took away as a file."""
    found = list(persons)
    if found:
        audit.record(
            "requests.list", actor=request.user.pk, kind="request",
            purpose=request.GET.get("export", ""), persons=found,
        )  # fmt: skip


# --- one request -----------------------------------------------------------------------------


def seen(request: SignedIn, request_id: UUID) -> Request:
    """The request; one the viewer may not see does not exist."""
    found = queries.request(request.user, request_id)
    if found is None:
        raise Http404
    return found


@require_safe
def request(request: SignedIn, request_id: UUID) -> HttpResponse:
    """One request: lines with reasons and law, documents, history, money, what comes next."""
    found = seen(request, request_id)
    audit.record(
        "requests.look", actor=request.user.pk, kind="request", object_id=found.pk,
        area_path=str(found.area_path), persons=[found.person_id],
    )  # fmt: skip
    return show(request, found)


def show(request: SignedIn, found: Request, *, status: int = 200, **forms_: Any) -> HttpResponse:
    """The page of a request, with a form that was refused."""
    user = request.user
    works, brings = queries.may_work(user, found), queries.may_bring(user, found)
    lines = queries.lines(found)
    money = queries.money([found]).get(found.pk)
    papers = attached(evidence.OWNER, [found.pk, *filter(None, [found.parted_from_id])])
    verbs = set(REQUEST.verbs(found.state))
    matter = queries.matter_of(found)
    voters = queries.voters(matter.body) if matter and works and found.urgent else []
    members = [one for one in voters if one.user_id is None]
    context = {
        "request_": found,
        "name": full_name(found.person),
        "lines": [explained.line(line) for line in lines],
        "rejected_by_law": found.decided_by == Decider.RULE,
        "back_reasons": explained.back_reasons(found, lines),
        "documents": [one for some in papers.values() for one in some],
        "missing": evidence.missing(found) if found.state in evidence.STILL else [],
        "checklist": evidence.needed(found),
        "steps": [_event(step) for step in queries.steps(found)],
        "money": money,
        "money_label": _money_label(money.state) if money else "",
        "letter": queries.letter_of(found) if found.kind == Kind.APPROVAL else None,
        "parts": queries.parts(found),
        "appeals": queries.appeals_of(found),
        "matter": matter,
        "consents": queries.consents(found) if found.urgent else [],
        "bringing": forms.DocumentForm(),
        "why": forms.WhyForm(),
        "amount": forms.AmountForm(
            most=found.asked,
            initial={"amount": Rial(found.proposed)} if found.proposed else None,
        ),
        "members": members,
        "agreeing": forms.PaperForm(
            members=[(str(one.pk), one.name) for one in members],
            most=found.asked,
            initial={"amount": Rial(found.asked)},
        ),
        "may_submit": brings and "submit" in verbs,
        "may_answer": brings and "answer" in verbs,
        "may_withdraw": brings and "withdraw" in verbs,
        "may_bring": brings
        and found.state in (*evidence.STILL, State.IN_COMMITTEE, State.DEFERRED),
        "may_return": works and found.state == State.IN_COMMITTEE and not found.provisional,
        "may_propose": works and found.state == State.IN_COMMITTEE,
        "may_agree": works and found.urgent and found.state == State.IN_COMMITTEE,
        "me": user.pk,
        "may_appeal": brings and found.state in (State.REJECTED, State.PART),
        "may_retry": works and found.hold == Hold.CREDIT,
        "sees_file": request.user.may(READ),
        **forms_,
    }
    return render(request, "requests/request.html", context, status=status)


def _money_label(state: str) -> str:
    """Where the money is, in the ledger's words."""
    known = {**dict(CommitmentState.choices), **dict(VoucherState.choices)}
    return str(known.get(state, state))


def _event(step: Any) -> Event:
    titles = {one.verb: one.title for one in REQUEST.transitions}
    titles |= {"draft": _("Drafted"), "decide": _("Decided again"),
               "confirm": _("Confirmed by the committee"),
               "question": _("To be confirmed: an interest was declared"),
               "remind": _("The patient is reminded"),
               "stuck": _("The prior approval could not be ended"),
               "apart": _("A line goes on by itself: it is no double"),
               "propose": _("Set what a part would be")}  # fmt: skip
    said = [str(State(step.state).label)]
    if (step.why and step.verb not in ("reject", "return")) or " " in step.why:
        said.append(step.why)
    who = _("by itself") if step.actor is None else ""
    return Event(str(titles.get(step.verb, step.verb)), step.at, " · ".join(said), who,
                 tone(State(step.state)))  # fmt: skip


@require_POST
def act(request: SignedIn, request_id: UUID) -> HttpResponse:
    """One step with a request; what is refused stands on its page."""
    found = seen(request, request_id)
    verb = request.POST.get("verb", "")
    if verb not in STEPS:
        raise Http404
    by_desk, step = STEPS[verb]
    may = queries.may_work if by_desk else queries.may_bring
    if not may(request.user, found):
        raise Http404
    try:
        desk.check_free(request.user.pk, *queries.at_desk(found))
        done = step(request, found)
    except Invalid as error:
        messages.error(request, error.message())
    else:
        if done:
            messages.success(request, done)
    return redirect("requests:request", found.pk)


def _submit(request: SignedIn, found: Request) -> str:
    evidence.check(found)
    made = bringing.submit(found, actor=request.user.pk)
    return _("Submitted: %(state)s") % {"state": State(made.state).label}


def _retry(request: SignedIn, found: Request) -> str:
    if found.hold != Hold.CREDIT:
        raise Invalid("request.gone", number=found.number, state=State(found.state).label)
    made = bringing.decide_again(found, "decide", (State.SUBMITTED,), actor=request.user.pk)
    return _("Decided: %(state)s") % {"state": State(made.state).label}


def _with_reason(write: Callable[..., object], name: str = "why") -> Callable[..., str]:
    def step(request: SignedIn, found: Request) -> str:
        write(found, **{name: request.POST.get("why", "")}, actor=request.user.pk)
        return _("It was recorded.")

    return step


def _propose(request: SignedIn, found: Request) -> str:
    form = forms.AmountForm(request.POST, most=found.asked)
    if not form.is_valid():
        say(request, form)
        return ""
    committee.propose(found, form.cleaned_data["amount"], actor=request.user.pk)
    return _("It was recorded.")


def _agree(request: SignedIn, found: Request) -> str:
    matter = queries.matter_of(found)
    members = {str(one.pk): one for one in queries.voters(matter.body)} if matter else {}
    choices = [(pk, one.name) for pk, one in members.items()]
    form = forms.PaperForm(request.POST, request.FILES, members=choices, most=found.asked)
    if not form.is_valid():
        say(request, form)
        return ""
    fast.agree_on_paper(
        found, members[form.cleaned_data["member"]], form.cleaned_data["amount"],
        form.cleaned_data["uploads"][0], actor=request.user.pk,
    )  # fmt: skip
    return _("Kept; another person has to confirm the paper.")


def _confirm(request: SignedIn, found: Request) -> str:
    answer, _colon, pk = request.POST.get("paper", "").partition(":")
    consent = queries.consent(found, as_id(pk))
    if consent is None:
        raise Http404
    made = fast.confirm(consent, accept=answer == "yes", actor=request.user.pk)
    return said(made)


def said(made: Request) -> str:
    """What follows when a member agreed."""
    if made.state == State.IN_COMMITTEE:
        return _("Noted; a second member has to agree.")
    return _("Granted; the committee confirms it in its next meeting.")


def as_id(text: str) -> UUID:
    """An id from a form; what is none does not exist."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _document(request: SignedIn, found: Request) -> str:
    form = forms.DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        say(request, form)
        return ""
    keep(found, form.cleaned_data["uploads"], form.cleaned_data["kind"], request.user.pk)
    return _("Kept.")


def keep(found: Request, uploads: Iterable[Any], kind: str, actor: UUID) -> None:
    """Keep documents with a request."""
    for upload in uploads:
        documents.keep(
            upload, owner_kind=evidence.OWNER, owner_id=found.pk, person_id=found.person_id,
            kind=kind, area_path=str(found.area_path), province=found.province, actor=actor,
        )  # fmt: skip


def say(request: HttpRequest, form: Any) -> None:
    """What is wrong with a form that stands on another page."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        for error in errors:
            messages.error(request, f"{label}: {error}" if label else str(error))


#: verb → (only the desk, the step).
STEPS: dict[str, tuple[bool, Callable[[SignedIn, Request], str]]] = {
    "submit": (False, _submit),
    "withdraw": (False, _with_reason(ending.withdraw)),
    "answer": (False, _with_reason(ending.answer, "text")),
    "document": (False, _document),
    "return": (True, _with_reason(ending.send_back)),
    "propose": (True, _propose),
    "agree": (True, _agree),
    "confirm": (True, _confirm),
    "retry": (True, _retry),
}


# --- invoices that look alike ------------------------------------------------------------------


@require_safe
@needs(WORK)
def doubts(request: SignedIn) -> HttpResponseBase:
    """Pairs of invoices that look alike: those to look at, or all."""
    rows = queries.doubts(request.user)
    every = request.GET.get("all", "")
    if not every:
        rows = rows.filter(state=DoubtState.OPEN)
    table = tables.DoubtTable(request, rows)
    _note(request, (one.line.person_id for one in shown(table)))
    return table.respond("requests/doubts.html", {"every": every})


@needs(WORK)
def doubt(request: SignedIn, doubt_id: UUID) -> HttpResponse:
    """Two invoices side by side; a clerk says whether they are one, and another takes it back."""
    found = queries.doubt(request.user, doubt_id)
    if found is None:
        raise Http404
    may_take_back = queries.may_take_back(found, request.user.pk)
    kind, write = (
        (forms.WhyForm, doubting.take_back) if may_take_back
        else (forms.AnswerForm, doubting.answer)
    )  # fmt: skip
    form: Form = kind(request.POST or None)
    if form.is_valid():
        try:
            desk.check_free(request.user.pk, found.pk, found.line.request_id)
            made = write(found, **form.cleaned_data, actor=request.user.pk)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("It was recorded."))
            return redirect("requests:request", made.pk)
    audit.record(
        "requests.look", actor=request.user.pk, kind="request",
        object_id=found.line.request_id, area_path=str(found.area_path),
        persons={found.line.person_id, found.other.person_id},
    )  # fmt: skip
    both = attached(evidence.OWNER, [found.line.request_id, found.other.request_id])
    pair = _pair(found, form, both) | {"may_take_back": may_take_back}
    return render(request, "requests/doubt.html", pair)


def _pair(found: Doubt, form: Form, papers: dict[UUID, Any]) -> dict[str, Any]:
    return {
        "doubt": found,
        "form": form,
        "likeness": [explained.LIKENESS[one] for one in found.likeness],
        "sides": [
            (line, full_name(line.request.person), papers.get(line.request_id, []))
            for line in (found.line, found.other)
        ],
        "open": found.state == DoubtState.OPEN,
    }  # fmt: skip
