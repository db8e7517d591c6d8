"""Pages of figures: the book, an indicator by area and dimension, one figure for good."""

import datetime as dt

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from pooshesh.access.guard import SignedIn, needs
from pooshesh.insight import figures, queries, tables, views
from pooshesh.insight.figures import Wanted
from pooshesh.insight.months import month_of, of_code
from pooshesh.insight.queries import READ, NotFound


def _month(request: SignedIn) -> dt.date:
    """The month asked for, else the last that was counted."""
    try:
        return of_code(request.GET["month"])
    except (KeyError, ValueError):
        return figures.latest_month() or month_of(timezone.localdate())


def _place(request: SignedIn) -> queries.Place:
    try:
        code = request.GET.get("area", "")
        return queries.place(request.user, code) if code else queries.home(request.user)
    except NotFound as error:
        raise Http404 from error


@needs(READ)
def book(request: SignedIn) -> HttpResponseBase:
    """Every indicator with its figure of one area and month."""
    here, month = _place(request), _month(request)
    wanted = Wanted(tuple(figures.book().indicators), (here,), (month,))
    rows = figures.read(wanted, queries.shared_reach(request.user))
    own = queries.shared_reach(request.user).covers(here.path, here.id)
    table = tables.BookTable(request, [tables.Line(one, not own) for one in rows])
    return table.respond("insight/book.html", {"here": here, "month": month})


@needs(READ)
def indicator(request: SignedIn, code: str) -> HttpResponseBase:
    """One indicator: its figure, its months, the areas below, and each dimension."""
    one = figures.book().indicators.get(code)
    if one is None:
        raise Http404
    here, month = _place(request), _month(request)
    context, below = views.indicator(request.user, one, here, month)
    return tables.AreaTable(request, below).respond("insight/indicator.html", context)


@needs(READ)
def figure(request: SignedIn, reference: str) -> HttpResponseBase:
    """One figure for good, by its reference."""
    try:
        found = queries.resolve(request.user, reference)
    except NotFound as error:
        raise Http404 from error
    return render(request, "insight/figure.html", views.figure(request.user, found))
