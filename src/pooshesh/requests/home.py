"""What requests put on the home page."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.fund import queries as fund
from pooshesh.fund.models import State as Application
from pooshesh.requests import queries
from pooshesh.requests.models import State
from pooshesh.requests.states import RUN
from pooshesh.web.registry import HomeLine

SHOWN = 6
BACK = (State.DRAFT, State.RETURNED, State.DEFERRED)


def brought(user: User) -> Sequence[HomeLine] | None:
    """What came back to a clinic of what it brought, or was never sent; the desk has its own."""
    if queries.works_anywhere(user):
        return None
    came_back = fund.applications(user).filter(brought_by=user.pk, state=Application.INCOMPLETE)
    asked = queries.requests(user).filter(made_by=user.pk, state__in=BACK)
    lines = [
        HomeLine(_("Applications that came back to you"), reverse("fund:brought"),
                 came_back.count()),
        HomeLine(_("Expense requests to complete"), reverse("requests:brought"), asked.count()),
    ]  # fmt: skip
    return [line for line in lines if line.count]


def committees(user: User) -> Sequence[HomeLine] | None:
    """Bodies the secretary runs before which something waits; None where there is none."""
    found = [one for one in queries.waits(queries.practices(user, RUN)) if one.total]
    lines = [
        HomeLine(str(one.body), reverse("requests:committee", args=[one.body.pk]), one.total)
        for one in sorted(found, key=lambda one: -one.total)[:SHOWN]
    ]
    return lines or None
