"""Pages of worklists: the queues, and one item after the other without going back to a list."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.programme import queries, titles
from pooshesh.programme.models import WorkItem, WorkKind, WorkState
from pooshesh.programme.worklists import answers, cards, queue
from pooshesh.programme.worklists.forms import FORMS, Answer
from pooshesh.web.format import digits


@require_safe
@needs("worklist.work")
def index(request: SignedIn) -> HttpResponse:
    """Every queue with its size."""
    counts = queue.counts(request.user)
    kinds = [(kind, total, held) for kind, (total, held) in counts.items()]
    context = {"kinds": kinds, "passed_on": queue.passed_on(request.user)}
    return render(request, "programme/worklists.html", context)


@require_POST
@needs("worklist.work")
def next_item(request: SignedIn, kind: str) -> HttpResponse:
    """Hand the clerk the next item of a kind."""
    return _next(request, _kind(kind))


def _next(request: SignedIn, kind: WorkKind) -> HttpResponse:
    item = queue.take(request.user, kind)
    if item is None:
        messages.success(request, _("This worklist is done, or others are at what is left of it."))
        return redirect("programme:worklists")
    return redirect("programme:work_item", item.id)


def _kind(text: str) -> WorkKind:
    if text not in WorkKind.values:
        raise Http404
    return WorkKind(text)


@needs("worklist.work")
def item(request: SignedIn, item_id: UUID) -> HttpResponse:
    """One item: what is known, and the clerk's answer. A good answer leads to the next item."""
    try:
        found = queue.hold(request.user, item_id)
    except WorkItem.DoesNotExist:
        raise Http404 from None
    except Invalid as error:
        messages.warning(request, error.message())
        return redirect("programme:worklists")
    if found.state == WorkState.DONE:
        if request.method == "POST":  # a second press of the button
            return _next(request, WorkKind(found.kind))
        messages.info(request, _("This item has been decided already."))
        return redirect("programme:worklists")
    form = FORMS[found.kind](request.POST or None, item=found)
    if form.is_valid():
        try:
            answers.answer(request.user, found, form)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Kept. Here is the next one."))
            return _next(request, WorkKind(found.kind))
    return _show(request, found, form)


@require_POST
@needs("worklist.work")
def reveal(request: SignedIn, item_id: UUID) -> HttpResponse:
    """The item with its numbers in full; who asked is noted."""
    try:
        found = queue.hold(request.user, item_id)
    except WorkItem.DoesNotExist:
        raise Http404 from None
    except Invalid as error:
        messages.warning(request, error.message())
        return redirect("programme:worklists")
    if found.state == WorkState.DONE:
        return redirect("programme:work_item", item_id)
    queue.note_revealed(request.user, found)
    return _show(request, found, FORMS[found.kind](None, item=found), in_full=True)


def _show(
    request: SignedIn, found: WorkItem, form: Answer, *, in_full: bool = False
) -> HttpResponse:
    user, kind = request.user, WorkKind(found.kind)
    row = queries.row(found.campaign, found.census_row)
    return render(
        request,
        "programme/work_item.html",
        {
            "item": found,
            "kind": kind,
            "form": form,
            "row": row,
            "household": digits(row.household),
            # How alike two records are says something only where one of them is a candidate.
            "likeness": row.score if kind == WorkKind.POSSIBLE_MATCH else None,
            "decision": titles.decision(row.decision),
            "comparison": cards.comparison(user, found, in_full=in_full),
            "members": cards.members(user, found, in_full=in_full),
            "in_full": in_full,
            "pair": kind in (WorkKind.POSSIBLE_DOUBLE, WorkKind.POSSIBLE_MATCH),
            "reaches_other": cards.reaches_other(user, found),
            "left": queue.counts(user)[kind][0],
        },
    )


@require_POST
@needs("worklist.work")
def skip(request: SignedIn, item_id: UUID) -> HttpResponse:
    """Put the item at the end of its queue and take the next."""
    found = queue.items(request.user).filter(id=item_id).first()
    if found is None:
        raise Http404
    queue.skip(request.user, item_id)
    return _next(request, WorkKind(found.kind))


@require_POST
@needs("worklist.work")
def pass_on(request: SignedIn, item_id: UUID) -> HttpResponse:
    """Leave the item to somebody whose area covers both persons, and take the next."""
    found = queue.items(request.user).filter(id=item_id).first()
    if found is None:
        raise Http404
    try:
        queue.pass_on(request.user, item_id)
    except Invalid as error:
        messages.error(request, error.message())
        return redirect("programme:worklists")
    messages.success(request, _("Passed on. Here is the next one."))
    return _next(request, WorkKind(found.kind))


@require_POST
@needs("worklist.work")
def undo(request: SignedIn, kind: str) -> HttpResponse:
    """Take one's last answer of a kind back, where it only told two records apart."""
    try:
        found = answers.undo_last(request.user, _kind(kind))
    except Invalid as error:
        messages.warning(request, error.message())
        return redirect("programme:worklists")
    messages.success(request, _("Your last decision was taken back; this item is open again."))
    return redirect("programme:work_item", found.id)


@require_POST
@needs("worklist.work")
def renew(request: SignedIn, item_id: UUID) -> HttpResponse:
    """Keep the item while its page is open; 409 when somebody else has it by now."""
    try:
        queue.hold(request.user, item_id)
    except WorkItem.DoesNotExist:
        raise Http404 from None
    except Invalid as error:
        return HttpResponse(error.message(), status=409)
    return HttpResponse(status=204)
