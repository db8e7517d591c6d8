"""Residents' voice: reported without an account, answered by a clock, read with a code."""

import datetime as dt
import re
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.network import retention
from pooshesh.network.actions import assume
from pooshesh.network.models import (
    Finder,
    Gap,
    GapKind,
    GapState,
    Quantity,
    Report,
    ReportKind,
    ReportState,
)
from pooshesh.network.voice import actions, codes, public_pages, queries
from pooshesh.places.models import Area

SAID = "درمانگاه محله دو ماه است که پزشک ندارد"
TODAY = timezone.localdate()
CODE = re.compile(r"<span>([۰-۹]{4})</span>")


def reported(
    area: Area, kind: ReportKind = ReportKind.GAP, *, token: UUID | None = None, text: str = SAID,
    score: int | None = None, phone: str = "", at: dt.datetime | None = None,
) -> Report:  # fmt: skip
    """A report that came."""
    code = actions.receive(
        token=token or uuid4(), kind=kind, area=area, text=text, score=score, phone=phone, at=at,
        about=GapKind.STAFF if kind == ReportKind.GAP else "",
    )  # fmt: skip
    return Report.objects.get(digest=codes.digest(code))


@pytest.fixture
def report(country: Country) -> Report:
    return reported(country.darvazeh_ghar)


# --- codes -----------------------------------------------------------------------------------


@given(st.binary(min_size=16, max_size=16))
def test_a_code_is_read_as_it_was_written(secret: bytes) -> None:
    code = codes.of(secret)

    assert codes.read(" - ".join(codes.groups(code))) == code
    assert (len(code), len(codes.groups(code))) == (20, 5)


@given(st.binary(min_size=16, max_size=16), st.integers(0, 19), st.integers(1, 9))
def test_one_wrong_digit_is_found(secret: bytes, place: int, by: int) -> None:
    code = codes.of(secret)
    wrong = f"{code[:place]}{(int(code[place]) + by) % 10}{code[place + 1 :]}"

    assert codes.read(wrong) is None


@given(st.binary(min_size=16, max_size=16), st.integers(0, 18))
def test_two_digits_that_changed_places_are_found(secret: bytes, place: int) -> None:
    code = codes.of(secret)
    swapped = f"{code[:place]}{code[place + 1]}{code[place]}{code[place + 2 :]}"

    assert (codes.read(swapped) is None) == (swapped != code)


# --- actions ---------------------------------------------------------------------------------


def test_a_report_is_taken_joined_to_a_gap_and_answered(report: Report, cast: Cast) -> None:
    taken = actions.take_next(cast.tehran_clerk)
    gap = actions.register_as_gap(
        report, cast.tehran_clerk, kind=GapKind.STAFF, severity=3, text=SAID
    )
    actions.answer(report, cast.tehran_clerk, "پزشک از هفته آینده می‌آید")

    assert taken == report
    assert (report.state, report.gap, gap.found_by) == (ReportState.ANSWERED, gap, Finder.RESIDENT)
    verbs = Event.objects.filter(kind="report").order_by("id").values_list("action", flat=True)
    assert list(verbs) == ["report.receive", "report.open", "report.join", "report.answer"]


def test_the_same_form_sent_twice_is_one_report_with_one_code(country: Country) -> None:
    token = uuid4()
    first = reported(country.darvazeh_ghar, token=token)
    again = reported(country.darvazeh_ghar, token=token)
    other = reported(country.darvazeh_ghar, token=token, text=f"{SAID} و دارو")

    assert (first == again, first == other) == (True, False)
    assert Event.objects.filter(action="report.receive").count() == 2


def test_words_and_telephone_are_sealed(country: Country) -> None:
    kept = reported(country.darvazeh_ghar, phone="۰۹۱۲ ۰۰۰ ۰۰۰۰")

    assert SAID.encode() not in bytes(kept.content or b"")
    assert (queries.words(kept), queries.phone(kept)) == (SAID, "09120000000")


def test_an_answer_is_due_after_the_days_stated_for_the_day(country: Country) -> None:
    assume(Quantity.ANSWER_COMPLAINT, 4, citation="بخشنامه", since=TODAY, assumed=False, actor=None)

    stated = reported(country.darvazeh_ghar, ReportKind.COMPLAINT)
    unstated = reported(country.darvazeh_ghar, ReportKind.GAP)

    assert stated.due == TODAY + dt.timedelta(days=4)
    assert unstated.due == TODAY + dt.timedelta(days=queries.DAYS[ReportKind.GAP])


def test_the_next_is_that_whose_day_comes_first_and_nobody_gets_it_twice(
    country: Country, cast: Cast
) -> None:
    later = reported(country.darvazeh_ghar)
    first = reported(country.unsponsored, at=timezone.now() - dt.timedelta(days=3))

    taken = [actions.take_next(cast.tehran_clerk), actions.take_next(cast.tehran_lead)]

    assert taken == [first, later]
    assert actions.take_next(cast.tehran_clerk) == first
    assert actions.take_next(cast.lorestan_clerk) is None


