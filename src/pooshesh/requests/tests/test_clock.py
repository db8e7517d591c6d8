"""What does not stop the others: letters and waiting requests that cannot go on; and the clock."""

import datetime as dt

import pytest
from django.utils import timezone, translation

from pooshesh.conftest import Cast
from pooshesh.kernel.errors import Invalid
from pooshesh.ledger.models import Commitment
from pooshesh.meetings import sitting
from pooshesh.requests import appeals, doubts, ending, letters
from pooshesh.requests.checking import LineAsked
from pooshesh.requests.models import (
    CeilingUse,
    Decider,
    Doubt,
    DoubtState,
    Ground,
    Hold,
    Kind,
    Letter,
    LetterState,
    Request,
    RequestLine,
    RequestStep,
    State,
)
from pooshesh.requests.states import COMPLETE_DAYS
from pooshesh.requests.tests.conftest import MILLION, Bring, Committee, line, meet, put, vote
from pooshesh.web.format import digits

pytestmark = pytest.mark.django_db


def quiet(*_more: object) -> None:
    """The progress of a job nobody watches."""


def approved(bring: Bring, group: Committee, asked: int, on: dt.date) -> Letter:
    """A prior approval for a day to come, granted by the working group."""
    made = bring(line(asked, on=on, invoice=""), kind=Kind.APPROVAL)
    vote(meet(group), "approved", of=[made.pk])
    return Letter.objects.get(request=made)


@pytest.fixture
def coming() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=5)


# --- one that cannot go on -----------------------------------------------------------------------


def test_a_letter_whose_money_stands_on_a_voucher_does_not_stop_the_others(
    bring: Bring, group: Committee, coming: dt.date
) -> None:
    stuck = approved(bring, group, 3 * MILLION, coming)
    Commitment.objects.update(drawn=1)  # as could be drawn before
    Letter.objects.update(until=timezone.localdate() - dt.timedelta(days=1))

    done = [letters.expire(quiet), letters.expire(quiet)]

    assert done == [{"letters": 0, "returned": 1}] * 2
    assert RequestStep.objects.filter(request=stuck.request, verb="stuck").count() == 1


def waiting(bring: Bring, asked: LineAsked, letter: Letter | None = None) -> Request:
    """A request that waits for the province's credit."""
    made = bring(asked, letter=letter, draft=True)
    Request.objects.filter(pk=made.pk).update(state=State.SUBMITTED, hold=Hold.CREDIT)
    return made


def test_who_waits_behind_a_letter_that_is_gone_is_decided(
    bring: Bring, group: Committee, coming: dt.date
) -> None:
    letter = approved(bring, group, 9 * MILLION, coming)
    first = waiting(bring, line(8 * MILLION, on=timezone.localdate()), letter)
    letters.revoke(letter, why="درمان عوض شد", actor=None)
    second = waiting(bring, line(2 * MILLION))

    done = ending.decide_waiting(quiet)

    first.refresh_from_db()
    second.refresh_from_db()
    assert done == {"waited": 2, "decided": 1, "returned": 1}
    assert (first.state, first.hold, first.approval_id) == (State.RETURNED, "", None)
    with translation.override("fa"):
        number = digits(str(letter.request.number))
    assert number in first.ground
    assert second.state == State.APPROVED


def test_the_last_answer_to_a_doubt_decides_or_returns_at_once(
    bring: Bring, group: Committee, coming: dt.date, cast: Cast
) -> None:
    letter = approved(bring, group, 9 * MILLION, coming)
    today = timezone.localdate()
    bring(line(8 * MILLION, on=today, invoice="120345"))
    doubted = bring(line(8 * MILLION, on=today, invoice="123045"), letter=letter)
    letters.revoke(letter, why="درمان عوض شد", actor=None)

    made = doubts.answer(Doubt.objects.get(line__request=doubted), same=False,
                         actor=cast.fund_clerk.pk)  # fmt: skip

    assert (made.state, made.hold) == (State.RETURNED, "")
    assert Doubt.objects.get(line__request=doubted).state == DoubtState.DIFFERENT


# --- a letter of another year --------------------------------------------------------------------


@pytest.fixture
def next_year(bring: Bring, group: Committee) -> Letter:
    """A prior approval of nine million for a service in the next year."""
    return approved(bring, group, 9 * MILLION, timezone.localdate() + dt.timedelta(days=200))


def used() -> list[int]:
    return list(CeilingUse.objects.order_by("year").values_list("used", flat=True))


