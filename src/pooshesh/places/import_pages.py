"""The import of a sheet: upload, dry run with the problems of its rows, confirmation."""

from typing import Any, TypedDict
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pooshesh.kernel.models import Job, JobState
from pooshesh.kernel.sheet_columns import Column
from pooshesh.kernel.text import speaks_persian
from pooshesh.places import import_jobs
from pooshesh.places.forms import UploadForm
from pooshesh.places.import_areas import AREA_COLUMNS
from pooshesh.places.import_facilities import FACILITY_COLUMNS
from pooshesh.places.import_jobs import Brought, Told
from pooshesh.places.pages import reach_of, viewer
from pooshesh.web.format import number
from pooshesh.web.progress import JobView

KEPT = "places-import"  # the session remembers one uploaded sheet at a time
SHEETS: dict[str, tuple[object, tuple[Column, ...]]] = {
    "areas": (gettext_lazy("Import areas"), AREA_COLUMNS),
    "facilities": (gettext_lazy("Import facilities"), FACILITY_COLUMNS),
}


class Kept(TypedDict):
    """An uploaded sheet, the job that is at it, and whether that writes."""

    brought: Brought
    job: str
    writes: bool


def upload(request: HttpRequest, what: str) -> HttpResponse:
    """Take a sheet and show what it would change."""
    reach_of(request, "places.write")
    title, columns = _sheet(what)
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        _forget(request)
        brought = import_jobs.bring(what, form.cleaned_data["file"], form.cleaned_data["on"])
        _keep(request, brought, import_jobs.start_check(brought, viewer(request).id), writes=False)
        return redirect("places:import", what)
    kept = _kept(request, what)
    job = import_jobs.job_of(UUID(kept["job"]), viewer(request).id) if kept else None
    context: dict[str, Any] = {"title": title, "what": what, "columns": columns, "form": form}
    if kept is None or job is None:
        return render(request, "places/import.html", context)
    return _standing(request, kept, job, context)


def _standing(request: HttpRequest, kept: Kept, job: Job, context: dict[str, Any]) -> HttpResponse:
    """Where the job that is at the sheet stands; htmx asks for its card alone."""
    what = kept["brought"]["what"]
    here = reverse("places:import", args=[what])
    view = JobView(
        job, _("Writing the sheet") if kept["writes"] else _("Dry run"), here,
        cancel_address=reverse("places:import_cancel", args=[what]), result_address=here,
    )  # fmt: skip
    if getattr(request, "htmx", None):
        return render(request, "web/job.html", {"view": view})
    found = import_jobs.told(job)
    if found is None:
        ended = job.state in (JobState.FAILED, JobState.CANCELLED)
        return render(request, "places/import.html", context | {"view": view, "ended": ended})
    if found["refused"]:
        _forget(request)
        messages.error(request, found["refused"][_language()])
        return render(request, "places/import.html", context)
    if kept["writes"]:
        return _after_writing(request, what, found)
    titles = {column.name: column.title for column in context["columns"]}
    problems = [
        {**one, "title": titles[one["field"]], "expected": one["expected"][_language()]}
        for one in found["problems"]
    ]
    return render(request, "places/import.html", context | {"outcome": found, "problems": problems})


def _after_writing(request: HttpRequest, what: str, found: Told) -> HttpResponse:
    _forget(request)
    if not found["written"]:
        messages.error(request, _("Rows are refused now; check the sheet again."))
        return redirect("places:import", what)
    counts = {"new": number(found["new"]), "changed": number(found["changed"])}
    messages.success(request, _("Written: %(new)s new, %(changed)s changed.") % counts)
    return redirect("places:facilities" if what == "facilities" else "places:areas")


@require_POST
def confirm(request: HttpRequest, what: str) -> HttpResponse:
    """Write the sheet that was checked; with `only_good` its good rows alone."""
    reach_of(request, "places.write")
    _sheet(what)
    kept = _kept(request, what)
    if kept is None:
        messages.error(request, _("There is no checked sheet any more; upload it again."))
    elif not kept["writes"]:
        job = import_jobs.start_write(
            kept["brought"], viewer(request).id, only_good="only_good" in request.POST
        )
        _keep(request, kept["brought"], job, writes=True)
    return redirect("places:import", what)


@require_POST
def cancel(request: HttpRequest, what: str) -> HttpResponse:
    """Give up the sheet that is being checked or written; nothing is half-written."""
    reach_of(request, "places.write")
    _sheet(what)
    _forget(request)
    return redirect("places:import", what)


def _sheet(what: str) -> tuple[object, tuple[Column, ...]]:
    if what not in SHEETS:
        raise Http404
    return SHEETS[what]


def _language() -> str:
    return "fa" if speaks_persian(get_language()) else "en"


def _keep(request: HttpRequest, brought: Brought, job: UUID, *, writes: bool) -> None:
    request.session[KEPT] = Kept(brought=brought, job=str(job), writes=writes)


def _kept(request: HttpRequest, what: str) -> Kept | None:
    kept: Kept | None = request.session.get(KEPT)
    return kept if kept and kept.get("brought", {}).get("what") == what else None


def _forget(request: HttpRequest) -> None:
    kept: Kept | None = request.session.pop(KEPT, None)
    if kept and "brought" in kept:
        import_jobs.forget(kept["brought"], UUID(kept["job"]), viewer(request).id)
