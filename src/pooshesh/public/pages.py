"""Public pages: no sign-in, nobody's data, two languages by address."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from pooshesh.insight import shown
from pooshesh.public import files, queries, views
from pooshesh.public.tables import LICENCE, TABLES

Said = tuple[str, dict[str, Any]]  # template, context


def spoken(page: Callable[..., Said]) -> Callable[..., HttpResponse]:
    """A page in the language of its address, linked to the same page in the other."""

    @require_safe
    @wraps(page)
    def answer(request: HttpRequest, language: str, **given: Any) -> HttpResponse:
        with translation.override(language):
            template, context = page(request, **given)
            below = request.path.removeprefix("/open/").removeprefix("en/")
            more = {
                "base": "/open/" if language == "fa" else "/open/en/",
                "other": f"/open/en/{below}" if language == "fa" else f"/open/{below}",
            }
            return render(request, template, {**context, **more})

    return answer


@spoken
def home(request: HttpRequest) -> Said:
    """The newest figures of the nation, the map, the tables."""
    return "public/home.html", views.home()


@spoken
def table(request: HttpRequest, code: str, month: str = "") -> Said:
    """A public table of a month; without one, of the newest."""
    which = TABLES.get(code)
    found = _edition(month)
    if which is None or found is None:
        raise Http404
    return "public/table.html", views.table(which, found)


def _edition(span: str = "", number: int | None = None) -> queries.Edition | None:
    if not span:
        return queries.newest()
    try:
        _first, month = queries.month_asked(span)
    except ValueError as error:
        raise Http404 from error
    return queries.newest(month, number)


@spoken
def figure(
    request: HttpRequest,
    code: str,
    area: str,
    span: str,
    group: str = "",
    number: int | None = None,
) -> Said:
    """One figure at its address: the newest release of it, or the one asked for."""
    found = _edition(span, number)
    row = found and found.find(f"{code}/{area}/{span}/{group}{'/' if group else ''}")
    if not found or not row:
        raise Http404
    return "public/figure.html", {**views.figure(found, row), "permanent": number is not None}


@spoken
def corrections(request: HttpRequest) -> Said:
    """What was published and came to something else."""
    return "public/corrections.html", {"lines": views.corrections(queries.corrections())}


@spoken
def rights(request: HttpRequest) -> Said:
    """What everybody may ask for, in plain words."""
    return "public/rights.html", {}


@spoken
def covered(request: HttpRequest) -> Said:
    """Ways to find out whether one is covered."""
    return "public/covered.html", {}


@spoken
def data(request: HttpRequest) -> Said:
    """Files to download, and what their columns mean."""
    months = [(one, shown.month_name(one.month)) for one in files.newest_of_all()]
    return "public/data.html", {
        "columns": files.COLUMNS, "months": list(reversed(months)), "licence": LICENCE,
        "indicators": files.indicators(),
    }  # fmt: skip
