"""Numbers of other registers that stand beside statements where no indicator counts them.

Each is of an area on a day (default: today), as known at a moment (default: now).
"""

import datetime as dt
from collections.abc import Callable, Mapping

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.network.models import Gap, GapState
from pooshesh.places.models import Area, AreaKind, Figure
from pooshesh.policy.queries import bound_pack

FREE = "share_by_decile"


def _population(area: Area, day: dt.date | None, known: dt.datetime | None) -> int | None:
    """Persons of an area by the last census."""
    rows = Figure.objects.on(_day(day, known), known).filter(area=area, name="population")
    return rows.values_list("value", flat=True).first()


def _residents(area: Area, day: dt.date | None, known: dt.datetime | None) -> int | None:
    """Persons of the registered neighbourhoods within an area."""
    found: int | None = Figure.objects.on(_day(day, known), known).filter(
        name="population", area__kind=AreaKind.NEIGHBOURHOOD, area__path__within=area.path
    ).aggregate(sum=Sum("value"))["sum"]  # fmt: skip
    return found


def _free_deciles(area: Area, day: dt.date | None, known: dt.datetime | None) -> int:
    """Deciles that pay nothing by the rule in force."""
    shares = bound_pack("iran", _day(day, known), known).values[FREE].value
    assert isinstance(shares, Mapping), "a table by decile"
    return sum(share == 0 for share in shares.values())


def _projects(area: Area, day: dt.date | None, known: dt.datetime | None) -> dict[str, int]:
    """Gaps within an area whose remedy was ever promised for a day, and those in time."""
    promised, then = Q(deadline=day) | Q(steps__deadline=day), Q()
    if known:
        promised, then = Q(steps__deadline=day, steps__at__lte=known), Q(closed_at__lte=known)
    kept = then & Q(state=GapState.CLOSED, closed_at__date__lte=day)
    return Gap.objects.filter(promised, area_path__within=area.path).aggregate(
        promised=Count("pk", distinct=True), kept=Count("pk", kept, distinct=True)
    )


def _day(day: dt.date | None, known: dt.datetime | None) -> dt.date:
    return day or timezone.localdate(known)


#: What a fact of a kind is of an area on a day; None where nothing is registered.
READ: Mapping[str, Callable[[Area, dt.date | None, dt.datetime | None], int | None]] = {
    "population": _population,
    "residents": _residents,
    "free_deciles": _free_deciles,
    "promised": lambda area, day, known: _projects(area, day, known)["promised"],
    "kept": lambda area, day, known: _projects(area, day, known)["kept"],
}


def address(viewer: User, kind: str, area: str) -> str:
    """The page where a fact of a kind is kept; "" for who may not open it."""
    match kind:
        case "population":
            return reverse("places:area", args=[area])
        case "residents":
            return reverse("places:completeness")
        case "free_deciles":
            return reverse("policy:pack", args=["iran"]) if viewer.may("rules.read") else ""
        case _:
            return reverse("network:gaps") if viewer.may("network.read") else ""
