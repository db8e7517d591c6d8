"""What patients ask for themselves: lines, reasons, money, appeals, and no other's."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from pooshesh.conftest import Cast, Country
from pooshesh.disease.models import Tag
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.text import format_int
from pooshesh.ledger.signals import Move
from pooshesh.meetings import sitting
from pooshesh.meetings.models import Matter
from pooshesh.people.models import Person
from pooshesh.portal import codes, following, mine, visits
from pooshesh.portal.models import Draft, Message, Visit
from pooshesh.portal.tests.conftest import ComeIn, newest, number, page, person
from pooshesh.requests import ending
from pooshesh.requests.models import Appeal, AppealStand, Decider, Request, RequestStep, State
from pooshesh.requests.tests.conftest import *  # noqa: F403 - a tagged patient, package, credit
from pooshesh.requests.tests.conftest import (
    CEILING,
    MILLION,
    SERVICE,
    Bring,
    Committee,
    line,
    meet,
    vote,
)

ZAHRAS = "0012345679"
OTHERS = number(408100077)


@pytest.fixture
def browser(file: Any, credit: int, come_in: ComeIn) -> Any:
    """The patient, come in."""
    return come_in(ZAHRAS)


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "head-once": uuid7(),
        "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-code": "drug",
        "lines-0-on": "1404/06/10", "lines-0-provider": "داروخانه شفا", "lines-0-invoice": "77",
        "lines-0-count": "1", "lines-0-asked": "10000000", "head-payee": "patient",
        "head-payee_name": "زهرا", "head-sheba": "", **changes,
    }  # fmt: skip


def brought(browser: Any, **changes: Any) -> Request:
    """A request sent from the portal with its papers."""
    browser.post("/my/requests/new/SMA/expense/", typed(**{"head-uploads": page(1), **changes}))
    row = Request.objects.latest("number")
    browser.post(f"/my/requests/{row.pk}/bring/", {"kind": "prescription", "uploads": page(2)})
    browser.post(f"/my/requests/{row.pk}/submit/")
    row.refresh_from_db()
    return row


def test_a_request_inside_the_package_is_decided_at_once_and_says_why(browser: Any) -> None:
    row = brought(browser)

    said = browser.get(f"/my/requests/{row.pk}/").content.decode()

    assert (row.state, row.payable, row.channel) == (State.APPROVED, 10 * MILLION, "portal")
    assert "۱٬۰۰۰٬۰۰۰ تومان" in said
    assert "هنوز" in said  # granted is not yet paid


def test_a_request_without_its_papers_stays_the_patients(browser: Any) -> None:
    browser.post("/my/requests/new/SMA/expense/", typed())
    row = Request.objects.get()

    browser.post(f"/my/requests/{row.pk}/submit/")

    row.refresh_from_db()
    assert row.state == State.DRAFT
    assert "badge warn" in browser.get(f"/my/requests/{row.pk}/").content.decode()


def test_what_is_left_of_a_known_year_is_exact(browser: Any, bring: Bring, patient: Person) -> None:
    bring(line(10 * MILLION))
    visit = Visit.objects.select_related("person").get()

    left = mine.money_left(visit, SERVICE)

    assert (left.year, left.ceiling, left.used) == (1404, CEILING, 10 * MILLION)
    assert left.left == CEILING - 10 * MILLION


def test_a_ceiling_that_is_not_announced_is_told_as_unknown(browser: Any) -> None:
    said = browser.get("/my/money/").content.decode()

    assert "نامعلوم" in said  # 1405's ceiling is not announced
    assert "سقف این سال هنوز اعلام نشده" in said


def test_before_the_committee_no_code_of_the_rules_is_read_as_a_reason(
    browser: Any, bring: Bring, group: Committee
) -> None:
    row = bring(line(code="other"))

    said = browser.get(f"/my/requests/{row.pk}/").content.decode()
    printed = browser.get("/my/print/").content.decode()

    assert (row.state, row.ground) == (State.IN_COMMITTEE, "to_committee")
    assert "to_committee" not in said + printed


def test_what_waits_for_the_patient_comes_first(browser: Any, bring: Bring) -> None:
    returned, newer = bring(line(MILLION, "other")), bring(line(2 * MILLION))
    Request.objects.filter(pk=returned.pk).update(state=State.RETURNED, ground="ناخوانا")

    listed = browser.get("/my/file/").content.decode()

    assert listed.index(str(returned.number)) < listed.index(str(newer.number))


def test_money_of_another_reaches_nobody_else(
    browser: Any, bring: Bring, country: Country, come_in: ComeIn
) -> None:
    row = bring(line())
    person(country.falak_ol_din, OTHERS, "دیگری", dt.date(1980, 1, 1), "09121119999")
    stranger = come_in(OTHERS)
    address = f"/my/requests/{row.pk}/"

    statuses = [
        stranger.get(address).status_code,
        stranger.get(f"{address}change/").status_code,
        *(
            stranger.post(f"{address}{verb}/", {"why": "نه", "text": "نه", "ground": "procedure"})
            .status_code
            for verb in ("bring", "submit", "withdraw", "answer", "appeal", "appeal/answer",
                         "appeal/withdraw")
        ),
    ]  # fmt: skip

    assert statuses == [404] * 9
    assert browser.get(address).status_code == 200
    assert str(row.number) not in stranger.get("/my/money/").content.decode()


def test_a_rejection_is_read_with_its_ground_and_appealed(
    browser: Any, bring: Bring, cast: Cast
) -> None:
    row = bring(line(code="drug"))
    Request.objects.filter(pk=row.pk).update(
        state=State.REJECTED,
        payable=0,
        ground="دارو برای این بیماری نیست",
        decided_by=Decider.COMMITTEE,
        motion_id=uuid4(),
    )

    said = browser.get(f"/my/requests/{row.pk}/").content.decode()
    browser.post(
        f"/my/requests/{row.pk}/appeal/", {"ground": "new_evidence", "text": "نامه پزشک دارم"}
    )

    assert "دارو برای این بیماری نیست" in said
    assert "اعتراض شما" in browser.get(f"/my/requests/{row.pk}/").content.decode()


@pytest.fixture
def asked_back(browser: Any, bring: Bring, group: Committee) -> Appeal:
    """An appeal whose working group asks a question."""
    row = bring(line(2 * CEILING))  # granted up to the ceiling
    browser.post(f"/my/requests/{row.pk}/appeal/", {"ground": "new_evidence", "text": "نامه دارم"})
    vote(meet(group), "deferred", "نامه از کدام پزشک است؟")
    return Appeal.objects.get(state=AppealStand.DEFERRED)


def test_a_question_about_an_appeal_is_read_and_answered(browser: Any, asked_back: Appeal) -> None:
    address = f"/my/requests/{asked_back.request_id}/"

    listed = browser.get("/my/file/").content.decode()
    asked = browser.get(address).content.decode()
    empty = browser.post(f"{address}appeal/answer/", {"appeal-text": " "})
    answer = {"appeal-text": "دکتر گلاب، بیمارستان عسلی"}
    browser.post(f"{address}appeal/answer/", answer)
    late = browser.post(f"{address}appeal/answer/", answer)

    asked_back.refresh_from_db()
    assert "درباره اعتراض از شما پرسشی هست" in listed
    assert "نامه از کدام پزشک است؟" in asked
    assert empty.status_code == 422
    assert asked_back.state == AppealStand.WAITING
    assert asked_back.text.endswith("دکتر گلاب، بیمارستان عسلی")
    assert Matter.objects.filter(object_id=asked_back.pk, state="waiting").count() == 1
    assert late.status_code == 422


def test_an_appeal_is_taken_back_and_may_be_brought_again_in_time(
    browser: Any, asked_back: Appeal
) -> None:
    address = f"/my/requests/{asked_back.request_id}/"

    browser.post(f"{address}appeal/withdraw/")
    again = browser.post(f"{address}appeal/withdraw/")
    browser.post(f"{address}appeal/", {"ground": "procedure", "text": "مهلت رعایت نشد"})

    asked_back.refresh_from_db()
    assert asked_back.state == AppealStand.WITHDRAWN
    assert again.status_code == 404
    assert Appeal.objects.get(state=AppealStand.WAITING).ground == "procedure"


def test_each_move_of_a_request_is_told_once(browser: Any, bring: Bring) -> None:
    Message.objects.all().delete()

    row = bring(line())
    counts = following.tell_requests(), following.tell_requests()

    told = Message.objects.get()
    assert counts == (1, 0)
    assert (told.event, str(told.person_id)) == ("approved", str(row.person_id))
    assert "۱٬۰۰۰٬۰۰۰" in told.text


@pytest.fixture
def appealed(browser: Any, bring: Bring, group: Committee) -> Appeal:
    """An appeal of what was granted up to the ceiling, of which the patient was told."""
    row = bring(line(2 * CEILING))
    following.tell_requests()
    browser.post(f"/my/requests/{row.pk}/appeal/", {"ground": "new_evidence", "text": "نامه دارم"})
    return Appeal.objects.get()


@pytest.mark.parametrize(
    ("verdict", "told"),
    [("deferred", "appeal_asked"), ("overturned", "appeal_won"), ("upheld", "appeal_lost")],
)
def test_each_step_of_an_appeal_is_told_once(
    appealed: Appeal, group: Committee, verdict: str, told: str
) -> None:
    vote(meet(group), verdict, "نامه دیده شد")

    more = following.tell_requests()

    said = Message.objects.filter(about=appealed.pk).order_by("pk")
    assert [one.event for one in said] == ["appealed", told]
    assert more == 0  # the request of an appeal that was granted is not told of once more


def test_the_message_of_a_granted_appeal_says_what_is_granted_in_all(
    appealed: Appeal, group: Committee
) -> None:
    vote(meet(group), "overturned", "نامه دیده شد")

    assert format_int(2 * CEILING // 10, "fa") in Message.objects.get(event="appeal_won").text


def test_an_appeal_that_is_decided_anew_is_told(
    appealed: Appeal, group: Committee, cast: Cast
) -> None:
    vote(meet(group), "upheld", "همان رأی")
    matter = Matter.objects.get(object_id=appealed.pk)

    sitting.declare(matter, group.members["sso"], reason="خویشاوند", actor=cast.secretary.pk)

    said = Message.objects.filter(about=appealed.pk).order_by("pk")
    assert [one.event for one in said] == ["appealed", "appeal_lost", "appeal_anew"]


def test_a_request_closed_because_nothing_came_is_told(
    browser: Any, bring: Bring, committee: Committee
) -> None:
    row = ending.send_back(bring(line(code="other")), why="نسخه نیست", actor=None)
    long_ago = timezone.now() - dt.timedelta(days=90)
    Request.objects.filter(pk=row.pk).update(since=long_ago)
    RequestStep.objects.create(
        request=row, province=row.province, verb="remind", state=row.state,
        at=long_ago + dt.timedelta(days=20),
    )  # fmt: skip

    ending.keep_time(lambda *_count: None)
    following.tell_requests()

    assert Message.objects.filter(about=row.pk, event="closed").count() == 1


def test_money_that_was_paid_or_came_back_is_told(browser: Any, bring: Bring) -> None:
    row = bring(line())
    Message.objects.all().delete()
    moves = [
        Move(pk, "fund.request", state, None, timezone.now())
        for pk, state in ((row.pk, "paid"), (row.pk, "ordered"), (row.file_id, "returned"))
    ]

    following.on_money(moves=moves)

    assert [one.event for one in Message.objects.all()] == ["paid"]


def test_what_an_appeal_granted_is_told_when_it_is_paid(browser: Any, asked_back: Appeal) -> None:
    following.on_money(moves=[Move(asked_back.pk, "fund.appeal", "paid", None, timezone.now())])

    assert Message.objects.filter(about=asked_back.pk, event="paid").exists()


def test_lines_typed_when_the_visit_had_ended_stand_there_again(browser: Any) -> None:
    Visit.objects.update(seen_at=timezone.now() - visits.IDLE)

    ended = browser.post("/my/requests/new/SMA/expense/", typed())
    browser.post("/my/", {"number": ZAHRAS, "sits": "patient"})
    back = browser.post("/my/code/", {"code": codes.of(newest().pk)})
    again = browser.get(back["Location"]).content.decode()

    assert (ended.status_code, Draft.objects.count()) == (302, 0)
    assert 'value="داروخانه شفا"' in again


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lines-0-asked": "-5"}, "مبلغ"),
        ({"lines-0-asked": "1" + "0" * 19}, "مبلغ"),
        ({"lines-0-on": "1450/01/01"}, "آینده"),
        ({"lines-0-asked": ""}, "لازم"),
        ({"lines-0-code": "visit", "lines-0-asked": "200000"}, "تومان"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_kept(
    browser: Any, changes: dict[str, str], said: str
) -> None:
    answer = browser.post("/my/requests/new/SMA/expense/", typed(**changes))

    assert (answer.status_code, Request.objects.count()) == (200, 0)
    assert "errorlist" in answer.content.decode()
    assert said in answer.content.decode()


def test_the_certificate_is_the_patients_and_nobody_elses(
    browser: Any, country: Country, come_in: ComeIn
) -> None:
    person(country.falak_ol_din, OTHERS, "دیگری", dt.date(1980, 1, 1), "09121119999")
    address = f"/my/tags/{Tag.objects.get().pk}/"

    own, others = browser.get(address), come_in(OTHERS).get(address)

    assert (own.status_code, own.content[:5], others.status_code) == (200, b"%PDF-", 404)


def test_the_printed_file_holds_everything(browser: Any, bring: Bring) -> None:
    row = bring(line())

    said = browser.get("/my/print/").content.decode()

    assert str(row.number) in said


def test_a_draft_of_the_desk_is_not_shown(browser: Any, bring: Bring) -> None:
    row = bring(line(), draft=True)

    assert browser.get(f"/my/requests/{row.pk}/").status_code == 404


def test_pages_of_requests_ask_a_bounded_number_of_statements(
    browser: Any, bring: Bring, django_assert_max_num_queries: Any
) -> None:
    rows = [bring(line(asked)) for asked in (MILLION, 2 * MILLION, 3 * MILLION)]

    with django_assert_max_num_queries(38):
        browser.get("/my/file/")
    with django_assert_max_num_queries(34):
        browser.get(f"/my/requests/{rows[0].pk}/")
