"""What the secretary's desk reads: the meeting at hand, and requests that go together."""

from collections import defaultdict
from uuid import UUID

from pooshesh.meetings.models import Body, Item, MatterState, Session, SessionState
from pooshesh.requests.committee import MATTER, POLICY
from pooshesh.requests.models import Kind, Request
from pooshesh.requests.queries import Group

AT_HAND = (SessionState.OPEN, SessionState.INVITED, SessionState.PLANNED)
PAST = (SessionState.CLOSED, SessionState.SIGNED)
SHOWN = 5


def next_session(body: Body) -> Session | None:
    """The meeting that is open, or the next one."""
    rows = Session.objects.filter(body=body, state__in=AT_HAND).select_related("body")
    found = list(rows.order_by("starts_at"))
    return next((one for one in found if one.state == SessionState.OPEN), next(iter(found), None))


def past_sessions(body: Body) -> list[Session]:
    """The last meetings that were held."""
    rows = Session.objects.filter(body=body, state__in=PAST)
    return list(rows.order_by("-year", "-number")[:SHOWN])


def groups(session: Session) -> list[Group]:
    """Undecided requests of an agenda by disease and what is proposed; 2 statements.

    What was granted on the fast track stands apart: it is only to be confirmed.
    """
    items = list(
        Item.objects.filter(
            session=session, matter__kind__in=[MATTER, POLICY],
            matter__state=MatterState.WAITING,
        ).select_related("matter").order_by("position")
    )  # fmt: skip
    by_request = {one.matter.object_id: one.pk for one in items if one.matter}
    rows = Request.objects.filter(pk__in=list(by_request)).select_related("disease")
    found: dict[tuple[str, str, str, bool], list[Request]] = defaultdict(list)
    for row in rows:
        suggestion = "part" if row.proposed and not row.provisional else "approved"
        if row.provisional and row.payable != row.asked:
            suggestion = "part"
        found[row.disease_id, row.kind, suggestion, row.provisional].append(row)
    made = []
    for (disease, kind, suggestion, provisional), some in sorted(found.items()):
        items_: list[UUID] = [by_request[row.pk] for row in some]
        made.append(
            Group(
                f"{disease}-{kind}-{suggestion}-{int(provisional)}", str(some[0].disease),
                suggestion, items_, some, sum(row.asked for row in some),
                sum(row.proposed or row.asked for row in some), str(Kind(kind).label), provisional,
            )
        )  # fmt: skip
    return made
