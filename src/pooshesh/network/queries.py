"""Reads of the network, limited to what the viewer may see."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.queries import countable, visible
from pooshesh.access.reach import Reach
from pooshesh.network import forecast
from pooshesh.network.forecast import MEASURES, MONTHS, Newly, Rate
from pooshesh.network.models import OPEN, Assumption, Gap, GapState, Intake, Quantity
from pooshesh.partners.models import Organisation
from pooshesh.places import queries as places
from pooshesh.places.models import Area, Facility

READ, WORK = "network.read", "gaps.work"
SOON = dt.timedelta(days=7)

# --- gaps ---------------------------------------------------------------------------------


def gaps(viewer: User, permission: str = READ) -> QuerySet[Gap]:
    """Gaps in the viewer's area, with place and owner."""
    return visible(viewer, permission).limit(Gap.objects.select_related("area", "owner"))


def gap(viewer: User, gap_id: UUID) -> Gap | None:
    """One gap in the viewer's area."""
    return gaps(viewer).filter(pk=gap_id).first()


def may_work(viewer: User, one: Gap) -> bool:
    """Whether the viewer registers and closes gaps at this place."""
    return visible(viewer, WORK).covers(one.area_path, one.area_id)


def overdue(rows: QuerySet[Gap], today: dt.date | None = None) -> QuerySet[Gap]:
    """Those whose owner's day has passed."""
    day = today or timezone.localdate()
    return rows.filter(state__in=[GapState.ASSIGNED, GapState.IN_WORK], deadline__lt=day)


def owners() -> QuerySet[Organisation]:
    """Who may be given a gap."""
    return Organisation.objects.order_by("name_fa")


def is_late(one: Gap) -> bool:
    """Whether its owner's day has passed."""
    given = one.state in (GapState.ASSIGNED, GapState.IN_WORK)
    return given and one.deadline is not None and one.deadline < timezone.localdate()


def reports_of(one: Gap) -> int:
    """How many residents' reports are about a gap."""
    return one.reports.count()


def steps(one: Gap) -> QuerySet:  # type: ignore[type-arg]
    """What was done about a gap, oldest first, each with its actor's `who`."""
    who = User.objects.filter(pk=OuterRef("actor")).values("full_name")[:1]
    return one.steps.select_related("owner").annotate(who=Subquery(who)).order_by("at", "pk")


@dataclass(frozen=True, slots=True)
class GapCounts:
    """Gaps of a place and everything below it."""

    open: int
    overdue: int
    closed: int
    worst: int | None  # of the open ones


def gap_counts(viewer: User, area: Area, today: dt.date | None = None) -> GapCounts | None:
    """Figures of an area; None where the viewer sees none; 1 statement."""
    reach = countable(viewer, READ)
    if not reach.covers(area.path, area.pk):
        return None
    day = today or timezone.localdate()
    late = Q(state__in=[GapState.ASSIGNED, GapState.IN_WORK], deadline__lt=day)
    found = Gap.objects.filter(area_path__within=area.path).aggregate(
        open=Count("pk", filter=Q(state__in=OPEN)),
        overdue=Count("pk", filter=late),
        closed=Count("pk", filter=Q(state=GapState.CLOSED)),
        worst=Max("severity", filter=Q(state__in=OPEN)),
    )
    return GapCounts(**found)


# --- assumptions ----------------------------------------------------------------------------


def assumptions(on: dt.date | None = None) -> QuerySet[Assumption]:
    """The numbers of a day, in the order of their kinds and ages."""
    return Assumption.objects.on(on or timezone.localdate()).order_by("quantity", "age_from", "sex")


@dataclass(frozen=True, slots=True)
class Basis:
    """What a forecast of a day rests on."""

    rates: tuple[Rate, ...]
    prices: dict[str, int]  # measure → rial
    take_up: int
    working_days: int
    occupancy: int
    margin: int
    assumed: bool  # some number nobody published

    @classmethod
    def of(cls, rows: Iterable[Assumption]) -> "Basis":
        held = list(rows)
        single = {row.quantity: row.value for row in held}
        return cls(
            tuple(
                Rate(row.quantity, row.age_from, row.sex, row.value)
                for row in held
                if row.quantity in MEASURES
            ),
            {m: single[f"cost_{m}"] for m in MEASURES if single.get(f"cost_{m}") is not None},
            single.get(Quantity.TAKE_UP, 1),
            single.get(Quantity.WORKING_DAYS, 1),
            single.get(Quantity.OCCUPANCY, 100),
            single.get(Quantity.MARGIN, 0),
            any(row.assumed for row in held if not row.quantity.startswith("answer_")),
        )


# --- forecast -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the forecast in its last month, beside what is recorded there."""

    area: Area
    newly: int  # persons
    visits: int  # needed in the month
    visit_capacity: int | None  # None: nothing is recorded
    beds: int  # needed
    bed_capacity: int | None
    medicines: int
    gaps: int

    @property
    def short(self) -> bool:
        """Whether what is needed is more than all that is there."""
        return self.visits > (self.visit_capacity or 0) or self.beds > (self.bed_capacity or 0)


