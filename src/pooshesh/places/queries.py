"""Reads of places: areas and sets of areas. Lists take the reach of who asks.

Names of areas are no secret, yet a list, a count or an address shows only what lies within reach;
what lies above an area is shown as its address. `EVERYWHERE` is the reach of the console.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import (
    Aggregate,
    BigIntegerField,
    CharField,
    Count,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.utils import timezone

from pooshesh.kernel.text import search_key, to_latin_digits
from pooshesh.places.models import (
    Area,
    AreaKind,
    AreaSet,
    AreaSetMember,
    Facility,
    FacilityKind,
    Figure,
    PastName,
    SetKind,
    in_language,
)

M = TypeVar("M", bound=Model)
P = TypeVar("P", Area, Facility)

#: Word similarity from which a name counts as meant: one wrong letter in a word of five.
ALIKE = 0.45


class Scope(Protocol):
    """How far somebody sees, as `access` works it out."""

    def limit(
        self, rows: QuerySet[M], path: str = ..., province: str = ..., area: str = ...
    ) -> QuerySet[M]:
        """The rows within reach."""

    def covers(self, path: str, area_id: UUID | None = None) -> bool:
        """Whether one area lies within reach."""


class Everywhere:
    """The reach of whoever runs commands on the server itself."""

    def limit(self, rows: QuerySet[M], *_fields: str, **_named: str) -> QuerySet[M]:
        return rows

    def covers(self, *_area: object, **_named: object) -> bool:
        return True


EVERYWHERE = Everywhere()


def today(on: dt.date | None = None) -> dt.date:
    """The day asked for, else the local day."""
    return on or timezone.localdate()


# --- areas -----------------------------------------------------------------------------


def areas(reach: Scope, on: dt.date | None = None) -> QuerySet[Area]:
    """Areas within reach that exist on a day (default: today), by kind and Persian name."""
    rows = Area.objects.filter(valid__contains=today(on))
    return reach.limit(rows, path="path", area="id").order_by("kind", "sort_key")


def area(reach: Scope, code: str) -> Area:
    """The area with a code, ended or not. Raises Area.DoesNotExist out of reach as well."""
    rows = Area.objects.select_related("parent").prefetch_related("successors", "predecessors")
    return reach.limit(rows, path="path", area="id").get(code=code)


def children(reach: Scope, parent: Area, on: dt.date | None = None) -> QuerySet[Area]:
    """Areas right below one, within reach."""
    return areas(reach, on).filter(parent=parent)


def above(area: Area) -> list[Area]:
    """The areas that hold one, from the nation down."""
    parts = area.path.split(".")
    paths = [".".join(parts[:length]) for length in range(1, len(parts))]
    return sorted(Area.objects.filter(path__in=paths), key=lambda found: len(found.path))


def search(rows: QuerySet[Area], text: str) -> QuerySet[Area]:
    """Areas whose Persian or English name or code holds `text`, or nearly so, best first.

    Every row is compared (15 ms for 2,900): an index knows one fixed threshold, stricter than ours.
    """
    wanted = search_key(text)
    if not wanted:
        return rows
    return (
        rows.annotate(alike=TrigramWordSimilarity(wanted, "search_key"))
        .filter(Q(search_key__contains=wanted) | Q(alike__gte=ALIKE))
        .order_by("-alike", "sort_key")
    )


def called(rows: QuerySet[Area], name: str) -> QuerySet[Area]:
    """Areas of just this name, Persian or English, in any spelling of its letters."""
    wanted = search_key(name)
    starts = rows.filter(search_key__contains=wanted) if wanted else rows.none()
    same = [
        area.pk for area in starts if wanted in (search_key(area.name_fa), search_key(area.name_en))
    ]
    return rows.filter(pk__in=same)


def of_province(rows: QuerySet[P], code: str) -> QuerySet[P]:
    """Rows of the province with a statistical code ("23") or an area code ("p23")."""
    return rows.filter(province=to_latin_digits(code).removeprefix("p"))


def with_province(rows: QuerySet[Area]) -> QuerySet[Area]:
    """Adds the name of the province as `province_name`."""
    provinces = Area.objects.filter(kind=AreaKind.PROVINCE, province=OuterRef("province"))
    return rows.annotate(province_name=Subquery(provinces.values(in_language("name"))[:1]))


def with_facts(rows: QuerySet[Area], on: dt.date | None = None) -> QuerySet[Area]:
    """Adds the names `sponsor`, `catchment` and `province_name`, codes, and the `population`."""
    day = today(on)

    def of_set(kind: SetKind, field: str) -> Subquery:
        members = AreaSetMember.objects.on(day).filter(kind=kind, area=OuterRef("pk"))
        return Subquery(members.values(f"area_set__{field}")[:1], output_field=CharField())

    figures = Figure.objects.on(day).filter(name="population", area=OuterRef("pk"))
    return with_province(rows).annotate(
        sponsor=of_set(SetKind.SPONSOR, in_language("name")),
        sponsor_code=of_set(SetKind.SPONSOR, "code"),
        catchment=of_set(SetKind.CATCHMENT, in_language("name")),
        catchment_code=of_set(SetKind.CATCHMENT, "code"),
        population=Subquery(figures.values("value")[:1], output_field=BigIntegerField()),
    )


def name_on(area: Area, day: dt.date) -> str:
    """What the area was called on a day."""
    return str(PastName.objects.on(day).filter(area=area).first() or area)


def past_names(area: Area) -> QuerySet[PastName]:
    """Former names as believed now, newest first."""
    return PastName.objects.known().filter(area=area).order_by("-valid")


def points(kind: str, within: str = "ir") -> dict[str, tuple[float, float]]:
    """(latitude, longitude) of the areas of a kind inside a path, by code; where known."""
    rows = Area.objects.filter(kind=kind, path__within=within)
    return {
        code: (latitude, longitude)
        for code, latitude, longitude in rows.values_list("code", "latitude", "longitude")
        if latitude is not None and longitude is not None
    }


# --- sets ------------------------------------------------------------------------------


def area_sets(kind: SetKind | None = None) -> QuerySet[AreaSet]:
    """All sponsors, all universities' catchments, or both."""
    rows = AreaSet.objects.order_by("kind", "name_fa")
    return rows.filter(kind=kind) if kind else rows


