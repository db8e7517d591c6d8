"""Reads of renewal, limited to the area where the viewer renews cover."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.queries import visible
from pooshesh.coverage.models import Notice
from pooshesh.kernel.models import Job
from pooshesh.people.models import Decile, Household, Membership, Relation
from pooshesh.places.models import Area, AreaKind
from pooshesh.renewal.models import (
    Appeal,
    AppealState,
    Attempt,
    Concerned,
    Item,
    ItemState,
    Outcome,
    Outreach,
    OutreachState,
    Row,
    Run,
    Sheet,
    Why,
)
from pooshesh.renewal.states import WORK

OPEN_APPEALS = (AppealState.FILED, AppealState.SENT)
OPEN_OUTREACH = (OutreachState.UNTOLD, OutreachState.TOLD)


def job_of(job_id: UUID | None) -> Job | None:
    """The job that is, or was, at something the viewer may see."""
    return Job.objects.filter(pk=job_id).first() if job_id else None


def _head(household: str) -> Any:
    """The name of the head of a household today, as a column; null where there is none."""
    heads = Membership.objects.known().filter(
        household=OuterRef(household), relation=Relation.HEAD, valid__endswith=None
    )
    name = Concat("person__first_name", Value(" "), "person__last_name")
    return Subquery(heads.annotate(name=name).values("name")[:1])


def persons_of(rows: QuerySet[Any]) -> list[UUID]:
    """The persons that rows with a person name."""
    return list(rows.order_by().values_list("person_id", flat=True))


def persons_of_items(rows: QuerySet[Any]) -> list[UUID]:
    """The persons that items are about."""
    return persons_of(Concerned.objects.filter(item__in=rows.order_by().values("pk")))


def persons_of_appeals(rows: QuerySet[Any]) -> list[UUID]:
    """The members of the households of appeals."""
    homes = rows.order_by().values("household")
    return persons_of(Membership.objects.known().filter(household__in=homes))


# --- runs ----------------------------------------------------------------------------------


def runs(user: User) -> QuerySet[Run]:
    """Runs of areas within the viewer's, newest first."""
    rows = Run.objects.select_related("area").order_by("-made_at")
    return visible(user, WORK).limit(rows)


def run(user: User, run_id: UUID) -> Run | None:
    """One run."""
    return runs(user).filter(pk=run_id).first()


def earlier(user: User, than: Run) -> QuerySet[Run]:
    """Runs of the same area made before."""
    return runs(user).filter(area=than.area_id, made_at__lt=than.made_at)


@dataclass(frozen=True, slots=True)
class Figure:
    """Persons of one outcome and reason in a run, and in an earlier one (None: none chosen)."""

    outcome: Outcome
    why: Why | None
    persons: int
    before: int | None

    @property
    def difference(self) -> int | None:
        return None if self.before is None else self.persons - self.before


def counts(of: Run, before: Run | None = None) -> list[Figure]:
    """How many persons have which outcome and reason, most first; a statement a run."""
    now, then = _by_reason(of), _by_reason(before) if before else None
    made = [
        Figure(Outcome(outcome), Why(why) if why else None, now.get((outcome, why), 0),
               None if then is None else then.get((outcome, why), 0))
        for outcome, why in {*now, *(then or {})}
    ]  # fmt: skip
    return sorted(made, key=lambda one: (Outcome.values.index(one.outcome), -one.persons))


def _by_reason(of: Run) -> dict[tuple[str, str], int]:
    rows = Row.objects.filter(run=of).values_list("outcome", "reason").annotate(n=Count("pk"))
    return {(outcome, reason): n for outcome, reason, n in rows.order_by()}


@dataclass(frozen=True, slots=True)
class Place:
    """What a run says of one neighbourhood. Unit: persons."""

    pk: UUID
    area: str
    code: str
    province: str
    province_code: str
    persons: int
    changed: int
    cannot: int


@dataclass(frozen=True, slots=True)
class Subtotal:
    """What a run says of one province. Unit: persons."""

    province: str
    code: str
    persons: int
    changed: int
    cannot: int


