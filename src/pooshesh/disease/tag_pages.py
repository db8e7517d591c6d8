"""Tags of patients: the list, one with its history, its certificate, renewing and revoking."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.disease import forms, papers, queries, reading, tables, tags
from pooshesh.disease.entitlement import entitled
from pooshesh.disease.listing import answer
from pooshesh.disease.models import Tag, TagVerb
from pooshesh.disease.states import READ, TONES, VERIFY
from pooshesh.kernel.money import Rial
from pooshesh.people.merged import survivor
from pooshesh.people.models import Person
from pooshesh.people.page_parts import form_page
from pooshesh.people.tables import full_name
from pooshesh.web.format import jdate
from pooshesh.web.pdf import pdf_response
from pooshesh.web.timeline import Event


@require_safe
@needs(READ)
def tag_list(request: SignedIn) -> HttpResponseBase:
    """Tags of persons of one's area."""
    if not queries.reach_of_persons(request.user):
        raise Http404
    narrow = forms.TagNarrow(request.GET, diseases=list(queries.diseases()))
    rows = queries.tags_in(queries.tags(request.user), narrow.asked("state"), timezone.localdate())
    if code := narrow.asked("disease"):
        rows = rows.filter(disease=code)
    return answer(request, tables.TagTable(request, rows), "disease/tags.html", {"narrow": narrow})


def _tag(request: SignedIn, tag_id: UUID) -> Tag:
    found = queries.tag(request.user, tag_id)
    if found is None:
        raise Http404
    return found


def _changed(request: SignedIn, tag_id: UUID) -> Tag:
    found = _tag(request, tag_id)
    if not queries.may_change_tag(request.user, found):
        raise Http404
    return found


@require_safe
@needs(READ)
def tag(request: SignedIn, tag_id: UUID) -> HttpResponse:
    """One tag: whose, on which days, what it entitles to today, what happened to it."""
    found, today = _tag(request, tag_id), timezone.localdate()
    reading.note_tag(found, actor=request.user.pk)
    given = entitled(survivor(found.person_id), found.disease_id, today)
    state = queries.tag_state(found, today)
    context = {
        "tag": found, "number": tables.number_of(found), "state": state,
        "words": tables.WORDS[state], "given": given,
        "rest": None if given.rest_rial is None else Rial(given.rest_rial),
        "events": [_event(step) for step in queries.tag_steps(found)],
        "may_change": queries.may_change_tag(request.user, found)
        and state in ("tag_holds", "tag_ends_soon"),
    }  # fmt: skip
    return render(request, "disease/tag.html", context)


def _event(step: Any) -> Event:
    verb = TagVerb(step.verb)
    until = _("until before %(day)s") % {"day": jdate(step.ends)} if step.ends else ""
    text = " · ".join(part for part in (until, step.why) if part)
    return Event(verb.label, step.at, text, step.who or "", TONES[verb])


@require_safe
@needs(READ)
def certificate(request: SignedIn, tag_id: UUID) -> HttpResponse:
    """The certificate of a tag with a card to cut out, to print."""
    found = _tag(request, tag_id)
    reading.note_print(found, actor=request.user.pk)
    address = reverse("disease:check_code", args=[tags.code_of(found)])
    made = papers.certificate(found, request.build_absolute_uri(address))
    return pdf_response(made, f"tag-{found.number}")


@needs(VERIFY)
def renew(request: SignedIn, tag_id: UUID) -> HttpResponse:
    """Let a tag hold longer."""
    found = _changed(request, tag_id)
    usual = tags.usual_end(found.disease, found.ends or timezone.localdate())
    return form_page(
        request, forms.RenewForm(request.POST or None, initial={"ends": usual}),
        lambda data: tags.renew(found, data["ends"], why=data["why"], actor=request.user.pk)
        and None,
        title=_("Renew the tag"), **_about(found),
    )  # fmt: skip


@needs(VERIFY)
def revoke(request: SignedIn, tag_id: UUID) -> HttpResponse:
    """Let a tag hold no longer, with the reason."""
    found = _changed(request, tag_id)
    return form_page(
        request, forms.RevokeForm(request.POST or None),
        lambda data: tags.revoke(found, data["since"], why=data["why"], actor=request.user.pk)
        and None,
        title=_("Revoke the tag"), **_about(found),
    )  # fmt: skip


def _about(found: Tag) -> dict[str, str]:
    about = f"{full_name(found.person)} · {found.disease}"
    return {"about": about, "back": reverse("disease:tag", args=[found.pk])}


def panel(request: HttpRequest, person: Person) -> Mapping[str, Any] | None:
    """The tags of a person, for who may see who has which disease where the person lives."""
    user = request.user
    if not queries.reach_of_persons(user).covers(person.area_path, person.area_id):
        return None
    found = queries.tags_of([survivor(person.pk)])
    return {"tags": [(one, tables.tag_badge(one)) for one in found]}