def test_what_another_clerk_works_on_is_not_answered(report: Report, cast: Cast) -> None:
    actions.open_report(cast.tehran_clerk, report)

    with pytest.raises(Invalid, match="Somebody else"):
        actions.answer(report, cast.tehran_lead, "پزشک از هفته آینده می‌آید")


def test_an_answered_report_is_not_answered_again(report: Report, cast: Cast) -> None:
    actions.answer(report, cast.tehran_clerk, "پزشک از هفته آینده می‌آید")

    with pytest.raises(Invalid, match="final state"):
        actions.answer(report, cast.tehran_clerk, "پزشک از هفته آینده می‌آید")


def test_a_gap_at_another_place_is_not_joined(report: Report, country: Country, cast: Cast) -> None:
    gap = Gap.objects.create(
        area=country.unsponsored, area_path=country.unsponsored.path, province="23",
        kind="staff", severity=2, text=SAID, found_by="staff",
    )  # fmt: skip

    with pytest.raises(Invalid, match="another place"):
        actions.join_gap(report, cast.tehran_clerk, gap)


@pytest.mark.parametrize(
    ("kind", "text", "score", "phone", "said"),
    [
        (ReportKind.GAP, "کوتاه", None, "", "at least 10"),
        (ReportKind.GAP, "ب" * 2001, None, "", "too long"),
        (ReportKind.GAP, SAID, None, "12ab", "no telephone number"),
        (ReportKind.RATING, SAID, None, "", "from 1"),
        (ReportKind.RATING, SAID, 6, "", "from 1"),
    ],
)
def test_what_cannot_be_read_is_refused(
    country: Country, kind: ReportKind, text: str, score: int | None, phone: str, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        reported(country.darvazeh_ghar, kind, text=text, score=score, phone=phone)


def test_the_database_refuses_a_score_beyond_five(country: Country) -> None:
    rated = reported(country.darvazeh_ghar, ReportKind.RATING, text="", score=5)

    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=rated.pk).update(score=6)


def test_words_go_when_their_day_has_come(report: Report, country: Country, cast: Cast) -> None:
    old = reported(country.darvazeh_ghar, phone="09120000000",
                   at=timezone.now() - actions.KEPT)  # fmt: skip
    actions.answer(old, cast.tehran_clerk, "پزشک از هفته آینده می‌آید")

    due, gone = retention.due_words(TODAY), retention.delete_words(TODAY)

    old.refresh_from_db()
    assert (due, gone, retention.due_words(TODAY)) == (1, 1, 0)
    assert (old.content, old.phone, old.answer, old.state) == (None, None, "", "answered")
    assert queries.words(Report.objects.get(pk=report.pk)) == SAID


# --- satisfaction -----------------------------------------------------------------------------


def test_satisfaction_shows_its_number_and_interval_and_hides_few(
    country: Country, cast: Cast
) -> None:
    [reported(country.darvazeh_ghar, ReportKind.RATING, text="", score=s) for s in (5, 4, 4, 2, 1)]
    [reported(country.unsponsored, ReportKind.RATING, text="", score=s) for s in (1, 1, 1, 1)]

    many, few = sorted(queries.satisfaction(cast.tehran_clerk), key=lambda one: one.area.code)

    assert (many.ratings, many.satisfied, round(many.mean or 0, 1)) == (5, 3, 3.2)
    assert many.interval
    assert many.interval[0] < 0.6 < many.interval[1]
    assert (few.ratings, few.mean, few.satisfied, few.interval) == (None, None, None, None)
    assert queries.satisfaction(cast.lorestan_clerk) == []


# --- public pages -----------------------------------------------------------------------------


def sent(client: Client, kind: str = "gap", **changes: str) -> str:
    """The page after a resident sent a form."""
    asked = {"token": str(uuid4()), "about": "staff", "text": SAID, **changes}
    return client.post(f"/voice/{kind}/?area=n0001", asked).content.decode()


def test_a_resident_reports_and_reads_the_answer_with_the_code(
    client: Client, cast: Cast, country: Country
) -> None:
    found = client.get("/voice/gap/?q=دروازه").content.decode()
    code = "-".join(CODE.findall(sent(client)))
    report = Report.objects.get()
    actions.answer(report, cast.tehran_clerk, "پزشک از هفته آینده می‌آید")

    shown = client.post("/voice/status/", {"code": code}).content.decode()

    assert "?area=n0001" in found
    assert "پزشک از هفته آینده می‌آید" in shown
    assert SAID not in shown
    assert "دروازه" not in shown


def test_a_form_that_was_sent_again_shows_the_same_code(client: Client, country: Country) -> None:
    token = str(uuid4())

    assert CODE.findall(sent(client, token=token)) == CODE.findall(sent(client, token=token)) != []