def places(of: Run) -> list[Place]:
    """The figures of a run by area, those with most to do first; 3 statements."""
    rows = list(
        Row.objects.filter(run=of)
        .values("area_id")
        .annotate(
            persons=Count("pk"), changed=Count("pk", filter=Q(outcome=Outcome.CHANGED)),
            cannot=Count("pk", filter=Q(outcome=Outcome.CANNOT)),
        )
        .order_by()
    )  # fmt: skip
    areas = Area.objects.in_bulk([row["area_id"] for row in rows])
    provinces = {one.province: one for one in Area.objects.filter(kind=AreaKind.PROVINCE)}
    found = []
    for row in rows:
        area = areas[row["area_id"]]
        province = provinces.get(area.province)
        found.append(
            Place(
                area.pk, str(area), area.code, str(province or ""), province.code if province
                else "", row["persons"], row["changed"], row["cannot"],
            )
        )  # fmt: skip
    return found


def subtotals(of: Sequence[Place]) -> list[Subtotal]:
    """The figures of places added up by province, those with most to do first."""
    found: dict[str, list[Place]] = {}
    for place in of:
        found.setdefault(place.province_code, []).append(place)
    sums = [
        Subtotal(
            places[0].province, code, sum(one.persons for one in places),
            sum(one.changed for one in places), sum(one.cannot for one in places),
        )
        for code, places in found.items()
    ]  # fmt: skip
    return sorted(sums, key=lambda one: (-one.cannot, one.code))


def changes(of: Run) -> Sequence[Mapping[str, Any]]:
    """How many persons of a run go from which share to which, most first."""
    rows = Row.objects.filter(run=of).exclude(to_percent=None)
    moved = rows.exclude(from_percent=F("to_percent")).values("from_percent", "to_percent")
    return list(moved.annotate(persons=Count("pk")).order_by("-persons")[:20])


def rows_of(of: Run, *, outcome: str = "", reason: str = "", area: str = "") -> QuerySet[Row]:
    """The rows of a run, for a viewer who may see the run; `area` is a code, with what lies below.

    An area that is not known has none.
    """
    rows = Row.objects.filter(run=of).select_related("person", "area")
    if outcome:
        rows = rows.filter(outcome=outcome)
    if reason:
        rows = rows.filter(reason=reason)
    if area:
        within = Area.objects.filter(code=area).first()
        rows = rows.filter(area_path__within=within.path) if within else rows.none()
    return rows


# --- items ---------------------------------------------------------------------------------


def items(user: User, state: str = "", reason: str = "") -> QuerySet[Item]:
    """Items of the viewer's area, each with how many persons it is about."""
    rows = visible(user, WORK).limit(Item.objects.select_related("area", "household"))
    if state:
        rows = rows.filter(state=state)
    if reason:
        rows = rows.filter(reason=reason)
    first = Concerned.objects.filter(item=OuterRef("pk")).order_by("pk")
    name = Concat("person__first_name", Value(" "), "person__last_name")
    alone = Subquery(first.annotate(name=name).values("name")[:1])
    return rows.annotate(count=Count("persons"), who=Coalesce(_head("household"), alone))


def item(user: User, item_id: UUID) -> Item | None:
    """One item, open or not."""
    return items(user).filter(pk=item_id).first()


def of_item(item: Any) -> QuerySet[Concerned]:
    """Whom an item is about; `item` may be the outer row of a subquery."""
    return Concerned.objects.filter(item=item)


def members_of(household: Any) -> QuerySet[Membership]:
    """Who belongs to a household by what is known now; it may be the outer row of a subquery."""
    return Membership.objects.known().filter(household=household)


def concerned(of: Item) -> list[Concerned]:
    """The persons of an item with their notices."""
    return list(of.persons.select_related("person", "notice").order_by("pk"))


def letters_of(user: User, run: Run) -> QuerySet[Item]:
    """The open items of a run whose households are written to, in the order of their letters."""
    return items(user, ItemState.OPEN).filter(run=run).order_by("area_path", "pk")


def addressed(
    found: Sequence[Item],
) -> list[tuple[Item, list[Concerned], Decile | None]]:
    """Items with whom they are about and what is believed of the household; 2 statements."""
    persons: dict[UUID, list[Concerned]] = {}
    rows = Concerned.objects.filter(item__in=[one.pk for one in found])
    for one in rows.select_related("person", "notice").order_by("pk"):
        persons.setdefault(one.item_id, []).append(one)
    homes = [one.household_id for one in found if one.household_id]
    known = Decile.objects.on(timezone.localdate()).filter(household__in=homes)
    deciles = {one.household_id: one for one in known}
    return [
        (one, persons.get(one.pk, []), deciles.get(one.household_id) if one.household_id else None)
        for one in found
    ]


