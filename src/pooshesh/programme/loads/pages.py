"""Pages of loads: what was brought by the folder, and how far each is."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.programme.loads import queries
from pooshesh.programme.loads.models import ItemState
from pooshesh.programme.loads.tables import ItemTable, LoadTable


@require_safe
@needs("campaign.run")
def load_list(request: SignedIn) -> HttpResponseBase:
    """Folders of sheets that were brought."""
    return LoadTable(request, queries.loads(request.user)).respond("programme/loads.html")


@require_safe
@needs("campaign.run")
def load(request: SignedIn, load_id: UUID) -> HttpResponseBase:
    """One load: how far it is, and each sheet."""
    found = get_object_or_404(queries.loads(request.user), id=load_id)
    rows = queries.items(request.user, found)
    state = request.GET.get("state", "")
    if state in ItemState.values:
        rows = rows.filter(state=state)
    return ItemTable(request, rows).respond(
        "programme/load.html",
        {"load": found, "progress": queries.progress(found), "states": ItemState.choices,
         "state": state},
    )  # fmt: skip


@require_safe
@needs("campaign.run")
def progress(request: SignedIn, load_id: UUID) -> HttpResponse:
    """The progress alone, asked for again while it runs."""
    found = get_object_or_404(queries.loads(request.user), id=load_id)
    context = {"load": found, "progress": queries.progress(found)}
    return render(request, "programme/load_progress.html", context)
