"""Pages of the worklist: an item at a time, the oldest deadline first."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.coverage.proposals import proposals
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.people.actions import set_decile
from pooshesh.people.page_parts import form_page
from pooshesh.policy.words import lang
from pooshesh.renewal import forms, papers, queries, tables
from pooshesh.renewal import items as worklist
from pooshesh.renewal.models import Item, ItemState, Outcome, Why
from pooshesh.renewal.pages import answer
from pooshesh.renewal.states import WORK
from pooshesh.web.pdf import pdf_response


@require_safe
@needs(WORK)
def items(request: SignedIn) -> HttpResponseBase:
    """Every item of one's area."""
    narrow = forms.ItemNarrow(request.GET)
    rows = queries.items(request.user, narrow.asked("state"), narrow.asked("reason"))
    return answer(
        request,
        tables.ItemTable(request, rows),
        "renewal/items.html",
        {"narrow": narrow},
        queries.persons_of_items,
    )


@require_POST
@needs(WORK)
def following(request: SignedIn) -> HttpResponse:
    """Open the next item for this clerk."""
    item = worklist.take(request.user)
    if item is None:
        messages.info(request, _("Nothing waits here."))
        return redirect("renewal:items")
    return redirect("renewal:item", item.pk)


def _item(request: SignedIn, item_id: UUID) -> Item:
    found = queries.item(request.user, item_id)
    if found is None:
        raise Http404
    return found


@require_safe
@needs(WORK)
def item(request: SignedIn, item_id: UUID) -> HttpResponse:
    """One item: whom it concerns, what the rules say and why, what can be done."""
    found = _item(request, item_id)
    try:
        worklist.hold(request.user, item_id)
        held = ""
    except Invalid as error:
        held = error.message()
    persons = queries.concerned(found)
    today = timezone.localdate()
    now = {held_.person_id: said for held_, said in worklist.standing(found)}
    why: dict[UUID, Any] = {}
    try:
        members = queries.memberships(persons, today)
        why = {one.person_id: one for one in proposals(members, worklist.day_of(found), lang())}
    except Invalid:  # the rules end before that day; what was counted still stands
        pass
    lines = [(one, now.get(one.person_id), why.get(one.person_id)) for one in persons]
    cannot = [said for said in now.values() if said.outcome == Outcome.CANNOT]
    told = [one.notice for one in persons if one.notice]
    context = {
        "item": found, "lines": lines, "held": held,
        "decile": queries.decile_of(found.household_id),
        "open": found.state == ItemState.OPEN and not held,
        "may_renew": not [one for one in cannot if one.why != Why.DECILE_RAISED],
        "would_pay": any(one.why == Why.DECILE_RAISED for one in cannot),
        "told": told,
        "may_end": bool(told) and all(one.deadline <= today for one in told),
    }  # fmt: skip
    return render(request, "renewal/item.html", context)


def _do(request: SignedIn, item_id: UUID, what: Callable[[], object], said: str) -> HttpResponse:
    """Do something to an item of one's area; a refusal is said on its page."""
    _item(request, item_id)
    try:
        what()
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, said)
    return redirect("renewal:item", item_id)


@require_POST
@needs(WORK)
def skip(request: SignedIn, item_id: UUID) -> HttpResponseBase:
    """Leave an item for later and open the next."""
    _item(request, item_id)
    worklist.skip(request.user, item_id)
    return following(request)


@require_POST
@needs(WORK)
def renew(request: SignedIn, item_id: UUID) -> HttpResponse:
    """Renew by what the rules say now; with `accepts` though the household pays more."""
    accepts = "accepts" in request.POST
    return _do(
        request, item_id,
        lambda: worklist.agree(request.user, item_id, accepts_share=accepts),
        _("Cover goes on; the item is settled."),
    )  # fmt: skip


@require_POST
@needs(WORK)
def end(request: SignedIn, item_id: UUID) -> HttpResponse:
    """End cover after the notice."""
    return _do(
        request, item_id, lambda: worklist.end_cover(request.user, item_id),
        _("Cover ends after the notice; the item is closed."),
    )  # fmt: skip


def _form(
    request: SignedIn,
    item_id: UUID,
    form: django_forms.Form,
    save: Callable[[Item, dict[str, Any]], object],
    title: str,
) -> HttpResponse:
    found = _item(request, item_id)
    return form_page(
        request, form, lambda data: save(found, data) and None, title=title,
        about=str(found.who or ""), back=reverse("renewal:item", args=[item_id]),  # type: ignore[attr-defined]
    )  # fmt: skip


@needs(WORK)
def note(request: SignedIn, item_id: UUID) -> HttpResponse:
    """Write down what was found out."""
    return _form(
        request, item_id, forms.NoteForm(request.POST or None),
        lambda item, data: worklist.note(request.user, item.pk, data["note"]), _("Write a note"),
    )  # fmt: skip


@needs(WORK)
def notice(request: SignedIn, item_id: UUID) -> HttpResponse:
    """Tell everybody of an item by when cover may end."""
    return _form(
        request, item_id, forms.NoticeForm(request.POST or None),
        lambda item, data: worklist.give_notice(
            request.user, item.pk, data["deadline"], data["text"]
        ),
        _("Give notice"),
    )  # fmt: skip


@needs(WORK)
def decile(request: SignedIn, item_id: UUID) -> HttpResponse:
    """State the decile that was missing; what follows is decided at once."""

    def save(item: Item, data: dict[str, Any]) -> object:
        if item.household is None:
            raise Invalid("renewal.no_home")
        return set_decile(
            item.household, data["decile"], source=data["source"], since=data["since"],
            actor=request.user.pk,
        )  # fmt: skip

    return _form(
        request, item_id, forms.DecileForm(request.POST or None), save, _("State the decile")
    )


@require_safe
@needs(WORK)
def letter(request: SignedIn, item_id: UUID) -> HttpResponse:
    """The letter to the household."""
    found = _item(request, item_id)
    persons = queries.concerned(found)
    audit.record(
        "renewal.letter", actor=request.user.pk, kind="renewal_item", object_id=found.pk,
        area_path=found.area_path, persons=[one.person_id for one in persons],
    )  # fmt: skip
    made = papers.renewal_letter(found, persons, queries.decile_of(found.household_id))
    return pdf_response(made, "renewal")
