"""Reads of loads, scoped: a load is there for who brought it or sees a neighbourhood of it."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from pooshesh.access.models import User
from pooshesh.access.queries import countable
from pooshesh.programme.loads.models import ItemState, Load, LoadItem
from pooshesh.programme.queries import RUN


def loads(user: User) -> QuerySet[Load]:
    """Loads, newest first, with `sheets`, `done` and `refused`: numbers of sheets."""
    rows = Load.objects.order_by("-created_at")
    reach = countable(user, RUN)
    if not reach.everywhere:
        within = reach.limit(LoadItem.objects.filter(load=OuterRef("pk")))
        rows = rows.filter(Q(actor=user.id) | Q(Exists(within)))
    return rows.annotate(
        sheets=_number(), done=_number(ItemState.DONE), refused=_number(ItemState.REFUSED)
    )


def _number(state: ItemState | None = None) -> Coalesce:
    """How many sheets of the load of a row are in a state, or in any."""
    found = LoadItem.objects.filter(load=OuterRef("pk")).order_by()
    if state:
        found = found.filter(state=state)
    return Coalesce(Subquery(found.values("load").annotate(n=Count("id")).values("n")), 0)


@dataclass(frozen=True)
class Progress:
    """How far a load is; unit: sheet. `seconds` is what the jobs took together."""

    sheets: int
    waiting: int
    brought: int
    done: int
    refused: int
    seconds: float
    residents: int  # persons

    @property
    def ended(self) -> int:
        return self.done + self.refused

    @property
    def running(self) -> bool:
        return self.ended < self.sheets

    @property
    def pace(self) -> float | None:
        """Persons a second of the jobs' own time."""
        return self.residents / self.seconds if self.seconds else None


def progress(load: Load) -> Progress:
    """One statement, whatever the number of persons."""
    states = {state.value: Count("id", filter=Q(state=state)) for state in ItemState}
    found = LoadItem.objects.filter(load=load).aggregate(
        sheets=Count("id"), spent=Sum("seconds"), people=Sum("campaign__count__residents"),
        **states,
    )  # fmt: skip
    return Progress(
        found["sheets"], found["waiting"], found["brought"], found["done"], found["refused"],
        found["spent"] or 0.0, found["people"] or 0,
    )  # fmt: skip


def items(user: User, load: Load) -> QuerySet[LoadItem]:
    """The sheets of a load: all for who brought it, else those of the viewer's area."""
    rows = LoadItem.objects.filter(load=load).select_related("area", "campaign__count")
    if load.actor != user.id:
        rows = countable(user, RUN).limit(rows)
    return rows.order_by("name")


def refused(load: Load) -> QuerySet[LoadItem]:
    """Sheets that were refused, by name; for who brought the load."""
    return LoadItem.objects.filter(load=load, state=ItemState.REFUSED).order_by("name")
