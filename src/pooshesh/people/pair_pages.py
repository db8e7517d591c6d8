"""Pages of pairs: the list, and one pair after the other, both records side by side."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.people import judging, looking, pairs
from pooshesh.people.models import Link, Verdict
from pooshesh.people.pair_cards import comparison
from pooshesh.people.tables import PairTable

JUDGED = {Verdict.SAME.value, Verdict.DIFFERENT.value, Verdict.UNSURE.value}


@require_safe
@needs("worklist.work")
def index(request: SignedIn) -> HttpResponseBase:
    """Every pair of one's area with what is believed of it."""
    asked = request.GET.get("verdict", Verdict.OPEN)
    verdict = Verdict(asked) if asked in Verdict.values else Verdict.OPEN
    table = PairTable(request, pairs.judged(request.user, verdict))
    if request.GET.get("export"):
        shown = [pk for row in table.rows for pk in (row.first_id, row.second_id)]
        looking.note_export(shown, looking.Purpose.REGISTRATION, actor=request.user.pk)
    else:
        shown = [pk for row in table.page_rows for pk in (row.first_id, row.second_id)]
        looking.note_found(shown, looking.Purpose.REGISTRATION, actor=request.user.pk)
    context = {
        "counts": pairs.counts(request.user), "verdict": verdict, "verdicts": Verdict.choices,
    }  # fmt: skip
    return table.respond("people/pairs.html", context)


@require_POST
@needs("worklist.work")
def start(request: SignedIn) -> HttpResponse:
    """Hand the clerk the next pair."""
    return _next(request)


def _next(request: SignedIn, after: Link | None = None) -> HttpResponse:
    found = judging.take(request.user, after)
    if found is None:
        messages.success(request, _("No pair waits, or others are at what is left."))
        return redirect("people:pairs")
    return redirect("people:pair", found.pk)


def _pair(request: SignedIn, link_id: UUID) -> Link:
    found = pairs.pair(request.user, link_id)
    if found is None:
        raise Http404
    return found


@needs("worklist.work")
def pair(request: SignedIn, link_id: UUID) -> HttpResponse:
    """Both records, and the clerk's judgement, which leads to the next pair."""
    link = _pair(request, link_id)
    if request.method == "POST":
        return _judge(request, link)
    return _show(request, link)


def _judge(request: SignedIn, link: Link) -> HttpResponse:
    verdict = request.POST.get("verdict", "")
    if verdict not in JUDGED:
        raise Http404
    note = request.POST.get("note", "")[:1000]
    try:
        judging.judge(request.user, link, Verdict(verdict), note=note)
    except Invalid as error:
        messages.error(request, error.message())
        return redirect("people:pair", link.pk)
    messages.success(request, _("Kept. Here is the next one."))
    return _next(request)


@require_POST
@needs("worklist.work")
def reveal(request: SignedIn, link_id: UUID) -> HttpResponse:
    """The pair with its numbers in full; who asked is noted."""
    link = _pair(request, link_id)
    looking.note_revealed(link.pk, [link.first_id, link.second_id], actor=request.user.pk)
    return _show(request, link, in_full=True)


def _show(request: SignedIn, link: Link, *, in_full: bool = False) -> HttpResponse:
    try:
        held = judging.hold(request.user, link)
    except Invalid as error:
        messages.warning(request, error.message())
        return redirect("people:pairs")
    context: dict[str, Any] = {
        "link": held,
        "comparison": comparison(link, in_full=in_full),
        "in_full": in_full,
        "counts": pairs.counts(request.user),
        "history": pairs.history(held),
    }
    return render(request, "people/pair.html", context)


@require_POST
@needs("worklist.work")
def skip(request: SignedIn, link_id: UUID) -> HttpResponse:
    """Put the pair at the end of the queue and take the next."""
    judging.skip(request.user, _pair(request, link_id))
    return _next(request)


@require_POST
@needs("worklist.work")
def onward(request: SignedIn, link_id: UUID) -> HttpResponse:
    """Leave the pair where it stands in the queue and look at the one after it."""
    return _next(request, _pair(request, link_id))


@require_POST
@needs("worklist.work")
def undo(request: SignedIn) -> HttpResponse:
    """Take one's last judgement back and show that pair again."""
    try:
        link = judging.undo_last(request.user)
    except Invalid as error:
        messages.warning(request, error.message())
        return redirect("people:pairs")
    messages.success(request, _("Your last judgement was taken back; this pair is open again."))
    return redirect("people:pair", link.pk)


@require_POST
@needs("worklist.work")
def renew(request: SignedIn, link_id: UUID) -> HttpResponse:
    """Keep the pair while its page is open; 409 when somebody else has it by now."""
    try:
        judging.hold(request.user, _pair(request, link_id))
    except Invalid as error:
        return HttpResponse(error.message(), status=409)
    return HttpResponse(status=204)
