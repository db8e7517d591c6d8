"""What a household owes and paid: exact, once, never below zero."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.coverage import actions, ledger, payments, suspensions, terms
from pooshesh.coverage.actions import Enrolment
from pooshesh.coverage.ledger import allocate
from pooshesh.coverage.models import Account, Invoice, InvoiceLine, Payment, Reason, Scheme, Spell
from pooshesh.coverage.tests.conftest import NEW_YEAR, NEXT_YEAR, REASON, YEARLY, Family
from pooshesh.kernel.calendar import from_jalali
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.kernel.money import Rial, total

PAID_ON = dt.date(2025, 1, 1)


def bill(family: Family, start: dt.date = NEW_YEAR, end: dt.date = NEXT_YEAR) -> Invoice:
    return payments.issue_invoice(family.household, start, end, actor=None)


def pay(
    family: Family, amount: int, reference: str = "۱۲۳", **more: object
) -> tuple[Payment, bool]:
    given_facts = {"reference": reference, "paid_on": PAID_ON, "actor": None} | more
    return payments.record_payment(family.household, Rial(amount), **given_facts)  # type: ignore[arg-type]


def give_back(family: Family, amount: int, reference: str = "R1") -> None:
    payments.refund(
        family.household, Rial(amount), reference=reference, refunded_on=PAID_ON, reason=REASON,
        actor=None,
    )  # fmt: skip


def test_a_year_is_billed_for_every_member(insured: Family) -> None:
    made = bill(insured)
    connection.check_constraints()

    assert made.amount == 2 * YEARLY
    assert InvoiceLine.objects.filter(invoice=made).count() == 2
    assert ledger.balance(insured.household.pk).owed == Rial(2 * YEARLY)
    assert made.due_on == made.issued_on + terms.PAYMENT


def test_what_was_billed_is_not_billed_again(insured: Family) -> None:
    month = bill(insured, NEW_YEAR, from_jalali(1403, 2, 1))

    rest = bill(insured)

    assert month.amount + rest.amount == 2 * YEARLY
    with pytest.raises(Invalid, match="nothing is due"):
        bill(insured)


def test_a_cancelled_invoice_may_be_billed_again(insured: Family) -> None:
    first = bill(insured)
    payments.cancel_invoice(first, reason=REASON, actor=None)

    assert bill(insured).amount == first.amount
    assert ledger.balance(insured.household.pk).billed == Rial(2 * YEARLY)
    with pytest.raises(Invalid, match="cancelled before"):
        payments.cancel_invoice(first, reason=REASON, actor=None)


def test_an_unknown_premium_bills_nobody(insured: Family) -> None:
    with pytest.raises(Invalid, match="is not known"):
        bill(insured, NEXT_YEAR, from_jalali(1405, 1, 1))

    assert not Invoice.objects.exists()
    assert not Account.objects.filter(billed__gt=0).exists()


def test_free_cover_is_not_billed(family: Family) -> None:
    actions.enrol(
        [Enrolment(family.zahra.pk, Scheme.UNIVERSAL, 0)], area=family.zahra.area, on=NEW_YEAR,
        actor=None,
    )  # fmt: skip

    with pytest.raises(Invalid, match="nothing is due"):
        bill(family)


def test_suspended_days_are_not_billed(insured: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    half = from_jalali(1403, 7, 1)
    monkeypatch.setattr(timezone, "localdate", lambda: NEW_YEAR)
    suspensions.give_notice(insured.zahra, Reason.ARREARS, half, actor=None)
    suspensions.suspend(insured.zahra, Reason.ARREARS, half, actor=None)

    made = bill(insured)

    assert made.amount == YEARLY + (2 * YEARLY * 186 + 366) // (2 * 366)


def test_part_of_the_money_leaves_the_rest_owed(insured: Family) -> None:
    bill(insured)

    pay(insured, YEARLY)

    standing = ledger.invoices(insured.household.pk, ledger.balance(insured.household.pk))
    assert [one.unpaid for one in standing] == [Rial(YEARLY)]


def test_too_much_money_is_credit_that_pays_the_next_invoice(insured: Family) -> None:
    bill(insured, NEW_YEAR, from_jalali(1403, 2, 1))
    pay(insured, 2 * YEARLY)
    before = ledger.balance(insured.household.pk)

    bill(insured)

    after = ledger.balance(insured.household.pk)
    assert before.credit.amount > 0
    assert (after.owed, after.credit) == (Rial(0), Rial(0))


def test_a_reference_counts_once(insured: Family) -> None:
    first, fresh = pay(insured, 5_000_000)

    again, twice = pay(insured, 5_000_000, "123")

    assert (fresh, twice, again) == (True, False, first)
    assert ledger.balance(insured.household.pk).paid == Rial(5_000_000)
    assert Event.objects.filter(action="coverage.payment").count() == 1


@pytest.mark.parametrize(
    ("amount", "more"), [(5_000_001, {}), (5_000_000, {"paid_on": dt.date(2025, 1, 2)})]
)
def test_a_reference_of_another_payment_is_refused(
    insured: Family, amount: int, more: dict[str, object]
) -> None:
    pay(insured, 5_000_000)

    with pytest.raises(Invalid, match="never counted twice"):
        pay(insured, amount, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [0, -1])
def test_no_money_is_no_payment(insured: Family, amount: int) -> None:
    with pytest.raises(Invalid, match="expected more"):
        pay(insured, amount)


def test_a_payment_is_never_of_tomorrow(insured: Family) -> None:
    with pytest.raises(Invalid, match="lies in the future"):
        pay(insured, 1, paid_on=timezone.localdate() + dt.timedelta(days=1))


def test_credit_is_given_back_and_no_more(insured: Family) -> None:
    bill(insured)
    pay(insured, 2 * YEARLY + 1_000)

    with pytest.raises(Invalid, match="no credit"):
        give_back(insured, 1_001)
    give_back(insured, 1_000)

    balance = ledger.balance(insured.household.pk)
    assert (balance.credit, balance.owed, balance.refunded) == (Rial(0), Rial(0), Rial(1_000))
    with pytest.raises(Invalid, match="no credit"):
        give_back(insured, 1, "R2")


def test_the_database_keeps_payments_as_they_were(insured: Family) -> None:
    made, _ = pay(insured, 5_000_000)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Payment.objects.filter(pk=made.pk).update(amount=1)


def test_the_database_bills_no_day_twice(insured: Family) -> None:
    line = InvoiceLine.objects.get(invoice=bill(insured), person=insured.ali)
    line.pk = None

    with pytest.raises(IntegrityError, match="billed_once_a_day"), transaction.atomic():
        line.save(force_insert=True)


def test_the_database_adds_the_lines_up(insured: Family) -> None:
    line = InvoiceLine.objects.filter(invoice=bill(insured)).first()
    connection.check_constraints()
    assert line is not None

    with pytest.raises(IntegrityError, match="invoice_lines_add_up"):
        change(line)


@transaction.atomic
def change(line: InvoiceLine) -> None:
    InvoiceLine.objects.filter(pk=line.pk).update(amount=line.amount + 1)
    connection.check_constraints()


def test_an_account_is_never_negative(insured: Family) -> None:
    pay(insured, 1)

    with pytest.raises(IntegrityError, match="account_never_negative"), transaction.atomic():
        Account.objects.update(paid=-1)


@given(st.lists(st.integers(1, 10**9), max_size=8), st.integers(0, 10**10))
def test_money_goes_to_what_was_due_first(amounts: list[int], paid: int) -> None:
    found = allocate([Invoice(amount=one) for one in amounts], Rial(paid))

    unpaid = [one.unpaid.amount for one in found]
    assert total(one.unpaid for one in found) == Rial(max(0, sum(amounts) - paid))
    assert all(0 <= left <= one for left, one in zip(unpaid, amounts, strict=True))
    touched = [left for left, one in zip(unpaid, amounts, strict=True) if 0 < left < one]
    assert len(touched) <= 1


def test_spells_stay_as_they_were(insured: Family) -> None:
    before = list(Spell.objects.order_by("pk").values())

    pay(insured, 1)
    bill(insured)

    assert list(Spell.objects.order_by("pk").values()) == before
