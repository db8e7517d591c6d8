"""The clerk's side of residents' voice: the inbox with its clock, one report, satisfaction."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.network.models import UNANSWERED, GapKind, Report, ReportKind
from pooshesh.network.states import REPORT
from pooshesh.network.voice import actions, forms, queries, tables


@needs("gaps.work")
def inbox(request: SignedIn) -> HttpResponseBase:
    """What residents of one's area reported; whose day comes first stands first."""
    narrow = forms.Narrow(request.GET)
    rows = queries.reports(request.user)
    context = {
        "narrow": narrow,
        "waiting": rows.filter(state__in=UNANSWERED).count(),
        "late": queries.overdue(rows).count(),
    }
    if narrow.is_valid():
        rows = _narrowed(rows, **narrow.cleaned_data)
    return tables.ReportTable(request, rows).respond("network/reports.html", context)


def _narrowed(rows: QuerySet[Report], state: str, kind: str) -> QuerySet[Report]:
    match state:
        case "" | forms.OPEN:
            rows = rows.filter(state__in=UNANSWERED)
        case forms.OVERDUE:
            rows = queries.overdue(rows)
        case "all":
            pass
        case _:
            rows = rows.filter(state=state)
    return rows.filter(kind=kind) if kind else rows


@require_POST
@needs("gaps.work")
def take_next(request: SignedIn) -> HttpResponse:
    """Open the report that has waited longest for its day, for this clerk alone."""
    found = actions.take_next(request.user)
    if found is None:
        messages.info(request, _("No report waits for you."))
        return redirect("network:reports")
    return redirect("network:report", found.pk)


def _report(request: SignedIn, report_id: UUID) -> Report:
    found = queries.report(request.user, report_id)
    if found is None:
        raise Http404
    return found


@needs("gaps.work")
def report(request: SignedIn, report_id: UUID) -> HttpResponse:
    """What a resident wrote, and what can be done about it."""
    return _shown(request, _report(request, report_id))


def _forms(request: SignedIn, one: Report, verb: str = "", data: Any = None) -> dict[str, Form]:
    """The forms of what is possible now; that of `verb` with what was sent."""
    possible = REPORT.verbs(one.state)
    made: dict[str, Form] = {}

    def add(name: str, make: Callable[..., Form], **kwargs: Any) -> None:
        made[name] = make(data if verb == name else None, auto_id=f"{name}_%s", **kwargs)

    if "answer" in possible:
        add("answer", lambda *a, **k: forms.AnswerForm(one.kind, *a, **k))
    if "join" in possible and one.kind != ReportKind.RATING:
        about = one.about or GapKind.OTHER
        add("register", forms.AsGapForm, initial={"kind": about, "text": queries.words(one)})
        add("join", lambda *a, **k: forms.JoinForm(request.user, one.area, *a, **k))
    if "note" in possible and one.kind == ReportKind.RATING:
        add("note", Form)
    return made


def _shown(request: SignedIn, one: Report, made: dict[str, Form] | None = None) -> HttpResponse:
    opened = actions.open_report(request.user, one)
    held = queries.held_by_other(opened, request.user)
    context = {
        "report": one, "words": queries.words(one), "phone": queries.phone(one),
        "held_until": opened.locked_until if held else None,
        "late": one.state in UNANSWERED and one.due < timezone.localdate(),
        "forms": {} if held else made or _forms(request, one),
    }  # fmt: skip
    return render(request, "network/report.html", context)


@require_POST
@needs("gaps.work")
def step(request: SignedIn, report_id: UUID, verb: str) -> HttpResponse:
    """Answer a report, make a gap of it, join it to one, or note it."""
    one = _report(request, report_id)
    made = _forms(request, one, verb, request.POST)
    form = made.get(verb)
    if form is None:
        messages.error(request, _("This is not possible any more; look at the report again."))
        return redirect("network:report", one.pk)
    if form.is_valid():
        try:
            _done(request, one, verb, form)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Written down."))
            return redirect("network:report", one.pk)
    return _shown(request, one, made)


def _done(request: SignedIn, one: Report, verb: str, form: Any) -> None:
    match verb:
        case "answer":
            actions.answer(one, request.user, form.said())
        case "register":
            actions.register_as_gap(one, request.user, **form.cleaned_data)
        case "join":
            actions.join_gap(one, request.user, form.cleaned_data["gap"])
        case _:
            actions.note(one, request.user)


@needs("network.read")
def satisfaction(request: SignedIn) -> HttpResponse:
    """How satisfied residents are, by neighbourhood, in the last year."""
    rows = queries.satisfaction(request.user)
    return render(request, "network/satisfaction.html",
                  {"rows": rows, "least": queries.SMALLEST})  # fmt: skip
