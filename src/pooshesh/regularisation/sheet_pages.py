"""Pages of a municipality: its sheets of its own city, and the people it brought."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import JobState
from pooshesh.people.queries import READ as READ_PEOPLE
from pooshesh.regularisation import bringing, forms, queries, tables
from pooshesh.regularisation.models import Sheet, SheetState
from pooshesh.regularisation.sheets import COLUMNS
from pooshesh.web.progress import JobView


@needs("nationals.census")
def sheet_list(request: SignedIn) -> HttpResponseBase:
    """The sheets of the municipality's own city, and the form to bring one."""
    cities = queries.cities(request.user)
    form = forms.SheetForm(request.POST or None, request.FILES or None, cities=cities)
    if form.is_valid():
        brought = form.cleaned_data["file"]
        try:
            made = bringing.bring(
                form.cleaned_data["city"], str(brought.name), brought, actor=request.user.pk
            )
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            bringing.start_check(made, request.user.pk)
            return redirect("regularisation:sheet", made.pk)
    return tables.SheetTable(request, queries.sheets(request.user)).respond(
        "regularisation/sheets.html", {"form": form, "columns": COLUMNS}
    )


def _sheet(request: SignedIn, sheet_id: UUID) -> Sheet:
    found = queries.sheet(request.user, sheet_id)
    if found is None:
        raise Http404
    return found


@require_safe
@needs("nationals.census")
def sheet(request: SignedIn, sheet_id: UUID) -> HttpResponse:
    """One sheet: what the dry run found, the progress of the work, what was written."""
    found = queries.sheet(request.user, sheet_id)
    if found is None:
        same = bringing.taken_over(sheet_id, request.user.pk)
        if same is None or queries.sheet(request.user, same) is None:
            raise Http404
        messages.info(request, _("The same content was brought before; this is that sheet."))
        return redirect("regularisation:sheet", same)
    job = queries.job(found)
    here = reverse("regularisation:sheet", args=[found.pk])
    view = None
    if job:
        title = _("Writing the sheet") if job.kind == bringing.WRITE else _("Dry run")
        stop = reverse("regularisation:sheet_cancel", args=[found.pk])
        view = JobView(job, title, here, cancel_address=stop, result_address=here)
        if request.headers.get("HX-Request"):
            return render(request, "web/job.html", {"view": view})
    busy = view is not None and view.running
    return render(
        request,
        "regularisation/sheet.html",
        {
            "sheet": found,
            "view": view if view and (view.running or view.job.state != JobState.DONE) else None,
            "findings": bringing.findings(found),
            "may_write": found.state == SheetState.CHECKED and found.rows and not busy,
            "written": found.state == SheetState.WRITTEN,
            "shown": bringing.PROBLEMS_SHOWN,
        },
    )


@require_POST
@needs("nationals.census")
def sheet_write(request: SignedIn, sheet_id: UUID) -> HttpResponse:
    """Write the sheet that was checked; with `only_good` without its refused rows."""
    found = _sheet(request, sheet_id)
    try:
        bringing.start_write(found, request.user.pk, only_good="only_good" in request.POST)
    except Invalid as error:
        messages.error(request, error.message())
    return redirect("regularisation:sheet", found.pk)


@require_POST
@needs("nationals.census")
def sheet_cancel(request: SignedIn, sheet_id: UUID) -> HttpResponse:
    """Stop what is done with a sheet; rows written so far stay, and writing may begin again."""
    found = _sheet(request, sheet_id)
    if found.job_id:
        jobs.cancel(found.job_id, request.user.pk)
    return redirect("regularisation:sheet", found.pk)


@require_safe
@needs("nationals.census")
def own_rows(request: SignedIn) -> HttpResponseBase:
    """The people a municipality brought: step up to regularised, and what is missing."""
    table = tables.OwnRowTable(request, queries.own_rows(request.user))
    _note(request, table)
    return table.respond("regularisation/own_rows.html")


@require_safe
@needs("nationals.work")
def look(request: SignedIn) -> HttpResponseBase:
    """Rows of municipal sheets that a clerk looks into."""
    if not request.user.may(READ_PEOPLE):
        raise Http404
    table = tables.LookTable(request, queries.rows_to_look_at(request.user))
    _note(request, table)
    return table.respond("regularisation/look.html")


def _note(request: SignedIn, table: tables.OwnRowTable | tables.LookTable) -> None:
    """Note whose names were shown, or taken away as a file."""
    export = request.GET.get("export", "")
    shown = table.rows if export in ("csv", "xlsx") else table.page_rows
    persons = [row.person_id for row in shown if row.person_id]
    if persons:
        audit.record(
            "nationals.list", actor=request.user.pk, kind="case", purpose=export, persons=persons
        )
