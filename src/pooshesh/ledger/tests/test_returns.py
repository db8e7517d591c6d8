"""Money that is cancelled, given back or advanced; years that are closed; limits."""

import pytest
from django.utils import timezone

from pooshesh.conftest import Cast, Country
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.ledger import advances, budgets, changing, orders, prove
from pooshesh.ledger import vouchers as actions
from pooshesh.ledger.models import (
    Account,
    Advance,
    Voucher,
)
from pooshesh.ledger.tests.conftest import (
    ALLOCATED,
    MILLION,
    REASON,
    Bring,
    findings,
    payee,
    payment,
    said,
    sent,
)
from pooshesh.ledger.tests.test_money import balance
from pooshesh.places.models import Facility


def test_a_cancelled_voucher_gives_its_money_to_the_commitment(
    voucher: Voucher, cast: Cast
) -> None:
    actions.cancel(voucher, why=REASON, actor=cast.finance.pk)

    again = actions.draw(voucher.commitment, payee(), actor=cast.finance.pk)

    assert (again.number, balance("vouchered")) == (voucher.number + 1, 10 * MILLION)
    assert prove.prove().faults == []


def test_a_paid_voucher_is_not_cancelled(voucher: Voucher, cast: Cast, bring: Bring) -> None:
    sent(cast, voucher)
    bring([said("paid", payment(voucher), "1")])
    paid = Voucher.objects.get(pk=voucher.pk)

    with pytest.raises(Invalid) as refused:
        actions.cancel(paid, why=REASON, actor=cast.finance.pk)

    assert refused.value.code == "transition.refused"


def refund(voucher: Voucher, amount: int, reference: str = "R-1") -> object:
    return actions.refund(
        voucher, Rial(amount), reference=reference, on=timezone.localdate(), why=REASON, actor=None
    )


def test_money_given_back_is_free_again_and_counted_once(
    voucher: Voucher, cast: Cast, bring: Bring
) -> None:
    sent(cast, voucher)
    bring([said("paid", payment(voucher), "1")])

    first = refund(voucher, 4 * MILLION)
    again = refund(voucher, 4 * MILLION)

    assert again == first
    assert balance("available") == ALLOCATED - 6 * MILLION
    assert prove.prove().faults == []


@pytest.mark.parametrize(
    ("amount", "reference", "code"),
    [
        (6 * MILLION + 1, "R-2", "ledger.beyond_paid"),
        (1, "R-1", "ledger.reference_taken"),
        (0, "R-2", "ledger.no_amount"),
        (1, " ", "ledger.reference_empty"),
    ],
)
def test_no_more_is_given_back_than_was_paid(
    voucher: Voucher, cast: Cast, bring: Bring, amount: int, reference: str, code: str
) -> None:
    sent(cast, voucher)
    bring([said("paid", payment(voucher), "1")])
    refund(voucher, 4 * MILLION)

    with pytest.raises(Invalid) as refused:
        refund(voucher, amount, reference)

    assert refused.value.code == code


def test_a_payment_given_back_in_part_does_not_come_back_whole(
    voucher: Voucher, cast: Cast, bring: Bring
) -> None:
    sent(cast, voucher)
    bring([said("paid", payment(voucher), "1")])
    refund(voucher, 1)

    bring([said("returned", payment(voucher), "2")], "next.csv")

    assert findings() == ["given_back"]
    assert prove.prove().faults == []


@pytest.fixture
def advance(hospital: Facility, year: int, cast: Cast, bring: Bring) -> Advance:
    """A hundred million, paid to the hospital."""
    made = advances.advance(
        hospital, year, Rial(100 * MILLION), payee("بیمارستان"), purpose="داروی بیماران",
        actor=cast.finance.pk,
    )  # fmt: skip
    voucher = Voucher.objects.get(advance=True)
    changing.decide_payee(voucher.payee, accept=True, actor=cast.second_finance.pk)
    sent(cast, voucher)
    bring([said("paid", payment(voucher), "1")])
    return made


def certificate(advance: Advance, cast: Cast, amount: int, number: str = "گ-۱") -> object:
    return advances.certify(
        advance, Rial(amount), number=number, on=timezone.localdate(), patients=3, disease="sma",
        actor=cast.finance.pk,
    )  # fmt: skip


