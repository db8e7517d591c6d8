"""Pages of the bank's statements: bring one, what became of it, and what waits for somebody."""

import tempfile
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.ledger import forms, lists, queries, statements, tables
from pooshesh.ledger.adapters import COLUMNS
from pooshesh.ledger.models import LineState, Statement, StatementLine
from pooshesh.places.models import Area
from pooshesh.web.progress import JobView

READ, ORDER = queries.READ, queries.ORDER


@needs(READ)
def statement_list(request: SignedIn) -> HttpResponseBase:
    """Statements of the bank, and the form to bring one."""
    user = request.user
    form = None
    if user.may(ORDER):
        form = forms.StatementForm(
            request.POST or None, request.FILES or None, reach=user.reach(ORDER)
        )
        if form.is_valid():
            try:
                made = _bring(form.cleaned_data["file"], form.cleaned_data["area"], user.pk)
            except Invalid as error:
                form.add_error("file", error.message())
            else:
                return redirect("ledger:statement", made.pk)
    table = tables.StatementTable(request, lists.statements(user.reach(READ)))
    return table.respond("ledger/statements.html", {"form": form, "columns": COLUMNS})


def _bring(file: "UploadedFile[bytes]", area: Area, actor: UUID) -> Statement:
    """Read an upload; its bytes are not kept."""
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        return statements.bring(Path(copy.name), str(file.name), area, actor=actor)


@require_safe
@needs(READ)
def statement(request: SignedIn, statement_id: UUID) -> HttpResponseBase:
    """One statement: the progress of its matching, and the lines that wait."""
    one = lists.found(lists.statements(request.user.reach(READ)), statement_id)
    if one is None:
        raise Http404
    here, work = reverse("ledger:statement", args=[one.pk]), lists.job(one)
    view = (
        JobView(work, _("Matching with the payments"), here, result_address=here) if work else None
    )
    if view and request.headers.get("HX-Target", "") == "" and request.headers.get("HX-Request"):
        return render(request, "web/job.html", {"view": view})
    counts = lists.results(one)
    rows = lists.open_lines(request.user.reach(READ)).filter(statement=one)
    context = {
        "one": one, "view": view if view and not view.done else None,
        "counts": [(state, counts.get(state.value, 0)) for state in LineState],
    }  # fmt: skip
    return tables.LineTable(request, rows).respond("ledger/statement.html", context)


@require_safe
@needs(READ)
def line_list(request: SignedIn) -> HttpResponseBase:
    """The reconciliation worklist: lines of the bank that matched nothing."""
    reach = request.user.reach(READ)
    waiting = lists.unanswered(reach).count()
    table = tables.LineTable(request, lists.open_lines(reach))
    return table.respond("ledger/lines.html", {"unanswered": waiting})


@require_safe
@needs(READ)
def unanswered(request: SignedIn) -> HttpResponseBase:
    """Payments the bank has not answered in its time."""
    table = tables.UnansweredTable(request, lists.unanswered(request.user.reach(READ)))
    return table.respond("ledger/unanswered.html")


def _line(request: SignedIn, line_id: int, permission: str) -> StatementLine:
    one = lists.found(lists.lines(request.user.reach(permission)), line_id)
    if one is None:
        raise Http404
    return one


@require_safe
@needs(READ)
def line(request: SignedIn, line_id: int) -> HttpResponse:
    """One line of a statement: why it waits, and how it is settled."""
    one = _line(request, line_id, READ)
    payment = one.payment
    context = {
        "one": one, "payment": payment,
        "number": tables.shown_number(payment.voucher) if payment else "",
        "may_settle": one.state == LineState.OPEN
        and request.user.reach(ORDER).covers(one.statement.area_path),
        "assign": forms.AssignForm(prefix="assign"), "settle": forms.ReasonForm(prefix="settle"),
        "by": lists.names_of([one.settled_by]).get(one.settled_by, ""),
    }  # fmt: skip
    return render(request, "ledger/line.html", context)


@require_POST
@needs(ORDER)
def line_act(request: SignedIn, line_id: int, verb: str) -> HttpResponse:
    """Say which payment a line is about, or set it aside with a reason."""
    one = _line(request, line_id, ORDER)
    kinds = {"assign": forms.AssignForm, "settle": forms.ReasonForm}
    if verb not in kinds:
        raise Http404
    form = kinds[verb](request.POST, prefix=verb)
    if not form.is_valid():
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
        return redirect("ledger:line", one.pk)
    given, actor = form.cleaned_data, request.user.pk
    try:
        if verb == "assign":
            statements.assign(one, given["reference"], why=given["why"], actor=actor)
        else:
            statements.settle(one, why=given["why"], actor=actor)
    except Invalid as error:
        messages.error(request, error.message())
        return redirect("ledger:line", one.pk)
    messages.success(request, _("Saved."))
    return redirect("ledger:lines")
