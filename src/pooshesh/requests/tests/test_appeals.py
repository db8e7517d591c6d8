"""Appeals: fixed grounds, a deadline, other people, reasons."""

import datetime as dt

import pytest
from django.utils import timezone

from pooshesh.conftest import Cast
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.ledger.models import Commitment
from pooshesh.ledger.payees import Payee
from pooshesh.ledger.vouchers import draw
from pooshesh.meetings import actions, sitting
from pooshesh.meetings.models import Conflict, Decision, Matter, Role
from pooshesh.meetings.models import Member as Sitting
from pooshesh.partners.models import Organisation
from pooshesh.requests import appeals
from pooshesh.requests.models import (
    Appeal,
    AppealStand,
    CeilingUse,
    Ground,
    Request,
    RequestLine,
    State,
)
from pooshesh.requests.tests.conftest import (
    CEILING,
    MILLION,
    Bring,
    Committee,
    line,
    meet,
    put,
    sign,
    vote,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def rejected(bring: Bring, committee: Committee) -> Request:
    """Four million that the committee rejected, all of its members in the room."""
    request = bring(line(4 * MILLION, "other"))
    vote(meet(committee), "rejected", "شواهد کافی نیست")
    return Request.objects.get(pk=request.pk)


@pytest.fixture
def appeal(rejected: Request, group: Committee, cast: Cast) -> Appeal:
    return appeals.bring(rejected, Ground.EVIDENCE, "گزارش خوانده نشد", actor=cast.fund_clerk.pk)


def test_who_took_part_has_an_interest_by_the_systems_word(
    appeal: Appeal, group: Committee
) -> None:
    conflicted = Conflict.objects.get()

    assert conflicted.member == group.members["patients"]  # the account that sat in both
    assert Matter.objects.get(object_id=appeal.pk).body == group.body


def test_other_people_overturn_the_decision_and_the_difference_is_bound(
    appeal: Appeal, rejected: Request, group: Committee
) -> None:
    vote(meet(group), "overturned", "گزارش پزشک دیده نشده بود")

    appeal.refresh_from_db()
    rejected.refresh_from_db()
    assert (appeal.state, appeal.outcome) == (AppealStand.OVERTURNED, "گزارش پزشک دیده نشده بود")
    assert (rejected.state, rejected.payable) == (State.APPROVED, 4 * MILLION)
    assert Commitment.objects.get(object_id=appeal.pk).amount == 4 * MILLION
    assert CeilingUse.objects.get().used == 4 * MILLION
    assert Decision.objects.get(matter__object_id=appeal.pk).counted == 4


def test_overturned_in_part_above_the_ceiling_is_kept_as_extended(
    bring: Bring, group: Committee, cast: Cast
) -> None:
    bring(line(CEILING))
    request = bring(line(6 * MILLION))
    appeal = appeals.bring(request, Ground.UNREASONABLE, "درمان قطع می‌شود", actor=None)
    appeals.propose(appeal, Rial(2 * MILLION), actor=cast.fund_clerk.pk)

    vote(meet(group), "overturned_part")

    use = CeilingUse.objects.get()
    assert (use.used, use.ceiling, use.extended) == (CEILING + 2 * MILLION, CEILING, 2 * MILLION)
    assert Request.objects.get(pk=request.pk).state == State.PART


def test_upheld_leaves_the_decision_and_says_why(
    appeal: Appeal, rejected: Request, group: Committee
) -> None:
    vote(meet(group), "upheld", "گزارش تازه چیزی نمی‌افزاید")

    appeal.refresh_from_db()
    rejected.refresh_from_db()
    assert (appeal.state, rejected.state) == (AppealStand.UPHELD, State.REJECTED)
    with pytest.raises(Invalid) as refusal:
        appeals.bring(rejected, Ground.NEW, "باز هم", actor=None)
    assert refusal.value.code == "appeal.twice"


def test_who_decided_first_and_joined_later_undoes_the_vote(
    appeal: Appeal, group: Committee, committee: Committee
) -> None:
    actions.dismiss(group.members["sso"], day=timezone.localdate(), actor=None)
    first = Sitting.objects.get(pk=committee.members["sso"].pk)
    joined = actions.appoint(
        group.body, Organisation.objects.get(code="sso"), name=first.name, role=Role.MEMBER,
        start=timezone.localdate(), actor=None,
    )  # fmt: skip
    session = meet(group, "sso")
    sitting.come(session, joined, actor=None)
    motion = put(session, "overturned")

    with pytest.raises(Invalid) as refusal:
        sitting.count(motion, actor=None)

    assert refusal.value.code == "appeal.involved"
    assert Appeal.objects.get().state == AppealStand.WAITING
    assert not Commitment.objects.exists()


def test_an_overturned_decision_set_aside_is_as_it_was(
    appeal: Appeal, rejected: Request, group: Committee
) -> None:
    vote(meet(group), "overturned")
    matter = Matter.objects.get(object_id=appeal.pk)

    sitting.declare(matter, group.members["sso"], reason="خویشاوند", actor=None)

    rejected.refresh_from_db()
    assert (rejected.state, rejected.payable) == (State.REJECTED, 0)
    assert CeilingUse.objects.get().used == 0
    assert Appeal.objects.get().state == AppealStand.WAITING


def test_what_an_appeal_granted_is_held_by_a_late_interest_and_confirmed(
    appeal: Appeal, rejected: Request, group: Committee, cast: Cast
) -> None:
    session = meet(group)
    vote(session, "overturned")
    sign(session)
    draw(Commitment.objects.get(object_id=appeal.pk),
         Payee("patient", "زهرا", "IR062960000000100324200001"), actor=cast.finance.pk)  # fmt: skip
    matter = Matter.objects.get(object_id=appeal.pk)

    declared = sitting.declare(matter, group.members["sso"], reason="خویشاوند", actor=None)
    held = Commitment.objects.get().held
    vote(meet(group), "overturned")

    rejected.refresh_from_db()
    assert (held, len(declared.told)) == (True, 1)
    assert (rejected.state, Commitment.objects.get().held) == (State.APPROVED, False)


def test_a_question_is_answered_and_an_appeal_may_be_taken_back(
    appeal: Appeal, group: Committee, cast: Cast
) -> None:
    vote(meet(group), "deferred", "آزمایش کجاست؟")
    appeal.refresh_from_db()
    appeals.answer(appeal, text="پیوست است", actor=cast.fund_clerk.pk)
    answered = Appeal.objects.get().state
    appeals.withdraw(appeal, actor=cast.fund_clerk.pk)

    assert answered == AppealStand.WAITING
    assert Appeal.objects.get().state == AppealStand.WITHDRAWN
    assert not Matter.objects.filter(object_id=appeal.pk, state="waiting").exists()


def test_an_appeal_comes_in_time_with_its_text_and_about_a_refusal(
    rejected: Request, bring: Bring
) -> None:
    late = timezone.now() + dt.timedelta(days=31)

    with pytest.raises(Invalid) as too_late:
        appeals.bring(rejected, Ground.NEW, "دیر", actor=None, at=late)
    with pytest.raises(Invalid) as empty:
        appeals.bring(rejected, Ground.NEW, "  ", actor=None)
    with pytest.raises(Invalid) as granted:
        appeals.bring(bring(line()), Ground.NEW, "چرا", actor=None)

    assert (too_late.value.code, empty.value.code) == ("appeal.late", "appeal.text")
    assert granted.value.code == "appeal.state"


def test_an_overturned_decision_set_aside_leaves_each_line_as_it_was_granted(
    bring: Bring, group: Committee, cast: Cast
) -> None:
    bring(line(CEILING - 10 * MILLION))
    request = bring(line(9 * MILLION), line(3 * MILLION, invoice="77"))
    appeals.bring(request, Ground.UNREASONABLE, "درمان قطع می‌شود", actor=None)
    session = meet(group)
    vote(session, "overturned")
    sitting.declare(
        Matter.objects.get(kind="fund.appeal"), group.members["sso"], reason="خویشاوند", actor=None
    )

    rows = RequestLine.objects.filter(request=request).order_by("position")
    assert list(rows.values_list("payable", flat=True)) == [9 * MILLION, MILLION]
    assert CeilingUse.objects.get().used == CEILING
