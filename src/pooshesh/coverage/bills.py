"""Rows of invoices, for one household and for thousands alike."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from pooshesh.coverage import terms
from pooshesh.coverage.dues import Due
from pooshesh.coverage.models import Invoice, InvoiceLine
from pooshesh.kernel.bulk import copy_in
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.money import Rial, total
from pooshesh.kernel.time import from_day
from pooshesh.people.models import Household

_INVOICE = (
    "id", "household_id", "period", "amount", "issued_on", "due_on", "actor", "at", "run",
    "cancelled_reason", "area_id", "area_path", "province",
)  # fmt: skip
_LINE = ("invoice_id", "person_id", "days", "yearly", "percent", "amount", "live")


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice to be written for a household."""

    household: Household
    lines: Sequence[Due]
    pk: UUID = field(default_factory=uuid7)

    @property
    def amount(self) -> Rial:
        return total(one.charge.amount for one in self.lines)


def member_day(start: dt.date, end: dt.date, today: dt.date) -> dt.date:
    """Whose members a household's invoice asks for: today's, or those nearest within its days."""
    return min(max(start, today), end - dt.timedelta(days=1))


def write_bills(
    bills: Sequence[Bill],
    start: dt.date,
    end: dt.date,
    today: dt.date,
    *,
    actor: UUID | None,
    run: UUID | None = None,
) -> None:
    """The rows of invoices and their lines, in the caller's transaction and event; 2 statements."""
    period, due_on, now = from_day(start, end), today + terms.PAYMENT, timezone.now()
    copy_in(
        Invoice,
        _INVOICE,
        (
            (
                one.pk, one.household.pk, period, one.amount.amount, today, due_on, actor, now,
                run, "", one.household.area_id, one.household.area_path, one.household.province,
            )
            for one in bills
        ),
    )  # fmt: skip
    copy_in(
        InvoiceLine,
        _LINE,
        (
            (
                one.pk, line.person_id, from_day(line.charge.start, line.charge.end),
                line.charge.yearly.amount, line.charge.percent, line.charge.amount.amount, True,
            )
            for one in bills
            for line in one.lines
        ),
    )  # fmt: skip
