"""A form of money that is pressed twice makes one thing."""

from uuid import UUID

import pytest
from django.urls import reverse

from pooshesh.conftest import Cast, Country, SignIn, at_once
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.money import Rial
from pooshesh.ledger import advances, budgets, prove, vouchers
from pooshesh.ledger.models import Account, Advance, Allocation, Budget, Voucher
from pooshesh.ledger.payees import Payee
from pooshesh.ledger.tests.conftest import (
    ALLOCATED,
    MILLION,
    OTHER_SHEBA,
    SHEBA,
    Decide,
    payee,
)
from pooshesh.places.models import Facility

real = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PROVIDER = Payee("provider", "بیمارستان", SHEBA)


@real
def test_a_law_and_an_allocation_pressed_twice_at_once_are_one(
    country: Country, cast: Cast
) -> None:
    law, given, back = uuid7(), uuid7(), uuid7()
    who = cast.fund_manager.pk

    def allocate() -> object:
        return budgets.allocate(country.lorestan, 1404, Rial(8), once=given, actor=who)

    def take_back() -> object:
        return budgets.take_back(country.lorestan, 1404, Rial(3), note="", once=back, actor=who)

    done = [
        at_once(*[lambda: budgets.enact(1404, Rial(ALLOCATED), "قانون", once=law, actor=who)] * 2),
        at_once(*[allocate] * 2),
        at_once(*[take_back] * 2),
    ]

    assert done == [["", ""]] * 3
    assert Budget.objects.get().pk == law
    assert set(Allocation.objects.values_list("pk", "amount")) == {(given, 8), (back, -3)}
    assert Account.objects.get(code="available", province="15").balance == 5
    assert prove.prove().faults == []


@real
def test_a_share_and_an_advance_pressed_twice_at_once_are_one(
    decide: Decide, hospital: Facility, year: int, cast: Cast
) -> None:
    one, share, ahead = decide(), uuid7(), uuid7()
    who = cast.finance.pk

    drawn = at_once(*[lambda: vouchers.draw(one, payee(), Rial(4), once=share, actor=who)] * 2)
    given = at_once(*[lambda: advance(hospital, year, ahead, who)] * 2)

    assert (drawn, given) == (["", ""], ["", ""])
    assert Voucher.objects.filter(commitment=one).get().pk == share
    assert Advance.objects.get().pk == ahead
    assert Voucher.objects.count() == 2
    assert prove.prove().faults == []


def advance(hospital: Facility, year: int, once: UUID, actor: UUID) -> Advance:
    amount = Rial(100 * MILLION)
    return advances.advance(
        hospital, year, amount, PROVIDER, purpose="دارو", once=once, actor=actor
    )


@pytest.mark.parametrize(
    ("amount", "sheba"), [(5, SHEBA), (4, OTHER_SHEBA)], ids=["amount", "sheba"]
)
def test_the_same_form_with_something_else_in_it_is_refused(
    decide: Decide, cast: Cast, amount: int, sheba: str
) -> None:
    one, once = decide(), uuid7()
    vouchers.draw(one, payee(), Rial(4), once=once, actor=cast.finance.pk)

    with pytest.raises(Invalid) as refused:
        vouchers.draw(one, payee(sheba=sheba), Rial(amount), once=once, actor=cast.finance.pk)

    assert refused.value.code == "once.changed"


def test_a_form_carries_its_number_and_none_is_taken_without(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    law = {"year": "1403", "amount": 50 * 10**12, "citation": "تبصره ۱۷"}
    manager = as_user(cast.fund_manager)

    form = manager.get(reverse("ledger:law")).content.decode()
    manager.post(reverse("ledger:law"), law)

    assert 'type="hidden" name="once"' in form
    assert not Budget.objects.exists()
