"""Pages that say that two records are one person, and take that back."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh.access.guard import SignedIn, needs
from pooshesh.people import actions, forms, looking, queries
from pooshesh.people.models import Person
from pooshesh.people.page_parts import change_person, form_page
from pooshesh.people.tables import full_name
from pooshesh.web.format import jdate


def _described(one: Person) -> str:
    """Enough of a record to tell it from its like."""
    parts = [full_name(one), one.father_name, jdate(one.birth_date), str(one.area)]
    return " · ".join(part for part in parts if part)


@needs("people.write")
def merge(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Say that another record is this person: it is merged into this one."""
    shown = change_person(request, person_id)
    others = queries.alike(request.user, shown)
    if request.method != "POST" and others:
        looking.note_number([one.pk for one in others], actor=request.user.pk)
    form = forms.MergeForm(
        request.POST or None, others=[(str(one.pk), _described(one)) for one in others]
    )
    other = None
    if form.is_valid():
        other = queries.person(request.user, form.chosen(), queries.WRITE)
        if other is None:
            form.add_error("code", _("There is no such person in your area."))

    def save(data: dict[str, Any]) -> None:
        assert other is not None
        actions.merge(other, shown, reason=data["reason"], actor=request.user.pk)

    return form_page(
        request, form, save, title=_("The same person as another record"),
        about=_described(shown), back=reverse("people:person", args=[shown.pk]),
    )  # fmt: skip


@needs("people.write")
def unmerge(request: SignedIn, merge_id: UUID) -> HttpResponse:
    """Take a merge back: they are two people."""
    found = queries.merge(request.user, merge_id)
    if found is None:
        raise Http404

    def save(data: dict[str, Any]) -> None:
        actions.unmerge(found, reason=data["reason"], actor=request.user.pk)

    return form_page(
        request, forms.UnmergeForm(request.POST or None), save, title=_("Undo the merge"),
        about=_described(found.person), back=reverse("people:person", args=[found.person_id]),
    )  # fmt: skip
