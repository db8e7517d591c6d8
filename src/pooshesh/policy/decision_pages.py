"""A decision about a person: the letter that explains it, and the same for programs."""

from uuid import UUID

import orjson
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.people import queries as people
from pooshesh.people.models import Person
from pooshesh.people.page_parts import purpose_of
from pooshesh.people.tables import full_name
from pooshesh.policy import actions, queries
from pooshesh.policy.explained import Explained
from pooshesh.policy.models import Decision
from pooshesh.web.format import language

LANGUAGES = ("fa", "en")


def _of_person(request: SignedIn, person_id: UUID, decision_id: UUID) -> tuple[Person, Decision]:
    """A decision about somebody in the viewer's area; anything else is 404."""
    found = people.person(request.user, person_id)
    if found is None:
        raise Http404
    made = queries.decision(people.records_of(request.user, found), decision_id)
    if made is None:
        raise Http404
    return found, made


@require_safe
@needs("people.read")
def letter(request: SignedIn, person_id: UUID, decision_id: UUID) -> HttpResponse:
    """A letter to a person that explains a decision and says how to object, to print."""
    found, made = _of_person(request, person_id, decision_id)
    actions.note_letter(made, found, purpose_of(request), actor=request.user.pk)
    asked = request.GET.get("lang")
    with translation.override(asked if asked in LANGUAGES else language()):
        context = {
            "person": found,
            "name": full_name(found),
            "decision": made,
            "explained": Explained(made),
            "today": timezone.localdate(),
        }
        return render(request, "policy/letter.html", context)


@require_safe
@needs("people.read")
def explanation(request: SignedIn, person_id: UUID, decision_id: UUID) -> HttpResponse:
    """The explanation of a decision as JSON: reasons, rules, facts, values with their sources."""
    found, made = _of_person(request, person_id, decision_id)
    actions.note_explanation(made, found, purpose_of(request), actor=request.user.pk)
    content = orjson.dumps(Explained(made).plain())
    return HttpResponse(content, content_type="application/json")
