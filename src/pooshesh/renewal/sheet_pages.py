"""Pages of sheets of deciles: bring, look at what it would move, write."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.policy.queries import PACK, bound_pack
from pooshesh.policy.words import lang, say
from pooshesh.renewal import forms, queries, tables
from pooshesh.renewal import sheets as bringing
from pooshesh.renewal.models import DecileSheetState, Sheet
from pooshesh.renewal.states import WORK
from pooshesh.web.progress import JobView


@needs(WORK)
def sheets(request: SignedIn) -> HttpResponseBase:
    """One's own sheets, and the form to bring one."""
    form = forms.SheetForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        made = bringing.bring(
            str(file.name), file, form.cleaned_data["source"], actor=request.user.pk
        )
        return redirect("renewal:sheet", made.pk)
    table = tables.SheetTable(request, queries.sheets(request.user))
    return table.respond("renewal/sheets.html", {"form": form, "columns": bringing.COLUMNS})


def _sheet(request: SignedIn, sheet_id: UUID) -> Sheet:
    found = queries.sheet(request.user, sheet_id)
    if found is None:
        raise Http404
    return found


@require_safe
@needs(WORK)
def sheet(request: SignedIn, sheet_id: UUID) -> HttpResponse:
    """One sheet: progress, what is refused, whose cover it would move."""
    found = _sheet(request, sheet_id)
    here = reverse("renewal:sheet", args=[found.pk])
    job = queries.job_of(found.job_id)
    view = None
    if job:
        title = _("Writing the sheet") if job.kind == bringing.WRITE else _("Dry run")
        view = JobView(job, title, here, result_address=here)
        if request.headers.get("HX-Request"):
            return render(request, "web/job.html", {"view": view})
    titles = _outcomes()
    moves = [
        one | {"from": titles.get(one["from"], one["from"]), "to": titles.get(one["to"], one["to"])}
        for one in found.found.get("moves", [])
    ]
    problems = [
        {"row": one["row"], "field": bringing.TITLES[one["field"]], "said": one[lang()]}
        for one in found.found.get("problems", [])
    ]
    checked = found.state == DecileSheetState.CHECKED
    busy = view is not None and view.running
    context = {
        "sheet": found, "view": view if view and not view.done else None, "moves": moves,
        "problems": problems,
        "may_write": checked and found.found.get("changes") and not busy,
    }  # fmt: skip
    return render(request, "renewal/sheet.html", context)


def _outcomes() -> dict[str, str]:
    """What the rules' decisions are called."""
    codes = bound_pack(PACK, timezone.localdate()).pack.rules["decision"].codes
    return {code: say(title) for code, title in codes.items()}


@require_POST
@needs(WORK)
def write(request: SignedIn, sheet_id: UUID) -> HttpResponse:
    """Write a checked sheet; with `only_good` without its refused rows."""
    found = _sheet(request, sheet_id)
    try:
        bringing.start_write(found, only_good="only_good" in request.POST, actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    return redirect("renewal:sheet", found.pk)
