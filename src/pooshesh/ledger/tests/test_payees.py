"""Whom money is paid to: one person alone never pays another than was agreed."""

import pytest
from django.urls import reverse
from django.utils import timezone

from pooshesh.conftest import Cast, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.money import Rial
from pooshesh.ledger import bank_files, changing, lists, orders, vouchers
from pooshesh.ledger.models import PayeeRecord, Payment, Voucher
from pooshesh.ledger.payees import Payee, opened
from pooshesh.ledger.tests.conftest import (
    OTHER_SHEBA,
    REASON,
    SHEBA,
    Decide,
    Named,
    ordered,
    payee,
    sent,
)
from pooshesh.ledger.tests.test_pages import text
from pooshesh.people.models import Death, Person

OTHER = payee("شخص دیگر", OTHER_SHEBA)


def shebas(voucher: Voucher) -> dict[str, str]:
    """State of a payee → its sheba."""
    return {one.state: opened(one).sheba for one in PayeeRecord.objects.filter(voucher=voucher)}


def test_another_payee_than_the_decision_names_waits_for_a_second_person(
    decide: Decide, cast: Cast
) -> None:
    one = decide()

    made = vouchers.draw(one, OTHER, why=REASON, actor=cast.finance.pk)

    assert shebas(made) == {"known": SHEBA, "waiting": OTHER_SHEBA}
    with pytest.raises(Invalid) as refused:
        ordered(cast, made)
    assert refused.value.code == "ledger.change_open"
    change = PayeeRecord.objects.get(state="waiting")
    with pytest.raises(Invalid) as alone:
        changing.decide_payee(change, accept=True, actor=cast.finance.pk)
    assert alone.value.code == "ledger.same_person"
    changing.decide_payee(change, accept=True, actor=cast.second_finance.pk)
    assert opened(Voucher.objects.get().payee).sheba == OTHER_SHEBA


def test_a_voucher_drawn_anew_for_another_waits_for_a_second_person(
    decide: Decide, cast: Cast
) -> None:
    one = decide()
    first = vouchers.draw(one, payee(), actor=cast.finance.pk)
    vouchers.cancel(first, why=REASON, actor=cast.finance.pk)

    second = vouchers.draw(one, OTHER, why=REASON, actor=cast.finance.pk)

    assert shebas(first) == {"known": SHEBA}
    assert shebas(second) == {"known": SHEBA, "waiting": OTHER_SHEBA}


def test_another_payee_without_a_reason_is_refused(decide: Decide, cast: Cast) -> None:
    one = decide()
    vouchers.draw(one, payee(), Rial(5), actor=cast.finance.pk)

    with pytest.raises(Invalid) as refused:
        vouchers.draw(one, OTHER, actor=cast.finance.pk)

    assert refused.value.code == "ledger.another_payee"


def test_the_same_account_typed_another_way_is_no_change(
    decide: Decide, cast: Cast, named: Named
) -> None:
    one = decide()
    named[one.object_id] = payee("زهرا  رضایي", "ir06 2960 0000 0010 0324 2000 01")

    made = vouchers.draw(one, payee(), actor=cast.finance.pk)

    assert shebas(made) == {"known": SHEBA}


def test_a_cancelled_voucher_takes_its_waiting_change_with_it(decide: Decide, cast: Cast) -> None:
    one = decide()
    vouchers.draw(one, payee(), Rial(5), actor=cast.finance.pk)
    made = vouchers.draw(one, OTHER, why=REASON, actor=cast.finance.pk)

    vouchers.cancel(made, why=REASON, actor=cast.finance.pk)

    assert shebas(made) == {"known": SHEBA, "refused": OTHER_SHEBA}


def test_the_order_shows_the_account_and_how_each_payee_came(
    voucher: Voucher, cast: Cast, as_user: SignIn
) -> None:
    change = changing.propose_payee(voucher, OTHER, why=REASON, actor=cast.finance.pk)
    changing.decide_payee(change, accept=True, actor=cast.second_finance.pk)
    order = ordered(cast, voucher)

    shown = text(as_user(cast.releaser).get(reverse("ledger:order", args=[order.pk])))

    assert OTHER_SHEBA[-4:] in shown
    assert OTHER_SHEBA not in shown
    assert "نفر دوم تأیید کرد" in shown


# --- many at once ------------------------------------------------------------------------------


def test_decisions_without_an_account_do_not_stop_the_others(
    decide: Decide, cast: Cast, as_user: SignIn, named: Named
) -> None:
    known, unknown = decide(), decide()
    named[unknown.object_id] = payee(sheba="")

    shown = text(as_user(cast.finance).post(reverse("ledger:draw_known"), follow=True))

    assert Voucher.objects.get().commitment_id == known.pk
    assert "کنار گذاشته‌شده: ۱ مورد" in shown


# --- who died -----------------------------------------------------------------------------------


