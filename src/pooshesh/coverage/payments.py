"""Billing households and taking their money: each function is one verb.

Sums are kept by the database: no day of a person is billed twice, no reference is taken twice, no
refund is larger than the credit, and what was paid is never negative.
"""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.coverage.actions import SHORTEST_REASON
from pooshesh.coverage.bills import Bill, member_day, write_bills
from pooshesh.coverage.dues import cover_of, owed, rates
from pooshesh.coverage.models import Invoice, Method, Payment, Refund
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import Rial, total
from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.people.models import Household

LONGEST_REFERENCE = 40

explain(
    {
        "coverage.nothing_due": gettext_noop(
            "For these days nothing is due: members are not covered here, covered free, or billed "
            "already."
        ),
        "coverage.cancelled": gettext_noop("This invoice was cancelled before."),
        "coverage.no_amount": gettext_noop("The amount is zero; expected more."),
        "coverage.reference_empty": gettext_noop("Write the reference number of the bank."),
        "coverage.reference_taken": gettext_noop(
            "The reference number “%(read)s” was recorded for another payment or amount; the same "
            "money is never counted twice."
        ),
        "coverage.paid_in_future": gettext_noop("The day %(read)s lies in the future."),
        "coverage.beyond_credit": gettext_noop(
            "The household has no credit of that amount to give back."
        ),
    }
)


@transaction.atomic
def issue_invoice(
    household: Household,
    start: dt.date,
    end: dt.date,
    *,
    actor: UUID | None,
    issued_on: dt.date | None = None,
) -> Invoice:
    """Ask a household for the premium of the days from `start` up to, not including, `end`.

    All members or nobody. Raises Invalid when nothing is due or a premium is not known.
    """
    _queue(household)
    today = issued_on or timezone.localdate()
    found = cover_of([household.pk], start, end, member_day(start, end, today))
    lines = owed(found.get(household.pk, []), rates(start))
    if not total(one.charge.amount for one in lines):
        raise Invalid("coverage.nothing_due")
    bill = Bill(household, lines)
    write_bills([bill], start, end, today, actor=actor)
    audit.record(
        "coverage.invoice", actor=actor, kind="invoice", object_id=bill.pk,
        content={"start": start, "end": end, "amount": bill.amount.amount},
        area_path=household.area_path, persons=[one.person_id for one in lines],
    )  # fmt: skip
    return Invoice.objects.get(pk=bill.pk)


@transaction.atomic
def cancel_invoice(invoice: Invoice, *, reason: str, actor: UUID | None) -> None:
    """Take an invoice back; its days may be billed again, what was paid becomes credit."""
    reason = clean(reason)
    if len(reason) < SHORTEST_REASON:
        raise Invalid("coverage.reason_short", least=SHORTEST_REASON)
    open_one = Invoice.objects.filter(pk=invoice.pk, cancelled_at=None)
    if not open_one.update(cancelled_at=timezone.now(), cancelled_reason=reason):
        raise Invalid("coverage.cancelled")
    audit.record(
        "coverage.cancel_invoice", actor=actor, kind="invoice", object_id=invoice.pk,
        fields=["cancelled_at"], purpose=reason, area_path=invoice.area_path,
    )  # fmt: skip


@transaction.atomic
def record_payment(
    household: Household,
    amount: Rial,
    *,
    reference: str,
    paid_on: dt.date,
    method: Method = Method.BANK,
    actor: UUID | None,
) -> tuple[Payment, bool]:
    """Write down money received; (payment, whether it is new).

    The same reference, household, amount and day again is the same payment. Raises Invalid when
    the reference stands for anything else.
    """
    _queue(household)
    known = _reference(reference)
    _check(amount, paid_on)
    facts = {"household_id": household.pk, "amount": amount.amount, "paid_on": paid_on}
    made, fresh = Payment.objects.get_or_create(
        reference=known, defaults={**facts, "method": method, "actor": actor}
    )
    if any(getattr(made, name) != value for name, value in facts.items()):
        raise Invalid("coverage.reference_taken", read=known)
    if fresh:
        audit.record(
            "coverage.payment", actor=actor, kind="payment", object_id=made.pk,
            content={"amount": amount.amount, "paid_on": paid_on, "reference": known},
            area_path=household.area_path,
        )  # fmt: skip
    return made, fresh


@transaction.atomic
def refund(
    household: Household,
    amount: Rial,
    *,
    reference: str,
    refunded_on: dt.date,
    reason: str,
    actor: UUID | None,
) -> Refund:
    """Write down credit that was given back. Raises Invalid beyond the credit there is."""
    reason = clean(reason)
    if len(reason) < SHORTEST_REASON:
        raise Invalid("coverage.reason_short", least=SHORTEST_REASON)
    _queue(household)
    known = _reference(reference)
    _check(amount, refunded_on)
    try:
        with transaction.atomic():
            made = Refund.objects.create(
                household=household, reference=known, amount=amount.amount,
                refunded_on=refunded_on, reason=reason, actor=actor,
            )  # fmt: skip
    except IntegrityError as error:
        if "refund_within_credit" in str(error):
            raise Invalid("coverage.beyond_credit") from error
        raise Invalid("coverage.reference_taken", read=known) from error
    audit.record(
        "coverage.refund", actor=actor, kind="refund", object_id=made.pk,
        content={"amount": amount.amount, "reference": known}, purpose=reason,
        area_path=household.area_path,
    )  # fmt: skip
    return made


def _queue(household: Household) -> None:
    """Let two at once about one household follow each other."""
    Household.objects.select_for_update(no_key=True).get(pk=household.pk)


def _reference(typed: str) -> str:
    known = to_latin_digits(clean(typed)).upper()[:LONGEST_REFERENCE]
    if not known:
        raise Invalid("coverage.reference_empty")
    return known


def _check(amount: Rial, day: dt.date) -> None:
    if amount.amount <= 0:
        raise Invalid("coverage.no_amount")
    if day > timezone.localdate():
        raise Invalid("coverage.paid_in_future", read=day)