def test_what_was_mistyped_or_is_unknown_says_so_and_nothing_else(
    client: Client, report: Report
) -> None:
    unknown = codes.of(bytes(16))
    mistyped = unknown[:-1] + "1"

    assert "گزارشی با این کد" in client.post("/voice/status/", {"code": unknown}).content.decode()
    assert "رقم" in client.post("/voice/status/", {"code": mistyped}).content.decode()


def test_known_and_unknown_codes_take_the_same_statements(
    client: Client, report: Report, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.status(report.digest)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert queries.status("0" * 64) is None


def test_marks_of_html_stay_text(
    client: Client, as_user: SignIn, cast: Cast, country: Country
) -> None:
    sent(client, text="<script>alert(1)</script> پزشک نداریم")

    page = as_user(cast.tehran_clerk).get(f"/reports/{Report.objects.get().pk}/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_machine_that_fills_in_everything_is_refused(client: Client, country: Country) -> None:
    sent(client, website="https://example.org")

    assert Report.objects.count() == 0


def test_who_sends_too_much_waits_and_no_address_is_kept(
    client: Client, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_pages, "SENDS", 1)
    sent(client)

    refused = client.post(
        "/voice/gap/?area=n0001", {"token": str(uuid4()), "about": "staff", "text": SAID}
    )

    kept = " ".join(cache._cache)  # type: ignore[attr-defined]
    assert (refused.status_code, Report.objects.count()) == (429, 1)
    assert "voice.send" in kept
    assert "127.0.0.1" not in kept


def test_who_tries_codes_waits(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_pages, "LOOKS", 1)
    tries = [client.post("/voice/status/", {"code": codes.of(bytes(16))}) for _ in range(2)]

    assert [page.status_code for page in tries] == [200, 429]


def test_an_error_stands_beside_its_field(client: Client, country: Country) -> None:
    page = sent(client, text="کوتاه")

    assert Report.objects.count() == 0
    assert "۱۰" in page


# --- staff pages ------------------------------------------------------------------------------


def test_a_clerk_takes_a_report_registers_a_gap_and_answers_with_a_prepared_answer(
    as_user: SignIn, cast: Cast, report: Report
) -> None:
    browser = as_user(cast.tehran_clerk)

    taken = browser.post("/reports/next/")
    page = browser.get(taken["Location"]).content.decode()
    browser.post(f"/reports/{report.pk}/register/",
                 {"kind": "staff", "severity": "3", "text": SAID})  # fmt: skip
    browser.post(f"/reports/{report.pk}/answer/", {"prepared": "registered", "text": ""})

    report.refresh_from_db()
    assert SAID in page
    assert (report.state, report.gap and report.gap.state) == ("answered", GapState.REPORTED)
    assert report.answer.startswith("سپاس")


def test_a_rating_is_noted_but_a_complaint_is_not(
    as_user: SignIn, cast: Cast, country: Country
) -> None:
    rated = reported(country.darvazeh_ghar, ReportKind.RATING, score=2)
    complaint = reported(country.darvazeh_ghar, ReportKind.COMPLAINT)
    browser = as_user(cast.tehran_clerk)

    browser.post(f"/reports/{rated.pk}/note/")
    browser.post(f"/reports/{complaint.pk}/note/")

    rated.refresh_from_db()
    complaint.refresh_from_db()
    assert (rated.state, complaint.state) == (ReportState.NOTED, ReportState.WAITING)


def test_a_report_of_another_province_does_not_exist(
    as_user: SignIn, cast: Cast, report: Report
) -> None:
    browser = as_user(cast.lorestan_clerk)

    assert browser.get(f"/reports/{report.pk}/").status_code == 404
    assert browser.post(f"/reports/{report.pk}/answer/", {"text": SAID}).status_code == 404
    assert str(report.pk) not in browser.get("/reports/?state=all").content.decode()
    assert str(report.pk) not in browser.get("/reports/?export=csv").getvalue().decode()


def test_who_may_not_work_on_gaps_reads_no_report(
    as_user: SignIn, cast: Cast, report: Report
) -> None:
    browser = as_user(cast.welfare_officer)

    assert browser.get("/reports/").status_code == 404
    assert browser.get(f"/reports/{report.pk}/").status_code == 404
    assert browser.get("/reports/satisfaction/").status_code == 200


def test_what_is_late_is_marked_and_waits_on_the_home_page(
    as_user: SignIn, cast: Cast, country: Country
) -> None:
    late = reported(country.darvazeh_ghar, at=timezone.now() - dt.timedelta(days=60))
    browser = as_user(cast.tehran_clerk)

    assert str(late.pk) in browser.get("/reports/?state=overdue").content.decode()
    assert "/reports/?state=overdue" in browser.get("/").content.decode()


def test_the_inbox_takes_as_many_statements_for_many_reports(
    as_user: SignIn, cast: Cast, country: Country, django_assert_max_num_queries: object
) -> None:
    [reported(country.darvazeh_ghar) for _ in range(30)]
    browser = as_user(cast.tehran_clerk)

    with django_assert_max_num_queries(9):  # type: ignore[operator]
        browser.get("/reports/")
