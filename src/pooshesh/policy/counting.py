"""The count of an effect on its way to the screen: its progress, then its sheet."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh import rules
from pooshesh.access.guard import SignedIn
from pooshesh.kernel.models import JobState
from pooshesh.policy import queries
from pooshesh.policy.effect_view import EffectView
from pooshesh.policy.models import Scenario, Version
from pooshesh.web import export
from pooshesh.web.progress import JobView


def job_view(of: Version | Scenario) -> JobView | None:
    """The card of the job that counts an effect, while there is none."""
    row = None if of.effect else queries.counting(of)
    if row is None:
        return None
    kind = "version" if isinstance(of, Version) else "scenario"
    return JobView(
        row,
        _("Counting whom it moves"),
        reverse(f"policy:{kind}_progress", args=[of.pk]),
        result_address=reverse(f"policy:{kind}", args=[of.pk]),
    )


def progress_card(request: SignedIn, of: Version | Scenario) -> HttpResponse:
    """The card alone; when the count is there, the page is read anew with it."""
    view = job_view(of)
    if view is None or view.job.state == JobState.DONE:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return render(request, "web/job.html", {"view": view})


def effect_sheet(of: Version | Scenario, pack: rules.Pack, name: str) -> HttpResponseBase:
    """The groups and moves of an effect as XLSX."""
    if not of.effect:
        raise Http404
    view = EffectView(of.effect, pack)
    return export.respond("xlsx", name, view.header(), view.rows())