def in_set(rows: QuerySet[Area], code: str, on: dt.date | None = None) -> QuerySet[Area]:
    """The areas that belong to a set on a day."""
    members = AreaSetMember.objects.on(today(on)).filter(area_set__code=code)
    return rows.filter(pk__in=members.values("area_id"))


def without_sponsor(rows: QuerySet[Area], on: dt.date | None = None) -> QuerySet[Area]:
    """The areas no sponsor answers for on a day."""
    members = AreaSetMember.objects.on(today(on)).filter(kind=SetKind.SPONSOR)
    return rows.exclude(pk__in=members.values("area_id"))


def member_areas(area_set_id: UUID, on: dt.date) -> tuple[UUID, ...]:
    """Ids of the areas that belong to a set on a day."""
    return tuple(
        AreaSetMember.objects.on(on)
        .filter(area_set_id=area_set_id)
        .order_by("area_id")
        .values_list("area_id", flat=True)
    )


def accountable_sponsor(
    area: Area, on: dt.date, known_at: dt.datetime | None = None
) -> AreaSet | None:
    """Who answers for a neighbourhood on a day, as known at a moment (default: now)."""
    member = (
        AreaSetMember.objects.on(on, known_at)
        .filter(area=area, kind=SetKind.SPONSOR)
        .select_related("area_set")
        .first()
    )
    return member.area_set if member else None


def membership(area: Area, kind: SetKind) -> QuerySet[AreaSetMember]:
    """The sponsors or catchments an area has had, as believed now, newest first."""
    return (
        AreaSetMember.objects.known()
        .filter(area=area, kind=kind)
        .select_related("area_set")
        .order_by("-valid")
    )


def catchments(area: Area, on: dt.date | None = None) -> QuerySet[AreaSet]:
    """The catchments an area lies in; a city cut into three has three."""
    members = AreaSetMember.objects.on(today(on)).filter(
        kind=SetKind.CATCHMENT, area__path__within=area.path
    )
    return area_sets(SetKind.CATCHMENT).filter(pk__in=members.values("area_set_id"))


# --- figures ---------------------------------------------------------------------------


def figures(area: Area) -> QuerySet[Figure]:
    """What is stated about an area, as believed now: by name, newest first."""
    return Figure.objects.known().filter(area=area).order_by("name", "-valid")


def figure(
    area: Area, name: str, on: dt.date, known_at: dt.datetime | None = None
) -> Figure | None:
    """One figure of an area on a day, as known at a moment (default: now)."""
    return Figure.objects.on(on, known_at).filter(area=area, name=name).first()


def stated(
    name: str, kinds: Collection[str], on: dt.date, known_at: dt.datetime | None = None
) -> dict[UUID, Figure]:
    """One figure of every area of some kinds on a day, by area; where nobody stated it, none."""
    rows = Figure.objects.on(on, known_at).filter(name=name, area__kind__in=kinds)
    return {figure.area_id: figure for figure in rows}


@dataclass(frozen=True)
class Declared:
    """What a sponsor was declared to answer for, beside what is registered. Unit: neighbourhood."""

    code: str
    name: str
    declared: int | None
    about: bool
    source: str
    registered: int

    @property
    def missing(self) -> int | None:
        """Declared but not registered; negative when more are registered."""
        return None if self.declared is None else self.declared - self.registered

    @property
    def beyond(self) -> int:
        """Registered and never declared."""
        return max(-(self.missing or 0), 0)


