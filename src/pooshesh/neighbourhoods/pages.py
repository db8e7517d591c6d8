"""Pages of neighbourhoods: the console, scorecards, needs, benefits."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.neighbourhoods import actions, forms, queries, scorecard, sheet, tables
from pooshesh.neighbourhoods.actions import Given
from pooshesh.neighbourhoods.models import Assessment, AssessmentState
from pooshesh.neighbourhoods.needs import SEVERE, questionnaire
from pooshesh.neighbourhoods.states import ASSESSMENT
from pooshesh.partners.queries import declared_registered_unassigned
from pooshesh.places.models import Area, AreaKind
from pooshesh.places.queries import EVERYWHERE, area_sets, areas
from pooshesh.programme.programmes import queries as programmes
from pooshesh.programme.queries import READ
from pooshesh.web import charts, export
from pooshesh.web.format import language, number, percent

SHOWN = 50  # sentences about a sheet


@require_safe
@needs("campaign.read")
def console(request: SignedIn) -> HttpResponseBase:
    """Every neighbourhood of a programme: who answers, who is uncovered, what is being done."""
    found = list(programmes.programmes())
    narrow = forms.ConsoleForm(request.GET, choices=_choices(request, found))
    code = narrow.asked("programme")
    programme = next((p for p in found if p.code == code), found[0] if found else None)
    rows = queries.console(request.user, programme)
    if province := narrow.asked("province"):
        rows = rows.filter(province=province)
    if sponsor := narrow.asked("sponsor"):
        rows = rows.filter(sponsor=sponsor)
    if state := narrow.asked("state"):
        rows = rows.filter(campaign_state=state)
    if only := queries.NARROW.get(narrow.asked("only")):
        rows = rows.filter(only)
    reach = request.user.counts(READ)
    context = {
        "narrow": narrow, "programme": programme, "totals": queries.totals(rows),
        "meter": programme and programmes.meter(reach, programme),
        "assignment": declared_registered_unassigned(request.user),
        "narrowed": _narrowed(request),
    }  # fmt: skip
    return tables.console_of(request.user)(request, rows).respond(
        "neighbourhoods/console.html", context
    )


def _narrowed(request: SignedIn) -> dict[str, str]:
    """Where each total of the console has its rows: the same list, narrowed or sorted by it."""

    def to(**change: str) -> str:
        asked = request.GET.copy()
        asked.pop("page", None)
        for name, value in change.items():
            asked[name] = value
        return f"?{asked.urlencode()}#table-console"

    only = {name: to(only=name) for name in ("sponsored", "gaps", "late")}
    by = ("persons", "uninsured", "enrolled", "uncovered")
    return only | {name: to(sort=f"-{name}") for name in by}


def _choices(request: SignedIn, found: Iterable[object]) -> dict[str, list[tuple[str, str]]]:
    reach = request.user.counts(READ)
    provinces = areas(EVERYWHERE).filter(kind=AreaKind.PROVINCE)
    sponsors = sorted({str(one) for one in area_sets() if one.kind == "sponsor"})
    return {
        "programme": [(p.code, str(p)) for p in found],  # type: ignore[attr-defined]
        "province": [
            (p.province, str(p)) for p in provinces
            if reach.everywhere or p.province in reach.provinces
        ],
        "sponsor": [(name, name) for name in sponsors],
    }  # fmt: skip


@require_safe
@needs("campaign.read")
def scorecards(request: SignedIn) -> HttpResponseBase:
    """What each sponsor did in a time, side by side, each figure with what it is made of."""
    form = forms.PeriodForm(request.GET or None)
    since, until = form.days()
    placed = scorecard.placed(queries.scorecards(request.user, since, until))
    fmt = request.GET.get("export")
    if fmt in ("csv", "xlsx"):
        return export.respond(fmt, "scorecards", _titles(), (_plain(*one) for one in placed))  # type: ignore[arg-type]
    context = {
        "form": form, "placed": placed, "since": since, "last": until, "least": scorecard.LEAST,
        "exports": [(f.upper(), f"?{_query(request)}export={f}") for f in ("xlsx", "csv")],
    }  # fmt: skip
    return render(request, "neighbourhoods/scorecards.html", context)


def _query(request: SignedIn) -> str:
    kept = request.GET.copy()
    kept.pop("export", None)
    return f"{kept.urlencode()}&" if kept else ""


def _titles() -> list[str]:
    return [
        _("Rank"), _("Sponsor"), _("Neighbourhoods"), _("Campaigns"), _("Insured"),
        _("Found without cover"), _("Of them insured"), _("Cost in rial"),
        _("Cost per insured person"), _("Days per household"), _("Gaps due"), _("Closed in time"),
        _("Tasks due"), _("Done in time"),
    ]  # fmt: skip


def _plain(place: int | None, card: scorecard.Card) -> list[object]:
    return [
        place, card.name, card.neighbourhoods, card.campaigns, card.insured, card.covered.whole,
        card.covered.part, card.cost, card.cost_per_person, card.days_per_household,
        card.gaps.whole, card.gaps.part, card.promises.whole, card.promises.part,
    ]  # fmt: skip


# --- needs ------------------------------------------------------------------------------------


@needs("neighbourhoods.write")
def needs_list(request: SignedIn) -> HttpResponseBase:
    """Assessments of one's neighbourhoods, and which needs are severe in how many places."""
    ranked = queries.ranked_needs(request.user)
    asked = [need for need in ranked if need.asked]
    chart = asked and charts.figure(
        charts.bar(
            _("Places with a severe need"),
            [charts.Datum(need.question.say(language()), need.severe) for need in asked],
        ),
        _("Places with a severe need"),
        [_("Need"), _("Severe in"), _("Of places asked"), _("Share")],
        [
            [need.question.say(language()), number(need.severe), number(need.asked),
             percent(need.share or 0)]
            for need in asked
        ],
    )  # fmt: skip
    table = tables.AssessmentTable(request, queries.assessments(request.user))
    return table.respond("neighbourhoods/needs.html", {"chart": chart})


