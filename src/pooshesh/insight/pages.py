"""Pages of figures: the book, an indicator by area and dimension, one figure for good."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pooshesh.access.guard import SignedIn, needs
from pooshesh.insight import actions, checks, figures, publishing, queries, tables, views
from pooshesh.insight import rows as live
from pooshesh.insight.figures import Wanted
from pooshesh.insight.months import month_of, of_code
from pooshesh.insight.places import Place
from pooshesh.insight.queries import KEEP, READ, NotFound
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.web.progress import JobView


def _month(request: SignedIn) -> dt.date:
    """The month asked for, else the last that was counted."""
    try:
        return of_code(request.GET["month"])
    except (KeyError, ValueError):
        return figures.latest_month() or month_of(timezone.localdate())


def _place(request: SignedIn) -> Place:
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
    lines = views.lines(request.user, here, wanted)
    table = tables.BookTable(request, lines)
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


@needs(READ)
def rows(request: SignedIn, reference: str) -> HttpResponseBase:
    """The live rows behind a figure, within the viewer's reach, beside what stood in it."""
    try:
        found = queries.resolve(request.user, reference)
    except NotFound as error:
        raise Http404 from error
    below = request.GET.get("part") == "denominator" and found.indicator.denominator is not None
    behind = live.behind(request.user, found, denominator=below)
    if request.GET.get("export"):
        audit.record(
            "insight.export_rows", actor=request.user.pk, kind="figure",
            object_id=found.indicator.code, content={"reference": found.reference},
            area_path=found.place.path,
        )  # fmt: skip
    context = views.rows(request.user, found, behind, below)
    return tables.RowTable(request, list(behind.rows)).respond("insight/rows.html", context)


# --- months --------------------------------------------------------------------------------------


@needs(READ)
def months(request: SignedIn) -> HttpResponseBase:
    """Every revision of every month: when it was counted, why, and what is being counted."""
    context = {"keep": request.user.may(KEEP), "this": month_of(timezone.localdate())}
    return tables.MonthTable(request, queries.revisions()).respond("insight/months.html", context)


@needs(READ)
def month(request: SignedIn, code: str) -> HttpResponseBase:
    """One month: its revisions with their reasons, what each statement counted, and progress."""
    try:
        first = of_code(code)
    except ValueError as error:
        raise Http404 from error
    here = reverse("insight:month", args=[code])
    job = queries.job_of(first)
    view = JobView(job, _("Counting months of figures"), here, result_address=here) if job else None
    if view and request.headers.get("HX-Request"):
        return render(request, "web/job.html", {"view": view})
    context = {
        "month": first, "code": code, "revisions": queries.revisions(first), "view": view,
        "parts": queries.parts(first), "keep": request.user.may(KEEP),
    }  # fmt: skip
    return render(request, "insight/month.html", context)


@require_POST
@needs(KEEP)
def count(request: SignedIn, code: str) -> HttpResponseBase:
    """Count a month anew."""
    try:
        actions.ask(request.user, of_code(code))
    except Invalid as error:
        messages.error(request, error.message())
    except ValueError as error:
        raise Http404 from error
    return redirect("insight:month", code)


# --- checks and corrections ----------------------------------------------------------------------


@needs(READ)
def check_list(request: SignedIn) -> HttpResponseBase:
    """Every check of integrity with what it found last."""
    context = {"keep": request.user.may(KEEP)}
    return tables.CheckTable(request, queries.checks()).respond("insight/checks.html", context)


@require_POST
@needs(KEEP)
def run_checks(request: SignedIn) -> HttpResponseBase:
    """Ask all checks now, in the background."""
    actions.ask_checks(request.user)
    messages.success(request, _("The checks are being asked; look again in a moment."))
    return redirect("insight:checks")


@needs(KEEP)
def check(request: SignedIn, code: str) -> HttpResponseBase:
    """One check: what is wrong, row by row, and what to do about it."""
    one = checks.checks().get(code)
    if one is None or not request.user.reach(KEEP).everywhere:
        raise Http404
    names, found = checks.details(one)
    context = {
        "check": one, "result": queries.result_of(code), "names": names,
        "rows": views.check_rows(one, found),
    }  # fmt: skip
    return render(request, "insight/check.html", context)


@needs(READ)
def corrections(request: SignedIn) -> HttpResponseBase:
    """Published figures that came to something else: what was said, what holds, why and when."""
    table = tables.CorrectionTable(request, publishing.corrections())
    return table.respond("insight/corrections.html", {})