def died(patient: Person) -> None:
    Death.objects.create(person=patient, on=timezone.localdate(), source="ثبت احوال")


def test_money_of_a_patient_who_died_goes_to_an_heir(
    decide: Decide, patient: Person, cast: Cast, named: Named
) -> None:
    one = decide(person=patient.pk)
    died(patient)

    with pytest.raises(Invalid) as refused:
        vouchers.draw(one, payee(), actor=cast.finance.pk)
    named[one.object_id] = heir = Payee("heir", "علی", OTHER_SHEBA)
    made = vouchers.draw(one, heir, actor=cast.finance.pk)

    assert refused.value.code == "ledger.payee_died"
    assert sent(cast, made).state == "sent"


def test_what_was_drawn_before_the_death_is_not_ordered_nor_released(
    voucher: Voucher, patient: Person, cast: Cast
) -> None:
    order = ordered(cast, voucher)
    died(patient)

    with pytest.raises(Invalid) as refused:
        orders.release(order, actor=cast.releaser.pk)
    orders.refuse(order, why=REASON, actor=cast.releaser.pk)
    with pytest.raises(Invalid) as again:
        ordered(cast, voucher)

    assert (refused.value.code, again.value.code) == ("ledger.payee_died",) * 2


def test_a_released_payment_is_held_when_the_death_becomes_known(
    voucher: Voucher, patient: Person, cast: Cast, as_user: SignIn
) -> None:
    order = orders.release(ordered(cast, voucher), actor=cast.releaser.pk)
    died(patient)

    with pytest.raises(Invalid) as refused:
        bank_files.send(order, actor=cast.finance.pk)
    asked = text(as_user(cast.releaser).get(reverse("home")))
    shown = text(as_user(cast.releaser).get(reverse("ledger:order", args=[order.pk])))
    as_user(cast.releaser).post(
        reverse("ledger:order_act", args=[order.pk, "refuse"]), {"why": REASON}
    )

    assert refused.value.code == "ledger.payee_died"
    assert "پرداخت‌های آزادشده بیمارانی که سپس درگذشته‌اند" in asked
    assert "بیمار این سندها سپس درگذشته است" in shown
    assert Voucher.objects.get().state == "vouchered"
    assert not Payment.objects.exists()


# --- whom nobody named before ------------------------------------------------------------------


@pytest.fixture
def by_hand(decide: Decide, cast: Cast, as_user: SignIn, named: Named) -> Voucher:
    """A voucher whose account finance wrote, where the decision names none."""
    one = decide()
    named[one.object_id] = None
    form = {"once": uuid7(), "amount": one.amount, "kind": "patient", "name": "زهرا"}
    as_user(cast.finance).post(reverse("ledger:draw", args=[one.pk]), {**form, "sheba": SHEBA})
    return Voucher.objects.get()


def test_an_account_nobody_named_before_is_paid_when_a_second_person_agrees(
    by_hand: Voucher, cast: Cast
) -> None:
    with pytest.raises(Invalid) as waits:
        ordered(cast, by_hand)
    with pytest.raises(Invalid) as alone:
        changing.decide_payee(by_hand.payee, accept=True, actor=cast.finance.pk)
    changing.decide_payee(by_hand.payee, accept=True, actor=cast.second_finance.pk)

    assert (waits.value.code, alone.value.code) == ("ledger.change_open", "ledger.same_person")
    assert shebas(by_hand) == {"accepted": SHEBA}
    assert sent(cast, by_hand).state == "sent"


def test_an_account_the_second_person_refused_is_not_paid(by_hand: Voucher, cast: Cast) -> None:
    changing.decide_payee(by_hand.payee, accept=False, actor=cast.second_finance.pk)

    with pytest.raises(Invalid) as refused:
        ordered(cast, by_hand)

    assert refused.value.code == "ledger.payee_alone"
    assert not lists.waiting(cast.finance.reach("ledger.order")).exists()
    change = changing.propose_payee(by_hand, OTHER, why=REASON, actor=cast.finance.pk)
    changing.decide_payee(change, accept=True, actor=cast.second_finance.pk)
    assert sent(cast, by_hand).state == "sent"


def test_what_one_person_wrote_and_cancelled_is_nobodys_agreement(
    by_hand: Voucher, cast: Cast
) -> None:
    vouchers.cancel(by_hand, why=REASON, actor=cast.finance.pk)

    again = vouchers.draw(by_hand.commitment, payee(), actor=cast.finance.pk)

    assert shebas(again) == {"waiting": SHEBA}


def test_the_second_person_sees_that_nobody_named_the_account(
    by_hand: Voucher, cast: Cast, as_user: SignIn
) -> None:
    second = as_user(cast.second_finance)

    shown = text(second.get(reverse("ledger:voucher", args=[by_hand.pk])))

    assert "کسی پیش‌تر این حساب را نگفته است" in shown
    assert "کسی پیش‌تر این حساب را نگفته است" in text(second.get(reverse("ledger:changes")))