@needs("neighbourhoods.write")
def needs_new(request: SignedIn) -> HttpResponse:
    """Begin to assess a neighbourhood's needs."""
    form = forms.BeginForm(
        request.user.reach(queries.WRITE), request.POST or None,
        initial={"area": request.GET.get("area", "")},
    )  # fmt: skip
    if form.is_valid():
        try:
            made = actions.begin_assessment(**form.cleaned_data, actor=request.user.pk)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            return redirect("neighbourhoods:assessment", made.pk)
    return render(request, "neighbourhoods/needs_new.html", {"form": form})


@needs("neighbourhoods.write")
def assessment(request: SignedIn, assessment_id: UUID) -> HttpResponse:
    """One assessment: its questions while it is a draft, its answers beside the earlier after."""
    found = _assessment(request, assessment_id)
    draft = found.state == AssessmentState.DRAFT and found.actor == request.user.pk
    form = forms.AnswersForm(request.POST or None, initial=found.answers)
    if draft and form.is_valid():
        try:
            actions.answer(found, form.answers(), actor=request.user.pk)
            if "submit" in request.POST:
                actions.move(found, "submit", actor=request.user.pk)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("The answers are kept."))
            return redirect("neighbourhoods:assessment", found.pk)
    before = queries.earlier(found)
    titles = {t.verb: t.title for t in ASSESSMENT.transitions}
    context = {
        "one": found, "form": form if draft else None, "before": before,
        "sections": _sections(found, before),
        "verbs": [(v, titles[v]) for v in ASSESSMENT.verbs(found.state) if v != "submit"],
    }  # fmt: skip
    return render(request, "neighbourhoods/assessment.html", context)


def _sections(
    found: Assessment, before: Assessment | None
) -> list[tuple[str, list[tuple[str, int | None, int | None, bool]]]]:
    """Section → (question, answer, earlier answer, whether it is severe)."""
    earlier = before.answers if before else {}
    return [
        (
            section.say(language()),
            [
                (
                    q.say(language()), found.answers.get(q.code), earlier.get(q.code),
                    found.answers.get(q.code, 0) >= SEVERE,
                )
                for q in section.questions
            ],
        )
        for section in questionnaire().sections
    ]  # fmt: skip


def _assessment(request: SignedIn, assessment_id: UUID) -> Assessment:
    found = queries.assessment(request.user, assessment_id)
    if found is None:
        raise Http404
    return found


@require_POST
@needs("neighbourhoods.write")
def assessment_step(request: SignedIn, assessment_id: UUID) -> HttpResponse:
    """Confirm an assessment or send it back."""
    found = _assessment(request, assessment_id)
    try:
        actions.move(found, request.POST.get("verb", ""), actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("Written down."))
    return redirect("neighbourhoods:needs")


