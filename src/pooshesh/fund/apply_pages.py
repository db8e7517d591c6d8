"""Bringing an application: for a patient that is found, or typed in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pooshesh.access.guard import SignedIn, needs
from pooshesh.fund import applications, bringing, forms, queries
from pooshesh.fund.models import Application, Channel
from pooshesh.fund.pages import cover_words
from pooshesh.fund.states import APPLY, WORK
from pooshesh.kernel.errors import Invalid
from pooshesh.people import looking
from pooshesh.people import queries as people
from pooshesh.people.page_parts import purpose_of
from pooshesh.people.tables import full_name

DESPITE = "despite_doubles"  # the box of who registers although somebody is alike
FOUND = 12


@needs(APPLY)
def apply(request: SignedIn) -> HttpResponse:
    """Bring an application: find the patient, or type in who is not registered yet."""
    user, data = request.user, request.POST or None
    asks = user.may(people.READ)
    patient = forms.NewPatientForm(data, use_required_attribute=False)
    lives = forms.LivesForm(data, reach=user.reach(APPLY))
    form = _form(request, data)
    found: list[people.Doubles] = []
    if data and all([patient.is_valid(), lives.is_valid(), form.is_valid()]):
        newcomer = patient.newcomer()
        found = [people.doubles(user, newcomer)] if asks else []
        alike = any(one.alike for one in found) and DESPITE not in data
        _note_met(request, found)
        if not alike:
            made = _bring(request, form, newcomer, lives.cleaned_data["area"], found)
            if made:
                return redirect("fund:application", made.pk)
    text = request.GET.get("q", "").strip()[:200]
    hits = people.find(user, text, FOUND) if asks and text else None
    if hits and hits.hits:
        looking.note_found([one.pk for one in hits.hits], purpose_of(request), actor=user.pk)
    return render(
        request,
        "fund/apply.html",
        {
            "patient": patient, "lives": lives, "form": form, "asks": asks, "q": text,
            "hits": hits, "doubles": [one for one in found if one], "despite": DESPITE,
        },
    )  # fmt: skip


def _form(request: SignedIn, data: Any) -> forms.ApplicationForm:
    return forms.ApplicationForm(
        data, diseases=queries.disease_choices(), facilities=queries.facilities(request.user)
    )


def _channel(request: SignedIn) -> Channel:
    return Channel.DESK if request.user.may(WORK) else Channel.CLINIC


def _note_met(request: SignedIn, found: list[people.Doubles]) -> None:
    met = [person for one in found for person in one.persons()]
    if met:
        looking.note_number(met, actor=request.user.pk)


def _bring(
    request: SignedIn,
    form: forms.ApplicationForm,
    newcomer: Any,
    area: Any,
    found: list[people.Doubles],
) -> Application | None:
    """The application, also when it is open already; None when something is refused."""
    try:
        made = bringing.apply_for_newcomer(
            newcomer, queries.disease(form.cleaned_data["disease"]), area=area,
            channel=_channel(request), actor=request.user.pk,
            unlike=[one.person.pk for doubles in found for one in doubles.alike], **form.given(),
        )  # fmt: skip
    except applications.AlreadyOpen as error:
        return _already(request, form, error)
    except Invalid as error:
        form.add_error(None, error.message())
        return None
    messages.success(request, _("The application was received. Bring its documents now."))
    return made


def _already(
    request: SignedIn, form: forms.ApplicationForm, error: applications.AlreadyOpen
) -> Application | None:
    """A second press of the button leads to the first; who may not see it reads the sentence."""
    if queries.application(request.user, error.application.pk) is None:
        form.add_error(None, error.message())
        return None
    messages.info(request, error.message())
    return error.application


@needs(APPLY)
def apply_for(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Bring an application for a person of one's area."""
    person = people.person(request.user, person_id)
    if person is None:
        raise Http404
    form = _form(request, request.POST or None)
    if form.is_valid():
        made: Application | None = None
        try:
            made = applications.apply(
                person, queries.disease(form.cleaned_data["disease"]), actor=request.user.pk,
                channel=_channel(request), **form.given(),
            )  # fmt: skip
            messages.success(request, _("The application was received. Bring its documents now."))
        except applications.AlreadyOpen as error:
            made = _already(request, form, error)
        except Invalid as error:
            form.add_error(None, error.message())
        if made:
            return redirect("fund:application", made.pk)
    looking.look(person, purpose_of(request), actor=request.user.pk)
    return render(
        request,
        "fund/apply_for.html",
        {
            "person": person, "name": full_name(person), "form": form,
            "cover": cover_words(queries.cover_today(person.pk)),
        },
    )  # fmt: skip


@require_POST
@needs(APPLY)
@needs(people.READ)
def doubles(request: SignedIn) -> HttpResponse:
    """The live check: who may already be the person typed so far."""
    patient = forms.NewPatientForm(request.POST)
    found: list[people.Doubles] = []
    if patient.has_changed() and patient.is_valid():
        found = [people.doubles(request.user, patient.newcomer())]
        _note_met(request, found)
    return render(request, "fund/doubles.html", {"doubles": [one for one in found if one]})
