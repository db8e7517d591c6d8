"""What the rows say about the figures a report gave."""

from django.db.models import Sum

from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.funnel.models import Position, Step, Unit
from pooshesh.funnel.queries import Wanted, cells
from pooshesh.funnel.reported import Computed, sums
from pooshesh.kernel.cells import LEAST
from pooshesh.meetings.models import Decision, Outcome, Session, SessionState
from pooshesh.requests.models import Decider, Practice

ASKED = (Step.REJECTED, Step.ASKED, Step.APPROVED, Step.PAYING, Step.PAID)


def computed_of(province: str) -> Computed:
    """What the rows say of a province, for the figures reported about it. Seven statements."""
    here = cells(Reach(provinces=(province,)), Wanted())
    registered, _none = sums(here, Unit.PERSON)
    asked, _none = sums(here, Unit.PERSON, *ASKED)
    requests, _none = sums(here, Unit.REQUEST)
    approved, _none = sums(here, Unit.REQUEST, "approved", "part")
    payments, paid = sums(here, Unit.PAYMENT, "paid")
    nation, _none = sums(cells(EVERYWHERE, Wanted(unit=Unit.PERSON)), Unit.PERSON)
    sma = Position.objects.filter(province=province, disease="SMA", unit=Unit.PAYMENT, state="paid")
    persons = sma.values("file_id").distinct().count()
    told = persons >= LEAST
    sittings = Session.objects.filter(
        state__in=(SessionState.CLOSED, SessionState.SIGNED),
        body__in=Practice.objects.filter(province=province, of=Decider.COMMITTEE).values("body"),
    )
    decided = Decision.objects.filter(
        motion__session__in=sittings,
        matter__kind="fund.request",
        outcome__in=(Outcome.CARRIED, Outcome.LOST),
    )
    return Computed(
        registered, nation, registered - asked, requests, approved, paid, payments,
        persons if told else None, sma.aggregate(sum=Sum("amount"))["sum"] if told else None,
        decided.values("matter").distinct().count(), sittings.count(),
    )  # fmt: skip