def test_an_invoice_of_another_year_gives_back_what_its_letter_held(
    next_year: Letter, bring: Bring
) -> None:
    held = used()

    bring(line(8 * MILLION, on=timezone.localdate()), letter=next_year)

    assert (held, used()) == ([9 * MILLION], [8 * MILLION, 0])


def test_a_letter_goes_on_holding_where_nothing_was_granted_on_it(
    next_year: Letter, bring: Bring
) -> None:
    bring(line(8 * MILLION, "rare", on=timezone.localdate()), letter=next_year)

    assert used() == [0, 9 * MILLION]
    assert Letter.objects.get().state == LetterState.ISSUED


# --- the clock -----------------------------------------------------------------------------------


@pytest.fixture
def returned(bring: Bring, committee: Committee, cast: Cast) -> Request:
    request = bring(line(7 * MILLION, "other"))
    return ending.send_back(request, why="گزارش پزشک لازم است", actor=cast.fund_clerk.pk)


def days_ago(request: Request, days: int) -> None:
    Request.objects.filter(pk=request.pk).update(since=timezone.now() - dt.timedelta(days=days))


def test_who_was_asked_for_more_is_reminded_once_before_the_last_day(returned: Request) -> None:
    early = ending.keep_time(quiet)
    days_ago(returned, COMPLETE_DAYS - 4)

    done = [ending.keep_time(quiet), ending.keep_time(quiet)]

    assert early == {"reminded": 0, "lapsed": 0}
    assert [one["reminded"] for one in done] == [1, 0]
    assert RequestStep.objects.get(verb="remind").state == State.RETURNED


def test_what_nobody_completed_closes_and_frees_its_invoices(
    returned: Request, bring: Bring
) -> None:
    days_ago(returned, COMPLETE_DAYS + 2)
    ending.keep_time(quiet)
    unreminded = Request.objects.get(pk=returned.pk).state
    late = timezone.now() - dt.timedelta(days=6)
    RequestStep.objects.filter(verb="remind").update(at=late)

    done = ending.keep_time(quiet)

    returned.refresh_from_db()
    assert unreminded == State.RETURNED  # nobody is closed who was not reminded
    assert (done["lapsed"], returned.state) == (1, State.WITHDRAWN)
    assert not RequestLine.objects.filter(request=returned, live=True).exists()
    assert bring(line(7 * MILLION, "other")).state == State.IN_COMMITTEE


def test_a_question_nobody_answered_closes_too(bring: Bring, committee: Committee) -> None:
    request = bring(line(7 * MILLION, "other"))
    vote(meet(committee), "deferred", "گزارش پزشک کجاست؟")
    days_ago(request, COMPLETE_DAYS + 9)
    RequestStep.objects.create(
        request=request, province="15", verb="remind", state=State.DEFERRED,
        at=timezone.now() - dt.timedelta(days=8),
    )  # fmt: skip

    assert ending.keep_time(quiet)["lapsed"] == 1


# --- appeals of the working group ----------------------------------------------------------------


def test_the_committee_decides_the_appeal_of_a_decision_of_the_working_group(
    bring: Bring, committee: Committee, group: Committee
) -> None:
    request = bring(line(5 * MILLION, on=dt.date(2026, 4, 1)))
    vote(meet(group), "rejected", "شواهد کافی نیست")

    appeal = appeals.bring(request, Ground.NEW, "گزارش تازه", actor=None)
    vote(meet(committee, "patients"), "overturned", "گزارش تازه کافی است")

    appeal.refresh_from_db()
    request.refresh_from_db()
    assert appeal.state == "overturned"
    assert (request.decided_by, request.payable) == (Decider.COMMITTEE, 5 * MILLION)


def test_the_committee_does_not_go_above_the_ceiling_in_an_appeal(
    bring: Bring, committee: Committee, group: Committee
) -> None:
    request = bring(line(5 * MILLION, on=dt.date(2026, 4, 1)))
    vote(meet(group), "rejected", "شواهد کافی نیست")
    appeals.bring(request, Ground.NEW, "گزارش تازه", actor=None)
    CeilingUse.objects.update_or_create(
        person=request.person, year=request.year, defaults={"province": "15", "ceiling": MILLION}
    )

    with pytest.raises(Invalid) as refusal:
        sitting.count(put(meet(committee, "patients"), "overturned", "کافی است"), actor=None)

    assert refusal.value.code == "request.ceiling"
