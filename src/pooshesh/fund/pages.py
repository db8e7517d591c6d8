"""Pages of files and applications."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.coverage.queries import Covered
from pooshesh.coverage.states import WORDS
from pooshesh.documents import actions as documents
from pooshesh.fund import applications, desk, forms, papers, queries, tables
from pooshesh.fund.following import WORK as AT_DESK
from pooshesh.fund.models import Application, ApplicationStep, Channel, PatientFile, State, Why
from pooshesh.fund.registry import file_parts
from pooshesh.fund.states import APPLICATION, APPLY, READ, WORK
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.people.tables import full_name
from pooshesh.web.pdf import pdf_response
from pooshesh.web.registry import tone
from pooshesh.web.timeline import Event

NEXT = "next"  # the button that goes on to the next file


# --- lists ------------------------------------------------------------------------------------


@require_safe
@needs(READ)
def application_list(request: SignedIn) -> HttpResponseBase:
    """Applications of the viewer's area, by state, channel and disease, late ones alone."""
    rows = queries.applications(request.user)
    asked = {name: request.GET.get(name, "") for name in ("state", "channel", "disease", "late")}
    if asked["state"] in State.values:
        rows = rows.filter(state=asked["state"])
    if asked["channel"] in Channel.values:
        rows = rows.filter(channel=asked["channel"])
    diseases = queries.disease_choices()
    if asked["disease"] in dict(diseases):
        rows = rows.filter(disease=asked["disease"])
    if asked["late"]:
        rows = queries.overdue(rows)
    table = tables.ApplicationTable(request, rows)
    _note(request, (one.file.person_id for one in _shown(table)))
    return table.respond(
        "fund/applications.html",
        {
            "states": State.choices, "channels": Channel.choices, "diseases": diseases,
            "asked": asked, "counts": _counts(request),
        },
    )  # fmt: skip


def _counts(request: SignedIn) -> list[tuple[State, int]]:
    return list(queries.counts_by_state(request.user).items())


@require_safe
@needs(APPLY)
def brought(request: SignedIn) -> HttpResponseBase:
    """The applications the viewer brought, wherever the patients live."""
    rows = queries.applications(request.user).filter(brought_by=request.user.pk)
    table = tables.ApplicationTable(request, rows)
    _note(request, (one.file.person_id for one in _shown(table)))
    return table.respond("fund/brought.html")


@require_safe
@needs(READ)
def file_list(request: SignedIn) -> HttpResponseBase:
    """Files of patients who live in the viewer's area."""
    table = tables.FileTable(request, queries.files_with_counts(request.user))
    _note(request, (one.person_id for one in _shown(table)))
    return table.respond("fund/files.html", {"may_apply": request.user.may(APPLY)})


def _shown(table: Any) -> Iterable[Any]:
    exported = table.request.GET.get("export", "") in ("csv", "xlsx")
    found: Iterable[Any] = table.rows if exported else table.page_rows
    return found


def _note(request: SignedIn, persons: Iterable[UUID]) -> None:
    """Note whose names a list showed, or took away as a file."""
    export = request.GET.get("export", "")
    found = list(persons)
    if found:
        audit.record(
            "fund.list", actor=request.user.pk, kind="application", purpose=export, persons=found
        )


# --- a file -----------------------------------------------------------------------------------


@require_safe
@needs(READ)
def file(request: SignedIn, file_id: UUID) -> HttpResponse:
    """A patient's file for life: applications, tags, and what other rooms add."""
    found = queries.patient_file(request.user, file_id)
    if found is None:
        raise Http404
    audit.record(
        "fund.look_file", actor=request.user.pk, kind="patient_file", object_id=found.pk,
        area_path=str(found.area_path), persons=[found.person_id],
    )  # fmt: skip
    return render(
        request,
        "fund/file.html",
        {
            "file": found,
            "name": full_name(found.person),
            "applications": queries.applications_of(request.user, found),
            "tags": queries.tags_of(found),
            "parts": _parts(request, found),
            "may_apply": request.user.may(APPLY) and request.user.may("people.read"),
            "may_person": request.user.may("people.read"),
        },
    )


def _parts(request: SignedIn, found: PatientFile) -> list[tuple[Any, dict[str, Any]]]:
    parts = ((part, part.context(request, found)) for part in file_parts())
    return [(part, {**shown, "file": found}) for part, shown in parts if shown is not None]


# --- one application --------------------------------------------------------------------------


def seen(request: SignedIn, application_id: UUID) -> Application:
    """The application; one outside the viewer's area does not exist."""
    found = queries.application(request.user, application_id)
    if found is None:
        raise Http404
    return found


