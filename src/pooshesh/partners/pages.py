"""Pages of organisations: the list, one with its people and places, the sponsors side by side."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.partners import (
    actions,
    agreement_queries,
    forms,
    hand_over_queries,
    queries,
    tables,
    task_queries,
)
from pooshesh.partners.models import Organisation
from pooshesh.web.format import jdate

SHOWN = 5


@needs("partners.read")
def organisation_list(request: SignedIn) -> HttpResponseBase:
    """Organisations that take part in the programme."""
    narrow = forms.OrganisationNarrow(request.GET)
    rows = queries.organisations(request.user)
    if narrow.is_valid() and (kind := narrow.cleaned_data["kind"]):
        rows = rows.filter(kind=kind)
    return tables.OrganisationTable(request, rows).respond(
        "partners/organisations.html",
        {"narrow": narrow, "may_write": request.user.may(queries.WRITE)},
    )


def found(request: SignedIn, code: str) -> Organisation:
    """The organisation, or 404 where the viewer does not see it."""
    try:
        return queries.organisation(request.user, code)
    except Organisation.DoesNotExist as error:
        raise Http404 from error


def kept(request: SignedIn, code: str) -> Organisation:
    """The organisation, or 404 where the viewer does not keep it."""
    one = found(request, code)
    if not queries.may_write(request.user, one):
        raise Http404
    return one


@require_safe
@needs("partners.read")
def organisation(request: SignedIn, code: str) -> HttpResponseBase:
    """One organisation: offices, contacts, officers, places, agreements, hand-overs, tasks."""
    user, one = request.user, found(request, code)
    today = timezone.localdate()
    work = user.may(queries.TASKS)
    context: dict[str, Any] = {
        "one": one,
        "may_write": queries.may_write(user, one),
        "own": one.pk in queries.own_ids(user),
        "offices": queries.offices(user, one),
        "contacts": queries.contacts(one),
        "speakers": queries.speakers(one),
        "agreements": [
            (a, agreement_queries.standing_of(a))
            for a in agreement_queries.agreements(user).filter(parties=one)[: 2 * SHOWN]
        ],
        "hand_overs": hand_over_queries.between(user, one)[:SHOWN],
        "tasks": task_queries.tasks(user).filter(receiver=one, state__in=task_queries.OPEN)
        .order_by("due")[:SHOWN] if work else [],
        "work": work,
        "promises": task_queries.promises_kept_by(
            one, today.replace(year=today.year - 1, day=1), today
        ),
    }  # fmt: skip
    return tables.PlaceTable(request, queries.places_of(user, one)).respond(
        "partners/organisation.html", context
    )


@needs("partners.write")
def organisation_new(request: SignedIn) -> HttpResponse:
    """Register an organisation."""
    form = forms.OrganisationForm(request.POST or None, reach=request.user.reach(queries.WRITE))
    if form.is_valid():
        try:
            made = actions.create_organisation(actor=request.user.id, **form.cleaned_data)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Saved."))
            return redirect("partners:organisation", made.code)
    return _form(request, form, _("Register an organisation"))


@needs("partners.write")
def organisation_change(request: SignedIn, code: str) -> HttpResponse:
    """Correct the names and the area of an organisation."""
    one = kept(request, code)
    form = forms.ChangeOrganisationForm(
        request.POST or None, reach=request.user.reach(queries.WRITE),
        initial={"name_fa": one.name_fa, "name_en": one.name_en, "area": one.area},
    )  # fmt: skip
    if form.is_valid():
        try:
            actions.change_organisation(actor=request.user.id, one=one, **form.cleaned_data)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            return _saved(request, one)
    return _form(request, form, _("Change the organisation"), one)


@needs("partners.write")
def office_new(request: SignedIn, code: str) -> HttpResponse:
    """Add an office of an organisation."""
    one = kept(request, code)
    form = forms.OfficeForm(request.POST or None, reach=request.user.reach(queries.WRITE))
    if form.is_valid():
        actions.open_office(actor=request.user.id, organisation=one, **form.cleaned_data)
        return _saved(request, one)
    return _form(request, form, _("Add an office"), one)


@needs("partners.write")
def contact_new(request: SignedIn, code: str) -> HttpResponse:
    """Add somebody who is reached at an organisation."""
    one = kept(request, code)
    form = forms.ContactForm(request.POST or None)
    if form.is_valid():
        try:
            actions.add_contact(actor=request.user.id, organisation=one, **form.cleaned_data)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            return _saved(request, one)
    return _form(request, form, _("Add a contact"), one)


@needs("partners.write")
def officer_new(request: SignedIn, code: str) -> HttpResponse:
    """Name a user who speaks for an organisation."""
    one = kept(request, code)
    form = forms.OfficerForm(request.POST or None)
    if form.is_valid():
        user = form.cleaned_data["user"]
        try:
            actions.name_officer(
                actor=request.user.id, organisation=one, user_id=user.id, name=str(user),
                head=form.cleaned_data["head"], since=form.cleaned_data["since"],
            )  # fmt: skip
        except Invalid as error:
            form.add_error("user", error.message())
        else:
            return _saved(request, one)
    return _form(request, form, _("Name an officer"), one)


@require_POST
@needs("partners.write")
def end_line(request: SignedIn, code: str, what: str, line: int) -> HttpResponse:
    """Close an office, or end a contact or an officer, from today on."""
    one = kept(request, code)
    actor = request.user.id
    if what == "office":
        office = get_object_or_404(queries.offices(request.user, one), pk=line)
        actions.close_office(actor=actor, office=office)
    elif what == "contact":
        actions.end_contact(actor=actor, contact=get_object_or_404(queries.contacts(one), pk=line))
    elif what == "officer":
        actions.end_officer(actor=actor, officer=get_object_or_404(queries.officers(one), pk=line))
    else:
        raise Http404
    return _saved(request, one)


@require_safe
@needs("partners.read")
def sponsors(request: SignedIn) -> HttpResponse:
    """Sponsors side by side: neighbourhoods declared and registered, agreement, promises kept."""
    user = request.user
    today = timezone.localdate()
    year_ago = today.replace(year=today.year - 1, day=1)
    figures = queries.declared_registered_unassigned(user)
    kept = task_queries.promises_kept(year_ago, today)
    agreed = agreement_queries.sponsorships(today)
    rows = [
        {
            "one": line.organisation, "figures": line.figures,
            "agreement": agreed.get(line.organisation.pk) if line.organisation else None,
            "promises": kept.get(line.organisation.pk) if line.organisation else None,
        }
        for line in figures.lines
    ]  # fmt: skip
    return render(
        request, "partners/sponsors.html",
        {"found": figures, "rows": rows, "since": jdate(year_ago)},
    )  # fmt: skip


def _saved(request: SignedIn, one: Organisation) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("partners:organisation", one.code)


def _form(
    request: SignedIn, form: Any, title: str, one: Organisation | None = None
) -> HttpResponse:
    return render(request, "partners/form.html", {"form": form, "title": title, "one": one})