# --- benefits -----------------------------------------------------------------------------------


@needs("neighbourhoods.write")
def benefit_list(request: SignedIn) -> HttpResponseBase:
    """Help given beside insurance to households of one's neighbourhoods."""
    rows = queries.benefits(request.user)
    only_twice = request.GET.get("twice") == "1"
    if only_twice:
        rows = rows.filter(twice=True, undone_at=None)
    context = {"helped": queries.helped(request.user), "only_twice": only_twice}
    return tables.BenefitTable(request, rows).respond("neighbourhoods/benefits.html", context)


@needs("neighbourhoods.write")
def benefit_new(request: SignedIn) -> HttpResponse:
    """Record a benefit given to a household."""
    form = forms.BenefitForm(request.user, request.POST or None)
    if form.is_valid():
        asked = form.cleaned_data
        homes = queries.households_of(request.user.reach(queries.WRITE), [asked["number"]])
        home = homes.get(asked["number"])
        if home is None:
            form.add_error(
                "number", _("No household of your neighbourhoods has somebody with this number.")
            )
        else:
            given = Given(
                home, asked["kind"].code, asked["on"], asked["quantity"], asked["amount"],
                asked["note"],
            )  # fmt: skip
            try:
                actions.give([given], organisation=asked["organisation"], actor=request.user.pk)
            except Invalid as error:
                form.add_error("on", error.message())
            else:
                messages.success(request, _("The benefit is recorded."))
                return redirect("neighbourhoods:benefits")
    return render(request, "neighbourhoods/benefit_new.html", {"form": form})


@needs("neighbourhoods.write")
def benefit_sheet(request: SignedIn) -> HttpResponse:
    """Record the benefits of a sheet, each row once."""
    form = forms.SheetForm(request.user, request.POST or None, request.FILES or None)
    problems: list[str] = []
    if form.is_valid():
        asked = form.cleaned_data
        try:
            read = sheet.read(
                asked["sheet"].name, asked["sheet"], request.user.reach(queries.WRITE)
            )
            problems = read.problems
            if not problems or asked["skip"]:
                count = actions.give(
                    read.given, organisation=asked["organisation"], actor=request.user.pk
                )
                messages.success(
                    request,
                    _("Recorded: %(new)s of %(rows)s rows; the others were known or left.")
                    % {"new": number(count), "rows": number(read.rows)},
                )
                return redirect("neighbourhoods:benefits")
        except Invalid as error:
            form.add_error("sheet", error.message())
    context = {"form": form, "problems": problems[:SHOWN], "count": len(problems)}
    return render(request, "neighbourhoods/benefit_sheet.html", context)


@needs("neighbourhoods.write")
def benefit(request: SignedIn, benefit_id: UUID) -> HttpResponse:
    """One benefit; who recorded it wrongly takes it back with a reason."""
    found = queries.benefit(request.user, benefit_id)
    if found is None:
        raise Http404
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            actions.take_back(found, form.cleaned_data["reason"], actor=request.user.pk)
        except Invalid as error:
            form.add_error("reason", error.message())
        else:
            messages.success(request, _("The benefit was taken back."))
            return redirect("neighbourhoods:benefits")
    amount = Rial(found.amount) if found.amount else None
    context = {"one": found, "form": form, "amount": amount}
    return render(request, "neighbourhoods/benefit.html", context)


# --- panels ---------------------------------------------------------------------------------------


def area_panel(request: HttpRequest, area: Area) -> dict[str, object] | None:
    """Needs and benefits on the page of an area."""
    user = request.user
    if not user.counts(READ).covers(area.path, area.pk):  # type: ignore[union-attr]
        return None
    ranked = queries.ranked_needs(user, area)  # type: ignore[arg-type]
    severe = [n for n in ranked if n.severe][:5]
    return {
        "area": area,
        "severe": [(n.question.say(language()), n) for n in severe],
        "helped": queries.helped(user, area),  # type: ignore[arg-type]
        "may_write": user.may(queries.WRITE)  # type: ignore[union-attr]
        and area.kind == AreaKind.NEIGHBOURHOOD,
    }


def household_panel(request: HttpRequest, household: object) -> dict[str, object] | None:
    """Benefits on the page of a household."""
    given = queries.of_household(request.user, household)  # type: ignore[arg-type]
    return None if given is None else {"given": given}
