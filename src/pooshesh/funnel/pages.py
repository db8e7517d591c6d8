"""Pages of the funnel: where everything stands, the rows behind, credit, diseases, simulator."""

from collections.abc import Mapping

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.access.guard import SignedIn, needs
from pooshesh.access.reach import EVERYWHERE
from pooshesh.disease import queries as disease
from pooshesh.funnel import (
    benefit,
    forms,
    money,
    queries,
    reported,
    sittings,
    spending,
    tables,
)
from pooshesh.funnel import board as boards
from pooshesh.funnel.computing import computed_by, computed_of
from pooshesh.funnel.models import Unit
from pooshesh.funnel.queries import READ, Wanted
from pooshesh.funnel.simulate import shared
from pooshesh.funnel.weighing import TAGGED, weights
from pooshesh.kernel.calendar import to_jalali
from pooshesh.kernel.errors import Invalid
from pooshesh.ledger import queries as ledger
from pooshesh.places import queries as places
from pooshesh.places.models import AreaKind
from pooshesh.requests.models import Decider
from pooshesh.web import charts
from pooshesh.web.format import number, percent


def _names() -> dict[str, str]:
    """Province code → its name."""
    found = places.areas(EVERYWHERE).filter(kind=AreaKind.PROVINCE)
    return {area.province: str(area) for area in found}


def _diseases() -> list[tuple[str, str]]:
    return [(one.code, str(one)) for one in disease.diseases()]


def _year(request: SignedIn, made: type[forms.Year] = forms.Year) -> tuple[forms.Year, int]:
    this = to_jalali(timezone.localdate()).year
    form = made(request.GET if "year" in request.GET else {"year": this})
    return form, form.cleaned_data["year"] if form.is_valid() else this


@needs(READ)
def board(request: SignedIn) -> HttpResponseBase:
    """Every unit with every state it stands in, how long, and the provinces side by side."""
    reach, today = request.user.counts(READ), timezone.localdate()
    named = request.user.reach(READ)
    narrow = forms.Narrow(reach, named, _diseases(), request.GET or None)
    wanted = narrow.wanted() if narrow.is_bound else Wanted()
    blocks = boards.blocks(queries.cells(reach, wanted, "month"), today)
    by_province = queries.cells(reach, wanted, "province")
    steps = boards.reached(by_province)
    context = {
        "narrow": narrow,
        "wanted": wanted,
        "blocks": blocks,
        "ages": boards.AGE_TITLES,
        "steps": steps,
        "no_request": steps["registered"] - steps["asked"],
        "chart": _chart(steps),
        "names_rows": named,
    }
    rows = boards.provinces(by_province, _names())
    return tables.ProvinceTable(request, rows).respond("funnel/board.html", context)


def _chart(steps: Mapping[str, int]) -> object:
    data = [charts.Datum(title, steps[code]) for code, title, _states in boards.REACHED]
    first = steps["registered"]
    return charts.figure(
        charts.funnel(_("Persons, how far they came at least"), data),
        _("Persons, how far they came at least"),
        [_("Step"), _("Persons"), _("Of the registered")],
        [
            [one.label, number(one.value), percent(one.value / first) if first else ""]
            for one in data
        ],
    )


@needs(READ)
def rows(request: SignedIn) -> HttpResponseBase:
    """The rows behind a number, within the viewer's area."""
    reach = request.user.reach(READ)
    narrow = forms.Standing(reach, reach, _diseases(), request.GET)
    unit, state = request.GET.get("unit", ""), request.GET.get("state", "")
    unit = unit if unit in Unit.values else Unit.PERSON.value
    wanted = narrow.wanted(unit=unit, state=state)
    found = queries.rows(request.user, wanted, narrow.cleaned_data.get("by"))
    context = {
        "narrow": narrow, "unit": Unit(unit).label,
        "state": boards.title(unit, state) if state else "",
        "asked": {"unit": unit, "state": state},
    }  # fmt: skip
    return tables.RowTable(request, found).respond("funnel/rows.html", context)


