"""What households owe: reads behind invoices, accounts and arrears."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from pooshesh.coverage.models import Account, Invoice
from pooshesh.kernel.money import Rial


@dataclass(frozen=True, slots=True)
class Standing:
    """An invoice and how much of it is not paid; payments go to what was due first."""

    invoice: Invoice
    unpaid: Rial

    @property
    def amount(self) -> Rial:
        return Rial(self.invoice.amount)


@dataclass(frozen=True, slots=True)
class Balance:
    """A household's account: `owed` above zero, or `credit`."""

    billed: Rial
    paid: Rial
    refunded: Rial

    @property
    def owed(self) -> Rial:
        return Rial(max(0, (self.billed - self.paid + self.refunded).amount))

    @property
    def credit(self) -> Rial:
        return Rial(max(0, (self.paid - self.refunded - self.billed).amount))


def balance(household_id: UUID) -> Balance:
    """The account of a household; all zero before the first invoice or payment."""
    one = Account.objects.filter(pk=household_id).first()
    if one is None:
        return Balance(Rial(0), Rial(0), Rial(0))
    return Balance(Rial(one.billed), Rial(one.paid), Rial(one.refunded))


def allocate(invoices: Iterable[Invoice], paid: Rial) -> list[Standing]:
    """Set money received against invoices in the order given: what is unpaid of each."""
    left = paid.amount
    standing = []
    for one in invoices:
        covers = min(left, one.amount)
        left -= covers
        standing.append(Standing(one, Rial(one.amount - covers)))
    return standing


def invoices(household_id: UUID, kept: Balance) -> list[Standing]:
    """The invoices of a household that were not cancelled, what was due first first."""
    rows = Invoice.objects.filter(household_id=household_id, cancelled_at=None)
    return allocate(rows.order_by("due_on", "number"), kept.paid - kept.refunded)


def billed_in(period: tuple[dt.date, dt.date]) -> Rial:
    """All that was billed for periods that begin on these days."""
    rows = Invoice.objects.filter(
        cancelled_at=None, period__startswith__gte=period[0], period__startswith__lt=period[1]
    )
    return Rial(rows.aggregate(sum=Sum("amount"))["sum"] or 0)
