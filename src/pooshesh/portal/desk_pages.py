"""The desk's part of the portal: who may act for a patient, and the words of messages."""

import datetime as dt
from uuid import UUID

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.documents.queries import attached
from pooshesh.kernel.errors import Invalid
from pooshesh.people.models import Person
from pooshesh.people.queries import find
from pooshesh.portal import mandates, messages, newcomers, queries
from pooshesh.portal.forms import (
    AsOfForm,
    EndForm,
    MandateForm,
    PatientForm,
    RefuseForm,
    TemplateForm,
)
from pooshesh.portal.models import NewcomerState, Told
from pooshesh.portal.tables import NewcomerTable

FIELDS = {
    "portal.mandate_proof": "proof", "portal.mandate_name": "name", "portal.mandate_self":
    "national_id", "portal.delegate_end": "last", "portal.mandate_order": "last",
    "portal.guardian_age": "kind", "portal.guardian_birth": "kind", "portal.mandate_dead": "kind",
    "portal.heir_alive": "kind", "portal.mandate_why": "why", "portal.mandate_over": "last",
    "portal.mandate_after": "last",
}  # fmt: skip


@require_safe
@needs(queries.WORK)
def mandate_list(request: SignedIn) -> HttpResponse:
    """Who may act for patients, as it stood on a day; and where one is registered."""
    asked = AsOfForm(request.GET or None)
    on, known = _moments(asked)
    form = PatientForm(request.GET or None)
    text = request.GET.get("q", "").strip()
    context = {
        "held": queries.mandates(request.user, on, known), "on": on, "asked": asked, "form": form,
        "text": text, "found": _found(request, text),
    }  # fmt: skip
    return render(request, "portal/mandates.html", context)


def _found(request: SignedIn, text: str) -> list[Person]:
    if not text:
        return []
    seen = [one.pk for one in find(request.user, text).hits]
    return list(queries.patients(request.user).filter(pk__in=seen))


def _moments(form: AsOfForm) -> tuple[dt.date, dt.datetime | None]:
    """The day asked for, and the end of the day as known on which; None is now."""
    said = form.cleaned_data if form.is_valid() else {}
    known = said.get("known")
    at = timezone.make_aware(dt.datetime.combine(known, dt.time.max)) if known else None
    return said.get("on") or timezone.localdate(), at


@require_http_methods(["GET", "HEAD", "POST"])
@needs(queries.WORK)
def mandate_new(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Registers somebody to act for a patient, with the proof."""
    person = queries.patient(request.user, person_id)
    if person is None:
        raise Http404
    form = MandateForm(
        request.POST or None, request.FILES or None, initial={"since": timezone.localdate()}
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = mandates.register(
                person, kind=said["kind"], name=said["name"], number=form.number(),
                mobile=said["mobile"], since=said["since"], last=said["last"],
                proof=said["proof"], actor=request.user.pk,
            )  # fmt: skip
        except Invalid as error:
            form.add_error(FIELDS.get(error.code), error.message())
        else:
            notes.success(request, _("The mandate is registered; its holder may come in now."))
            return redirect("portal:mandate", made.pk)
    return render(request, "portal/mandate_new.html", {"person": person, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(queries.WORK)
def mandate(request: SignedIn, mandate_id: UUID) -> HttpResponse:
    """One mandate: holder, time, proof; the desk ends it here."""
    found = queries.mandate(request.user, mandate_id)
    if found is None:
        raise Http404
    form = EndForm(request.POST or None, initial={"last": timezone.localdate()})
    if form.is_valid():
        try:
            mandates.end(found, **form.cleaned_data, actor=request.user.pk)
        except Invalid as error:
            form.add_error(FIELDS.get(error.code), error.message())
        else:
            notes.success(request, _("The mandate ends on that day."))
            return redirect("portal:mandate", found.pk)
    context = {
        "one": queries.held(found, timezone.localdate()), "form": form,
        "history": queries.terms(found),
        "documents": attached(mandates.OWNER, [found.pk]).get(found.pk, []),
    }  # fmt: skip
    return render(request, "portal/mandate.html", context)


def panel(request: HttpRequest, person: Person) -> dict[str, object] | None:
    """Who may act for the person, on their page."""
    user = request.user
    if queries.patient(user, person.pk) is None:  # type: ignore[arg-type]
        return None
    held = queries.mandates(user, timezone.localdate(), person=person)  # type: ignore[arg-type]
    return {"held": held, "person": person}


# --- newcomers -------------------------------------------------------------------------------


@require_safe
@needs(queries.WORK)
def newcomer_list(request: SignedIn) -> HttpResponseBase:
    """First applications from the portal whose identity the desk is to see."""
    table = NewcomerTable(request, queries.newcomers(request.user))
    return table.respond("portal/newcomers.html")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(queries.WORK)
def newcomer(request: SignedIn, newcomer_id: UUID) -> HttpResponse:
    """What a newcomer wrote beside the record it is about; the desk lets them in or not."""
    found = queries.newcomer(request.user, newcomer_id)
    if found is None:
        raise Http404
    form = RefuseForm(request.POST if "refuse" in request.POST else None)
    try:
        if "let_in" in request.POST:
            newcomers.let_in(found, actor=request.user.pk)
            notes.success(request, _("The identity is confirmed; the portal is open to them."))
            return redirect("portal:newcomers")
        if form.is_valid():
            newcomers.refuse(found, why=form.cleaned_data["why"], actor=request.user.pk)
            notes.success(request, _("They are not let in, and what they wrote is gone."))
            return redirect("portal:newcomers")
    except Invalid as error:
        form.add_error(None, error.message()) if form.is_bound else notes.error(
            request, error.message()
        )
    facts = newcomers.look(found, actor=request.user.pk)
    context = {
        "one": found, "facts": facts, "form": form, "open": found.state == NewcomerState.OPEN,
        "birth": facts and dt.date.fromisoformat(facts["birth_date"]),
    }  # fmt: skip
    return render(request, "portal/newcomer.html", context)


# --- words of messages ---------------------------------------------------------------------------


def _writes(request: SignedIn) -> bool:
    """Words hold for the nation, so who writes them writes for the nation."""
    return request.user.reach(queries.WRITE_WORDS).everywhere


@require_safe
@needs("fund.read")
def templates(request: SignedIn) -> HttpResponse:
    """The words of every message to patients."""
    context = {"rows": queries.templates(), "writes": _writes(request)}
    return render(request, "portal/templates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("fund.read")
def template(request: SignedIn, event: str) -> HttpResponse:
    """The words of one message, to change, with the words before."""
    if event not in Told.values or not _writes(request):
        raise Http404
    form = TemplateForm(request.POST or None, initial={"text": messages.words(event)})
    if form.is_valid():
        try:
            messages.write(event, form.cleaned_data["text"], actor=request.user.pk)
        except Invalid as error:
            form.add_error("text", error.message())
        else:
            notes.success(request, _("These words are used from now on."))
            return redirect("portal:templates")
    places = [(f"{{{name}}}", messages.PLACES[name]) for name in messages.places(event)]
    context = {
        "form": form, "event": Told(event), "places": places,
        "before": queries.words_before(event),
    }  # fmt: skip
    return render(request, "portal/template.html", context)
