"""Pages of the league and the maps."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from pooshesh.access.guard import SignedIn, needs
from pooshesh.insight.queries import READ
from pooshesh.league import plot, queries, tables
from pooshesh.league.forms import Choice
from pooshesh.web.drawing import download


@needs(READ)
def league(request: SignedIn) -> HttpResponseBase:
    """Units side by side by a declared metric: ranks, intervals, limits of chance, trends."""
    months = list(queries.months())
    if not months:
        return _nothing(request)
    form = Choice(request.GET, months, queries.provinces())
    found = queries.league(request.user, form.asked(months))
    drawn = plot.plot(found)
    if request.GET.get("export") == "svg" and drawn:
        return download("funnel", drawn)
    context = {
        "form": form, "league": found, "plot": drawn, "metric": found.asked.metric,
        "upwards": found.asked.metric.indicator.better != "down",
    }  # fmt: skip
    return tables.LeagueTable(request, found).respond("league/league.html", context)


def _nothing(request: HttpRequest) -> HttpResponse:
    return render(request, "league/nothing.html")
