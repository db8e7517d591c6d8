"""What the rows say about the figures a report gave."""

import datetime as dt

from django.db.models import Count, Sum
from django.utils import timezone

from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.fund.models import Application, PatientFile, State
from pooshesh.funnel.models import Position, Unit
from pooshesh.funnel.queries import Wanted, cells
from pooshesh.funnel.reported import Computed, sums
from pooshesh.funnel.sittings import held
from pooshesh.kernel.cells import LEAST
from pooshesh.ledger.models import Voucher, VoucherState
from pooshesh.requests.models import Decider, Kind, Request


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


def computed_by(province: str, end: dt.datetime, *, names: bool = False) -> Computed:
    """The same of what had come, been decided, met and paid before a moment. Eight statements.

    What moved on since counts where it stands now: an approval withdrawn later is none.
    """
    came = Application.objects.filter(received_at__lt=end)
    here = came.filter(province=province)
    approved = Request.objects.filter(
        province=province, kind=Kind.EXPENSE, state__in=["approved", "part"], decided_at__lt=end
    )
    vouchers = Voucher.objects.filter(
        province=province, state=VoucherState.PAID, paid_on__lt=timezone.localdate(end)
    )
    paid = vouchers.aggregate(count=Count("pk"), sum=Sum("amount"))
    of_sma = here.filter(disease="SMA", state=State.TAGGED).values("file").distinct().count()
    return Computed(
        PatientFile.objects.filter(opened_at__lt=end).count(), approved.count(),
        int(paid["sum"] or 0), paid["count"],
        held(province, Decider.COMMITTEE).filter(starts_at__lt=end).count(),
        held(province, Decider.GROUP).filter(starts_at__lt=end).count(),
        of_sma if names or of_sma >= LEAST else None, here.count(), came.count(),
        timezone.localdate(end) - dt.timedelta(days=1),
    )  # fmt: skip
