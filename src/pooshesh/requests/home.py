"""What requests put on the home page."""

from collections.abc import Sequence

from django.urls import reverse

from pooshesh.access.models import User
from pooshesh.requests import queries
from pooshesh.requests.states import RUN
from pooshesh.web.registry import HomeLine

SHOWN = 6


def committees(user: User) -> Sequence[HomeLine] | None:
    """Bodies the secretary runs before which something waits; None where there is none."""
    found = [one for one in queries.waits(queries.practices(user, RUN)) if one.total]
    lines = [
        HomeLine(str(one.body), reverse("requests:committee", args=[one.body.pk]), one.total)
        for one in sorted(found, key=lambda one: -one.total)[:SHOWN]
    ]
    return lines or None
