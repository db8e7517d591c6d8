"""Reads of residents' voice: the clerk's inbox, what a code says, satisfaction by neighbourhood."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Avg, Count, Q, QuerySet
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.queries import countable, visible
from pooshesh.kernel.crypto import keyring
from pooshesh.network.models import (
    OPEN,
    UNANSWERED,
    Assumption,
    Gap,
    Report,
    ReportKind,
    ReportState,
)
from pooshesh.network.queries import READ, WORK
from pooshesh.people.linkage.accuracy import wilson
from pooshesh.places import queries as places
from pooshesh.places.models import Area, AreaKind

#: Days to answer, where nobody stated another number.
DAYS = {ReportKind.GAP: 15, ReportKind.COMPLAINT: 10, ReportKind.RATING: 30}
SMALLEST = 5  # ratings; fewer would point to persons
SATISFIED = 4  # of 5, and above
WORDS, PHONE = "network.report", "network.report phone"  # bound into what is sealed
YEAR = dt.timedelta(days=365)
FOUND = 12  # places offered to a resident


def days_to_answer(kind: ReportKind, day: dt.date) -> dt.timedelta:
    """How long residents wait at most, as it held on a day."""
    rows = Assumption.objects.on(day).filter(quantity=f"answer_{kind}")
    stated = rows.values_list("value", flat=True).first()
    return dt.timedelta(days=DAYS[kind] if stated is None else stated)


def reports(viewer: User) -> QuerySet[Report]:
    """Reports from the viewer's area."""
    return visible(viewer, WORK).limit(Report.objects.select_related("area", "gap"))


def report(viewer: User, report_id: UUID) -> Report | None:
    """One report of the viewer's area."""
    return reports(viewer).filter(pk=report_id).first()


def overdue(rows: QuerySet[Report], today: dt.date | None = None) -> QuerySet[Report]:
    """Unanswered ones whose day has passed."""
    return rows.filter(state__in=UNANSWERED, due__lt=today or timezone.localdate())


def held_by_other(one: Report, user: User) -> bool:
    """Whether another clerk works on it."""
    until = one.locked_until
    return one.locked_by != user.pk and until is not None and until > timezone.now()


def words(one: Report) -> str:
    """What the resident wrote; "" when it was deleted or nothing was written."""
    return keyring().open(bytes(one.content), WORDS) if one.content else ""


def phone(one: Report) -> str:
    """The telephone number left for the answer, or ""."""
    return keyring().open(bytes(one.phone), PHONE) if one.phone else ""


def gaps_there(viewer: User, area: Area) -> QuerySet[Gap]:
    """Open gaps at a place, which a report may be about."""
    rows = visible(viewer, WORK).limit(Gap.objects.filter(area=area, state__in=OPEN))
    return rows.order_by("-severity", "number")


# --- in public ----------------------------------------------------------------------------------


def neighbourhoods(text: str) -> list[Area]:
    """Neighbourhoods and cities of that name or code, for a resident who looks for theirs."""
    if not text.strip():
        return []
    kinds = [AreaKind.NEIGHBOURHOOD, AreaKind.CITY]
    rows = places.areas(places.EVERYWHERE).filter(kind__in=kinds).select_related("parent")
    return list(places.search(rows, text[:80])[:FOUND])


def neighbourhood(code: str) -> Area | None:
    """The place of a code, for a resident."""
    rows = places.areas(places.EVERYWHERE).filter(code=code[:40])
    return rows.filter(kind__in=[AreaKind.NEIGHBOURHOOD, AreaKind.CITY]).first()


@dataclass(frozen=True, slots=True)
class Status:
    """What who has the code may know; nothing that says who wrote or what."""

    kind: ReportKind
    state: ReportState
    received: dt.datetime
    due: dt.date
    answer: str
    ended: dt.datetime | None
    gap_by: dt.date | None  # when what is missing shall be there


#: Asked alike for every code, so that an unknown one takes as long as a known one.
_STATUS = """
select r.kind, r.state, r.received_at, r.due, r.answer, r.ended_at, g.deadline
from (select %s::varchar as digest) asked
left join network_report r on r.digest = asked.digest
left join network_gap g on g.id = r.gap_id
"""


def status(digest: str) -> Status | None:
    """What a code's digest says; None for an unknown one. 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STATUS, [digest])
        kind, state, *rest = cursor.fetchone()
    return Status(ReportKind(kind), ReportState(state), *rest) if kind else None


# --- satisfaction -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Ratings of a neighbourhood in a year; all but the place None where they are too few."""

    area: Area
    ratings: int | None  # unit: report
    mean: float | None  # 1 to 5
    satisfied: int | None  # of `ratings`: 4 or 5
    interval: tuple[float, float] | None  # Wilson's 95 % of the share satisfied


def satisfaction(
    viewer: User, *, within: Area | None = None, today: dt.date | None = None
) -> list[Satisfaction]:
    """Of each neighbourhood with ratings of the last year, in the viewer's area. 2 statements."""
    since = (today or timezone.localdate()) - YEAR
    rows = countable(viewer, READ).limit(
        Report.objects.filter(kind=ReportKind.RATING, received_at__date__gt=since)
    )
    if within:
        rows = rows.filter(area_path__within=within.path)
    found = {
        area: (count, mean, good)
        for area, count, mean, good in rows.order_by()
        .values_list("area")
        .annotate(n=Count("pk"), mean=Avg("score"), good=Count("pk", Q(score__gte=SATISFIED)))
    }
    named = Area.objects.in_bulk(list(found))
    shown = [_shown(named[area], *numbers) for area, numbers in found.items()]
    return sorted(shown, key=lambda one: one.area.sort_key)


def _shown(area: Area, count: int, mean: float, good: int) -> Satisfaction:
    if count < SMALLEST:
        return Satisfaction(area, None, None, None, None)
    return Satisfaction(area, count, float(mean), good, wilson(good, count))
