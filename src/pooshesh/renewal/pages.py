"""Pages of runs: count without effect, look at who renews and why not, carry it out."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.errors import Invalid
from pooshesh.people.models import Household
from pooshesh.renewal import forms, papers, queries, tables
from pooshesh.renewal import runs as running
from pooshesh.renewal.models import Outcome, Run, RunState
from pooshesh.renewal.states import WORK
from pooshesh.web.pdf import pdf_response
from pooshesh.web.progress import JobView
from pooshesh.web.table import Table

LETTERS = 200  # in one PDF: about a second


def household_panel(request: HttpRequest, household: Household) -> Mapping[str, Any] | None:
    """The decile appeals of a household, for who renews cover where it lives."""
    if not request.user.reach(WORK).covers(household.area_path, household.area_id):  # type: ignore[union-attr]
        return None
    return {"household": household, "appeals": queries.appeals_of(household)}


def answer(
    request: SignedIn,
    table: Table[Any],
    template: str,
    context: Mapping[str, Any],
    persons: Callable[[Any], Iterable[UUID]],
) -> HttpResponseBase:
    """A list of people; that it left as a file is written down with the `persons` it names."""
    if request.GET.get("export") in ("csv", "xlsx"):
        audit.record(
            "renewal.export", actor=request.user.pk, purpose=table.name,
            persons=persons(table.rows),
        )  # fmt: skip
    return table.respond(template, context)


@needs(WORK)
def runs(request: SignedIn) -> HttpResponseBase:
    """Runs of one's area, and the form to count a new one."""
    form = forms.RunForm(
        request.POST if request.method == "POST" else None, reach=request.user.reach(WORK)
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = running.start_count(data["area"], data["on"], actor=request.user.pk)
        except Invalid as error:
            form.add_error("on", error.message())
        else:
            return redirect("renewal:run", made.pk)
    table = tables.RunTable(request, queries.runs(request.user))
    return table.respond("renewal/runs.html", {"form": form})


def _run(request: SignedIn, run_id: UUID) -> Run:
    found = queries.run(request.user, run_id)
    if found is None:
        raise Http404
    return found


@require_safe
@needs(WORK)
def run(request: SignedIn, run_id: UUID) -> HttpResponseBase:
    """What a run found: by outcome, reason and area, beside an earlier run."""
    found = _run(request, run_id)
    here = reverse("renewal:run", args=[found.pk])
    job = queries.job_of(found.job_id)
    view = None
    if job:
        title = _("Renewing") if job.kind == running.RENEW else _("Dry run")
        own = job.actor == request.user.pk
        stop = reverse("renewal:stop", args=[found.pk]) if own else ""
        view = JobView(job, title, here, cancel_address=stop, result_address=here)
        if request.headers.get("HX-Target") != "table-renewal-places" and request.headers.get(
            "HX-Request"
        ):
            return render(request, "web/job.html", {"view": view})
    others = list(queries.earlier(request.user, found)[:20])
    before = next((one for one in others if str(one.pk) == request.GET.get("before")), None)
    counts = queries.counts(found, before)
    sums = {
        outcome.value: sum(one.persons for one in counts if one.outcome == outcome)
        for outcome in Outcome
    }
    context = {
        "run": found, "counts": counts, "sums": sums, "changes": queries.changes(found),
        "others": others, "before": before,
        "view": view if view and not view.done else None,
        "may_renew": found.state == RunState.COUNTED,
    }  # fmt: skip
    places = queries.places(found)
    letters = queries.letters_of(request.user, found).count()
    context["provinces"] = queries.subtotals(places)
    context["letters"], context["parts"] = letters, range(1, -(-letters // LETTERS) + 1)
    table = tables.PlaceTable(request, places).for_run(found)
    return table.respond("renewal/run.html", context)


@require_safe
@needs(WORK)
def rows(request: SignedIn, run_id: UUID) -> HttpResponseBase:
    """The persons of a run, narrowed by outcome, reason and area."""
    found = _run(request, run_id)
    narrow = forms.RowNarrow(request.GET)
    chosen = {name: narrow.asked(name) for name in ("outcome", "reason", "area")}
    table = tables.RowTable(request, queries.rows_of(found, **chosen))
    context = {"run": found, "narrow": narrow}
    return answer(request, table, "renewal/rows.html", context, queries.persons_of)


@require_safe
@needs(WORK)
def letters(request: SignedIn, run_id: UUID, part: int) -> HttpResponse:
    """The letters of a run to households on the worklist, one PDF of as many as a part holds."""
    found = _run(request, run_id)
    first = max(part - 1, 0) * LETTERS
    items = queries.letters_of(request.user, found)[first : part * LETTERS]
    written = queries.addressed(list(items))
    if not written:
        raise Http404
    audit.record(
        "renewal.letter", actor=request.user.pk, kind="renewal_run", object_id=found.pk,
        content={"part": part, "letters": len(written)}, area_path=found.area_path,
        persons=[one.person_id for _item, persons, _decile in written for one in persons],
    )  # fmt: skip
    return pdf_response(papers.renewal_letters(written), f"renewal-{part}")


@require_POST
@needs(WORK)
def renew(request: SignedIn, run_id: UUID) -> HttpResponse:
    """Carry a run out."""
    found = _run(request, run_id)
    try:
        running.start_renewal(found, actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    return redirect("renewal:run", found.pk)


@require_POST
@needs(WORK)
def stop(request: SignedIn, run_id: UUID) -> HttpResponse:
    """Stop the work at a run that one started; what was done stays done."""
    found = _run(request, run_id)
    job = queries.job_of(found.job_id)
    if job and job.actor == request.user.pk:
        jobs.cancel(job.pk, request.user.pk)
    return redirect("renewal:run", found.pk)