def test_an_advance_counts_as_paid_once_its_use_was_shown(advance: Advance, cast: Cast) -> None:
    shown = certificate(advance, cast, 60 * MILLION)

    advances.decide(shown, accept=True, actor=cast.second_finance.pk)  # type: ignore[arg-type]

    assert (balance("advanced"), balance("paid")) == (40 * MILLION, 60 * MILLION)
    refund(Voucher.objects.get(advance=True), 40 * MILLION)
    assert (balance("advanced"), balance("available")) == (0, ALLOCATED - 60 * MILLION)
    assert prove.prove().faults == []


def test_whoever_recorded_a_certificate_does_not_accept_it(advance: Advance, cast: Cast) -> None:
    shown = certificate(advance, cast, 1)

    with pytest.raises(Invalid) as refused:
        advances.decide(shown, accept=True, actor=cast.finance.pk)  # type: ignore[arg-type]

    assert refused.value.code == "ledger.same_person"


@pytest.mark.parametrize(
    ("amount", "number", "code"),
    [
        (100 * MILLION + 1, "2", "ledger.beyond_advance"),
        (1, "گ-1", "ledger.certificate_taken"),
        (1, "", "ledger.certificate_number"),
    ],
)
def test_a_certificate_that_does_not_fit_is_refused(
    advance: Advance, cast: Cast, amount: int, number: str, code: str
) -> None:
    certificate(advance, cast, 1)

    with pytest.raises(Invalid) as refused:
        certificate(advance, cast, amount, number)

    assert refused.value.code == code


def test_two_certificates_do_not_pass_an_advance_together(advance: Advance, cast: Cast) -> None:
    first, second = (certificate(advance, cast, 60 * MILLION, n) for n in ("1", "2"))
    advances.decide(first, accept=True, actor=cast.second_finance.pk)  # type: ignore[arg-type]

    with pytest.raises(Invalid) as refused:
        advances.decide(second, accept=True, actor=cast.second_finance.pk)  # type: ignore[arg-type]

    assert refused.value.code == "ledger.beyond_advance"


def test_at_the_years_end_what_is_free_lapses_and_what_is_bound_is_paid(
    voucher: Voucher, year: int, cast: Cast, bring: Bring
) -> None:
    ended = budgets.close_year(year, actor=cast.fund_manager.pk)

    sent(cast, voucher)
    bring([said("paid", payment(voucher), "1")])
    refund(voucher, MILLION)

    assert ended.lapsed == 10 * ALLOCATED - 10 * MILLION
    assert (balance("available"), balance("paid")) == (0, 9 * MILLION)
    assert Account.objects.get(code="lapsed", province="15").balance == ALLOCATED - 9 * MILLION
    assert prove.prove().faults == []


def test_a_closed_year_takes_nothing_new(year: int, country: Country, cast: Cast) -> None:
    budgets.close_year(year, actor=cast.fund_manager.pk)

    with pytest.raises(Invalid) as refused:
        budgets.allocate(country.lorestan, year, Rial(1), actor=cast.fund_manager.pk)

    assert refused.value.code == "ledger.year_closed"


def test_no_more_is_allocated_than_the_law_gave(year: int, country: Country) -> None:
    with pytest.raises(Invalid) as refused:
        budgets.allocate(country.tehran, year, Rial(9 * ALLOCATED + 1), actor=None)

    assert refused.value.params["left"] == Rial(9 * ALLOCATED)


def test_only_what_is_free_is_taken_back(voucher: Voucher, year: int, country: Country) -> None:
    with pytest.raises(Invalid) as refused:
        budgets.take_back(country.lorestan, year, Rial(ALLOCATED), note="", actor=None)

    assert refused.value.params["left"] == Rial(ALLOCATED - 10 * MILLION)


def test_a_limit_holds_from_its_day_on(cast: Cast, db: None) -> None:
    budgets.set_limit("order", None, Rial(7), actor=None)
    budgets.set_limit("order", cast.finance.pk, Rial(9), actor=None)

    assert orders.limit_of("order", cast.finance.pk) == Rial(9)
    assert orders.limit_of("order", cast.second_finance.pk) == Rial(7)
