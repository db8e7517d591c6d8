"""Pages of the league and the maps."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from pooshesh.access.guard import SignedIn, needs
from pooshesh.insight.months import code_of
from pooshesh.insight.queries import READ
from pooshesh.league import maps, plot, queries, tables
from pooshesh.league.forms import LEVELS, OF, Choice
from pooshesh.web.drawing import download
from pooshesh.web.export import respond


@needs(READ)
def league(request: SignedIn) -> HttpResponseBase:
    """Units side by side by a declared metric: ranks, intervals, limits of chance, trends."""
    months = list(queries.months())
    if not months:
        return _nothing(request)
    form = _form(request, months, OF)
    found = queries.league(request.user, form.asked(months))
    drawn = plot.plot(found)
    if request.GET.get("export") == "svg" and drawn:
        return download("funnel", drawn)
    context = {
        "form": form, "league": found, "plot": drawn, "metric": found.asked.metric,
        "upwards": found.asked.metric.indicator.better != "down",
    }  # fmt: skip
    return tables.LeagueTable(request, found).respond("league/league.html", context)


@needs(READ)
def on_map(request: SignedIn) -> HttpResponseBase:
    """A metric on the map: provinces, counties, neighbourhoods, or month by month."""
    months = list(queries.months())
    if not months:
        return _nothing(request)
    form = _form(request, months, LEVELS)
    asked = form.asked(months)
    found = maps.drawn(request.user, asked, lambda month: _month_address(request, month))
    match request.GET.get("export"):
        case "svg":
            return download(maps.file_name(asked), found.file)
        case "xlsx" | "csv" as fmt:
            return respond(fmt, maps.file_name(asked), found.header, found.sheet)
    context = {"form": form, "map": found, "metric": asked.metric, "of": asked.of}
    return render(request, "league/map.html", context)


def _form(request: SignedIn, months: Sequence[dt.date], of: Mapping[str, Any]) -> Choice:
    return Choice(
        request.GET, months, queries.provinces(), of,
        lambda province: queries.counties(request.user, province),
    )  # fmt: skip


def _month_address(request: SignedIn, month: dt.date) -> str:
    params = request.GET.copy()
    params["of"], params["month"] = "province", code_of(month)
    return "?" + params.urlencode()


def _nothing(request: HttpRequest) -> HttpResponse:
    return render(request, "league/nothing.html")
