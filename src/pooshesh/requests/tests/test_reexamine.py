"""An interest declared after the vote is kept at once; what follows where money moved already."""

import pytest
from django.db import IntegrityError, transaction

from pooshesh.conftest import Cast
from pooshesh.kernel.errors import Invalid
from pooshesh.ledger import bank_files, changing, orders
from pooshesh.ledger.models import Commitment, Voucher
from pooshesh.ledger.payees import Payee
from pooshesh.ledger.vouchers import cancel, draw
from pooshesh.meetings import minutes, sitting
from pooshesh.meetings.models import Conflict, Decision, Matter, Session
from pooshesh.meetings.sitting import Declared
from pooshesh.requests import ending
from pooshesh.requests.models import CeilingUse, Decider, Request, RequestStep, State
from pooshesh.requests.tests.conftest import MILLION, Bring, Committee, line, meet, put, sign, vote

pytestmark = pytest.mark.django_db
SHEBA = "IR062960000000100324200001"


@pytest.fixture
def granted(bring: Bring, committee: Committee) -> Request:
    """A request outside the rules that the committee granted."""
    request = bring(line(10 * MILLION, "other"))
    session = meet(committee)
    vote(session, "approved")
    sign(session)
    return Request.objects.get(pk=request.pk)


@pytest.fixture
def voucher(granted: Request, cast: Cast) -> Voucher:
    commitment = Commitment.objects.get(object_id=granted.pk)
    made = draw(commitment, Payee("patient", "زهرا", SHEBA), actor=cast.finance.pk)
    return changing.decide_payee(made.payee, accept=True, actor=cast.second_finance.pk)


def declare(request: Request, committee: Committee) -> Declared:
    matter = Matter.objects.get(object_id=request.pk)
    return sitting.declare(
        matter, committee.members["patients"], reason="خویشاوند بیمار", actor=None
    )


def test_an_interest_is_kept_though_a_voucher_stands(
    granted: Request, voucher: Voucher, committee: Committee
) -> None:
    declared = declare(granted, committee)

    granted.refresh_from_db()
    matter = Matter.objects.get(object_id=granted.pk)
    assert Conflict.objects.count() == len(declared.set_aside) == len(declared.told) == 1
    assert (granted.state, granted.provisional) == (State.APPROVED, True)
    assert (matter.state, matter.urgent) == ("waiting", True)
    assert Commitment.objects.get().held
    assert RequestStep.objects.filter(request=granted, verb="question").exists()


def test_what_is_held_is_not_ordered(
    granted: Request, voucher: Voucher, committee: Committee, cast: Cast
) -> None:
    declare(granted, committee)

    with pytest.raises(Invalid) as refusal:
        orders.order([voucher], actor=cast.finance.pk)

    assert refusal.value.code == "ledger.payment_held"


def test_what_is_held_after_the_order_is_not_released(
    granted: Request, voucher: Voucher, committee: Committee, cast: Cast
) -> None:
    order = orders.order([voucher], actor=cast.finance.pk)
    declare(granted, committee)

    with pytest.raises(Invalid) as refusal:
        orders.release(order, actor=cast.releaser.pk)

    assert refusal.value.code == "ledger.payment_held"
    assert orders.refuse(order, why="رأی دوباره گرفته می‌شود", actor=cast.releaser.pk)


def test_what_is_held_after_the_release_goes_to_no_bank(
    granted: Request, voucher: Voucher, committee: Committee, cast: Cast
) -> None:
    order = orders.order([voucher], actor=cast.finance.pk)
    released = orders.release(order, actor=cast.releaser.pk)
    declare(granted, committee)

    with pytest.raises(Invalid) as refusal:
        bank_files.send(released, actor=cast.finance.pk)

    assert refusal.value.code == "ledger.payment_held"


def test_the_database_refuses_to_order_what_is_held(
    granted: Request, voucher: Voucher, committee: Committee
) -> None:
    declare(granted, committee)

    with pytest.raises(IntegrityError, match="ledger_is_held"), transaction.atomic():
        Voucher.objects.filter(pk=voucher.pk).update(state="ordered")


def test_the_body_confirms_and_the_payment_goes_on(
    granted: Request, voucher: Voucher, committee: Committee, cast: Cast
) -> None:
    declare(granted, committee)

    motion = vote(meet(committee), "approved")

    granted.refresh_from_db()
    assert (granted.state, granted.provisional) == (State.APPROVED, False)
    assert (granted.decided_by, granted.motion_id) == (Decider.COMMITTEE, motion.pk)
    assert Decision.objects.get(motion=motion).counted == 4  # without who has the interest
    assert orders.order([voucher], actor=cast.finance.pk).count == 1


def test_the_body_decides_otherwise_once_the_voucher_is_cancelled(
    granted: Request, voucher: Voucher, committee: Committee, cast: Cast
) -> None:
    declare(granted, committee)
    motion = put(meet(committee), "rejected", "بی‌اثر است")
    with pytest.raises(Invalid) as refusal:
        sitting.count(motion, actor=None)
    cancel(voucher, why="رأی دوباره گرفته می‌شود", actor=cast.finance.pk)

    sitting.count(motion, actor=None)

    granted.refresh_from_db()
    assert refusal.value.code == "request.voucher_stands"
    assert (granted.state, granted.payable) == (State.REJECTED, 0)
    assert Commitment.objects.get().state == "cancelled"
    assert CeilingUse.objects.get().used == 0


def test_an_interest_in_a_decision_that_another_replaced_leaves_the_new_one(
    bring: Bring, committee: Committee, cast: Cast
) -> None:
    request = bring(line(10 * MILLION, "other"))
    vote(meet(committee), "deferred", "گزارش پزشک کجاست؟")
    first = Matter.objects.get(object_id=request.pk)
    ending.answer(request, text="پیوست شد", actor=cast.fund_clerk.pk)
    minutes.close(Session.objects.get(), actor=None)
    vote(meet(committee), "approved")

    declared = sitting.declare(first, committee.members["patients"], reason="خویشاوند", actor=None)

    first.refresh_from_db()
    assert (first.state, len(declared.told)) == ("withdrawn", 1)
    assert Request.objects.get(pk=request.pk).state == State.APPROVED
    assert Commitment.objects.get().state == "committed"