@require_safe
def application(request: SignedIn, application_id: UUID) -> HttpResponse:
    """One application: where it stands, what is missing, what comes next, every step."""
    found = seen(request, application_id)
    audit.record(
        "fund.look", actor=request.user.pk, kind="application", object_id=found.pk,
        area_path=str(found.area_path), persons=[found.file.person_id],
    )  # fmt: skip
    return show(request, found)


def show(
    request: SignedIn,
    found: Application,
    *,
    returning: forms.ReturnForm | None = None,
    bringing: forms.DocumentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an application, with a form that was refused."""
    user = request.user
    works, brings = queries.may_work(user, found), queries.may_complete(user, found)
    list_ = queries.checklist(found)
    kinds = [(one.kind, one.title) for one in list_.items]
    verbs = set(APPLICATION.verbs(found.state))
    hands = desk.holder(AT_DESK, found.pk) if works else None
    return render(
        request,
        "fund/application.html",
        {
            "application": found,
            "name": full_name(found.file.person),
            "why": Why(found.why).label if found.why else "",
            "late": tables.is_late(found),
            "days": tables.days_in_state(found),
            "checklist": list_,
            "cover": cover_words(queries.covered(found)),
            "claim": queries.claim_of(found),
            "missing": [dict(kinds).get(one, one) for one in found.missing],
            "steps": [_event(step) for step in queries.steps(found)],
            "returning": returning or _return_form(found, list_),
            "bringing": bringing or forms.DocumentForm(kinds=kinds),
            "reason": forms.ReasonForm(),
            "may_send": works and "send" in verbs,
            "may_return": works and "return" in verbs,
            "may_lapse": works and tables.is_late(found),
            "may_complete": brings and "complete" in verbs,
            "may_bring": brings and found.state in (State.RECEIVED, State.INCOMPLETE),
            "may_withdraw": brings and "withdraw" in verbs,
            "mine": hands is not None and hands.holder == user.pk,
            "other_until": hands.until if hands and hands.holder != user.pk else None,
            "sees_file": queries.patient_file(user, found.file_id) is not None,
            "at_desk": works and found.state == State.RECEIVED,
        },
        status=status,
    )


def cover_words(found: Covered) -> list[tuple[str, str]]:
    """Whether this insurer covers somebody and why or why not, as (code, words)."""
    return [(code, str(WORDS[code])) for code in found.reasons if code in WORDS]


def _return_form(found: Application, list_: queries.Checklist) -> forms.ReturnForm:
    kinds = [(one.kind, one.title) for one in list_.items]
    initial = {"missing": list_.missing, "template": "missing" if list_.missing else None}
    return forms.ReturnForm(templates=queries.templates(), kinds=kinds, initial=initial)


_TITLES = {one.verb: one.title for one in APPLICATION.transitions}


def _event(step: ApplicationStep) -> Event:
    said = [str(State(step.target).label), step.text]
    who = getattr(step, "who", "") or (_("by itself") if step.actor is None else "")
    title = _TITLES.get(step.verb, _("Application received"))
    return Event(title, step.at, " · ".join(filter(None, said)), who, tone(State(step.target)))


def _workable(request: SignedIn, application_id: UUID) -> Application:
    found = queries.workable(request.user).filter(pk=application_id).first()
    if found is None:
        raise Http404
    return found


def _completable(request: SignedIn, application_id: UUID) -> Application:
    found = seen(request, application_id)
    if not queries.may_complete(request.user, found):
        raise Http404
    return found


def _went(request: SignedIn, found: Application, said: str) -> HttpResponse:
    """After a good step: the next file where the clerk asked for it, else the application."""
    messages.success(request, said)
    if NEXT in request.POST:
        return next_file(request)
    return redirect("fund:application", found.pk)


def next_file(request: SignedIn, code: str = "") -> HttpResponse:
    """Hand the clerk the next file, without going back to a list."""
    got = desk.take(request.user, code)
    if got is None:
        messages.success(request, _("Nothing waits at the desk, or others are at what is left."))
        return redirect("fund:desk")
    kind, row = got
    return redirect(kind.address(row))


@require_POST
@needs(WORK)
def send(request: SignedIn, application_id: UUID) -> HttpResponse:
    """Send an application to the university."""
    found = _workable(request, application_id)
    try:
        desk.check_free(request.user.pk, found.pk)
        applications.send_to_university(found.pk, actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
        return redirect("fund:application", found.pk)
    return _went(request, found, _("Sent to the university."))


@require_POST
@needs(WORK)
def return_(request: SignedIn, application_id: UUID) -> HttpResponse:
    """Return an application for completion, with a reason and a clock."""
    found = _workable(request, application_id)
    list_ = queries.checklist(found)
    kinds = [(one.kind, one.title) for one in list_.items]
    form = forms.ReturnForm(request.POST, templates=queries.templates(), kinds=kinds)
    if not form.is_valid():
        return show(request, found, returning=form)
    try:
        desk.check_free(request.user.pk, found.pk)
        applications.return_for(found.pk, **form.given(_in_persian(found)), actor=request.user.pk)
    except Invalid as error:
        form.add_error(None, error.message())
        return show(request, found, returning=form)
    return _went(request, found, _("Returned for completion; the patient is told."))


def _in_persian(found: Application) -> dict[str, str]:
    """Kinds of documents that are asked for, as patients call them."""
    with override("fa"):
        return {one.kind: one.title for one in queries.checklist(found).items}


@require_POST
def bring(request: SignedIn, application_id: UUID) -> HttpResponse:
    """Bring documents to an application."""
    found = _completable(request, application_id)
    kinds = [(one.kind, one.title) for one in queries.checklist(found).items]
    form = forms.DocumentForm(request.POST, request.FILES, kinds=kinds)
    if found.state not in (State.RECEIVED, State.INCOMPLETE) or not form.is_valid():
        return show(request, found, bringing=form)
    try:
        desk.check_free(request.user.pk, found.pk)
        keep(form.cleaned_data["uploads"], form.cleaned_data["kind"], found, request.user.pk)
    except Invalid as error:
        form.add_error("uploads", error.message())
        return show(request, found, bringing=form)
    messages.success(request, _("The documents were kept."))
    return redirect("fund:application", found.pk)


def keep(files: Iterable[Any], kind: str, found: Application, actor: UUID) -> None:
    """Keep documents with an application; the first that is refused ends it."""
    for one in files:
        documents.keep(
            one, owner_kind=applications.OWNER, owner_id=found.pk, kind=kind,
            person_id=found.file.person_id, area_path=str(found.area_path),
            province=found.province, actor=actor,
        )  # fmt: skip


@require_POST
def step(request: SignedIn, application_id: UUID, verb: str) -> HttpResponse:
    """Complete, withdraw, or close what was not completed in time."""
    user, text = request.user.pk, request.POST.get("text", "")
    if verb not in ("complete", "withdraw", "lapse"):
        raise Http404
    found = (_workable if verb == "lapse" else _completable)(request, application_id)
    try:
        desk.check_free(user, found.pk)
        if verb == "complete":
            applications.complete(found.pk, text=text, actor=user)
        elif verb == "withdraw":
            applications.withdraw(found.pk, text=text, actor=user)
        else:
            applications.lapse(found.pk, actor=user)
    except Invalid as error:
        messages.error(request, error.message())
        return redirect("fund:application", application_id)
    return _went(request, found, _("It was recorded."))


@require_safe
def receipt(request: SignedIn, application_id: UUID) -> HttpResponse:
    """The receipt with the tracking number; of an ended or returned one the letter about it."""
    found = seen(request, application_id)
    audit.record(
        "fund.receipt", actor=request.user.pk, kind="application", object_id=found.pk,
        area_path=str(found.area_path), persons=[found.file.person_id],
    )  # fmt: skip
    return pdf_response(papers.letter(found), f"fund-{found.code}")


# --- the desk ---------------------------------------------------------------------------------


@require_safe
@needs(WORK)
def desk_page(request: SignedIn) -> HttpResponse:
    """What waits, by kind; the next file is one press away."""
    waits = desk.waiting(request.user)
    late = queries.overdue(queries.workable(request.user)).count()
    return render(
        request,
        "fund/desk.html",
        {
            "waits": waits, "total": sum(one.total for one in waits), "late": late,
            "late_at": reverse("fund:applications") + "?late=1", "counts": _counts(request),
        },
    )  # fmt: skip


@require_POST
@needs(WORK)
def desk_next(request: SignedIn) -> HttpResponse:
    """The clerk's own file, else the next free one: urgent first, then the oldest."""
    return next_file(request, request.POST.get("kind", ""))


@require_POST
@needs(WORK)
def desk_skip(request: SignedIn, kind: str, row_id: UUID) -> HttpResponse:
    """Put a file off with a reason, and take the next."""
    known = desk.kind_of(kind)
    row = known.waiting(request.user.reach(WORK)).filter(pk=row_id).first() if known else None
    if known is None or row is None:
        raise Http404
    try:
        desk.skip(request.user, known, row, request.POST.get("why", ""))
    except Invalid as error:
        messages.error(request, error.message())
        return redirect(known.address(row))
    messages.info(request, _("Put off; it comes last. Here is the next one."))
    return next_file(request)


@require_POST
@needs(WORK)
def desk_hold(request: SignedIn, kind: str, row_id: UUID) -> HttpResponse:
    """Take a file that was opened by its address."""
    known = desk.kind_of(kind)
    row = known.waiting(request.user.reach(WORK)).filter(pk=row_id).first() if known else None
    if known is None or row is None:
        raise Http404
    try:
        desk.hold(request.user, known, row)
    except Invalid as error:
        messages.error(request, error.message())
    return redirect(known.address(row))
