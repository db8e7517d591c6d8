"""What households owe: reads behind invoices, accounts and arrears."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from pooshesh.coverage import days
from pooshesh.coverage.models import Account, Invoice, InvoiceLine, Scheme, Spell, Suspension
from pooshesh.coverage.premium import Charge, Rate, charges
from pooshesh.kernel.money import Rial
from pooshesh.kernel.time import from_day
from pooshesh.people.merged import merged_into
from pooshesh.people.models import Membership
from pooshesh.policy.queries import PACK, pack_in_force

#: The parameter of the rules that holds a fund's yearly premium; of other funds none is written.
PREMIUMS = {Scheme.UNIVERSAL.value: "universal_premium"}


def rates(scheme: str, day: dt.date) -> list[Rate]:
    """The yearly premiums of a fund by the rules in force on a day; empty: none is written."""
    parameter = pack_in_force(PACK, day).parameters.get(PREMIUMS.get(scheme, ""))
    if parameter is None:
        return []
    return [
        Rate(one.since, Rial(one.value) if isinstance(one.value, int) else None)
        for one in parameter.values
    ]


def yearly(scheme: str, day: dt.date) -> Rial | None:
    """The yearly premium of one person in a fund on a day; None: its value is not known."""
    known = [rate for rate in rates(scheme, day) if rate.since <= day]
    return max(known, key=lambda rate: rate.since).yearly if known else None


@dataclass(frozen=True, slots=True)
class Due:
    """What one member owes for some days."""

    person_id: UUID
    charge: Charge


def due(household_id: UUID, start: dt.date, end: dt.date, day: dt.date) -> list[Due]:
    """What members owe for the days from `start` up to, not including, `end`; 5 statements.

    Days of a suspension, days billed before and free cover cost nothing. Members are those of
    `day`. Raises Invalid when a premium is not known: nothing is billed by halves.
    """
    members = list(
        Membership.objects.on(day)
        .filter(household_id=household_id)
        .order_by("person_id")
        .values_list("person_id", flat=True)
    )
    survivor = {**{one: one for one in members}, **merged_into(members)}
    spells = Spell.objects.known().filter(
        person_id__in=survivor, insurer__ours=True, premium_percent__gt=0,
        valid__overlap=from_day(start, end),
    )  # fmt: skip
    paused = Suspension.objects.known().filter(person_id__in=survivor)
    billed = InvoiceLine.objects.filter(person_id__in=members, live=True)
    holes: dict[UUID, list[days.Span]] = {}
    for rows in (paused.values_list("person_id", "valid"), billed.values_list("person_id", "days")):
        for person, span in rows:
            holes.setdefault(survivor[person], []).append((span.lower, span.upper))
    found = []
    for spell in spells.order_by("person_id", "valid"):
        person, percent = survivor[spell.person_id], spell.premium_percent or 0
        open_days = days.without(
            days.within([(spell.valid.lower, spell.valid.upper)], start, end),
            holes.get(person, ()),
        )
        found += [
            Due(person, one) for one in charges(open_days, percent, rates(spell.scheme, start))
        ]
    return found


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
