"""Pages of the network: the register of gaps, and the forecast of load."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.network import actions, following, forms, queries, tables
from pooshesh.network.forecast import month_start
from pooshesh.network.models import OPEN, Gap, GapStep, Quantity
from pooshesh.network.states import GAP
from pooshesh.places import queries as places
from pooshesh.places.models import Area
from pooshesh.web import charts
from pooshesh.web.format import jdate, number
from pooshesh.web.timeline import Event

TITLES = {
    "visits": Quantity.VISITS, "bed_days": Quantity.BED_DAYS, "medicines": Quantity.MEDICINES,
}  # fmt: skip
BOUNDS = ("low", "middle", "high")


@needs("network.read")
def gap_list(request: SignedIn) -> HttpResponseBase:
    """Gaps of one's area: what is missing where, who fixes it, by when."""
    narrow = forms.GapNarrow(request.GET)
    rows = queries.gaps(request.user)
    if narrow.is_valid():
        rows = _narrowed(rows, narrow.cleaned_data)
    within = _area_asked(request)
    if within:
        rows = rows.filter(area_path__within=within.path)
    context = {
        "narrow": narrow, "within": within,
        "may_report": bool(request.user.reach(queries.WORK)),
    }  # fmt: skip
    return tables.GapTable(request, rows).respond("network/gaps.html", context)


def _narrowed(rows: QuerySet[Gap], asked: dict[str, str]) -> QuerySet[Gap]:
    match asked["state"]:
        case forms.OPEN:
            rows = rows.filter(state__in=OPEN)
        case forms.OVERDUE:
            rows = queries.overdue(rows)
        case "":
            pass
        case state:
            rows = rows.filter(state=state)
    if asked["kind"]:
        rows = rows.filter(kind=asked["kind"])
    if asked["severity"]:
        rows = rows.filter(severity=asked["severity"])
    return rows


def _area_asked(request: SignedIn, permission: str = queries.READ) -> Area | None:
    """The area of `?area=CODE`; 404 when it lies beyond one's reach."""
    code = request.GET.get("area", "").strip()
    if not code or "(" in code:
        return None
    try:
        return places.area(request.user.reach(permission), code)
    except Area.DoesNotExist:
        raise Http404 from None


@needs("gaps.work")
def gap_new(request: SignedIn) -> HttpResponse:
    """Register a gap."""
    form = forms.GapForm(
        request.user.reach(queries.WORK), request.POST or None,
        initial={"area": request.GET.get("area", "")},
    )  # fmt: skip
    if form.is_valid():
        try:
            made = actions.report_gap(actor=request.user.pk, **form.cleaned_data)
        except Invalid as error:
            form.add_error("text", error.message())
        else:
            messages.success(request, _("The gap is registered."))
            return redirect("network:gap", made.pk)
    return render(request, "network/gap_new.html", {"form": form})


def _gap(request: SignedIn, gap_id: UUID) -> Gap:
    found = queries.gap(request.user, gap_id)
    if found is None:
        raise Http404
    return found


@needs("network.read")
def gap(request: SignedIn, gap_id: UUID) -> HttpResponse:
    """One gap: what was done about it, and what can be done next."""
    return _shown(request, _gap(request, gap_id))


def _shown(
    request: SignedIn, found: Gap, refused: tuple[str, forms.StepForm] | None = None
) -> HttpResponse:
    verbs = GAP.verbs(found.state) if queries.may_work(request.user, found) else []
    titles = {t.verb: t.title for t in GAP.transitions}
    steps = [
        (verb, titles[verb], refused[1] if refused and refused[0] == verb else _form(verb))
        for verb in verbs
    ]
    context = {
        "gap": found, "steps": steps, "events": _events(found),
        "reports": queries.reports_of(found), "late": queries.is_late(found),
        "may_bring": bool(verbs) and following.may_be_brought(found),
    }  # fmt: skip
    return render(request, "network/gap.html", context)


def _form(verb: str, data: Any = None) -> forms.StepForm:
    kind = forms.AssignForm if verb == "assign" else forms.StepForm
    return kind(data, initial={"verb": verb}, auto_id=f"{verb}_%s")


