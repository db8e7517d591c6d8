"""Pages about the cover of one person: its history, and everything that may happen to it."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.coverage import (
    actions,
    births,
    endings,
    forms,
    history,
    lists,
    papers,
    proofs,
    queries,
    reading,
    states,
    suspensions,
    terms,
)
from pooshesh.coverage.models import Reason
from pooshesh.kernel.errors import Invalid
from pooshesh.people import deaths
from pooshesh.people import queries as people
from pooshesh.people.models import Person
from pooshesh.people.page_parts import form_page, purpose_of
from pooshesh.people.tables import full_name
from pooshesh.web.pdf import pdf_response


def panel(request: HttpRequest, person: Person) -> Mapping[str, Any] | None:
    """The spells of a person, for who may see cover where the person lives."""
    spells = queries.spells_of(request.user, person)
    if spells is None:
        return None
    now = queries.covered(person.pk, timezone.localdate())
    return {"spells": spells, "person": person, "now": states.said(now)}


@require_safe
@needs("coverage.read")
def person(request: SignedIn, person_id: UUID) -> HttpResponse:
    """All that ever happened to a person's cover, what holds on a day, and what can be done."""
    found = _person(request, person_id, queries.READ)
    asked = forms.OnDay(request.GET)
    day = asked.asked("on") or timezone.localdate()
    reading.note_person(found, purpose_of(request), actor=request.user.pk)
    context = {
        "person": found, "name": full_name(found), "asked": asked, "day": day,
        "now": states.said(queries.covered(found.pk, day)),
        "may_change": _may_write(request, found),
        "events": history.of_person(found.pk, queries.households_of(found.pk)),
        **queries.person_rows(found.pk), "grace": terms.NEWBORN_GRACE.days,
    }  # fmt: skip
    return render(request, "coverage/person.html", context)


def _person(request: SignedIn, person_id: UUID, permission: str) -> Person:
    found = people.person(request.user, person_id, permission)
    if found is None:
        raise Http404
    return found


def _may_write(request: SignedIn, found: Person) -> bool:
    return request.user.reach(queries.WRITE).covers(found.area_path, found.area_id)


def _about(found: Person) -> dict[str, str]:
    return {"about": full_name(found), "back": reverse("coverage:person", args=[found.pk])}


@needs("coverage.write")
def undo(request: SignedIn, spell_id: UUID) -> HttpResponse:
    """Take an enrolment back, with the reason."""
    spell = queries.spell_to_undo(request.user, spell_id)
    if spell is None:
        raise Http404

    def save(data: dict[str, Any]) -> None:
        actions.undo_spell(spell_id, reason=data["reason"], actor=request.user.pk)

    return form_page(
        request, forms.UndoForm(request.POST or None), save, title=_("Undo the enrolment"),
        about=full_name(spell.person), back=reverse("people:person", args=[spell.person_id]),
    )  # fmt: skip


# --- notices, suspension, revival ------------------------------------------------------------


def _change(
    request: SignedIn,
    person_id: UUID,
    form: django_forms.Form,
    save: Callable[[Person, dict[str, Any]], object],
    title: str,
) -> HttpResponse:
    found = _person(request, person_id, queries.WRITE)
    return form_page(request, form, lambda data: save(found, data), title=title, **_about(found))


