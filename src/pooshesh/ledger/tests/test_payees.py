"""Whom money is paid to: one person alone never pays another than was agreed."""

import pytest
from django.urls import reverse
from django.utils import timezone

from pooshesh.conftest import Cast, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.money import Rial
from pooshesh.ledger import changing, orders, registry, vouchers
from pooshesh.ledger.models import Commitment, PayeeRecord, Voucher
from pooshesh.ledger.payees import Payee, opened
from pooshesh.ledger.tests.conftest import (
    OTHER_SHEBA,
    REASON,
    SHEBA,
    Decide,
    ordered,
    payee,
    sent,
)
from pooshesh.ledger.tests.test_pages import text
from pooshesh.people.models import Death, Person

OTHER = payee("شخص دیگر", OTHER_SHEBA)


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> dict[object, Payee]:
    """Object of a decision → whom the decision names."""
    known: dict[object, Payee] = {}

    def payees(ids: object) -> dict[object, Payee]:
        return {pk: known[pk] for pk in ids if pk in known}  # type: ignore[attr-defined]

    kind = registry.Kind("fund.request", "request", payees=payees)  # type: ignore[arg-type]
    monkeypatch.setitem(registry._kinds, "fund.request", kind)
    return known


def shebas(voucher: Voucher) -> dict[str, str]:
    """State of a payee → its sheba."""
    return {one.state: opened(one).sheba for one in PayeeRecord.objects.filter(voucher=voucher)}


def test_another_payee_than_the_decision_names_waits_for_a_second_person(
    decide: Decide, cast: Cast, named: dict[object, Payee]
) -> None:
    one = decide()
    named[one.object_id] = payee()

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

    assert shebas(first) == {"first": SHEBA}
    assert shebas(second) == {"known": SHEBA, "waiting": OTHER_SHEBA}


def test_another_payee_without_a_reason_is_refused(decide: Decide, cast: Cast) -> None:
    one = decide()
    vouchers.draw(one, payee(), Rial(5), actor=cast.finance.pk)

    with pytest.raises(Invalid) as refused:
        vouchers.draw(one, OTHER, actor=cast.finance.pk)

    assert refused.value.code == "ledger.another_payee"


def test_the_same_account_typed_another_way_is_no_change(
    decide: Decide, cast: Cast, named: dict[object, Payee]
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
    decide: Decide, cast: Cast, as_user: SignIn, named: dict[object, Payee]
) -> None:
    known, unknown = decide(), decide()
    named[known.object_id] = payee()
    named[unknown.object_id] = payee(sheba="")

    shown = text(as_user(cast.finance).post(reverse("ledger:draw_known"), follow=True))

    assert Voucher.objects.get().commitment_id == known.pk
    assert "کنار گذاشته‌شده: ۱ مورد" in shown


# --- who died -----------------------------------------------------------------------------------


def died(patient: Person) -> None:
    Death.objects.create(person=patient, on=timezone.localdate(), source="ثبت احوال")


def test_money_of_a_patient_who_died_goes_to_an_heir(
    decide: Decide, patient: Person, cast: Cast
) -> None:
    one = decide(person=patient.pk)
    died(patient)

    with pytest.raises(Invalid) as refused:
        vouchers.draw(one, payee(), actor=cast.finance.pk)
    made = vouchers.draw(one, Payee("heir", "علی", OTHER_SHEBA), actor=cast.finance.pk)

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


def test_an_account_nobody_named_is_shown_as_written_by_hand(
    decide: Decide, cast: Cast, as_user: SignIn
) -> None:
    one: Commitment = decide()
    form = {"once": uuid7(), "amount": one.amount, "kind": "patient", "name": "زهرا"}

    as_user(cast.finance).post(
        reverse("ledger:draw", args=[one.pk]), {**form, "sheba": SHEBA}, follow=True
    )

    assert shebas(Voucher.objects.get()) == {"first": SHEBA}
