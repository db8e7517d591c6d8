"""Pages of the list of diseases."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.disease import queries, tables
from pooshesh.disease.models import Disease
from pooshesh.disease.states import READ


def found(code: str) -> Disease:
    """The disease of a code, or 404."""
    try:
        return queries.disease(code)
    except Disease.DoesNotExist as error:
        raise Http404 from error


@require_safe
@needs(READ)
def diseases(request: SignedIn) -> HttpResponseBase:
    """Diseases of the fund's list, with their codes and the package in force."""
    rows = queries.with_package(queries.diseases(), timezone.localdate())
    return tables.DiseaseTable(request, rows).respond(
        "disease/diseases.html", {"unconfirmed": queries.unconfirmed()}
    )


@require_safe
@needs(READ)
def disease(request: SignedIn, code: str) -> HttpResponse:
    """One disease: its codes, the package in force, the evidence asked for."""
    one, today = found(code), timezone.localdate()
    context = {
        "one": one, "today": today, "package": queries.package_on(one.code, today),
        "needed": queries.needed(one.code, today),
    }  # fmt: skip
    return render(request, "disease/disease.html", context)
