"""Pages of asking: the director's home."""

import datetime as dt

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.asking import home, overdue
from pooshesh.insight import queries
from pooshesh.insight.months import code_of, moved, of_code
from pooshesh.insight.queries import READ, NotFound


@require_safe
@needs(READ)
def director(request: SignedIn) -> HttpResponse:
    """What moved and why, what is overdue, what will run out: of the nation or of one's area."""
    user, asked = request.user, request.GET
    try:
        code = asked.get("area", "")
        here = queries.place(user, code) if code else queries.home(user)
    except NotFound as error:
        raise Http404 from error
    lag = home.YEAR if asked.get("since") == "year" else home.MONTH
    month = _month(asked.get("month", ""))
    context = {
        "here": here, "crumbs": queries.crumbs(here), "month": month, "lag": lag,
        "code": code_of(month) if month else "", "before": moved(month, -lag) if month else None,
        "sooner": code_of(moved(month, -1)) if month else "",
        "later": code_of(moved(month, 1)) if month else "",
        "moves": home.most_moved(user, here, month, lag) if month else [],
        "late": overdue.lines(user), "credit": home.runs_out(user),
    }  # fmt: skip
    return render(request, "asking/director.html", context)


def _month(text: str) -> dt.date | None:
    """The month asked for, else the last whole one that was counted."""
    try:
        return of_code(text)
    except ValueError:
        return home.last_whole_month()