@needs("coverage.write")
def give_notice(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Tell a person that cover will stop from a day on."""
    return _change(
        request, person_id, forms.NoticeForm(request.POST or None),
        lambda one, data: suspensions.give_notice(
            one, Reason(data["reason"]), data["deadline"], text=data["text"],
            actor=request.user.pk,
        ) and None,
        _("Give notice"),
    )  # fmt: skip


@needs("coverage.write")
def withdraw_notice(request: SignedIn, notice_id: UUID) -> HttpResponse:
    """Take a notice back: the matter was settled."""
    found = lists.notice(request.user, notice_id)
    if found is None:
        raise Http404
    return form_page(
        request, forms.ReasonForm(request.POST or None),
        lambda data: suspensions.withdraw_notice(
            found, reason=data["reason"], actor=request.user.pk
        ),
        title=_("Withdraw the notice"), **_about(found.person),
    )  # fmt: skip


@require_safe
@needs("coverage.read")
def letter(request: SignedIn, notice_id: UUID) -> HttpResponse:
    """The letter of a notice, to print."""
    found = lists.notice(request.user, notice_id, queries.READ)
    if found is None:
        raise Http404
    _printed(request, "notice", found.pk, found.person)
    return pdf_response(papers.notice_letter(found), f"notice-{found.pk}")


def _printed(request: SignedIn, kind: str, row: UUID, about: Person) -> None:
    reading.note_paper(
        kind, row, about.area_path, [about.pk], purpose_of(request), actor=request.user.pk
    )


@needs("coverage.write")
def suspend(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Let cover rest, after a notice whose deadline has come."""
    reasons = queries.reasons_told(person_id)
    return _change(
        request, person_id, forms.SuspendForm(request.POST or None, reasons=reasons),
        lambda one, data: suspensions.suspend(
            one, Reason(data["reason"]), data["start"], actor=request.user.pk
        ) and None,
        _("Suspend the cover"),
    )  # fmt: skip


@needs("coverage.write")
def revive(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Let suspended cover hold again."""
    return _change(
        request, person_id, forms.ReviveForm(request.POST or None),
        lambda one, data: suspensions.revive(one, data["since"], actor=request.user.pk),
        _("Revive the cover"),
    )  # fmt: skip


@needs("coverage.write")
def resolve(request: SignedIn, person_id: UUID, insurer: str) -> HttpResponse:
    """Decide which of two insurers covers a person."""
    other = lists.insurer(insurer)
    if other is None or other.ours:
        raise Http404

    def save(one: Person, data: dict[str, Any]) -> str:
        endings.resolve_double(
            one, other, stays_ours=data["stays"] == "ours", since=data["since"],
            reason=data["reason"], actor=request.user.pk,
        )  # fmt: skip
        return reverse("coverage:doubles")

    title = _("Two insurers at once: %(insurer)s") % {"insurer": other}
    return _change(request, person_id, forms.ResolveForm(request.POST or None), save, title)


@needs("coverage.write")
def undo_ending(request: SignedIn, ending_id: UUID) -> HttpResponse:
    """Take back an end of cover that was a mistake; of a death, the death with it."""
    found = reading.ending(request.user, ending_id, queries.WRITE)
    if found is None:
        raise Http404

    def save(data: dict[str, Any]) -> None:
        if found.cause == "death":
            deaths.withdraw_death(found.person, reason=data["reason"], actor=request.user.pk)
        else:
            endings.undo_ending(found.pk, reason=data["reason"], actor=request.user.pk)

    death = _("The death was recorded wrongly: cover comes back")
    return form_page(
        request, forms.ReasonForm(request.POST or None), save,
        title=death if found.cause == "death" else _("Take the end of cover back"),
        **_about(found.person),
    )  # fmt: skip


@needs("coverage.write")
def newborn(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Register a newborn of an insured parent; it is covered from birth for the grace time."""
    if not request.user.may("people.write"):
        raise Http404
    form = forms.NewbornForm(request.POST or None)

    def save(parent: Person, data: dict[str, Any]) -> str:
        made = births.register_newborn(parent, form.child(), actor=request.user.pk)
        return reverse("coverage:person", args=[made.person_id])

    return _change(request, person_id, form, save, _("Register a newborn"))


# --- cards --------------------------------------------------------------------------------


@require_POST
@needs("coverage.write")
def issue_card(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Give a covered person a card."""
    found = _person(request, person_id, queries.WRITE)
    try:
        proofs.issue(found, actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("The card was issued; print it now or later."))
    return redirect("coverage:person", found.pk)


@require_safe
@needs("coverage.read")
def card(request: SignedIn, proof_id: UUID) -> HttpResponse:
    """A card to print, with its code."""
    found = reading.proof(request.user, proof_id)
    if found is None:
        raise Http404
    _printed(request, "proof", found.pk, found.person)
    address = reverse("coverage:verify_code", args=[proofs.code_of(found)])
    spell = next(iter(queries.cover_of(found.person_id, timezone.localdate())), None)
    made = papers.card(found, spell, request.build_absolute_uri(address))
    return pdf_response(made, f"card-{found.pk}")


@needs("coverage.write")
def revoke_card(request: SignedIn, proof_id: UUID) -> HttpResponse:
    """Let a card say nothing any more."""
    found = reading.proof(request.user, proof_id, queries.WRITE)
    if found is None:
        raise Http404
    return form_page(
        request, forms.ReasonForm(request.POST or None),
        lambda data: proofs.revoke(found, reason=data["reason"], actor=request.user.pk),
        title=_("Revoke the card"), **_about(found.person),
    )  # fmt: skip
