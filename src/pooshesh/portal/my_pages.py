"""What a patient sees and does in their own file, each page through the visit alone."""

from uuid import UUID

from django.contrib import messages as notes
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pooshesh.disease.claims import appeal
from pooshesh.documents import actions as documents
from pooshesh.fund import applications
from pooshesh.fund.applications import OWNER, AlreadyOpen
from pooshesh.fund.models import Channel, Insured, State
from pooshesh.fund.queries import disease, disease_choices
from pooshesh.kernel.errors import Invalid
from pooshesh.portal import drafts, finding, mine, queries
from pooshesh.portal.door import Visited, brings_too_much, visited
from pooshesh.portal.forms import AppealForm, BringForm, WantedForm, WhyForm
from pooshesh.portal.mine import Applied


def shown(request: Visited, template: str, here: str, **context: object) -> HttpResponse:
    """A page of the patient."""
    return render(request, template, {"visit": request.visit, "here": here, **context})


@require_safe
@visited
def file(request: Visited) -> HttpResponse:
    """Where the patient's file is, what comes next, what is missing, money, decisions."""
    return shown(
        request, "portal/file.html", "file", **_file(request), draft=drafts.waiting(request.visit)
    )


def _file(request: Visited) -> dict[str, object]:
    visit = request.visit
    return {
        "file": mine.file(visit), "applied": mine.applications(visit), "tags": mine.tags(visit),
        "today": timezone.localdate(), "acting": queries.acting(visit, timezone.localdate()),
        "asked": mine.requests(visit), "left": mine.money_left(visit, timezone.localdate()),
    }  # fmt: skip


@require_safe
@visited
def money(request: Visited) -> HttpResponse:
    """What was granted, what was paid and when, and what is left this year."""
    visit = request.visit
    return shown(
        request, "portal/money.html", "money", payments=mine.payments(mine.requests(visit)),
        left=mine.money_left(visit, timezone.localdate()),
        before=mine.money_before(visit, timezone.localdate()),
    )  # fmt: skip


@require_safe
@visited
def printed(request: Visited) -> HttpResponse:
    """The whole file on paper: every application and request with its reasons and money."""
    asked = mine.requests(request.visit)
    return shown(
        request, "portal/print.html", "file", **_file(request),
        before=mine.money_before(request.visit, timezone.localdate()),
        wholes=[mine.request(request.visit, one.row.pk) for one in asked],
    )  # fmt: skip


@require_safe
@visited
def readers(request: Visited) -> HttpResponse:
    """Who read or changed the patient's record: when, in which role, what for."""
    return shown(
        request, "portal/readers.html", "readers",
        looks=queries.looks(request.visit), most=queries.LOOKS_SHOWN,
    )  # fmt: skip


@require_safe
@visited
def messages(request: Visited) -> HttpResponse:
    """Messages that went to the patient's mobile."""
    return shown(
        request, "portal/messages.html", "messages", sent=queries.messages(request.visit)[:100]
    )


# --- applications ---------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@visited
def apply(request: Visited) -> HttpResponse:
    """Applies to the fund for another disease; it joins the file there is."""
    visit = request.visit
    typed = drafts.take(visit, request.path) if request.method == "GET" else None
    form = WantedForm(request.POST or typed, diseases=disease_choices())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = applications.apply(
                visit.person_id, disease(said["disease"]), channel=Channel.PORTAL,
                actor=visit.pk, mobile=finding.reached_at(visit), note=said["note"],
                insured=Insured(said["insured"]),
            )  # fmt: skip
        except AlreadyOpen as error:
            notes.info(request, error.message())
            return redirect("portal:application", error.application.pk)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            notes.success(request, _("Your application was received."))
            return redirect("portal:application", made.pk)
    return shown(request, "portal/apply.html", "file", form=form, kept=typed is not None)


def _applied(request: Visited, application_id: UUID) -> Applied:
    found = mine.application(request.visit, application_id)
    if found is None:
        raise Http404
    return found


@require_safe
@visited
def application(request: Visited, application_id: UUID) -> HttpResponse:
    """One application: where it is, what comes next, what is missing, what was said."""
    return _application(request, _applied(request, application_id))


def _application(
    request: Visited, one: Applied, *, status: int = 200, **forms: object
) -> HttpResponse:
    typed = {
        "why_form": drafts.take(request.visit, f"{request.path}withdraw/"),
        "appeal_form": drafts.take(request.visit, f"{request.path}appeal/"),
    }
    context = {
        "one": one, "bring_form": BringForm(one.checklist), "why_form": WhyForm(typed["why_form"]),
        "appeal_form": AppealForm(typed["appeal_form"]), **forms,
    }  # fmt: skip
    answer = shown(request, "portal/application.html", "file", **context)
    answer.status_code = status
    return answer


@require_POST
@visited
def bring(request: Visited, application_id: UUID) -> HttpResponse:
    """Brings documents for an application; they are checked and made anew."""
    one = _applied(request, application_id)
    if not one.may_bring:
        raise Http404
    form = BringForm(one.checklist, request.POST, request.FILES)
    if not form.is_valid():
        return _application(request, one, status=422, bring_form=form)
    if brings_too_much(request):
        notes.warning(request, _("Too many documents came from here; try again in an hour."))
        return redirect("portal:application", one.row.pk)
    row, kept = one.row, 0
    for upload in form.cleaned_data["uploads"]:
        try:
            documents.keep(
                upload, owner_kind=OWNER, owner_id=row.pk, person_id=row.file.person_id,
                kind=form.cleaned_data["kind"], area_path=str(row.area_path),
                province=row.province, actor=request.visit.pk,
            )  # fmt: skip
            kept += 1
        except Invalid as error:
            notes.warning(request, error.message())
    if kept:
        notes.success(request, _("Thank you, we have your document."))
    return redirect("portal:application", row.pk)


@require_POST
@visited
def complete(request: Visited, application_id: UUID) -> HttpResponse:
    """Sends a completed application back to the desk."""
    one = _applied(request, application_id)
    if one.row.state == State.INCOMPLETE and one.checklist.missing:
        notes.warning(request, _("Something is still missing; see the list."))
        return redirect("portal:application", one.row.pk)
    try:
        applications.complete(one.row.pk, actor=request.visit.pk)
    except Invalid as error:
        notes.error(request, error.message())
    else:
        notes.success(request, _("Your application is at the desk again."))
    return redirect("portal:application", one.row.pk)


@require_POST
@visited
def withdraw(request: Visited, application_id: UUID) -> HttpResponse:
    """Takes an application back, with the reason."""
    one = _applied(request, application_id)
    form = WhyForm(request.POST)
    if form.is_valid():
        try:
            applications.withdraw(one.row.pk, text=form.cleaned_data["why"], actor=request.visit.pk)
        except Invalid as error:
            form.add_error("why", error.message())
        else:
            notes.success(request, _("You took the application back."))
            return redirect("portal:application", one.row.pk)
    return _application(request, one, status=422, why_form=form)


@require_POST
@visited
def appeal_refusal(request: Visited, application_id: UUID) -> HttpResponse:
    """Appeals the refusal of a diagnosis; other physicians decide."""
    one = _applied(request, application_id)
    if one.claim is None or not one.may_appeal:
        raise Http404
    form = AppealForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            appeal(one.claim, said["ground"], why=said["why"], actor=request.visit.pk)
        except Invalid as error:
            form.add_error("why", error.message())
        else:
            notes.success(request, _("Other physicians look at it now."))
            return redirect("portal:application", one.row.pk)
    return _application(request, one, status=422, appeal_form=form)