def memberships(of: Sequence[Concerned], on: dt.date) -> list[Membership]:
    """Their memberships on a day, for what the rules say in words."""
    rows = Membership.objects.on(on).filter(person__in=[one.person_id for one in of])
    return list(rows.select_related("person", "household"))


def notices_of(of: Item) -> list[Notice]:
    """Notices given for an item that stand."""
    given = of.persons.exclude(notice=None).values("notice")
    return list(Notice.objects.filter(pk__in=given, withdrawn_at=None).select_related("person"))


def decile_of(household_id: UUID | None) -> Decile | None:
    """The decile believed of a household today, for a household the caller may see."""
    rows = Decile.objects.on(timezone.localdate()).filter(household=household_id)
    return rows.first() if household_id else None


# --- sheets ---------------------------------------------------------------------------------


def sheets(user: User) -> QuerySet[Sheet]:
    """The sheets somebody brought themselves: what a sheet moves is counted in their own area."""
    return Sheet.objects.filter(actor=user.pk).order_by("-at")


def sheet(user: User, sheet_id: UUID) -> Sheet | None:
    """One's own sheet."""
    return sheets(user).filter(pk=sheet_id).first()


# --- appeals --------------------------------------------------------------------------------


def appeals(user: User, state: str = "") -> QuerySet[Appeal]:
    """Appeals of households of the viewer's area; `late`: open and past their day."""
    rows = visible(user, WORK).limit(
        Appeal.objects.select_related("area", "household").annotate(who=_head("household"))
    )
    if state == "late":
        return rows.filter(state__in=OPEN_APPEALS, due_on__lt=timezone.localdate())
    return rows.filter(state=state) if state else rows


def appeal(user: User, appeal_id: UUID) -> Appeal | None:
    """One appeal."""
    return appeals(user).filter(pk=appeal_id).first()


def appeals_of(household: Household) -> list[Appeal]:
    """The appeals of a household the caller may see, newest first."""
    return list(Appeal.objects.filter(household=household).order_by("-at"))


# --- outreach -------------------------------------------------------------------------------


def outreach(user: User, state: str = "") -> QuerySet[Outreach]:
    """Who is entitled and has no cover, in the viewer's area; `overdue`: not told in time."""
    rows = visible(user, WORK).limit(Outreach.objects.select_related("person", "area"))
    if state == "overdue":
        return rows.filter(state=OutreachState.UNTOLD, deadline__lt=timezone.localdate())
    return rows.filter(state=state) if state else rows


def outreach_one(user: User, outreach_id: UUID) -> Outreach | None:
    """One line of that list."""
    return outreach(user).filter(pk=outreach_id).first()


def attempts(of: Outreach) -> list[Attempt]:
    """What was tried, newest first."""
    return list(of.tries.order_by("-at"))


@dataclass(frozen=True, slots=True)
class Told:
    """Persons of one area by what they know of their right."""

    pk: UUID
    area: str
    untold: int
    overdue: int
    told: int
    enrolled: int
    declined: int


def told_by_area(user: User) -> list[Told]:
    """Told and not told by area, most overdue first; 2 statements."""
    today = timezone.localdate()

    def of(state: OutreachState, **more: object) -> Count:
        return Count("pk", filter=Q(state=state, **more))

    rows = list(
        visible(user, WORK)
        .limit(Outreach.objects.all())
        .values("area_id")
        .annotate(
            untold=of(OutreachState.UNTOLD),
            overdue=of(OutreachState.UNTOLD, deadline__lt=today),
            told=of(OutreachState.TOLD), enrolled=of(OutreachState.ENROLLED),
            declined=of(OutreachState.DECLINED),
        )
        .order_by()
    )  # fmt: skip
    areas = Area.objects.in_bulk([row["area_id"] for row in rows])
    return [
        Told(row["area_id"], str(areas[row["area_id"]]), row["untold"], row["overdue"],
             row["told"], row["enrolled"], row["declined"])
        for row in rows
    ]  # fmt: skip


# --- the home page --------------------------------------------------------------------------


def waiting(user: User) -> dict[str, int]:
    """What waits for a clerk of the viewer's area."""
    today = timezone.localdate()
    open_items = visible(user, WORK).limit(Item.objects.filter(state=ItemState.OPEN))
    return {
        "items": open_items.count(),
        "items_late": open_items.filter(deadline__lt=today).count(),
        "appeals": appeals(user, "late").count(),
        "overdue": outreach(user, "overdue").count(),
    }