@needs("ledger.read")
def credit(request: SignedIn) -> HttpResponseBase:
    """Budget, allocated, committed and paid by province, and the day on which credit runs out."""
    reach, today = request.user.counts(ledger.READ), timezone.localdate()
    form, year = _year(request, forms.Credit)
    on = form.cleaned_data.get("on") if form.is_valid() else None
    purses = money.purses(reach, year, _names(), today, on)
    budget = next((one.budget for one in ledger.totals(reach, year) if not one.province), None)
    context = {
        "form": form, "year": year, "budget": budget, "on": on,
        "together": money.altogether(purses, reach, year, today, on) if purses else None,
    }  # fmt: skip
    return tables.PurseTable(request, purses).respond("funnel/credit.html", context)


@needs("ledger.read")
def diseases(request: SignedIn) -> HttpResponseBase:
    """What was decided and paid by disease; small numbers of persons are not told."""
    form, year = _year(request)
    found = spending.spending(request.user.counts(ledger.READ), year)
    context = {"form": form, "year": year, "found": found}
    return tables.DiseaseTable(request, found.lines).respond("funnel/diseases.html", context)


@needs(READ)
def deciles(request: SignedIn) -> HttpResponseBase:
    """Whom the fund paid, by income decile; small numbers of persons are not told."""
    found = benefit.benefits(request.user.counts(READ))
    index = found.concentration
    context = {"index": "" if index is None else number(index, 3)}
    return tables.BenefitTable(request, found.rows).respond("funnel/benefit.html", context)


@needs(READ)
def meetings(request: SignedIn) -> HttpResponseBase:
    """The meetings behind the report's counts of them, in a province's committee or group."""
    of = Decider.GROUP if request.GET.get("of") == Decider.GROUP else Decider.COMMITTEE
    rows = sittings.sittings(request.user, reported.LORESTAN, of)
    return tables.SittingTable(request, rows).respond("funnel/sittings.html", {"title": of.label})


@needs(READ)
def as_reported(request: SignedIn) -> HttpResponseBase:
    """What a report said about Lorestan's fund beside what the rows say of the year it is about,
    or of today (B4–B16)."""
    reach = request.user.counts(READ)
    if not reach.covers(f"ir.p{reported.LORESTAN}"):
        raise Http404
    today, names = "today" in request.GET, request.user.reach(READ).everywhere
    if today:
        found = computed_of(reported.LORESTAN, names=names)
    else:
        found = computed_by(reported.LORESTAN, reported.END, names=names)
    context = {
        "rows": reported.linked(
            reported.beside(found), request.user.may, names_rows=bool(request.user.reach(READ)),
            by=None if today else found.as_of,
        ),
        "as_of": found.as_of,
        "today": today,
        "sees_figures": request.user.may("insight.read"),
    }  # fmt: skip
    return render(request, "funnel/reported.html", context)


@needs("ledger.read")
def simulator(request: SignedIn) -> HttpResponseBase:
    """Share the year's credit another way and see which province gains and which loses."""
    this = to_jalali(timezone.localdate()).year
    form = forms.Mix(request.GET or None, initial={"year": this, TAGGED: 100})
    year = this
    shares: list[tables.ShareRow] = []
    if form.is_bound and form.is_valid():
        year = form.cleaned_data["year"]
        now = {
            one.province: one.allocated.amount
            for one in ledger.totals(EVERYWHERE, year) if one.province
        }  # fmt: skip
        total = form.cleaned_data["total"]
        keys = weights()
        try:
            found = shared(
                total.amount if total else sum(now.values()), keys, form.mix, now, keys[TAGGED],
                form.cleaned_data.get("floor") or 0,
            )  # fmt: skip
            names, reach = _names(), request.user.counts(ledger.READ)
            shares = [
                tables.ShareRow(names.get(one.province, one.province), one)
                for one in found
                if reach.covers(f"ir.p{one.province}")
            ]
        except Invalid as error:
            form.add_error(None, str(error))
    context = {
        "form": form, "year": year, "shares": shares,
        "gaining": sum(one.share.gain > 0 for one in shares),
        "losing": sum(one.share.gain < 0 for one in shares),
    }  # fmt: skip
    return tables.ShareTable(request, shares).respond("funnel/simulator.html", context)
