"""Pages of places. What lies outside the viewer's area does not exist for them."""

from typing import Protocol, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pooshesh.kernel.errors import Invalid
from pooshesh.places import queries
from pooshesh.places.fields import label
from pooshesh.places.forms import NONE, AreaNarrow, FacilityForm, FacilityNarrow, change_forms
from pooshesh.places.models import Area, AreaKind, Facility, SetKind, in_language
from pooshesh.places.queries import Scope
from pooshesh.places.seed import read_data
from pooshesh.places.tables import AreaTable, FacilityTable
from pooshesh.web.province_map import province_map
from pooshesh.web.registry import area_panels_for

MEASURES = {
    "neighbourhoods": (gettext_lazy("Neighbourhoods"), gettext_lazy("neighbourhoods")),
    "unassigned": (
        gettext_lazy("Without a sponsor"),
        gettext_lazy("neighbourhoods"),
    ),
    "residents": (gettext_lazy("Residents of the neighbourhoods"), gettext_lazy("persons")),
    "facilities": (gettext_lazy("Facilities"), gettext_lazy("facilities")),
    "hospitals": (gettext_lazy("Hospitals"), gettext_lazy("hospitals")),
    "beds": (gettext_lazy("Beds"), gettext_lazy("beds")),
}
FACILITIES_SHOWN = 10
CHOICES = 12  # areas offered at once; typing on narrows them


class Viewer(Protocol):
    """Who is signed in; `access` comes later in the order of rooms."""

    id: UUID

    def may(self, permission: str) -> bool: ...

    def reach(self, permission: str) -> Scope: ...

    def counts(self, permission: str) -> Scope: ...


def viewer(request: HttpRequest) -> Viewer:
    """The signed-in user."""
    return cast(Viewer, request.user)


def reach_of(request: HttpRequest, permission: str = "places.read") -> Scope:
    """How far the viewer sees by a permission; without it the page does not exist."""
    if not viewer(request).may(permission):
        raise Http404
    return viewer(request).reach(permission)


def counts_of(request: HttpRequest) -> Scope:
    """How far the viewer sees figures; wider than `reach_of` for who sees counts only."""
    if not viewer(request).may("places.read"):
        raise Http404
    return viewer(request).counts("places.read")


@require_safe
def choices(request: HttpRequest) -> HttpResponse:
    """Areas to choose from in a form that fit what was typed."""
    asked = request.GET
    rows = queries.areas(reach_of(request, asked.get("for", "")))
    if kind := asked.get("kind"):
        rows = rows.filter(kind=kind)
    if asked.get("sponsored"):
        rows = rows.exclude(pk__in=queries.without_sponsor(rows).values("pk"))
    found = queries.search(rows, asked.get("q", "")[:200]).select_related("parent")
    shown = [(label(one), one.parent or "") for one in found[:CHOICES]]
    return render(request, "web/choices.html", {"choices": shown})


def area_list(request: HttpRequest) -> HttpResponseBase:
    """Areas within reach, narrowed by kind, province, sponsor, catchment and day."""
    reach = reach_of(request)
    narrow = AreaNarrow(reach, request.GET)
    on = narrow.cleaned_data.get("on") if narrow.is_valid() else None
    rows = queries.areas(reach, on)
    if kind := narrow.asked("kind"):
        rows = rows.filter(kind=kind)
    if province := narrow.asked("province"):
        rows = queries.of_province(rows, province)
    if (sponsor := narrow.asked("sponsor")) == NONE:
        rows = queries.without_sponsor(rows, on).filter(kind=AreaKind.NEIGHBOURHOOD)
    elif sponsor:
        rows = queries.in_set(rows, sponsor, on)
    if catchment := narrow.asked("catchment"):
        rows = queries.in_set(rows, catchment, on)
    table = AreaTable(request, queries.with_facts(rows, on).select_related("parent"))
    return table.respond("places/areas.html", {"narrow": narrow})


def area(request: HttpRequest, code: str) -> HttpResponseBase:
    """One area: where it lies, what is stated about it, who answers for it, what it holds."""
    reach = reach_of(request)
    found = _area(reach, code)
    below = queries.with_facts(queries.children(reach, found)).select_related("parent")
    facilities = queries.facilities_in(reach, found)
    context = {
        "area": found,
        "above": [(a, reach.covers(a.path, a.pk)) for a in queries.above(found)],
        "figures": queries.figures(found),
        "sponsors": queries.membership(found, SetKind.SPONSOR),
        "catchments": queries.catchments(found),
        "past_names": queries.past_names(found),
        "facilities": facilities[:FACILITIES_SHOWN],
        "facility_count": facilities.count(),
        "may_change": _may_change(request, found),
        "panels": _panels(request, found),
    }
    return AreaTable(request, below).respond("places/area.html", context)