def _events(found: Gap) -> list[Event]:
    titles = {
        "report": _("Registered"), "move": _("Moved to the new sponsor"),
        "decide": _("Decided by the working group"), "undo": _("The decision stands no longer"),
        **{t.verb: t.title for t in GAP.transitions},
    }  # fmt: skip
    return [
        Event(titles[step.verb], step.at, _with_owner(step), step.who or "")
        for step in queries.steps(found)
    ]


def _with_owner(step: GapStep) -> str:
    if step.verb != "assign" or not step.deadline:
        return step.text
    words = {"owner": step.owner, "day": jdate(step.deadline), "text": step.text}
    return _("%(owner)s, until %(day)s: %(text)s") % words


@require_POST
@needs("gaps.work")
def gap_step(request: SignedIn, gap_id: UUID) -> HttpResponse:
    """Do the next thing about a gap."""
    found = _gap(request, gap_id)
    if not queries.may_work(request.user, found):
        raise Http404
    verb = request.POST.get("verb", "")
    form = _form(verb, request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            actions.move_gap(
                found, verb, text=asked["text"], actor=request.user.pk,
                owner=asked.get("owner"), deadline=asked.get("deadline"),
            )  # fmt: skip
        except Invalid as error:
            if verb not in GAP.verbs(found.state):  # no form of it to show the error beside
                messages.error(request, error.message())
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Written down."))
            return redirect("network:gap", found.pk)
    return _shown(request, found, (verb, form))


@require_POST
@needs("gaps.work")
def gap_bring(request: SignedIn, gap_id: UUID) -> HttpResponse:
    """Put a gap before the working group."""
    found = _gap(request, gap_id)
    if not queries.may_work(request.user, found):
        raise Http404
    try:
        following.bring([found], actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("It waits for the next meeting of the working group."))
    return redirect("network:gap", found.pk)


def area_panel(request: HttpRequest, area: Area) -> dict[str, object] | None:
    """Gaps on the page of an area."""
    counts = queries.gap_counts(request.user, area)  # type: ignore[arg-type]
    return None if counts is None else {"counts": counts, "area": area}


# --- forecast ---------------------------------------------------------------------------------


@needs("network.read")
def load(request: SignedIn) -> HttpResponseBase:
    """What the newly insured will need, month by month, beside the capacity recorded there."""
    reach = request.user.counts(queries.READ)
    form = forms.ForecastForm(reach, request.GET or None)
    area, start = None, timezone.localdate()
    if form.is_valid():
        area, start = form.cleaned_data["area"], form.cleaned_data["start"]
    area = area or places.areas(reach).order_by("path").first()
    if area is None:
        raise Http404
    made = queries.forecast_of(reach, area, month_start(start))
    context = {
        "form": form, "made": made, "charts": _charts(made),
        "counted": queries.last_counted(),
        "unpriced": [TITLES[m].label for m in made.unpriced],
        "cost": made.cost and dict(zip(BOUNDS, map(Rial, made.cost), strict=True)),
        "last": {measure: uses[-1] for measure, uses in made.load.items()},
    }  # fmt: skip
    return tables.PlaceTable(request, made.places).respond("network/load.html", context)


def _charts(made: queries.Forecast) -> list[SafeString]:
    """A chart a measure, each with its table behind."""
    labels = [jdate(month)[:7] for month in made.months]
    titles = {"visits": _("Visits"), "bed_days": _("Bed-days"), "medicines": _("Medicines")}
    return [
        charts.figure(
            charts.line(
                titles[measure],
                [charts.Datum(label, value) for label, value in zip(labels, uses, strict=True)],
            ),
            titles[measure],
            [_("Month"), titles[measure]],
            [(label, number(value)) for label, value in zip(labels, uses, strict=True)],
        )
        for measure, uses in made.load.items()
    ]


@needs("network.read")
def assumptions(request: SignedIn) -> HttpResponse:
    """The numbers a forecast rests on, each with where it is from."""
    may = request.user.reach(queries.WORK).everywhere
    if request.method == "POST" and not may:
        raise Http404
    form = forms.AssumptionForm(request.POST or None)
    if form.is_valid():
        try:
            actions.assume(actor=request.user.pk, **form.cleaned_data)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("The number holds from that day on."))
            return redirect("network:assumptions")
    context = {"rows": queries.assumptions(), "form": form, "may": may}
    return render(request, "network/assumptions.html", context)