@dataclass(frozen=True)
class Completeness:
    """Declared, registered and unassigned neighbourhoods of a day (mission R1)."""

    whole: Declared
    sponsors: list[Declared]
    unassigned: int

    @property
    def assigned(self) -> int:
        return self.whole.registered - self.unassigned

    @property
    def stated(self) -> bool:
        """Whether anything was declared for this area."""
        return any(one.declared is not None for one in (self.whole, *self.sponsors))

    @property
    def declared_by_sponsor(self) -> int:
        """Sum over the sponsors; what is left of the whole was declared for nobody."""
        return sum(s.declared or 0 for s in self.sponsors)

    @property
    def declared_unassigned(self) -> int | None:
        if self.whole.declared is None or not any(s.declared is not None for s in self.sponsors):
            return None
        return self.whole.declared - self.declared_by_sponsor


def completeness(reach: Scope, on: dt.date | None = None) -> Completeness:
    """Registered neighbourhoods within reach beside what was declared for the same area.

    Figures are published for the nation and may be recorded for a province; for a smaller reach,
    or one that crosses provinces, there is none to set beside.
    """
    day = today(on)
    registered = areas(reach, day).filter(kind=AreaKind.NEIGHBOURHOOD)
    by_sponsor = _neighbourhoods_by_sponsor(registered, day)
    stated = {f.name: f for f in _declared_figures(reach, day, registered)}

    def row(code: str, name: str, stated_as: str, count: int) -> Declared:
        found = stated.get(stated_as)
        return Declared(
            code, name, found.value if found else None, bool(found and found.about),
            found.source if found else "", count,
        )  # fmt: skip

    sponsors = [
        row(s.code, str(s), sponsor_figure(s.code), by_sponsor.get(s.code, 0))
        for s in area_sets(SetKind.SPONSOR)
    ]
    total = registered.count()
    return Completeness(
        row("", "", "neighbourhoods", total), sponsors, total - sum(by_sponsor.values())
    )


def sponsor_figure(sponsor: str) -> str:
    """The name of the figure that states how many neighbourhoods a sponsor was given."""
    return f"neighbourhoods of {sponsor}"


def _declared_figures(reach: Scope, day: dt.date, registered: QuerySet[Area]) -> list[Figure]:
    tops = areas(reach, day).filter(kind__in=[AreaKind.NATION, AreaKind.PROVINCE])
    first, *others = [*tops.order_by("path")[:2], None]
    if first is None:
        return []
    if first.kind != AreaKind.NATION and (
        others != [None] or registered.exclude(province=first.province).exists()
    ):
        return []
    return list(Figure.objects.on(day).filter(area=first, name__startswith="neighbourhoods"))


def _neighbourhoods_by_sponsor(rows: QuerySet[Area], day: dt.date) -> dict[str, int]:
    members = AreaSetMember.objects.on(day).filter(kind=SetKind.SPONSOR, area__in=rows.order_by())
    counted: Any = members.values_list("area_set__code").annotate(count=Count("pk"))
    return dict(counted)


# --- facilities ------------------------------------------------------------------------


def facilities(reach: Scope, on: dt.date | None = None) -> QuerySet[Facility]:
    """Facilities within reach that have opened and not closed by a day (default: today)."""
    day = today(on)
    rows = Facility.objects.exclude(opened_on__gt=day).exclude(closed_on__lte=day)
    return reach.limit(rows).select_related("area").order_by("sort_key")


def facility(reach: Scope, code: str) -> Facility:
    """The facility with a code, closed or not. Raises Facility.DoesNotExist out of reach too."""
    return reach.limit(Facility.objects.select_related("area")).get(code=code)


def facilities_in(reach: Scope, area: Area, on: dt.date | None = None) -> QuerySet[Facility]:
    """Open facilities in an area or below it."""
    return facilities(reach, on).filter(area_path__within=area.path)


def search_facilities(rows: QuerySet[Facility], text: str) -> QuerySet[Facility]:
    """Facilities whose name or code holds `text`, or nearly so."""
    wanted = search_key(text)
    if not wanted:
        return rows
    return rows.annotate(alike=TrigramWordSimilarity(wanted, "search_key")).filter(
        Q(search_key__contains=wanted) | Q(alike__gte=ALIKE)
    )


# --- numbers by province ---------------------------------------------------------------


def numbers_by_province(reach: Scope, measure: str, on: dt.date | None = None) -> dict[str, int]:
    """One number per province, by statistical code, of what lies within reach.

    Measures and units: neighbourhoods, unassigned (neighbourhoods), residents (persons of
    registered neighbourhoods), facilities, hospitals (facilities), beds.
    Raises KeyError for another measure.
    """
    day = today(on)
    places = areas(reach, day).filter(kind=AreaKind.NEIGHBOURHOOD)
    care = facilities(reach, day)
    measures: dict[str, tuple[QuerySet[Any], Aggregate]] = {
        "neighbourhoods": (places, Count("pk")),
        "unassigned": (without_sponsor(places, day), Count("pk")),
        "residents": (with_facts(places, day), Sum("population")),
        "facilities": (care, Count("pk")),
        "hospitals": (care.filter(kind=FacilityKind.HOSPITAL), Count("pk")),
        "beds": (care, Sum("beds")),
    }
    rows, number = measures[measure]
    counted = rows.order_by().values("province").annotate(number=number)
    return {row["province"]: row["number"] or 0 for row in counted}
