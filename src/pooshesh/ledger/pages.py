"""Pages of the budget: what was given, allocated, committed and paid; limits; the journal."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.text import to_latin_digits
from pooshesh.ledger import budgets, forms, lists, prove, queries, tables, terms
from pooshesh.ledger.prove import PROOFS
from pooshesh.web.format import digits

READ, BUDGET = queries.READ, queries.BUDGET


def asked_year(request: HttpRequest) -> int:
    """The year asked for, else the newest that has a budget, else this year."""
    typed = to_latin_digits(request.GET.get("year", ""))
    known = lists.years()
    if typed.isdecimal() and int(typed) in known:
        return int(typed)
    return known[0] if known else forms.this_year()


@needs(READ)
def budget(request: SignedIn) -> HttpResponseBase:
    """The credit of a year by province: allocated, committed, on vouchers, paid, absorbed."""
    user, year = request.user, asked_year(request)
    rows = queries.totals(user.counts(READ), year)
    table = tables.TotalsTable(request, [one for one in rows if one.province])
    everywhere = user.counts(READ).everywhere
    return table.respond(
        "ledger/budget.html",
        {
            "year": year, "years": _years(),
            "whole": queries.whole(rows), "everywhere": everywhere,
            "laws": lists.laws(year) if everywhere else [],
            "closed": lists.closed(year), "may_budget": _national(user),
        },
    )  # fmt: skip


def _national(user: Any) -> bool:
    return bool(user.reach(BUDGET).everywhere)


def _form(request: SignedIn, form: Any, title: str, lead: str, act: Any, done: str) -> HttpResponse:
    """A page with one form; `act(cleaned)` is the action."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, done)
            return redirect("ledger:budget")
    return render(request, "ledger/form.html", {"form": form, "title": title, "lead": lead})


def _national_only(request: SignedIn) -> None:
    if not _national(request.user):
        raise Http404


@needs(BUDGET)
def law(request: SignedIn) -> HttpResponse:
    """Enter what the budget law gives for a year."""
    _national_only(request)
    return _form(
        request, forms.LawForm(request.POST or None), _("Enter a budget law"),
        _("What the budget law of a year, or a supplement to it, gives the fund."),
        lambda data: budgets.enact(
            data["year"], data["amount"], data["citation"], once=data["once"],
            actor=request.user.pk,
        ),
        _("The budget law was entered."),
    )  # fmt: skip


@needs(BUDGET)
def allocate(request: SignedIn) -> HttpResponse:
    """Give a province credit of a year, or take back what it has free."""
    _national_only(request)

    def act(data: dict[str, Any]) -> object:
        verb = budgets.take_back if data["way"] == "take_back" else budgets.allocate
        return verb(
            data["area"], data["year"], data["amount"], note=data["note"], once=data["once"],
            actor=request.user.pk,
        )  # fmt: skip

    form = forms.AllocationForm(request.POST or None, reach=request.user.reach(BUDGET))
    lead = _("No province can be given more than the law leaves, nor lose what it has committed.")
    return _form(request, form, _("Allocate credit"), lead, act, _("The credit was allocated."))


@require_safe
@needs(READ)
def allocations(request: SignedIn) -> HttpResponseBase:
    """What each province was given and what was taken back, one by one."""
    year = asked_year(request)
    table = tables.AllocationTable(request, lists.allocations(request.user.reach(READ), year))
    return table.respond("ledger/allocations.html", {"year": year, "years": _years()})


def _years() -> list[tuple[int, str]]:
    return [(one, digits(str(one))) for one in lists.years()]


@needs(BUDGET)
def close_year(request: SignedIn) -> HttpResponse:
    """End a budget year: what is free lapses, what is committed is still paid."""
    _national_only(request)
    year = asked_year(request)
    return _form(
        request, forms.CloseForm(request.POST or None, year=year),
        _("Close the budget year %(year)s") % {"year": digits(str(year))},
        _("What is free in every province lapses; what was committed is still paid. "
          "A closed year is not opened again."),
        lambda _data: budgets.close_year(year, actor=request.user.pk),
        _("The year was closed."),
    )  # fmt: skip


@needs(BUDGET)
def limits(request: SignedIn) -> HttpResponse:
    """The largest order that everybody, or somebody, may order or release."""
    _national_only(request)
    users = list(lists.who_pays())
    form = forms.LimitForm(request.POST or None, users=users)
    if form.is_valid():
        data = form.cleaned_data
        holder = next((one.pk for one in users if str(one.pk) == data["holder"]), None)
        budgets.set_limit(data["verb"], holder, data["most"], actor=request.user.pk)
        messages.success(request, _("The limit holds from today on."))
        return redirect("ledger:limits")
    names = {str(one.pk): str(one) for one in users}
    held = [(one, names.get(one.holder, "")) for one in lists.limits().order_by("verb", "holder")]
    return render(
        request, "ledger/limits.html",
        {"form": form, "limits": held, "default": terms.LIMIT, "day": terms.LIMIT_DAY},
    )  # fmt: skip


@require_safe
@needs(READ)
def journal(request: SignedIn) -> HttpResponseBase:
    """Every entry of the books of a year, the newest first."""
    year = asked_year(request)
    table = tables.JournalTable(request, lists.journal(request.user.reach(READ), year))
    return table.respond("ledger/journal.html", {"year": year, "years": _years()})


@require_safe
@needs(READ)
def proof(request: SignedIn) -> HttpResponse:
    """Re-add everything now and say, proof by proof, whether it holds."""
    if not request.user.reach(READ).everywhere:
        raise Http404
    done = prove.prove()
    faults = {one.proof: one for one in done.faults}
    rows = [(prove.title(one), faults.get(one)) for one in PROOFS]
    return render(request, "ledger/proof.html", {"done": done, "rows": rows})
