"""Pages of scenarios: try a reform, look at what it does, compare two, talk about it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import formset_factory
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn
from pooshesh.kernel.errors import Invalid
from pooshesh.policy import queries, scenarios, words
from pooshesh.policy.counting import effect_sheet, job_view, progress_card
from pooshesh.policy.effect_view import EffectView
from pooshesh.policy.models import Population, Scenario
from pooshesh.policy.scenario_forms import ROWS, ChangeForm, RemarkForm, ScenarioForm
from pooshesh.policy.version_pages import national
from pooshesh.rules import Pack
from pooshesh.web.format import jdate, number
from pooshesh.web.table import Column, Table

Page = Callable[..., HttpResponseBase]


def of_scenario(page: Page) -> Page:
    """Give a page its scenario."""

    @wraps(page)
    @national(queries.SIMULATE)
    def opened(request: SignedIn, scenario_id: UUID, **kwargs: Any) -> HttpResponseBase:
        found = get_object_or_404(queries.scenarios(request.user), pk=scenario_id)
        return page(request, found, **kwargs)

    return opened


def _link(row: Scenario) -> SafeString:
    address = reverse("policy:scenario", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, row.title)


class ScenarioTable(Table[Scenario]):
    """Scenarios, newest first."""

    name = "scenarios"
    caption = gettext_lazy("Scenarios")
    columns = (
        Column("title", gettext_lazy("Scenario"), "title", sort="title", render=_link),
        Column("on", gettext_lazy("On the day"), "on", kind="date", sort="on"),
        Column("population", gettext_lazy("Tried on"),
               lambda row: row.get_population_display()),
        Column("moved", gettext_lazy("Persons moved"),
               lambda row: row.effect["total"]["moved"] if row.effect else None, kind="number"),
        Column("who", gettext_lazy("Made by"), "maker"),
        Column("at", gettext_lazy("When"), "made_at", kind="moment", sort="made_at"),
    )  # fmt: skip
    order = "-at"
    empty = gettext_lazy("Nobody has tried a reform yet.")

    def search(self, rows: QuerySet[Scenario], text: str) -> QuerySet[Scenario]:
        return rows.filter(title__icontains=text)


@require_safe
@national(queries.SIMULATE)
def scenario_list(request: SignedIn) -> HttpResponseBase:
    """Reforms that were tried on the population, with search."""
    return ScenarioTable(request, queries.scenarios(request.user)).respond("policy/scenarios.html")


@national(queries.SIMULATE)
def scenario_new(request: SignedIn) -> HttpResponse:
    """Try a reform: which values change from a day on, or which two days are compared."""
    form = ScenarioForm(request.POST or None, initial={"on": timezone.localdate()})
    pack = queries.pack_in_force(queries.PACK, timezone.localdate())
    rows: Any = formset_factory(ChangeForm, extra=ROWS, max_num=ROWS, absolute_max=ROWS)(
        request.POST or None, form_kwargs={"pack": pack}
    )
    if request.method == "POST" and form.is_valid() & rows.is_valid():
        given = form.cleaned_data
        try:
            made = scenarios.try_out(
                title=given["title"], pack=given["pack"], on=given["on"],
                changes=[change for row in rows for change in row.changes()],
                other_on=given["other_on"], population=Population(given["population"]),
                actor=request.user.pk,
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            return redirect("policy:scenario", made.pk)
    return render(request, "policy/scenario_new.html", {"form": form, "rows": rows})


@require_safe
@of_scenario
def scenario(request: SignedIn, scenario: Scenario) -> HttpResponse:
    """What a scenario changes and does, and what people say about it."""
    pack = queries.pack_in_force(scenario.pack, scenario.on)
    view = job_view(scenario)
    context: dict[str, Any] = {
        "scenario": scenario,
        "changes": list(_changes(scenario, pack)),
        "synthetic_sample": scenario.population == Population.SAMPLE,
        "view": view,
        "running": bool(view and view.running),
        "remarks": queries.remarks(scenario),
        "form": RemarkForm(),
        "others": queries.scenarios(request.user)
        .exclude(pk=scenario.pk).filter(effect__isnull=False)[:50],
        "may_propose": request.user.reach(queries.PROPOSE).everywhere and not scenario.other_on,
    }  # fmt: skip
    if scenario.effect:
        context["effect"] = EffectView(scenario.effect, pack)
    return render(request, "policy/scenario.html", context)


def _changes(scenario: Scenario, pack: Pack) -> Any:
    """What changes, a line each."""
    if scenario.other_on:
        said = {"on": jdate(scenario.on), "other": jdate(scenario.other_on)}
        yield _("The rules of %(on)s, then those of %(other)s.") % said
    for one in scenario.changes:
        parameter = pack.parameters.get(one["parameter"])
        if parameter is None:
            continue
        title = words.say(parameter.title)
        if one["key"] is not None:
            keys = dict(zip(parameter.keys, words.key_titles(pack, parameter.keys), strict=True))
            title = f"{title} ({keys[one['key']]})"
        percent = one["percent"]
        if percent is not None:
            by = _("%(value)s: %(percent)s percent less")
            if percent >= 0:
                by = _("%(value)s: %(percent)s percent more")
            yield by % {"value": title, "percent": number(abs(percent))}
        else:
            yield f"{title}: {words.written(one['to'], parameter.unit)}"


@require_safe
@of_scenario
def scenario_progress(request: SignedIn, scenario: Scenario) -> HttpResponse:
    """How far the count of a scenario is, asked for each second."""
    return progress_card(request, scenario)


@require_POST
@of_scenario
def scenario_count(request: SignedIn, scenario: Scenario) -> HttpResponse:
    """Count again what a scenario does."""
    scenarios.count(scenario, actor=request.user.pk)
    return redirect("policy:scenario", scenario.pk)


@require_safe
@of_scenario
def scenario_effect(request: SignedIn, scenario: Scenario) -> HttpResponseBase:
    """The effect of a scenario as a sheet, to download."""
    pack = queries.pack_in_force(scenario.pack, scenario.on)
    return effect_sheet(scenario, pack, f"scenario-{scenario.on}")


@require_POST
@of_scenario
def scenario_remark(request: SignedIn, scenario: Scenario) -> HttpResponse:
    """Say something about a scenario; everybody who sees it reads it."""
    form = RemarkForm(request.POST)
    try:
        text = form.cleaned_data["text"] if form.is_valid() else ""
        scenarios.remark(scenario, text, actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    return redirect("policy:scenario", scenario.pk)


@require_safe
@national(queries.SIMULATE)
def scenario_compare(request: SignedIn) -> HttpResponse:
    """Two scenarios side by side, with what was said about each."""
    rows = queries.scenarios(request.user)
    try:
        chosen = [rows.get(pk=UUID(request.GET.get(side, ""))) for side in ("first", "second")]
    except (ValueError, Scenario.DoesNotExist) as error:
        raise Http404 from error
    packs = [queries.pack_in_force(one.pack, one.on) for one in chosen]
    views = [
        EffectView(one.effect, pack) if one.effect else None
        for one, pack in zip(chosen, packs, strict=True)
    ]
    context: dict[str, Any] = {
        "sides": [
            {
                "scenario": one, "changes": list(_changes(one, pack)), "effect": view,
                "remarks": queries.remarks(one),
                "synthetic_sample": one.population == Population.SAMPLE,
            }
            for one, pack, view in zip(chosen, packs, views, strict=True)
        ],
        "differ": chosen[0].population != chosen[1].population or chosen[0].on != chosen[1].on,
    }  # fmt: skip
    if all(views):
        context["deciles"] = _side_by_side([view.by("decile") for view in views if view])
    return render(request, "policy/compare.html", context)


def _side_by_side(groups: Any) -> list[tuple[str, Any, Any]]:
    """(title, group of the first, group of the second or None) for each decile of either."""
    first, second = ({one.title: one for one in side} for side in groups)
    return [(title, first.get(title), second.get(title)) for title in {**first, **second}]
