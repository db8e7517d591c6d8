"""What the census puts on the home page: what waits in a lead's rounds, and a worker's phone."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.census import queries
from pooshesh.census.models import RoundState
from pooshesh.web.format import number
from pooshesh.web.registry import HomeLine

SHOWN = 5


def under_way(user: User) -> Sequence[HomeLine] | None:
    """Open rounds the user plans, with what waits for a decision."""
    rows = list(queries.rounds(user).filter(state=RoundState.OPEN)[:SHOWN])
    conflicts, asides = queries.waiting(rows)
    return [
        HomeLine(
            f"{one.name}، {one.area}", reverse("census:round", args=[one.id]), one.done,
            note=_waiting(conflicts[one.id] + asides[one.id]),
        )
        for one in rows
    ]  # fmt: skip


def _waiting(count: int) -> str:
    return _("%(count)s to decide") % {"count": number(count)} if count else ""


def alleys(user: User) -> Sequence[HomeLine]:
    """The way to the census on a phone, with how many alleys the worker holds today."""
    return [
        HomeLine(_("Alleys given to you"), reverse("census:field"), queries.given(user).count())
    ]
