"""One invoice is paid once: inside one request, held until a clerk looked, struck when double."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from pooshesh.conftest import Cast
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.ledger.models import Commitment
from pooshesh.requests import appeals, bringing, doubts, ending
from pooshesh.requests.models import (
    CeilingUse,
    Doubt,
    DoubtState,
    Ground,
    Hold,
    Request,
    RequestLine,
    State,
)
from pooshesh.requests.tests.conftest import (
    MILLION,
    SERVICE,
    Bring,
    Committee,
    line,
    meet,
    vote,
)

pytestmark = pytest.mark.django_db

LATER = SERVICE + dt.timedelta(days=30)


# --- inside one request ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "again",
    [
        {"invoice": "WQ55۱"},
        {"invoice": "٠٠wq ٥٥‌1"},
        {"provider": "داروخانهٔ  شفا"},
        {"provider": "داروخانه‌شفا"},
    ],
)
def test_an_invoice_typed_two_ways_in_one_request_is_refused(
    bring: Bring, again: dict[str, Any]
) -> None:
    about: dict[str, Any] = {"invoice": "WQ-55-1", "provider": "داروخانه شفا"}

    with pytest.raises(Invalid) as refusal:
        bring(line(**about), line(**about | again))

    assert refusal.value.code == "request.line_twice"
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    "again",
    [
        {"invoice": "123045"},  # two digits changed places
        {"asked": MILLION},  # once in toman
        {"provider": "بیمارستان"},
        {"on": SERVICE + dt.timedelta(days=1)},
    ],
)
def test_lines_of_one_request_that_look_alike_wait_for_a_clerk(
    bring: Bring, again: dict[str, Any]
) -> None:
    about: dict[str, Any] = {"invoice": "120345", "asked": 10 * MILLION}

    request = bring(line(**about), line(**about | again))

    assert (request.state, request.hold) == (State.SUBMITTED, Hold.DOUBT)
    doubt = Doubt.objects.select_related("line", "other").get()
    assert (doubt.line.position, doubt.other.position) == (2, 1)
    assert not Commitment.objects.exists()


def test_services_of_one_invoice_are_no_doubles(bring: Bring) -> None:
    about: dict[str, Any] = {"invoice": "120345", "asked": 2 * MILLION}

    request = bring(line(**about), line(code="visit", **about), line(code="brace", **about))

    assert (request.state, request.payable) == (State.APPROVED, 6 * MILLION)


def test_services_of_one_invoice_may_part_to_the_committee(bring: Bring) -> None:
    about: dict[str, Any] = {"invoice": "120345", "asked": 2 * MILLION}

    request = bring(line(**about), line(code="other", **about))

    assert request.state == State.APPROVED
    assert Request.objects.get(parted_from=request).state == State.IN_COMMITTEE
    with pytest.raises(Invalid) as refusal:
        bring(line(**about))
    assert refusal.value.code == "request.invoice_twice"


def test_a_part_that_was_returned_meets_the_lines_of_its_other_part(
    bring: Bring, committee: Committee
) -> None:
    about: dict[str, Any] = {"invoice": "120345", "asked": 2 * MILLION}
    request = bring(line(**about), line(code="other", **about))
    part = Request.objects.get(parted_from=request)
    ending.send_back(part, why="گزارش نیست", actor=None)

    assert bringing.submit(part, actor=None).state == State.IN_COMMITTEE

    ending.send_back(part, why="گزارش نیست", actor=None)
    bringing.change(part, [line(2 * MILLION, invoice="123045")], actor=None)
    assert bringing.submit(part, actor=None).hold == Hold.DOUBT


# --- held until a clerk has looked ----------------------------------------------------------------


@pytest.fixture
def doubted(bring: Bring) -> Request:
    bring(line(invoice="120345"))
    return bring(line(invoice="123045"))


def test_nobody_decides_past_an_open_doubt(doubted: Request, cast: Cast, client: Client) -> None:
    client.force_login(cast.fund_clerk)

    client.post(f"/fund/requests/{doubted.pk}/act/", {"verb": "retry"})
    again = bringing.decide_again(doubted, "decide", (State.SUBMITTED,), actor=None)

    assert (again.state, again.hold) == (State.SUBMITTED, Hold.DOUBT)
    assert not Commitment.objects.filter(object_id=doubted.pk).exists()
    assert Doubt.objects.count() == 1


def test_returned_and_submitted_again_it_still_waits(doubted: Request) -> None:
    ending.send_back(doubted, why="تصویر خوانا نیست", actor=None)

    again = bringing.submit(doubted, actor=None)

    assert (again.state, again.hold) == (State.SUBMITTED, Hold.DOUBT)
    assert Doubt.objects.get().state == DoubtState.OPEN


def test_the_earlier_of_a_pair_does_not_wait(bring: Bring, cast: Cast) -> None:
    earlier = bring(line(invoice="120345"), draft=True)
    later = bring(line(invoice="123045"))

    assert bringing.submit(earlier, actor=cast.fund_clerk.pk).state == State.APPROVED
    assert later.hold == Hold.DOUBT
    assert Doubt.objects.count() == 1


# --- what was found double is not paid by anybody ---------------------------------------------


@pytest.fixture
def struck(bring: Bring, cast: Cast) -> Request:
    """Before the committee: three million, and two that were brought before."""
    bring(line(2 * MILLION, invoice="120345"))
    request = bring(
        line(2 * MILLION, "other", invoice="123045"), line(3 * MILLION, "else", on=LATER)
    )
    doubts.answer(Doubt.objects.get(), same=True, actor=cast.fund_clerk.pk)
    return Request.objects.get(pk=request.pk)


def test_the_committee_pays_no_line_that_is_a_double(struck: Request, committee: Committee) -> None:
    vote(meet(committee), "approved")

    struck.refresh_from_db()
    assert (struck.asked, struck.payable) == (3 * MILLION, 3 * MILLION)
    assert RequestLine.objects.get(notes=["double"]).payable == 0
    assert Commitment.objects.get(object_id=struck.pk).amount == 3 * MILLION


def test_an_appeal_pays_no_line_that_is_a_double(
    struck: Request, committee: Committee, group: Committee, cast: Cast
) -> None:
    vote(meet(committee), "rejected", "شواهد کافی نیست")
    appeal = appeals.bring(struck, Ground.EVIDENCE, "خوانده نشد", actor=cast.fund_clerk.pk)
    with pytest.raises(Invalid) as refusal:
        appeals.propose(appeal, Rial(4 * MILLION), actor=cast.fund_clerk.pk)

    vote(meet(group), "overturned")

    struck.refresh_from_db()
    assert refusal.value.code == "appeal.proposal"
    assert struck.payable == 3 * MILLION
    assert RequestLine.objects.get(notes=["double"]).payable == 0


def test_an_appeal_about_doubles_alone_can_only_be_upheld(
    doubted: Request, group: Committee, cast: Cast
) -> None:
    doubts.answer(Doubt.objects.get(), same=True, actor=cast.fund_clerk.pk)
    appeals.bring(doubted, Ground.EVIDENCE, "دو فاکتور است", actor=cast.fund_clerk.pk)

    with pytest.raises(Invalid) as refusal:
        vote(meet(group), "overturned")

    assert refusal.value.code == "appeal.double"
    assert CeilingUse.objects.get().used == 10 * MILLION


# --- an answer that was wrong -------------------------------------------------------------------


def test_a_second_person_takes_back_that_two_invoices_are_one(doubted: Request, cast: Cast) -> None:
    doubts.answer(Doubt.objects.get(), same=True, actor=cast.fund_clerk.pk)
    with pytest.raises(Invalid) as own:
        doubts.take_back(Doubt.objects.get(), why="دو نسخه است", actor=cast.fund_clerk.pk)
    with pytest.raises(Invalid) as mute:
        doubts.take_back(Doubt.objects.get(), why=" ", actor=cast.fund_manager.pk)

    made = doubts.take_back(Doubt.objects.get(), why="دو نسخه است", actor=cast.fund_manager.pk)

    doubt = Doubt.objects.get()
    assert (own.value.code, mute.value.code) == ("request.own_answer", "request.why")
    assert (made.pk, made.state, made.payable) == (doubted.pk, State.APPROVED, 10 * MILLION)
    assert (doubt.state, doubt.why, doubt.decided_by) == (
        DoubtState.DIFFERENT, "دو نسخه است", cast.fund_manager.pk,
    )  # fmt: skip
    assert Commitment.objects.get(object_id=doubted.pk).amount == 10 * MILLION
    assert CeilingUse.objects.get().used == 20 * MILLION


def test_of_a_request_that_was_decided_the_line_goes_on_by_itself(bring: Bring, cast: Cast) -> None:
    bring(line(2 * MILLION, invoice="120345"))
    request = bring(line(2 * MILLION, invoice="123045"), line(MILLION, "visit", on=LATER))
    doubts.answer(Doubt.objects.get(), same=True, actor=cast.fund_clerk.pk)

    made = doubts.take_back(Doubt.objects.get(), why="دو نسخه", actor=cast.fund_manager.pk)

    request.refresh_from_db()
    assert (made.parted_from, made.state, made.payable) == (request, State.APPROVED, 2 * MILLION)
    assert (request.asked, request.payable) == (MILLION, MILLION)
    assert CeilingUse.objects.get().used == 5 * MILLION
    assert not RequestLine.objects.filter(notes=["double"]).exists()


def test_before_the_committee_the_line_comes_before_it_by_itself(
    struck: Request, committee: Committee, cast: Cast
) -> None:
    made = doubts.take_back(Doubt.objects.get(), why="دو نسخه", actor=cast.fund_manager.pk)

    vote(meet(committee), "approved")

    struck.refresh_from_db()
    made.refresh_from_db()
    assert (struck.payable, made.payable) == (3 * MILLION, 2 * MILLION)


def test_a_line_that_is_also_anothers_double_stays_struck(bring: Bring, cast: Cast) -> None:
    bring(line(2 * MILLION, invoice="120345"))
    bring(line(2 * MILLION, invoice="990011", provider="داروخانه دیگر", on=LATER))
    third = bring(line(2 * MILLION, invoice="123045"), line(3 * MILLION, "visit", on=LATER))
    first = Doubt.objects.get(line__request=third)
    Doubt.objects.create(
        line=first.line, other=RequestLine.objects.get(invoice="990011"), likeness=[],
        area_id=first.area_id, area_path=first.area_path, province=first.province,
        state=DoubtState.SAME, decided_by=cast.fund_clerk.pk,
    )  # fmt: skip
    doubts.answer(first, same=True, actor=cast.fund_clerk.pk)

    doubts.take_back(first, why="دو نسخه", actor=cast.fund_manager.pk)

    assert RequestLine.objects.get(invoice="123045").double
    assert Request.objects.filter(parted_from=third).count() == 0


def test_of_a_withdrawn_request_nothing_is_taken_back(doubted: Request, cast: Cast) -> None:
    doubts.answer(Doubt.objects.get(), same=True, actor=cast.fund_clerk.pk)
    Request.objects.filter(pk=doubted.pk).update(state=State.WITHDRAWN)

    with pytest.raises(Invalid) as refusal:
        doubts.take_back(Doubt.objects.get(), why="دو نسخه", actor=cast.fund_manager.pk)

    assert refusal.value.code == "request.gone"


def test_the_form_stands_before_another_clerk_only(
    doubted: Request, cast: Cast, client: Client
) -> None:
    doubt = Doubt.objects.get()
    doubts.answer(doubt, same=True, actor=cast.fund_clerk.pk)
    address = f"/fund/requests/doubts/{doubt.pk}/"
    client.force_login(cast.fund_clerk)
    own = client.get(address).content.decode()
    client.post(address, {"why": "دو نسخه است"})
    Doubt.objects.update(decided_by=cast.fund_manager.pk)

    other = client.get(address).content.decode()
    client.post(address, {"why": "دو نسخه است"})

    doubted.refresh_from_db()
    assert ("دو فاکتور است" in own, "دو فاکتور است" in other) == (False, True)
    assert doubted.state == State.APPROVED


# --- lines that stand in a doubt are changed ------------------------------------------------------


def test_who_waits_in_a_doubt_may_be_corrected_and_goes_on(
    doubted: Request, cast: Cast, client: Client
) -> None:
    ending.send_back(doubted, why="شماره را درست کنید", actor=None)

    bringing.change(doubted, [line(8 * MILLION, invoice="990011")], actor=cast.fund_clerk.pk)
    again = bringing.submit(doubted, actor=cast.fund_clerk.pk)

    doubt = Doubt.objects.select_related("line").get()
    assert (again.state, again.payable) == (State.APPROVED, 8 * MILLION)
    assert (doubt.state, doubt.line.invoice, doubt.line.asked) == (
        DoubtState.CHANGED, "123045", 10 * MILLION,
    )  # fmt: skip
    client.force_login(cast.fund_clerk)
    assert "123045" in client.get(f"/fund/requests/doubts/{doubt.pk}/").content.decode()
    assert "123045" not in client.get(f"/fund/requests/{doubted.pk}/").content.decode()


def test_the_same_lines_written_again_are_asked_about_again(doubted: Request) -> None:
    ending.send_back(doubted, why="شماره را درست کنید", actor=None)
    bringing.change(doubted, [line(invoice="123045")], actor=None)

    again = bringing.submit(doubted, actor=None)

    assert again.hold == Hold.DOUBT
    assert sorted(Doubt.objects.values_list("state", flat=True)) == ["changed", "open"]


def test_a_draft_that_resembles_anothers_invoice_is_corrected(bring: Bring) -> None:
    draft = bring(line(invoice="120345"), draft=True)
    waiting = bring(line(invoice="123045"))

    bringing.change(draft, [line(8 * MILLION, invoice="990011")], actor=None)
    doubts.answer(Doubt.objects.get(), same=False, actor=None)

    waiting.refresh_from_db()
    assert waiting.state == State.APPROVED
    assert bringing.submit(draft, actor=None).payable == 8 * MILLION