def _panels(request: HttpRequest, found: Area) -> list[dict[str, object]]:
    """What other rooms show of an area."""
    return [
        {"title": panel.title, "template": panel.template, "context": context}
        for panel in area_panels_for(viewer(request))
        if (context := panel.context(request, found)) is not None
    ]


def change(request: HttpRequest, code: str) -> HttpResponse:
    """The changes of one area, each a form of its own."""
    reach = reach_of(request, "places.write")
    found = _area(reach, code)
    asked = request.POST.get("verb")
    forms = []
    for verb, (title, form_class) in change_forms(found).items():
        data = request.POST if verb == asked else None
        form = form_class(data, prefix=verb, area=found, reach=reach)
        forms.append((verb, title, form))
        if verb == asked and form.is_valid():
            try:
                made = form.act(viewer(request).id)
            except Invalid as error:
                form.add_error(None, error.message())
            else:
                messages.success(request, _("Saved."))
                target = made.code if isinstance(made, Area) else found.code
                return redirect("places:area", target)
    return render(request, "places/change.html", {"area": found, "forms": forms})


def facility_list(request: HttpRequest) -> HttpResponseBase:
    """Open facilities within reach, narrowed by kind and province, or to one area."""
    reach = reach_of(request)
    narrow = FacilityNarrow(reach, request.GET)
    within = _area(reach, request.GET["area"]) if request.GET.get("area") else None
    rows = queries.facilities_in(reach, within) if within else queries.facilities(reach)
    if kind := narrow.asked("kind"):
        rows = rows.filter(kind=kind)
    if province := narrow.asked("province"):
        rows = queries.of_province(rows, province)
    return FacilityTable(request, rows).respond(
        "places/facilities.html", {"narrow": narrow, "within": within}
    )


def facility(request: HttpRequest, code: str) -> HttpResponse:
    """One facility: capacity, services, dates."""
    reach = reach_of(request)
    found = _facility(reach, code)
    who = viewer(request)
    context = {
        "facility": found,
        "area_seen": reach.covers(found.area_path, found.area_id),
        "may_change": who.may("places.write")
        and who.reach("places.write").covers(found.area_path, found.area_id),
    }
    return render(request, "places/facility.html", context)


def change_facility(request: HttpRequest, code: str) -> HttpResponse:
    """Correct what is known of a facility, or move it."""
    reach = reach_of(request, "places.write")
    found = _facility(reach, code)
    form = FacilityForm(request.POST or None, facility=found, reach=reach)
    if form.is_valid():
        try:
            form.act(viewer(request).id)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Saved."))
            return redirect("places:facility", found.code)
    return render(request, "places/change_facility.html", {"facility": found, "form": form})


def province_numbers(request: HttpRequest) -> HttpResponse:
    """A map of one measure of what lies within reach."""
    reach = counts_of(request)
    asked = request.GET.get("measure", "")
    measure = asked if asked in MEASURES else "neighbourhoods"
    title, unit = MEASURES[measure]
    names = {row["code"]: row[in_language("name")] for row in read_data("provinces.csv")}
    numbers = queries.numbers_by_province(reach, measure)
    drawn = province_map(
        title, numbers, names, unit=unit,
        link=lambda code: f"{reverse('places:areas')}?kind=neighbourhood&province={code}",
    )  # fmt: skip
    context = {"map": drawn, "measure": measure, "measures": MEASURES, "empty": not numbers}
    return render(request, "places/map.html", context)


def completeness(request: HttpRequest) -> HttpResponse:
    """Declared, registered and unassigned neighbourhoods side by side."""
    found = queries.completeness(counts_of(request))
    return render(request, "places/completeness.html", {"found": found})


def _area(reach: Scope, code: str) -> Area:
    try:
        return queries.area(reach, code)
    except Area.DoesNotExist as error:
        raise Http404 from error


def _facility(reach: Scope, code: str) -> Facility:
    try:
        return queries.facility(reach, code)
    except Facility.DoesNotExist as error:
        raise Http404 from error


def _may_change(request: HttpRequest, area: Area) -> bool:
    who = viewer(request)
    return who.may("places.write") and who.reach("places.write").covers(area.path, area.pk)
