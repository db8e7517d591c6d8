"""What the pages of people share, and pages of rooms to the right use."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pooshesh.access.guard import SignedIn
from pooshesh.kernel.errors import Invalid
from pooshesh.people import looking, queries
from pooshesh.people.models import Household, Person

PURPOSE = "people.purpose"  # in the session


def purpose_of(request: SignedIn) -> looking.Purpose:
    """What the records are opened for, as chosen last."""
    return looking.Purpose(request.session.get(PURPOSE, looking.Purpose.COVER))


def change_person(request: SignedIn, person_id: UUID) -> Person:
    """The person to change; a page outside one's area does not exist."""
    found = queries.person(request.user, person_id, queries.WRITE)
    if found is None:
        raise Http404
    return found


def change_household(request: SignedIn, household_id: UUID) -> Household:
    """The household to change."""
    found = queries.household(request.user, household_id, queries.WRITE)
    if found is None:
        raise Http404
    return found


def form_page(
    request: SignedIn,
    form: forms.Form,
    save: Callable[[dict[str, Any]], object],
    *,
    title: str,
    about: str,
    back: str,
) -> HttpResponse:
    """Show a form; when it is valid, `save` its data and go where it says, or else
    `back`.

    What `save` refuses with Invalid stands above the form.
    """
    if form.is_valid():
        try:
            target = save(form.cleaned_data)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("It was recorded."))
            return redirect(target if isinstance(target, str) else back)
    context = {"form": form, "title": title, "about": about, "back": back}
    return render(request, "people/form.html", context)
