"""The cover of a person on the person page, and its undo."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh.access.guard import SignedIn, needs
from pooshesh.coverage import actions, queries
from pooshesh.coverage.forms import UndoForm
from pooshesh.people.models import Person
from pooshesh.people.page_parts import form_page
from pooshesh.people.tables import full_name


def panel(request: HttpRequest, person: Person) -> Mapping[str, Any] | None:
    """The spells of a person, for who may see cover where the person lives."""
    spells = queries.spells_of(request.user, person)
    return None if spells is None else {"spells": spells}


@needs("coverage.write")
def undo(request: SignedIn, spell_id: UUID) -> HttpResponse:
    """Take an enrolment back, with the reason."""
    spell = queries.spell_to_undo(request.user, spell_id)
    if spell is None:
        raise Http404

    def save(data: dict[str, Any]) -> None:
        actions.undo_spell(spell_id, reason=data["reason"], actor=request.user.pk)

    return form_page(
        request, UndoForm(request.POST or None), save, title=_("Undo the enrolment"),
        about=full_name(spell.person), back=reverse("people:person", args=[spell.person_id]),
    )  # fmt: skip
