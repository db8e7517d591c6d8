"""Meetings of the fund's bodies, with what each decided: the rows behind “481 in 20 meetings”."""

from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from pooshesh.access.models import User
from pooshesh.meetings import queries as meetings
from pooshesh.meetings.models import Decision, Outcome, Session, SessionState
from pooshesh.requests.models import Decider, Practice

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

HELD = (SessionState.CLOSED, SessionState.SIGNED)
FILES = "fund.request"  # the kind of matter that is a patient's request
REFUSED = "rejected"


class Counts(TypedDict):
    """How many files a meeting decided, and how many of them it refused."""

    decided: int
    refused: int


def held(province: str, of: str) -> QuerySet[Session]:
    """The closed meetings of a province's committee or working group."""
    bodies = Practice.objects.filter(province=province, of=of)
    return Session.objects.filter(state__in=HELD, body__in=bodies.values("body"))


def sittings(
    user: User, province: str, of: Decider
) -> "QuerySet[WithAnnotations[Session, Counts]]":
    """Those of them in the user's sight, each with the files it decided and those it refused."""
    found = Decision.objects.filter(
        motion__session=OuterRef("pk"), matter__kind=FILES,
        outcome__in=(Outcome.CARRIED, Outcome.LOST),
    ).order_by().values("motion__session")  # fmt: skip
    count = found.annotate(n=Count("matter", distinct=True)).values("n")
    refused = found.filter(motion__verdict=REFUSED, outcome=Outcome.CARRIED)
    bodies = Practice.objects.filter(province=province, of=of).values("body")
    rows = meetings.sessions(user).filter(state__in=HELD, body__in=bodies)
    return rows.annotate(
        decided=Coalesce(Subquery(count), 0),
        refused=Coalesce(
            Subquery(refused.annotate(n=Count("matter", distinct=True)).values("n")), 0
        ),
    )