@dataclass(frozen=True)
class Forecast:
    """The load that who became insured in a year before brings, for the months after."""

    area: Area
    start: dt.date  # first month of the forecast
    months: tuple[dt.date, ...]
    newly: int
    load: dict[str, tuple[int, ...]]  # measure → uses by month
    cost: tuple[int, int, int] | None  # rial in the last month: low, middle, high
    unpriced: tuple[str, ...]  # measures without a price
    basis: Basis
    places: tuple[Place, ...]


def forecast_of(reach: Reach, area: Area, start: dt.date, *, year_before: int = MONTHS) -> Forecast:
    """The load at an area and each place right below it; a fixed number of statements.

    Counted are persons who became insured in the `year_before` months up to and with `start`'s.
    """
    basis = Basis.of(assumptions(start))
    below = list(places.children(reach, area)) or [area]
    depth = below[0].path.count(".") + 1
    first = forecast.month_start(start, -year_before + 1)
    newly = [
        Newly(".".join(path.split(".")[:depth]), forecast.months_between(start, month), age, sex, n)
        for path, month, age, sex, n in Intake.objects.filter(
            area_path__within=area.path, month__gte=first, month__lte=start
        ).values_list("area_path", "month", "age_group", "sex", "persons")
    ]
    loads = {m: forecast.load(newly, basis.rates, m, basis.take_up) for m in MEASURES}
    months = tuple(forecast.month_start(start, later) for later in range(MONTHS))
    totals = {
        m: [sum((v for (_p, at), v in loads[m].items() if at == month), Fraction(0))
            for month in range(MONTHS)]
        for m in MEASURES
    }  # fmt: skip
    last = {m: totals[m][-1] for m in MEASURES}
    priced = bool(basis.prices)
    return Forecast(
        area, start, months, sum(n.persons for n in newly),
        {m: tuple(forecast.shown(v) for v in totals[m]) for m in MEASURES},
        forecast.cost(last, basis.prices, basis.margin) if priced else None,
        tuple(m for m in MEASURES if m not in basis.prices),
        basis,
        _places(below, newly, loads, basis, months[-1]),
    )  # fmt: skip


def _places(
    below: Sequence[Area], newly: Sequence[Newly], loads: dict[str, forecast.Load], basis: Basis,
    month: dt.date,
) -> tuple[Place, ...]:  # fmt: skip
    counted: dict[str, int] = defaultdict(int)
    for group in newly:
        counted[group.place] += group.persons
    there, open_gaps = _capacity(below), _open_gaps(below)
    days = (forecast.month_start(month, 1) - month).days
    found = []
    for area in below:
        last = {m: loads[m].get((area.path, MONTHS - 1), Fraction(0)) for m in MEASURES}
        visits, beds = there.get(area.path, (None, None))
        found.append(
            Place(
                area, counted[area.path], forecast.shown(last["visits"]),
                None if visits is None else visits * basis.working_days,
                forecast.beds(last["bed_days"], days, basis.occupancy), beds,
                forecast.shown(last["medicines"]), open_gaps.get(area.path, 0),
            )
        )  # fmt: skip
    return tuple(found)


def _capacity(below: Sequence[Area]) -> dict[str, tuple[int | None, int | None]]:
    """Path of a place → visits a day and beds of the open facilities there and below."""
    today = timezone.localdate()
    rows = Facility.objects.filter(
        Q(closed_on=None) | Q(closed_on__gt=today), province__in={a.province for a in below} or [""]
    )
    if any(not a.province for a in below):
        rows = Facility.objects.filter(Q(closed_on=None) | Q(closed_on__gt=today))
    summed = rows.values("area_path").annotate(visits=Sum("daily_visits"), beds=Sum("beds"))
    found: dict[str, tuple[int | None, int | None]] = {}
    for row in summed:
        at = _holder(below, row["area_path"])
        if at:
            visits, beds = found.get(at, (None, None))
            found[at] = _added(visits, row["visits"]), _added(beds, row["beds"])
    return found


def _open_gaps(below: Sequence[Area]) -> dict[str, int]:
    rows = Gap.objects.filter(state__in=OPEN, province__in={a.province for a in below})
    found: dict[str, int] = defaultdict(int)
    for path, count in rows.values_list("area_path").annotate(n=Count("pk")):
        if at := _holder(below, path):
            found[at] += count
    return found


def _holder(below: Sequence[Area], path: str) -> str:
    """Which of these places, all on one level, holds a path; "" for none."""
    depth = below[0].path.count(".") + 1
    above = ".".join(path.split(".")[:depth])
    return above if above in {a.path for a in below} else ""


def _added(one: int | None, other: int | None) -> int | None:
    return other if one is None else one + (other or 0)


def last_counted() -> dt.datetime | None:
    """When the newly insured were counted last."""
    from pooshesh.kernel.models import Job, JobState

    done = Job.objects.filter(kind="network.count", state=JobState.DONE)
    at: dt.datetime | None = done.aggregate(at=Max("ended_at"))["at"]
    return at
