"""Pages of sheets of applications: brought, checked, written, and what became of each row."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.fund import forms, queries, tables
from pooshesh.fund import intake as intakes
from pooshesh.fund.models import Intake, IntakeState, Outcome
from pooshesh.fund.sheets import COLUMNS
from pooshesh.fund.states import WORK
from pooshesh.kernel import jobs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import JobState
from pooshesh.web import export
from pooshesh.web.progress import JobView

SHOWN = 200  # problems on the page; the sheet of refused rows has all


@needs(WORK)
def intake_list(request: SignedIn) -> HttpResponseBase:
    """The sheets of the clerk's area, and the form to bring one."""
    reach = request.user.reach(WORK)
    form = forms.SheetForm(request.POST or None, request.FILES or None, reach=reach)
    if form.is_valid():
        brought = form.cleaned_data["sheet"]
        row, new = intakes.bring(
            form.cleaned_data["area"], str(brought.name), brought, actor=request.user.pk
        )
        if new or row.state == IntakeState.BROUGHT:
            intakes.start_check(row, request.user.pk)
        else:
            messages.info(request, _("The same content was brought before; this is that sheet."))
        return redirect("fund:intake", row.pk)
    return tables.IntakeTable(request, queries.intakes(request.user)).respond(
        "fund/intakes.html", {"form": form, "columns": COLUMNS}
    )


@require_safe
@needs(WORK)
def template(request: SignedIn) -> HttpResponseBase:
    """An empty sheet with the headers that are read."""
    header = [column.aliases[0] for column in COLUMNS]
    return export.respond("xlsx", "applications", header, [])


def _intake(request: SignedIn, intake_id: UUID) -> Intake:
    found = queries.intake(request.user, intake_id)
    if found is None:
        raise Http404
    return found


@require_safe
@needs(WORK)
def intake(request: SignedIn, intake_id: UUID) -> HttpResponseBase:
    """One sheet: what the dry run found, the progress of the work, what became of each row."""
    found = _intake(request, intake_id)
    job = queries.intake_job(found)
    here = reverse("fund:intake", args=[found.pk])
    view = None
    if job:
        title = _("Writing the sheet") if job.kind == intakes.WRITE else _("Dry run")
        stop = reverse("fund:intake_cancel", args=[found.pk])
        view = JobView(job, title, here, cancel_address=stop, result_address=here)
        if request.headers.get("HX-Request") and "table" not in request.headers.get(
            "HX-Target", ""
        ):
            return render(request, "web/job.html", {"view": view})
    busy = view is not None and view.running
    findings = intakes.findings(found)
    return tables.RowTable(request, queries.intake_rows(found)).respond(
        "fund/intake.html",
        {
            "intake": found,
            "view": view if view and (view.running or view.job.state != JobState.DONE) else None,
            "problems": findings["problems"][:SHOWN],
            "more": max(len(findings["problems"]) - SHOWN, 0),
            "unread": findings["unread"],
            "may_write": found.state == IntakeState.CHECKED and found.rows and not busy,
            "written": found.state == IntakeState.WRITTEN,
            "outcomes": [
                (one, found.counts[one.value]) for one in Outcome if one.value in found.counts
            ],
        },
    )


@require_POST
@needs(WORK)
def write(request: SignedIn, intake_id: UUID) -> HttpResponse:
    """Write the sheet that was checked; with `only_good` without its refused rows."""
    found = _intake(request, intake_id)
    try:
        intakes.start_write(found, request.user.pk, only_good="only_good" in request.POST)
    except Invalid as error:
        messages.error(request, error.message())
    return redirect("fund:intake", found.pk)


@require_POST
@needs(WORK)
def cancel(request: SignedIn, intake_id: UUID) -> HttpResponse:
    """Stop what is done with a sheet; rows written stay, and writing may begin again."""
    found = _intake(request, intake_id)
    if found.job_id:
        jobs.cancel(found.job_id, request.user.pk)
    return redirect("fund:intake", found.pk)


@require_safe
@needs(WORK)
def refused(request: SignedIn, intake_id: UUID) -> HttpResponseBase:
    """Every refused cell as a file: row, field, what was read, what is expected."""
    found = _intake(request, intake_id)
    header = [_("Row"), _("Field"), _("Read"), _("Problem")]
    rows = (
        [one["row"], one["title"], one["read"], one["expected"]]
        for one in intakes.findings(found)["problems"]
    )
    return export.respond("xlsx", "refused", header, rows)
