"""Pages of questions: ask, keep, give up."""

from collections.abc import Iterator, Sequence
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.asking import actions, answers, builder, drawing, home, queries, questions
from pooshesh.asking.answers import Pivot
from pooshesh.asking.models import View
from pooshesh.asking.questions import Question
from pooshesh.insight import figures
from pooshesh.insight.months import month_of
from pooshesh.insight.queries import READ
from pooshesh.insight.tables import Line
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.text import to_latin_digits
from pooshesh.web import export

PAGE = 60  # rows


@require_safe
@needs(READ)
def ask(request: SignedIn) -> HttpResponseBase:
    """A question and its answer, in rows and columns, drawn, or as a file."""
    latest = home.last_whole_month()
    question, pivot, refused = None, None, ""
    try:
        question = questions.read(
            request.GET, figures.book(), latest or month_of(timezone.localdate())
        )
        most = answers.MOST_IN_FILE if "export" in request.GET else answers.MOST
        pivot = answers.answer(request.user, question, most) if question else None
    except Invalid as error:
        refused = error.message()
    if question and pivot and (answered := _file(request, question, pivot)):
        return answered
    views = list(queries.views(request.user))
    context = {
        **builder.offered(request.user, request.GET, latest), "question": question,
        "refused": refused, "latest": latest,
        "views": [(one, one.owner_id == request.user.pk) for one in views],
        "own_views": [one for one in views if one.owner_id == request.user.pk],
        "roles": queries.roles(request.user),
        **(_shown(request, question, pivot) if question and pivot else {}),
    }  # fmt: skip
    return render(request, "asking/ask.html", context, status=400 if refused else 200)


def _shown(request: SignedIn, question: Question, pivot: Pivot) -> dict[str, Any]:
    asked = to_latin_digits(request.GET.get("page", "1"))
    pages = max(1, -(-len(pivot.rows) // PAGE))
    page = min(max(int(asked), 1), pages) if asked.isdecimal() else 1
    chart = drawing.draw(question, pivot)
    return {
        "pivot": pivot, "rows_here": pivot.rows[(page - 1) * PAGE : page * PAGE],
        "page": page, "pages": pages, "page_numbers": range(1, pages + 1),
        "address": question.address, "count": len(pivot.rows),
        "asked": [figures.book().indicators[code] for code in question.indicators],
        "drawn": _figure(question, pivot, chart) if chart else None,
        "constant": _constant(question, pivot),
    }  # fmt: skip


def _figure(question: Question, pivot: Pivot, chart: Any) -> dict[str, Any]:
    return {"title": drawing.title(question, pivot), "svg": chart}


def _constant(question: Question, pivot: Pivot) -> list[str]:
    """What all cells have in common, said once above the table."""
    first = pivot.lines[0].figure if pivot.lines else None
    told = [] if first is None else [
        name
        for axis, name in (
            ("indicator", answers.label("indicator", first.indicator.code)),
            ("area", first.place.name),
            ("period", answers.label("period", (first.since or first.month, first.month))),
        )
        if questions.axis_name(axis) not in pivot.heads and axis != question.cols
    ]  # fmt: skip
    told += [
        f"{questions.axis_name(name)}: {answers.label(name, key)}"
        for name, key in question.only.items()
    ]
    return told


def _file(request: SignedIn, question: Question, pivot: Pivot) -> HttpResponseBase | None:
    """The download asked for."""
    kind = request.GET.get("export", "")
    if kind in ("csv", "xlsx"):
        header = [*pivot.heads, *pivot.columns]
        return export.respond(cast(export.Format, kind), "answer", header, _cells(pivot))
    if kind == "svg" and (chart := drawing.draw(question, pivot)):
        answered = HttpResponse(drawing.alone(chart), content_type="image/svg+xml")
        answered["Content-Disposition"] = 'attachment; filename="answer.svg"'
        return answered
    return None


def _cells(pivot: Pivot) -> Iterator[Sequence[object]]:
    for row in pivot.rows:
        yield [*row.labels, *(_plain(line) for line in row.cells)]


def _plain(line: Line | None) -> object:
    """A number as it can be worked with; words where it is hidden; nothing for no data."""
    if line is None:
        return None
    if line.masked:
        return line.written
    value = line.figure.value
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else round(float(value), 6)


@require_POST
@needs(READ)
def save(request: SignedIn) -> HttpResponseRedirect:
    """Keep the question under a name."""
    query = request.POST.get("query", "")[:2000]
    try:
        actions.save(
            actor=request.user, name=request.POST.get("name", ""), query=query,
            role=request.POST.get("role", ""),
        )  # fmt: skip
        messages.success(request, _("The view is saved."))
    except Invalid as error:
        messages.error(request, error.message())
    return redirect(f"{reverse('asking:ask')}?{QueryDict(query).urlencode()}")


@require_POST
@needs(READ)
def change(request: SignedIn, view_id: UUID) -> HttpResponseRedirect:
    """Another name for a view, shared with another role or with nobody."""
    view = _own(request, view_id)
    try:
        actions.change(
            actor=request.user, view=view, name=request.POST.get("name", ""),
            role=request.POST.get("role", ""),
        )  # fmt: skip
        messages.success(request, _("The view is changed."))
    except Invalid as error:
        messages.error(request, error.message())
    return redirect(f"{reverse('asking:ask')}?{view.query}")


@require_POST
@needs(READ)
def delete(request: SignedIn, view_id: UUID) -> HttpResponseRedirect:
    """Give a view up."""
    actions.delete(actor=request.user, view=_own(request, view_id))
    messages.success(request, _("The view is deleted."))
    return redirect("asking:ask")


def _own(request: SignedIn, view_id: UUID) -> View:
    view = queries.own_view(request.user, view_id)
    if view is None:
        raise Http404
    return view
