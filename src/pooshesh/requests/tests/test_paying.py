"""What of a granted request is paid: not a letter itself, and not to who died."""

import datetime as dt
from uuid import UUID

import pytest
from django.utils import timezone

from pooshesh.access.reach import EVERYWHERE
from pooshesh.conftest import Cast
from pooshesh.kernel.errors import Invalid
from pooshesh.ledger import changing, lists, orders, vouchers
from pooshesh.ledger.models import Commitment
from pooshesh.ledger.payees import Payee
from pooshesh.ledger.registry import kind_of
from pooshesh.people.actions import record_death
from pooshesh.people.models import Person
from pooshesh.requests.models import Kind
from pooshesh.requests.tests.conftest import (
    MILLION,
    SERVICE,
    Bring,
    Committee,
    line,
    meet,
    sign,
    vote,
)

pytestmark = pytest.mark.django_db
SHEBA = "IR062960000000100324200001"
PATIENT, HEIR = Payee("patient", "زهرا رضایی", SHEBA), Payee("heir", "علی رضایی", SHEBA)


def test_a_prior_approval_is_never_drawn(bring: Bring, group: Committee, cast: Cast) -> None:
    coming = timezone.localdate() + dt.timedelta(days=5)
    bring(line(9 * MILLION, on=coming, invoice=""), kind=Kind.APPROVAL)
    session = meet(group)
    vote(session, "approved")
    sign(session)

    with pytest.raises(Invalid) as refusal:
        vouchers.draw(Commitment.objects.get(), PATIENT, actor=cast.finance.pk)

    assert refusal.value.code == "ledger.held"
    assert list(lists.commitments(EVERYWHERE)) == []


@pytest.fixture
def bound(bring: Bring) -> Commitment:
    """Ten million granted by the rules, on no voucher yet."""
    bring(line())
    return Commitment.objects.get()


def dies(patient: Person, actor: UUID) -> None:
    record_death(patient, SERVICE + dt.timedelta(days=2), source="گواهی", actor=actor)


def test_what_was_granted_before_a_death_goes_to_an_heir(
    bound: Commitment, patient: Person, cast: Cast
) -> None:
    before = kind_of("fund.request").payees([bound.object_id])
    dies(patient, cast.lorestan_clerk.pk)

    with pytest.raises(Invalid) as refusal:
        vouchers.draw(bound, PATIENT, actor=cast.finance.pk)
    drawn = vouchers.draw(bound, HEIR, actor=cast.finance.pk)

    assert set(before) == {bound.object_id}
    assert refusal.value.code == "ledger.payee_died"
    assert kind_of("fund.request").payees([bound.object_id]) == {}
    assert drawn.amount == 10 * MILLION


def test_a_voucher_to_who_died_since_is_neither_ordered_nor_released(
    bound: Commitment, patient: Person, cast: Cast
) -> None:
    voucher = vouchers.draw(bound, PATIENT, actor=cast.finance.pk)
    changing.decide_payee(voucher.payee, accept=True, actor=cast.second_finance.pk)
    order = orders.order([voucher], actor=cast.finance.pk)
    dies(patient, cast.lorestan_clerk.pk)

    with pytest.raises(Invalid) as released:
        orders.release(order, actor=cast.releaser.pk)
    orders.refuse(order, why="بیمار درگذشته است", actor=cast.releaser.pk)
    voucher.refresh_from_db()
    with pytest.raises(Invalid) as ordered:
        orders.order([voucher], actor=cast.finance.pk)
    change = changing.propose_payee(voucher, HEIR, why="گواهی حصر وراثت", actor=cast.finance.pk)
    changing.decide_payee(change, accept=True, actor=cast.second_finance.pk)

    assert {released.value.code, ordered.value.code} == {"ledger.payee_died"}
    assert orders.order([voucher], actor=cast.finance.pk).total == 10 * MILLION
