"""Pages of outreach: who is entitled and not told, and what was tried."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.people.tables import full_name
from pooshesh.renewal import forms, queries, sending, tables
from pooshesh.renewal import outreach as telling
from pooshesh.renewal.models import Channel, Result
from pooshesh.renewal.pages import answer
from pooshesh.renewal.states import WORK
from pooshesh.web.table import Column

MOST = 1_000  # messages at once
#: Names nobody and no illness: whoever reads the message on the way learns nothing.
TEXT = gettext_lazy(
    "Health insurance: you have a right to health cover without payment. Bring your identity card "
    "to our nearest office, or ask the neighbourhood worker. Nothing is to be paid."
)


class _WithPhones(tables.OutreachTable):
    """The same list with mobile numbers, for who may open records of persons."""

    columns: ClassVar[Sequence[Column[Any]]] = (
        *tables.OutreachTable.columns,
        Column("mobile", gettext_lazy("Mobile number"),
               lambda o: sending.opened(o.person.mobile), hidden=True),
    )  # fmt: skip


@require_safe
@needs(WORK)
def outreach(request: SignedIn) -> HttpResponseBase:
    """Who is entitled to free cover and has none, those to be told first."""
    narrow = forms.OutreachNarrow(request.GET)
    rows = queries.outreach(request.user, narrow.asked("state"))
    shown = _WithPhones if request.user.may("people.read") else tables.OutreachTable
    counts = queries.told_by_area(request.user)
    sums = {
        name: sum(getattr(one, name) for one in counts)
        for name in ("overdue", "untold", "told", "enrolled", "declined")
    }
    context = {"narrow": narrow, "sums": sums, "text": TEXT, "state": narrow.asked("state")}
    return answer(
        request, shown(request, rows), "renewal/outreach.html", context, queries.persons_of
    )


@require_safe
@needs(WORK)
def areas(request: SignedIn) -> HttpResponseBase:
    """Told and not told by area."""
    table = tables.ToldTable(request, queries.told_by_area(request.user))
    return table.respond("renewal/told_areas.html")


@require_POST
@needs(WORK)
def send(request: SignedIn) -> HttpResponse:
    """Hand the message for everybody not told yet over to the sender, the overdue first."""
    rows = queries.outreach(request.user, "untold").filter(attempts=0).order_by("deadline", "pk")
    try:
        sent = telling.send_messages(rows[:MOST], str(TEXT), actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("%(count)s messages were handed over.") % {"count": sent})
    return redirect("renewal:outreach")


@needs(WORK)
def one(request: SignedIn, outreach_id: UUID) -> HttpResponse:
    """Somebody entitled: what was tried, and the form for the next attempt."""
    found = queries.outreach_one(request.user, outreach_id)
    if found is None:
        raise Http404
    form = forms.AttemptForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            telling.attempt(
                found, Channel(data["channel"]), Result(data["result"]), note=data["note"],
                actor=request.user.pk,
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("It was recorded."))
            return redirect("renewal:told", found.pk)
    context = {
        "one": found, "name": full_name(found.person), "attempts": queries.attempts(found),
        "form": form, "text": TEXT, "open": found.state in queries.OPEN_OUTREACH,
        "late": found.state == "untold" and found.deadline < timezone.localdate(),
    }  # fmt: skip
    return render(request, "renewal/told.html", context)
