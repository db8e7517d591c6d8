"""Who brought or worked a request keeps no meeting about it; what is voted on stands."""

from collections.abc import Callable

import pytest

from pooshesh.conftest import Cast
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.meetings import minutes, sitting
from pooshesh.meetings.models import Choice, Item, Matter, Motion, Session
from pooshesh.requests import appeals
from pooshesh.requests import committee as deciding
from pooshesh.requests.models import Ground, Request, RequestStep, State
from pooshesh.requests.tests.conftest import MILLION, Bring, Committee, line, meet, put, vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside(bring: Bring) -> Request:
    """Ten million outside the rules, brought by the fund's clerk."""
    return bring(line(10 * MILLION, "other"))


def _come(session: Session, of: Committee, clerk: Cast) -> None:
    sitting.come(session, of.members["sso"], actor=clerk.fund_clerk.pk)


def _leave(session: Session, of: Committee, clerk: Cast) -> None:
    sitting.leave(session, of.members["ihio"], actor=clerk.fund_clerk.pk)


def _put(session: Session, of: Committee, clerk: Cast) -> None:
    items = Item.objects.filter(session=session).values_list("pk", flat=True)
    sitting.put(session, items, text="تصویب", verdict="approved", actor=clerk.fund_clerk.pk)


def _vote(session: Session, of: Committee, clerk: Cast) -> None:
    motion = put(session, "approved")
    sitting.vote(motion, {of.members["ihio"].pk: Choice.AGAINST}, actor=clerk.fund_clerk.pk)


def _count(session: Session, of: Committee, clerk: Cast) -> None:
    sitting.count(put(session, "approved"), actor=clerk.fund_clerk.pk)


def _declare(session: Session, of: Committee, clerk: Cast) -> None:
    matter = Matter.objects.get()
    sitting.declare(matter, of.members["ihio"], reason="خویشاوند", actor=clerk.fund_clerk.pk)


def _sign(session: Session, of: Committee, clerk: Cast) -> None:
    vote(session, "approved")
    made = minutes.close(session, actor=None)
    minutes.sign(session, of.members["ihio"], digest=made.digest, actor=clerk.fund_clerk.pk,
                 on_paper=True)  # fmt: skip


@pytest.mark.parametrize("act", [_come, _leave, _put, _vote, _count, _declare, _sign])
def test_who_brought_a_request_keeps_no_meeting_about_it(
    act: Callable[[Session, Committee, Cast], None], outside: Request, committee: Committee,
    cast: Cast,
) -> None:  # fmt: skip
    session = meet(committee, "sso")

    with pytest.raises(Invalid) as refusal:
        act(session, committee, cast)

    assert refusal.value.code == "session.worked"


def test_who_proposed_the_amount_does_not_count_the_votes(
    outside: Request, committee: Committee, cast: Cast
) -> None:
    propose(outside, 5, cast)
    motion = put(meet(committee), "part")

    with pytest.raises(Invalid) as refusal:
        sitting.count(motion, actor=cast.tehran_fund_clerk.pk)
    sitting.count(motion, actor=cast.secretary.pk)

    assert refusal.value.code == "session.worked"
    assert Request.objects.get().payable == 5 * MILLION


def propose(request: Request, millions: int, cast: Cast) -> None:
    deciding.propose(request, Rial(millions * MILLION), actor=cast.tehran_fund_clerk.pk)


def test_the_amount_stands_while_it_is_voted_on(
    outside: Request, committee: Committee, cast: Cast
) -> None:
    propose(outside, 1, cast)
    motion = put(meet(committee), "part")

    with pytest.raises(Invalid) as refusal:
        propose(outside, 9, cast)
    sitting.count(motion, actor=None)

    assert refusal.value.code == "request.voted_on"
    assert Request.objects.get().payable == MILLION
    said = RequestStep.objects.get(verb="propose")
    assert (said.actor, said.state) == (cast.tehran_fund_clerk.pk, State.IN_COMMITTEE)


def test_a_motion_withdrawn_lets_another_amount_be_proposed(
    outside: Request, committee: Committee, cast: Cast
) -> None:
    propose(outside, 1, cast)
    motion: Motion = put(meet(committee), "part")

    sitting.withdraw_motion(motion, actor=None)
    propose(outside, 2, cast)

    assert Request.objects.get().proposed == 2 * MILLION


def test_the_amount_of_an_appeal_stands_while_it_is_voted_on(
    outside: Request, committee: Committee, group: Committee, cast: Cast
) -> None:
    vote(meet(committee), "rejected", "شواهد کافی نیست")
    appeal = appeals.bring(outside, Ground.EVIDENCE, "خوانده نشد", actor=None)
    appeals.propose(appeal, Rial(MILLION), actor=cast.tehran_fund_clerk.pk)
    motion = put(meet(group), "overturned_part", "دیده نشده بود")

    with pytest.raises(Invalid) as refusal:
        appeals.propose(appeal, Rial(9 * MILLION), actor=cast.tehran_fund_clerk.pk)
    with pytest.raises(Invalid) as own:
        sitting.count(motion, actor=cast.tehran_fund_clerk.pk)

    assert refusal.value.code == "request.voted_on"
    assert own.value.code == "session.worked"
