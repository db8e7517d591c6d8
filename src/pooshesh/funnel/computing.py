"""What the rows say about the figures a report gave."""

from django.utils import timezone

from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.funnel.models import Position, Unit
from pooshesh.funnel.queries import Wanted, cells
from pooshesh.funnel.reported import Computed, sums
from pooshesh.funnel.sittings import held
from pooshesh.kernel.cells import LEAST
from pooshesh.requests.models import Decider


def computed_of(province: str, *, names: bool = False) -> Computed:
    """What the rows say of a province, for the figures reported about it. Six statements.

    `names`: for who sees every row of the country; others are not told of few.
    """
    here = cells(Reach(provinces=(province,)), Wanted())
    everywhere = cells(EVERYWHERE, Wanted())
    applications, _none = sums(here, Unit.APPLICATION)
    applications_nation, _none = sums(everywhere, Unit.APPLICATION)
    approved, _none = sums(here, Unit.REQUEST, "approved", "part")
    payments, paid = sums(here, Unit.PAYMENT, "paid")
    nation, _none = sums(everywhere, Unit.PERSON)
    tagged = (
        Position.objects.filter(
            province=province, disease="SMA", unit=Unit.APPLICATION, state="tagged"
        ).values("file_id").distinct().count()
    )  # fmt: skip
    return Computed(
        nation, approved, paid, payments, held(province, Decider.COMMITTEE).count(),
        held(province, Decider.GROUP).count(), tagged if names or tagged >= LEAST else None,
        applications, applications_nation, timezone.localdate(),
    )  # fmt: skip
