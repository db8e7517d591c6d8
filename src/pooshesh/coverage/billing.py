"""Billing all households of an area for a year or a month, in the background.

Each batch is one transaction that locks its households first, and what was billed before is not
due again. So a second run, a run after a kill and two runs at once ask nobody twice.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.coverage.bills import Bill, member_day, write_bills
from pooshesh.coverage.dues import PREMIUMS, Rates, cover_of, owed, rates, yearly
from pooshesh.coverage.models import Invoice
from pooshesh.coverage.queries import WRITE
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.models import Job
from pooshesh.people.models import Household
from pooshesh.places.models import Area

BILL = "coverage.bill"
BATCH = 500  # households
DAY = dt.timedelta(days=1)

explain(
    {
        "coverage.no_premium": gettext_noop(
            "Of no fund the premium on %(day)s is known; nobody was billed, and no amount guessed."
        ),
        "coverage.not_your_area": gettext_noop(
            "Who started this may not bill households of this area any more; nobody was billed."
        ),
    }
)


@transaction.atomic
def start_billing(area: Area, start: dt.date, end: dt.date, *, actor: UUID) -> Job:
    """Queue the billing of an area for the days from `start` up to, not including, `end`.

    Raises Invalid when the premium of no fund is known at the beginning nor at the end.
    """
    known = rates(start)
    if all(yearly(known, fund, day) is None for fund in PREMIUMS for day in (start, end - DAY)):
        raise Invalid("coverage.no_premium", day=start)
    made = jobs.start(
        BILL, actor=actor, area=str(area.pk), start=str(start), end=str(end), by=str(actor)
    )
    audit.record(
        "coverage.start_billing", actor=actor, kind="area", object_id=area.pk,
        content={"start": start, "end": end, "job": made.pk}, area_path=area.path,
    )  # fmt: skip
    return made


@job(BILL)
def bill_area(progress: Progress, area: str, start: str, end: str, by: str) -> dict[str, int]:
    """Bill the households of an area."""
    run, place = UUID(str(progress.job_id)), Area.objects.get(pk=area)
    days = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    homes = _homes(UUID(by), place)
    known, total = rates(days[0]), homes.count()
    looked = unknown = 0
    for batch in _batches(homes, place):
        progress(_("Billing households"), looked, total)
        unknown += bill_batch(batch, *days, known, place, actor=UUID(by), run=run)
        looked += len(batch)
    progress(_("Billing households"), looked, total)
    # Of the whole run, also of what it wrote before it was killed.
    written = Invoice.objects.filter(run=run)
    invoices = written.count()
    return {
        "households": looked, "invoices": invoices,
        "billed_rial": written.aggregate(sum=Sum("amount"))["sum"] or 0,
        "premium_unknown": unknown, "nothing_due": looked - invoices - unknown,
    }  # fmt: skip


def _homes(by: UUID, area: Area) -> QuerySet[Household]:
    """Households of an area where somebody still may bill. Raises Invalid where they may not."""
    user = User.objects.filter(pk=by, is_active=True).first()
    if user is None or not user.reach(WRITE).covers(area.path, area.pk):
        raise Invalid("coverage.not_your_area")
    return user.reach(WRITE).limit(Household.objects.filter(area_path__within=area.path))


def _batches(homes: QuerySet[Household], area: Area) -> Iterator[list[UUID]]:
    """The households in batches, place by place: a nation's are never in memory at once."""
    for place in Area.objects.filter(path__within=area.path).order_by("path").values_list("pk"):
        ids = list(homes.filter(area_id=place[0]).order_by("pk").values_list("pk", flat=True))
        yield from (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))


@transaction.atomic
def bill_batch(
    homes: Collection[UUID],
    start: dt.date,
    end: dt.date,
    known: Rates,
    area: Area,
    *,
    actor: UUID | None,
    run: UUID,
) -> int:
    """Bill some households; how many were not because a premium is not known.

    All members of a household or nobody. The same few statements for any number of households.
    """
    locked = Household.objects.select_for_update(no_key=True).filter(pk__in=homes)
    rows = list(locked.order_by("pk"))
    today = timezone.localdate()
    found = cover_of([one.pk for one in rows], start, end, member_day(start, end, today))
    bills, unknown = [], 0
    for one in rows:
        try:
            bill = Bill(one, owed(found.get(one.pk, ()), known))
        except Invalid:
            unknown += 1
            continue
        if bill.amount:
            bills.append(bill)
    if bills:
        write_bills(bills, start, end, today, actor=actor, run=run)
        audit.record(
            "coverage.bill", actor=actor, kind="area", object_id=area.pk, purpose=f"job {run}",
            content={"start": start, "end": end, "invoices": [one.pk for one in bills]},
            area_path=area.path,
            persons=[line.person_id for bill in bills for line in bill.lines],
        )  # fmt: skip
    return unknown
