"""Pages of people: search, one record, changes to it, emergency access."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.calendar import age
from pooshesh.people import actions, forms, looking, queries
from pooshesh.people.models import IdentifierKind, LegalStatus, Person
from pooshesh.people.page_parts import (
    PURPOSE,
    change_household,
    change_person,
    form_page,
    purpose_of,
)
from pooshesh.people.tables import PersonTable, full_name
from pooshesh.web.format import jdate
from pooshesh.web.registry import household_panels_for, name_of, person_panels_for
from pooshesh.web.timeline import Event


@needs("people.read")
def search(request: SignedIn) -> HttpResponseBase:
    """Find persons of one's area."""
    table = PersonTable(request, [])
    if table.rows:
        note = looking.note_export if request.GET.get("export") else looking.note_found
        shown = table.rows if request.GET.get("export") else table.page_rows
        note([row.pk for row in shown], purpose_of(request), actor=request.user.pk)
    form = forms.PurposeForm(initial={"purpose": purpose_of(request)})
    context = {"purpose_form": form, "may_register": request.user.may(queries.WRITE)}
    return table.respond("people/search.html", context)


@require_POST
@needs("people.read")
def purpose(request: SignedIn) -> HttpResponse:
    """Choose what records are opened for."""
    form = forms.PurposeForm(request.POST)
    if form.is_valid():
        request.session[PURPOSE] = form.cleaned_data["purpose"]
    return redirect("people:search")


# --- one record ---------------------------------------------------------------------


