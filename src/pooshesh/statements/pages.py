"""Pages of published figures, and of those that do not reconcile."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.statements import actions, book, forms, queries, tables
from pooshesh.statements.models import Statement
from pooshesh.statements.queries import READ, WRITE
from pooshesh.statements.reconcile import Verdict, reconcile
from pooshesh.statements.views import cards


@require_safe
@needs(READ)
def reconciliation(request: SignedIn) -> HttpResponseBase:
    """What was published beside what is computed, the difference explained (R1–R13)."""
    form = forms.AsOfForm(request.GET if "known" in request.GET else None)
    as_of = form.moment()
    results = reconcile(request.user.counts(READ), as_of=as_of)
    if "export" in request.GET:
        return tables.LineTable(request, list(tables.lines(results))).respond("")
    verdicts = [one.verdict for one in results]
    context = {
        "cards": cards(request.user, results),
        "counts": [(verdict, verdicts.count(verdict)) for verdict in Verdict],
        "form": form, "as_of": as_of,
    }  # fmt: skip
    return render(request, "statements/reconciliation.html", context)


@require_safe
@needs(READ)
def row(request: SignedIn, code: str) -> HttpResponse:
    """One reconciliation by its code."""
    chosen = [one for one in book.shipped() if one.code == code]
    if not chosen:
        raise Http404
    (card,) = cards(request.user, reconcile(request.user.counts(READ), chosen))
    return render(request, "statements/row.html", {"card": card})


@require_safe
@needs(READ)
def statement_list(request: SignedIn) -> HttpResponseBase:
    """Figures that somebody published, as they were said."""
    rows = queries.statements(request.user)
    narrow = forms.Narrow(request.user.counts(READ), request.GET or None)
    if narrow.is_bound and narrow.is_valid():
        rows = queries.narrowed(rows, **narrow.cleaned_data)
    context = {"narrow": narrow, "may_write": request.user.may(WRITE)}
    return tables.StatementTable(request, rows).respond("statements/list.html", context)


@require_safe
@needs(READ)
def statement(request: SignedIn, statement_id: UUID) -> HttpResponse:
    """One published figure: words, source, and what became of it."""
    one = _found(request, statement_id)
    context = {
        "one": one,
        "history": queries.history(one),
        "used": [row for row in book.shipped() if one.code in row.statements.values()],
        "may_write": queries.may_write(request.user, one),
        "indicator": queries.indicator_of(one),
    }
    return render(request, "statements/statement.html", context)


@needs(WRITE)
def register(request: SignedIn) -> HttpResponse:
    """Register what somebody published."""
    form = forms.StatementForm(request.user.reach(WRITE), request.POST or None)
    if form.is_valid():
        try:
            made = actions.register(form.said(), actor=request.user.id)
        except Invalid as error:
            _refused(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("statements:statement", made.id)
    return _form(request, form, _("Register what was published"))


@needs(WRITE)
def correct(request: SignedIn, statement_id: UUID) -> HttpResponse:
    """Correct a published figure that was registered wrongly; the old one stays to be seen."""
    one = _kept(request, statement_id)
    form = forms.CorrectForm(
        request.user.reach(WRITE), request.POST or None, initial=forms.initial_of(one)
    )
    if form.is_valid():
        try:
            made = actions.correct(
                one, form.said(), why=form.cleaned_data["why"], actor=request.user.id
            )
        except Invalid as error:
            _refused(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("statements:statement", made.id)
    return _form(request, form, _("Correct what was published"), one)


@needs(WRITE)
def retract(request: SignedIn, statement_id: UUID) -> HttpResponse:
    """Retract a published figure; it stays to be seen."""
    one = _kept(request, statement_id)
    form = forms.RetractForm(request.POST or None)
    if form.is_valid():
        try:
            actions.retract(one, why=form.cleaned_data["why"], actor=request.user.id)
        except Invalid as error:
            _refused(form, error)
        else:
            messages.success(request, _("Retracted; it stays to be seen."))
            return redirect("statements:statement", one.id)
    return _form(request, form, _("Retract what was published"), one)


def _found(request: SignedIn, statement_id: UUID) -> Statement:
    try:
        return queries.statements(request.user).get(pk=statement_id)
    except Statement.DoesNotExist as error:
        raise Http404 from error


def _kept(request: SignedIn, statement_id: UUID) -> Statement:
    one = _found(request, statement_id)
    if not queries.may_write(request.user, one):
        raise Http404
    return one


def _refused(form: Form, error: Invalid) -> None:
    """Beside the field it is about; what is wrong with a number stands beside the number."""
    field = forms.FIELDS.get(error.code, "value")
    form.add_error(field if field in form.fields else None, error.message())


def _form(request: SignedIn, form: Form, title: str, one: Statement | None = None) -> HttpResponse:
    return render(request, "statements/form.html", {"form": form, "title": title, "one": one})
