"""Pages that register people: a household, one person, another member."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.text import to_latin_digits
from pooshesh.people import actions, forms, looking, queries
from pooshesh.people.fields import label
from pooshesh.people.models import Household
from pooshesh.people.nations import search
from pooshesh.people.page_parts import change_household
from pooshesh.people.registration import CensusPerson

CHOICES = 12  # nations offered at once; typing on narrows them
DESPITE = "despite_doubles"  # the box of who registers although somebody is alike


@needs("people.write")
def household_new(request: SignedIn) -> HttpResponse:
    """Register people who live together."""
    return _register(request, members=_asked(request), title=_("Register a household"))


@needs("people.write")
def person_new(request: SignedIn) -> HttpResponse:
    """Register somebody who lives alone."""
    return _register(request, members=1, title=_("Register a person"))


@needs("people.write")
def member_new(request: SignedIn, household_id: UUID) -> HttpResponse:
    """Register another member of a household."""
    into = change_household(request, household_id)
    return _register(request, members=1, title=_("Register another member"), into=into)


@require_POST
@needs("people.write")
def doubles(request: SignedIn) -> HttpResponse:
    """The live check: who may already be one of the people typed so far."""
    members = forms.MemberForms(request.POST)
    members.is_valid()
    code = request.POST.get("postal_code", "")[:20]
    found = _doubles(
        request,
        [form.newcomer(code) for form in members if form.has_changed() and not form.errors],
    )
    return render(request, "people/doubles.html", {"doubles": found})


@require_safe
def nations(request: SignedIn) -> HttpResponse:
    """Nationalities to choose from in a form that fit what was typed."""
    found = search(request.GET.get("q", "")[:200])[:CHOICES]
    shown = [(label(one), one.name_fa if str(one) == one.name_en else one.name_en) for one in found]
    return render(request, "web/choices.html", {"choices": shown})


def _doubles(request: SignedIn, newcomers: Sequence[CensusPerson]) -> list[queries.Doubles]:
    """For each of the newcomers who they may be; that they were met is noted."""
    found = [queries.doubles(request.user, one) for one in newcomers]
    met = [person for one in found for person in one.persons()]
    if met:
        looking.note_number(met, actor=request.user.pk)
    return found


def _asked(request: SignedIn) -> int:
    """How many members the form offers."""
    asked = to_latin_digits(request.GET.get("members", "4"))
    return min(max(int(asked), 1), forms.MOST_MEMBERS) if asked.isdecimal() else 4


def _register(
    request: SignedIn, *, members: int, title: str, into: Household | None = None
) -> HttpResponse:
    data = request.POST or None
    place = forms.PlaceForm(
        data, reach=request.user.reach(queries.WRITE), initial=_place(request, into)
    )
    people = forms.MemberForms(
        data,
        initial=[{"relation": "other" if into or n else "head"} for n in range(members)],
        form_kwargs={"empty_permitted": members > 1, "use_required_attribute": False},
    )
    found: list[queries.Doubles] = []
    if place.is_valid() and people.is_valid():
        newcomers = _newcomers(people, place.cleaned_data)
        found = _doubles(request, newcomers)
        alike = any(one.alike for one in found) and DESPITE not in request.POST
        if not alike and (home := _save(request, place, newcomers, into, found)):
            messages.success(request, _("The household was registered."))
            return redirect("people:household", home)
    context = {
        "title": title, "place": place, "people": people, "doubles": [d for d in found if d],
        "despite": DESPITE, "several": members > 1, "more": members + 4,
    }  # fmt: skip
    return render(request, "people/register.html", context)


def _place(request: SignedIn, into: Household | None) -> dict[str, Any]:
    """What is known of the place beforehand."""
    if into is None:
        return {"area": request.GET.get("area", "")}
    return {"area": into.area, "postal_code": into.postal_code, "address": into.address}


def _newcomers(people: Any, place: dict[str, Any]) -> list[CensusPerson]:
    code = place["postal_code"].value if place["postal_code"] else ""
    return [form.newcomer(code) for form in people if form.has_changed()]


def _save(
    request: SignedIn,
    place: forms.PlaceForm,
    newcomers: Sequence[CensusPerson],
    into: Household | None,
    found: Sequence[queries.Doubles],
) -> UUID | None:
    """The household; None when something is refused, which then stands above the form.

    Of those `found` alike, who registers has said that it is none of them.
    """
    if not newcomers:
        place.add_error(None, _("Fill in at least one person."))
        return None
    given = place.cleaned_data
    try:
        return actions.register_household(
            newcomers, area=into.area if into else given["area"], on=given["since"],
            actor=request.user.pk, address=given["address"], into=into,
            unlike=[[one.person.pk for one in doubles.alike] for doubles in found],
        )[0]  # fmt: skip
    except Invalid as error:
        place.add_error(None, error.message())
        return None
