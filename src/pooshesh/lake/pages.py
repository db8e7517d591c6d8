"""The page of the lake: what it holds, what its columns mean, and writing it anew."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.text import speaks_persian
from pooshesh.lake import actions, queries
from pooshesh.lake.layout import COLUMNS
from pooshesh.web.format import language
from pooshesh.web.progress import JobView

KEEP = "insight.keep"


@needs(KEEP)
def lake(request: SignedIn) -> HttpResponse:
    """Months with their rows; the card of the export while one runs."""
    here = reverse("lake:lake")
    job = queries.last_export()
    view = JobView(job, _("Writing the lake"), here, result_address=here) if job else None
    if view and request.headers.get("HX-Request"):
        return render(request, "web/job.html", {"view": view})
    try:
        manifest, broken = queries.held(), ""
    except Invalid as error:
        manifest, broken = None, error.message()
    fa = speaks_persian(language())
    context = {
        "manifest": manifest, "view": view, "folder": actions.folder(), "broken": broken,
        "columns": [(name, kind, fa_words if fa else en_words)
                    for name, (kind, fa_words, en_words) in COLUMNS.items()],
    }  # fmt: skip
    return render(request, "lake/lake.html", context)


@require_POST
@needs(KEEP)
def export(request: SignedIn) -> HttpResponse:
    """Write the lake anew."""
    actions.ask(request.user)
    messages.success(request, _("The lake is being written."))
    return redirect("lake:lake")