@needs("people.read")
def person(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Everything about a person, and who looked; a merged record leads to where it stands now."""
    merged = queries.stands_under(request.user, person_id)
    if merged:
        said = _("This record (%(code)s) was merged into the one below on %(day)s: %(reason)s")
        messages.info(
            request,
            said % {"code": person_id, "day": jdate(merged.at), "reason": merged.reason},
        )
        return redirect("people:person", merged.survivor_id)
    return _show(request, person_id, {})


@require_POST
@needs("people.read")
def reveal(request: SignedIn, person_id: UUID, identifier_id: UUID) -> HttpResponse:
    """The person page with one identifier in full."""
    identifier = queries.identifier(request.user, person_id, identifier_id)
    if identifier is None:
        raise Http404
    value = looking.reveal(identifier, purpose_of(request), actor=request.user.pk)
    return _show(request, person_id, {identifier_id: value})


def _show(request: SignedIn, person_id: UUID, revealed: dict[UUID, str]) -> HttpResponse:
    as_of = forms.AsOfForm(request.GET or None)
    day, known = (as_of.cleaned_data["on"], as_of.moment()) if as_of.is_valid() else (None, None)
    record = queries.record(request.user, person_id, day, known)
    if record is None:
        raise Http404
    shown, glass = record.person, record.glass
    looking.look(
        shown,
        f"{_('Emergency')}: {glass.reason}" if glass else purpose_of(request),
        actor=request.user.pk,
    )
    panels = [
        {"title": panel.title, "template": panel.template, "context": context}
        for panel in person_panels_for(request.user)
        if (context := panel.context(request, shown)) is not None
    ]
    born = shown.birth_date
    last_day = record.death.on if record.death else record.on
    return render(
        request,
        "people/person.html",
        {
            "record": record,
            "person": shown,
            "name": full_name(shown),
            "age": age(born, last_day) if born and born <= last_day else None,
            "identifiers": [(one, revealed.get(one.id)) for one in record.identifiers],
            "panels": panels,
            "looks": [
                Event(name_of(look.action), look.at, name_of(look.purpose), look.who)
                for look in queries.who_looked(shown.pk)
            ],
            "purpose": purpose_of(request).label,
            "as_of": as_of,
            "may_change": queries.may_change(request.user, shown),
        },
    )


@needs("people.read")
def household(request: SignedIn, household_id: UUID) -> HttpResponse:
    """A household with its members in one's area."""
    record = queries.household_record(request.user, household_id)
    if record is None:
        raise Http404
    looking.look_at_household(
        record.household, [member.person_id for member in record.members], purpose_of(request),
        actor=request.user.pk,
    )  # fmt: skip
    may = queries.may_change(request.user, record.household)
    panels = [
        {"title": panel.title, "template": panel.template, "context": context}
        for panel in household_panels_for(request.user)
        if (context := panel.context(request, record.household)) is not None
    ]
    context = {"record": record, "may_change": may, "panels": panels}
    return render(request, "people/household.html", context)


# --- changes --------------------------------------------------------------------------


def _person_form(
    request: SignedIn,
    shown: Person,
    form: django_forms.Form,
    save: Callable[[dict[str, Any]], object],
    title: str,
) -> HttpResponse:
    back = reverse("people:person", args=[shown.pk])
    return form_page(request, form, save, title=title, about=full_name(shown), back=back)


@needs("people.write")
def rename(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Correct a person's names."""
    shown = change_person(request, person_id)
    names = ("first_name", "last_name", "father_name")
    form = forms.NameForm(
        request.POST or None, initial={name: getattr(shown, name) for name in names}
    )
    return _person_form(
        request, shown, form,
        lambda data: actions.rename(shown, **data, actor=request.user.pk), _("Correct the name"),
    )  # fmt: skip


@needs("people.write")
def set_identifier(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Add or replace an identifier."""
    shown = change_person(request, person_id)
    return _person_form(
        request, shown, forms.IdentifierForm(request.POST or None),
        lambda data: actions.set_identifier(
            shown, IdentifierKind(data["kind"]), data["value"], actor=request.user.pk
        ),
        _("Write an identifier"),
    )  # fmt: skip


@needs("people.write")
def set_mobile(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Write the mobile number."""
    shown = change_person(request, person_id)
    return _person_form(
        request, shown, forms.MobileForm(request.POST or None),
        lambda data: actions.set_mobile(
            shown, data["mobile"].value if data["mobile"] else "", actor=request.user.pk
        ),
        _("Write the mobile number"),
    )  # fmt: skip


@needs("people.write")
def move(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Let a person join another household."""
    shown = change_person(request, person_id)
    form = forms.MoveForm(request.POST or None)
    target = None
    if form.is_valid():
        target = queries.household(request.user, form.cleaned_data["household"], queries.WRITE)
        if target is None:
            form.add_error("household", _("There is no such household in your area."))
    return _person_form(
        request, shown, form,
        lambda data: target and actions.move(
            shown, target, data["relation"], since=data["since"], actor=request.user.pk
        ),
        _("Move to another household"),
    )  # fmt: skip


@needs("people.write")
def set_standing(request: SignedIn, person_id: UUID) -> HttpResponse:
    """State nationality and legal status."""
    shown = change_person(request, person_id)
    return _person_form(
        request, shown, forms.StandingForm(request.POST or None),
        lambda data: actions.set_standing(
            shown, LegalStatus(data.pop("status")), **data, actor=request.user.pk
        ),
        _("State the legal status"),
    )  # fmt: skip


@needs("people.write")
def record_death(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Record a death."""
    shown = change_person(request, person_id)
    return _person_form(
        request, shown, forms.DeathForm(request.POST or None),
        lambda data: actions.record_death(shown, **data, actor=request.user.pk),
        _("Record the death"),
    )  # fmt: skip


@needs("people.write")
def set_decile(request: SignedIn, household_id: UUID) -> HttpResponse:
    """State a household's decile."""
    shown = change_household(request, household_id)
    return form_page(
        request, forms.DecileForm(request.POST or None),
        lambda data: actions.set_decile(shown, **data, actor=request.user.pk),
        title=_("State the decile"), about=str(shown.area),
        back=reverse("people:household", args=[shown.pk]),
    )  # fmt: skip


@needs("people.break_glass")
def break_glass(request: SignedIn) -> HttpResponse:
    """Open one record outside one's area for an hour, with a reason."""
    if not request.user.reach("people.break_glass"):
        raise Http404

    def save(data: dict[str, Any]) -> str:
        glass = actions.break_glass(request.user, data["identifier"], data["reason"])
        return reverse("people:person", args=[glass.person_id])

    return form_page(
        request, forms.GlassForm(request.POST or None), save, title=_("Emergency access"),
        about=_(
            "One record outside your area, for an hour. The reason, your name and everything you "
            "open are kept, and the person can see them."
        ),
        back=reverse("people:search"),
    )  # fmt: skip
