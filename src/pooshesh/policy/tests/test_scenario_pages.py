"""Pages of scenarios: a reform tried, read, compared, talked about and proposed."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from pooshesh.conftest import Cast, SignIn
from pooshesh.kernel.models import Event
from pooshesh.policy import effects
from pooshesh.policy.models import Remark, Scenario
from pooshesh.policy.tests.test_versions import propose

DAY = "1404/02/11"
ROW = {"form-TOTAL_FORMS": "5", "form-INITIAL_FORMS": "0"}
SIXTH_FREE = {"form-0-what": "share_by_decile:6", "form-0-to": "۰"}


@pytest.fixture
def officer(cast: Cast, as_user: SignIn) -> Client:
    return as_user(cast.policy_officer)


@pytest.fixture(autouse=True)
def _small_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "SAMPLE", 5_000)


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def try_out(browser: Client, title: str = "دهک ششم رایگان", **values: str) -> Any:
    sent = ROW | {
        "title": title, "pack": "iran", "on": DAY, "population": "sample", "other_on": "",
    } | values  # fmt: skip
    return browser.post("/scenarios/new/", sent, follow=True)


@pytest.fixture
def sixth_free(
    officer: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Scenario:
    """A counted scenario."""
    with django_capture_on_commit_callbacks(execute=True):
        try_out(officer, **SIXTH_FREE)
    return Scenario.objects.get()


def test_a_reform_is_tried_and_its_effect_read(officer: Client, sixth_free: Scenario) -> None:
    page = text(officer.get(f"/scenarios/{sixth_free.pk}/"))

    assert sixth_free.changes == [
        {"parameter": "share_by_decile", "key": 6, "to": 0, "percent": None}
    ]
    assert "افراد ساختگی" in page
    assert "سالانه حدود" in page
    assert "شاخص تمرکز پرداخت خانوارها: از" in page
    assert page.count("<svg") >= 3  # by decile twice, and the map


def test_every_share_changes_by_a_percentage(officer: Client) -> None:
    try_out(officer, **{"form-1-what": "share_by_decile:*", "form-1-percent": "−۱۰"})

    changes = Scenario.objects.get().changes
    assert [one["key"] for one in changes] == list(range(1, 11))
    assert {one["percent"] for one in changes} == {-10}


def test_two_days_are_compared(
    officer: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        try_out(officer, on="1402/02/01", other_on="1404/02/01")

    effect = Scenario.objects.get().effect
    assert effect
    assert effect["total"]["moved"] > 0


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({}, "بنویسید چه چیزی متفاوت است"),
        ({**SIXTH_FREE, "other_on": "1404/05/01"}, "نه هر دو با هم"),
        ({"other_on": DAY}, "هر دو روز یکی است"),
        ({"form-0-what": "share_by_decile:6"}, "یا مقدار تازه بنویسید یا درصد"),
        ({**SIXTH_FREE, "form-0-percent": "10"}, "یا مقدار تازه بنویسید یا درصد"),
        ({"form-0-to": "10"}, "کدام مقدار است"),
        ({"form-0-what": "share_by_decile:6", "form-0-to": "صد"}, "عدد درستی"),
        ({"form-0-what": "share_by_decile:6", "form-0-percent": "2000"}, "درصدی درست"),
        ({"form-0-what": "programme_residents_free:", "form-0-percent": "10"}, "شدنی نیست"),
        ({**SIXTH_FREE, "on": "1300/01/01"}, "شدنی نیست"),
        ({**SIXTH_FREE, "title": ""}, "این فیلد"),
    ],
)
def test_what_cannot_be_tried_is_said_and_not_kept(
    officer: Client, values: dict[str, str], fault: str
) -> None:
    page = text(try_out(officer, **values))

    assert fault in page
    assert Scenario.objects.count() == 0


def test_scenarios_are_found_by_their_name(officer: Client) -> None:
    try_out(officer, "دهک ششم رایگان", **SIXTH_FREE)
    try_out(officer, "حق بیمه", **SIXTH_FREE)

    page = text(officer.get("/scenarios/?q=ششم"))

    assert "دهک ششم رایگان" in page
    assert "حق بیمه</a>" not in page


def test_people_talk_about_it_by_name_and_time(
    officer: Client, cast: Cast, sixth_free: Scenario, as_user: SignIn
) -> None:
    address = f"/scenarios/{sixth_free.pk}/remark/"
    officer.post(address, {"text": "هزینه آن را ببینید"})
    page = text(as_user(cast.national_director).post(address, {"text": "دیدم"}, follow=True))

    assert page.index("هزینه آن را ببینید") < page.index("دیدم")
    assert "<bdi>policy_officer</bdi>" in page
    assert "<bdi>national_director</bdi>" in page
    assert Event.objects.filter(action="policy.remark").count() == 2


def test_a_remark_without_words_is_refused(officer: Client, sixth_free: Scenario) -> None:
    page = text(officer.post(f"/scenarios/{sixth_free.pk}/remark/", {"text": " "}, follow=True))

    assert "نظر نباید خالی باشد" in page
    assert Remark.objects.count() == 0


def test_two_scenarios_stand_side_by_side(
    officer: Client, sixth_free: Scenario,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        try_out(officer, "سهم همه نیم", **{"form-0-what": "share_by_decile:*",
                                          "form-0-percent": "-50"})  # fmt: skip
    other = Scenario.objects.exclude(pk=sixth_free.pk).get()

    page = text(officer.get(f"/scenarios/compare/?first={sixth_free.pk}&second={other.pk}"))

    assert "سهم همه نیم" in page
    assert "دهک ششم رایگان" in page
    assert "جهت آن‌ها را مقایسه کنید" not in page


@pytest.mark.parametrize("query", ["", "?first=x&second=y"])
def test_two_are_needed_to_compare(officer: Client, query: str) -> None:
    assert officer.get(f"/scenarios/compare/{query}").status_code == 404


def test_a_scenario_becomes_a_proposal(officer: Client, sixth_free: Scenario) -> None:
    page = officer.get(f"/rules/iran/change/?scenario={sixth_free.pk}")

    form = page.context["form"]
    assert "مقدارهای سناریو از پیش نوشته شده است" in text(page)
    assert form["value-share_by_decile-6"].value() == "۰"
    assert form["value-share_by_decile-7"].value() == "۳۰"


def test_the_effect_is_taken_along(officer: Client, sixth_free: Scenario) -> None:
    sheet = officer.get(f"/scenarios/{sixth_free.pk}/effect.xlsx")

    assert b"".join(sheet.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]


def test_without_a_count_there_is_no_sheet(officer: Client) -> None:
    try_out(officer, **SIXTH_FREE)

    row = Scenario.objects.get()
    assert officer.get(f"/scenarios/{row.pk}/effect.xlsx").status_code == 404
    assert "scenario" in text(officer.get(f"/scenarios/{row.pk}/"))


PAGES = ["/scenarios/", "/scenarios/new/", "/scenarios/{id}/",
         "/scenarios/compare/?first={id}&second={id}"]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_it_works(
    officer: Client, sixth_free: Scenario, page: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    address = page.format(id=sixth_free.pk)

    with django_assert_max_num_queries(9):
        answer = officer.get(address)

    assert answer.status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["tehran_lead", "mayor_counts", "auditor"])
def test_who_has_not_the_nation_in_reach_finds_nothing(
    cast: Cast, sixth_free: Scenario, as_user: SignIn, page: str, who: str
) -> None:
    address = page.format(id=sixth_free.pk)

    assert as_user(getattr(cast, who)).get(address).status_code == 404


def test_the_home_page_counts_what_waits_for_an_answer(cast: Cast, as_user: SignIn) -> None:
    propose(cast)

    waits = "نسخه‌های در انتظار تصمیم"
    assert waits in text(as_user(cast.national_director).get("/"))
    assert waits not in text(as_user(cast.policy_officer).get("/"))  # their own
