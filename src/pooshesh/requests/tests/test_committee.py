"""Bodies decide requests: what follows a vote, and what goes wrong on the way."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pooshesh.conftest import Cast
from pooshesh.disease import tags
from pooshesh.disease.models import Tag
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.kernel.text import to_persian_digits
from pooshesh.ledger.models import Commitment
from pooshesh.ledger.registry import kind_of
from pooshesh.meetings import actions, minutes, sitting
from pooshesh.meetings.models import Item, Matter
from pooshesh.people.actions import record_death
from pooshesh.people.models import Person
from pooshesh.requests import committee as deciding
from pooshesh.requests import ending
from pooshesh.requests.models import CeilingUse, Decider, Request, RequestLine, RequestStep, State
from pooshesh.requests.tests.conftest import (
    CEILING,
    MILLION,
    SERVICE,
    Bring,
    Committee,
    line,
    meet,
    put,
    vote,
)

pytestmark = pytest.mark.django_db
SHEBA = "IR062960000000100324200001"


@pytest.fixture
def outside(bring: Bring) -> Request:
    """A request outside the rules, of ten million."""
    return bring(line(7 * MILLION, "other"), line(3 * MILLION, "rare"))


def again(request: Request) -> Request:
    return Request.objects.get(pk=request.pk)


def test_what_is_approved_in_full_is_granted_and_its_money_bound(
    outside: Request, committee: Committee
) -> None:
    motion = vote(meet(committee), "approved")

    request = again(outside)
    assert (request.state, request.payable) == (State.APPROVED, 10 * MILLION)
    assert (request.decided_by, request.motion_id) == (Decider.COMMITTEE, motion.pk)
    assert Commitment.objects.get(object_id=request.pk).amount == 10 * MILLION
    assert CeilingUse.objects.get().used == 10 * MILLION
    assert list(RequestLine.objects.order_by("position").values_list("payable", flat=True)) == [
        7 * MILLION, 3 * MILLION,
    ]  # fmt: skip


def test_an_agenda_names_a_request_in_the_digits_of_its_paper(outside: Request) -> None:
    title = Matter.objects.get(object_id=outside.pk).title

    assert to_persian_digits(str(outside.number)) in title
    assert str(outside.number) not in title


def test_finance_is_told_whom_to_pay(outside: Request, committee: Committee) -> None:
    vote(meet(committee), "approved")

    said = kind_of("fund.request").payees([outside.pk])[outside.pk]

    assert (said.kind, said.name, said.sheba) == ("patient", "زهرا رضایی", "")
    assert kind_of("fund.request").address(outside.pk).endswith(f"{outside.pk}/")


def test_a_part_is_what_was_proposed_spread_over_the_lines(
    outside: Request, committee: Committee, cast: Cast
) -> None:
    deciding.propose(outside, Rial(5 * MILLION), actor=cast.fund_clerk.pk)

    vote(meet(committee), "part")

    assert (again(outside).state, again(outside).payable) == (State.PART, 5 * MILLION)
    assert RequestLine.objects.get(code="other").payable == 3_500_000


def test_a_part_without_an_amount_undoes_the_vote(outside: Request, committee: Committee) -> None:
    motion = put(meet(committee), "part")

    with pytest.raises(Invalid) as refusal:
        sitting.count(motion, actor=None)

    assert refusal.value.code == "request.no_proposal"
    assert again(outside).state == State.IN_COMMITTEE


def test_a_rejection_keeps_its_ground_and_a_deferral_its_question(
    bring: Bring, committee: Committee, cast: Cast
) -> None:
    one, two = bring(line(5, "a")), bring(line(6, "b", invoice="77"))
    session = meet(committee)
    vote(session, "rejected", "اثربخشی آن نشان داده نشده", [one.pk])
    vote(session, "deferred", "گزارش پزشک کجاست؟", [two.pk])

    assert (again(one).state, again(one).ground) == (
        State.REJECTED, "اثربخشی آن نشان داده نشده",
    )  # fmt: skip
    assert again(two).state == State.DEFERRED
    ending.answer(two, text="پیوست شد", actor=cast.fund_clerk.pk)
    assert again(two).state == State.IN_COMMITTEE
    assert Matter.objects.filter(object_id=two.pk, state="waiting").exists()


def test_a_meeting_of_many_costs_the_same_statements_as_of_one(
    bring: Bring, committee: Committee
) -> None:
    requests = [bring(line(MILLION + n, f"o{n}", invoice=f"9{n}7")) for n in range(12)]
    session = meet(committee)
    first = put(session, "approved", of=[requests[0].pk])
    with CaptureQueriesContext(connection) as small:
        sitting.count(first, actor=None)
    rest = put(session, "approved", of=[one.pk for one in requests[1:]])
    with CaptureQueriesContext(connection) as large:
        sitting.count(rest, actor=None)

    assert len(large) == len(small)
    assert Request.objects.filter(state=State.APPROVED).count() == 12


def test_a_tag_that_was_revoked_since_stops_the_vote(
    outside: Request, committee: Committee
) -> None:
    tags.revoke(Tag.objects.get(), SERVICE, why="تشخیص بازنگری شد و پایان یافت", actor=None)
    motion = put(meet(committee), "approved")

    with pytest.raises(Invalid) as refusal:
        sitting.count(motion, actor=None)

    assert refusal.value.code == "request.tag_ended"
    assert refusal.value.params["numbers"] == (outside.number,)
    assert not Commitment.objects.exists()


def test_a_tag_that_ended_between_the_service_and_the_vote_still_pays_for_it(
    outside: Request, committee: Committee
) -> None:
    day_after = SERVICE + dt.timedelta(days=1)
    tags.revoke(Tag.objects.get(), day_after, why="تشخیص بازنگری شد و پایان یافت", actor=None)

    vote(meet(committee), "approved")

    assert again(outside).state == State.APPROVED


def test_the_committee_cannot_go_above_the_ceiling(bring: Bring, committee: Committee) -> None:
    bring(line(CEILING - MILLION))
    outside = bring(line(2 * MILLION, "other"))
    motion = put(meet(committee), "approved")

    with pytest.raises(Invalid) as refusal:
        sitting.count(motion, actor=None)

    assert refusal.value.code == "request.ceiling"
    assert refusal.value.params["left"] == MILLION
    assert again(outside).state == State.IN_COMMITTEE


def test_the_working_group_decides_what_the_law_does_not_tell(
    bring: Bring, group: Committee
) -> None:
    request = bring(line(5 * MILLION, on=dt.date(2026, 4, 1)))

    vote(meet(group), "approved")

    assert (again(request).state, again(request).decided_by) == (State.APPROVED, Decider.GROUP)
    assert CeilingUse.objects.get().ceiling is None


def test_a_member_dismissed_before_the_vote_does_not_count(
    outside: Request, committee: Committee
) -> None:
    session = meet(committee, "sso", "armed_forces")
    motion = put(session, "approved")
    actions.dismiss(committee.members["patients"], day=timezone.localdate(), actor=None)

    sitting.count(motion, actor=None)

    assert again(outside).state == State.IN_COMMITTEE  # two of four: no quorum


def test_without_a_quorum_in_the_middle_nothing_is_decided(
    outside: Request, committee: Committee
) -> None:
    session = meet(committee, "sso")
    motion = put(session, "approved")
    sitting.leave(session, committee.members["ihio"], actor=None)

    sitting.count(motion, actor=None)

    assert again(outside).state == State.IN_COMMITTEE
    assert not Commitment.objects.exists()


def test_an_interest_declared_after_the_vote_takes_the_grant_back(
    outside: Request, committee: Committee
) -> None:
    vote(meet(committee), "approved")
    matter = Matter.objects.get(object_id=outside.pk)

    sitting.declare(matter, committee.members["patients"], reason="خویشاوند بیمار", actor=None)

    request = again(outside)
    assert (request.state, request.payable, request.decided_by) == (State.IN_COMMITTEE, 0, "")
    assert CeilingUse.objects.get().used == 0
    assert Commitment.objects.get().state == "cancelled"
    assert RequestStep.objects.filter(request=outside, verb="reopen").exists()


def test_a_patient_who_died_is_left_out_of_the_vote(
    outside: Request, committee: Committee, patient: Person, cast: Cast
) -> None:
    session = meet(committee)
    motion = put(session, "approved")
    record_death(patient, timezone.localdate(), source="گواهی", actor=cast.lorestan_clerk.pk)

    with pytest.raises(Invalid) as refusal:
        sitting.count(motion, actor=None)

    assert refusal.value.code == "request.not_waiting"
    assert again(outside).state == State.DIED
    assert not RequestLine.objects.filter(live=True).exists()


def test_a_request_before_the_body_can_be_completed_but_not_rejected_by_a_clerk(
    outside: Request, cast: Cast
) -> None:
    ending.send_back(outside, why="گزارش پزشک لازم است", actor=cast.fund_clerk.pk)

    assert again(outside).state == State.RETURNED
    assert Matter.objects.get().state == "withdrawn"


def test_two_secretaries_close_one_meeting_once(outside: Request, committee: Committee) -> None:
    session = meet(committee)
    vote(session, "approved")
    minutes.close(session, actor=None)

    with pytest.raises(Invalid):
        minutes.close(session, actor=None)

    assert Commitment.objects.count() == 1


# --- the order of an agenda --------------------------------------------------------------------


@pytest.fixture
def urgent(bring: Bring) -> Request:
    return bring(line(8 * MILLION, "other"), urgent=True)


def test_urgent_requests_come_up_first(
    outside: Request, urgent: Request, committee: Committee
) -> None:
    session = meet(committee)

    items = Item.objects.filter(session=session).select_related("matter").order_by("position")

    assert [one.matter.object_id for one in items if one.matter] == [urgent.pk, outside.pk]
