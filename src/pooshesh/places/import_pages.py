"""The import of a sheet: upload, dry run with the problems of its rows, confirmation."""

import datetime as dt
from pathlib import Path
from typing import TypedDict
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.sheet_columns import Column
from pooshesh.kernel.sheets import Table, read_table
from pooshesh.places.forms import UploadForm
from pooshesh.places.import_areas import AREA_COLUMNS, import_areas
from pooshesh.places.import_facilities import FACILITY_COLUMNS, import_facilities
from pooshesh.places.imports import Outcome
from pooshesh.places.pages import reach_of, viewer
from pooshesh.places.queries import Scope

PROBLEMS_SHOWN = 200
KEPT = "places-import"  # the session remembers one uploaded sheet at a time
SHEETS: dict[str, tuple[object, tuple[Column, ...]]] = {
    "areas": (gettext_lazy("Import areas"), AREA_COLUMNS),
    "facilities": (gettext_lazy("Import facilities"), FACILITY_COLUMNS),
}


class Kept(TypedDict):
    """An uploaded sheet between its dry run and its confirmation."""

    what: str
    stored: str
    name: str
    on: str


def upload(request: HttpRequest, what: str) -> HttpResponse:
    """Take a sheet and show what it would change."""
    reach = reach_of(request, "places.write")
    title, columns = _sheet(what)
    form = UploadForm(request.POST or None, request.FILES or None)
    outcome = None
    if form.is_valid():
        _forget(request)
        file = form.cleaned_data["file"]
        stored = default_storage.save(f"imports/{uuid7()}", file)
        kept = Kept(
            what=what, stored=stored, name=file.name, on=form.cleaned_data["on"].isoformat()
        )
        request.session[KEPT] = kept
        try:
            outcome = _run(kept, viewer(request).id, reach, dry_run=True)
        except Invalid as error:
            _forget(request)
            form.add_error("file", error.message())
    context = {
        "title": title,
        "what": what,
        "columns": columns,
        "form": form,
        "outcome": outcome,
        "problems": outcome.problems[:PROBLEMS_SHOWN] if outcome else [],
    }
    return render(request, "places/import.html", context)


@require_POST
def confirm(request: HttpRequest, what: str) -> HttpResponse:
    """Write the sheet that was checked; with `only_good` its good rows alone."""
    reach = reach_of(request, "places.write")
    _sheet(what)
    kept: Kept | None = request.session.get(KEPT)
    if kept is None or kept["what"] != what:
        messages.error(request, _("There is no checked sheet any more; upload it again."))
        return redirect("places:import", what)
    outcome = _run(
        kept, viewer(request).id, reach, dry_run=False, only_good="only_good" in request.POST
    )
    if not outcome.written:
        messages.error(request, _("Rows are refused now; check the sheet again."))
        return redirect("places:import", what)
    _forget(request)
    counts = {"new": outcome.new, "changed": outcome.changed}
    messages.success(request, _("Written: %(new)s new, %(changed)s changed.") % counts)
    return redirect("places:facilities" if what == "facilities" else "places:areas")


def _sheet(what: str) -> tuple[object, tuple[Column, ...]]:
    if what not in SHEETS:
        raise Http404
    return SHEETS[what]


def _run(
    kept: Kept, actor: UUID, reach: Scope, *, dry_run: bool, only_good: bool = False
) -> Outcome:
    table: Table = read_table(Path(default_storage.path(kept["stored"])), name=kept["name"])
    if kept["what"] == "facilities":
        return import_facilities(
            table, actor=actor, reach=reach, dry_run=dry_run, only_good=only_good
        )
    on = dt.date.fromisoformat(kept["on"])
    return import_areas(
        table, actor=actor, reach=reach, on=on, dry_run=dry_run, only_good=only_good
    )


def _forget(request: HttpRequest) -> None:
    kept: Kept | None = request.session.pop(KEPT, None)
    if kept:
        default_storage.delete(kept["stored"])
