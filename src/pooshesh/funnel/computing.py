"""What the rows say about the figures a report gave."""

from django.db.models import Sum
from django.utils import timezone

from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.funnel.models import Position, Step, Unit
from pooshesh.funnel.queries import Wanted, cells
from pooshesh.funnel.reported import Computed, sums
from pooshesh.funnel.sittings import decisions, held
from pooshesh.kernel.cells import LEAST
from pooshesh.requests.models import Decider

ASKED = (Step.REJECTED, Step.ASKED, Step.APPROVED, Step.PAYING, Step.PAID)


def computed_of(province: str, *, names: bool = False) -> Computed:
    """What the rows say of a province, for the figures reported about it. Ten statements.

    `names`: for who sees every row of the country; others are not told of few.
    """
    here = cells(Reach(provinces=(province,)), Wanted())
    everywhere = cells(EVERYWHERE, Wanted())
    applications, _none = sums(here, Unit.APPLICATION)
    applications_nation, _none = sums(everywhere, Unit.APPLICATION)
    registered, _none = sums(here, Unit.PERSON)
    asked, _none = sums(here, Unit.PERSON, *ASKED)
    requests, _none = sums(here, Unit.REQUEST)
    approved, _none = sums(here, Unit.REQUEST, "approved", "part")
    payments, paid = sums(here, Unit.PAYMENT, "paid")
    nation, _none = sums(everywhere, Unit.PERSON)
    paid_sma = Position.objects.filter(disease="SMA", unit=Unit.PAYMENT, state="paid")
    sma = paid_sma.filter(province=province)
    persons = sma.values("file_id").distinct().count()
    # The country's figure stands on another page: what is left of it must not be of few either.
    others = paid_sma.exclude(province=province).values("file_id").distinct().count()
    told = names or (persons >= LEAST and not 0 < others < LEAST)
    tagged = (
        Position.objects.filter(
            province=province, disease="SMA", unit=Unit.APPLICATION, state="tagged"
        ).values("file_id").distinct().count()
    )  # fmt: skip
    committee = Decider.COMMITTEE
    decided = decisions(province, committee).values("matter").distinct().count()
    return Computed(
        registered, nation, registered - asked, requests, approved, paid, payments,
        persons if told else None, sma.aggregate(sum=Sum("amount"))["sum"] if told else None,
        decided, held(province, committee).count(), held(province, Decider.GROUP).count(),
        tagged if names or tagged >= LEAST else None, applications, applications_nation,
        timezone.localdate(),
    )  # fmt: skip
