"""Pages of versions: proposed in the browser, looked at, answered by somebody else."""

import datetime as dt
import io
import zipfile
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.people import actions as people
from pooshesh.people.models import Membership, Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import ali, zahra
from pooshesh.policy import versions
from pooshesh.policy.models import Version, VersionState
from pooshesh.policy.tests.test_versions import FILES, propose, share_of_six, tomorrow
from pooshesh.rules import list_packs
from pooshesh.rules.load import read_files

WHY = "بر پایه مصوبه تازه، دهک ششم نیز رایگان می‌شود"


@pytest.fixture
def officer(cast: Cast, as_user: SignIn) -> Client:
    return as_user(cast.policy_officer)


@pytest.fixture
def sixth(country: Country, cast: Cast) -> None:
    """A household of two in the sixth decile."""
    day = dt.date(2024, 5, 1)
    done = register_census(
        [zahra(), ali()], area=country.unsponsored, on=day, actor=cast.tehran_clerk.pk
    )
    home = Membership.objects.get(person=Person.objects.get(pk=done.persons[1])).household
    people.set_decile(home, 6, source="رفاه", since=day, actor=cast.tehran_clerk.pk)


def said(answer: Any) -> str:
    return unescape(answer.content.decode())


def form_of(browser: Client, address: str) -> dict[str, Any]:
    """What a browser would send when nothing is changed."""
    form = browser.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: _typed(value) for name, value in values.items() if value is not None}


def _typed(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def change(browser: Client, **values: Any) -> Any:
    sent = form_of(browser, "/rules/iran/change/") | {"why": WHY} | values
    return browser.post("/rules/iran/change/", sent, follow=True)


SIXTH_FREE = {"value-share_by_decile-6": "۰"}


def test_values_are_changed_in_the_browser(
    officer: Client, sixth: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        page = said(change(officer, source="مصوبه ۱۲۳ هیئت وزیران", **SIXTH_FREE))

    version = Version.objects.get()
    assert version.valid_from == tomorrow()
    assert '  N1: "مصوبه ۱۲۳ هیئت وزیران"' in version.content["premium_share.yaml"]
    assert "شما این نسخه را پیشنهاد کرده‌اید" in page
    assert "۲۰٪" in page  # what differs
    assert version.effect
    assert version.effect["total"]["moved"] == 2


def test_the_effect_is_shown_by_every_group_and_taken_along(
    officer: Client, cast: Cast, sixth: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        version = propose(cast)

    page = said(officer.get(f"/versions/{version.pk}/"))
    sheet = officer.get(f"/versions/{version.pk}/effect.xlsx")

    assert "سهم حق بیمه" in page
    assert "تهران: ۲ نفر" in page
    assert "حق بیمه این روز نامعلوم است" in page
    assert b"".join(sheet.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]


def test_without_a_source_new_values_are_an_assumption(officer: Client, country: Country) -> None:
    change(officer, **SIXTH_FREE)

    text = Version.objects.get().content["premium_share.yaml"]
    assert "citation: [assumption]" in text.split("N1")[-1]


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({}, "هیچ مقداری با آنچه"),
        ({"value-share_by_decile-6": "بیست"}, "عدد درست"),
        ({"value-share_by_decile-6": "120"}, "عدد درست"),
        ({**SIXTH_FREE, "why": "کوتاه"}, "۱۰"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(
    officer: Client, values: dict[str, str], fault: str
) -> None:
    page = said(change(officer, **values))

    assert fault in page
    assert Version.objects.count() == 0


def test_a_day_that_is_past_shows_no_values(officer: Client) -> None:
    answer = officer.get("/rules/iran/change/?since=1400/01/01")

    assert "گذشته است" in said(answer)
    assert "form" not in answer.context


def brought(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def archive(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return buffer.getvalue()


def upload(browser: Client, *files: SimpleUploadedFile, name: str = "iran") -> Any:
    sent = {"laws": list(files), "since": "1500/01/01", "why": WHY}
    return browser.post(f"/rules/{name}/upload/", sent, follow=True)


OTHER = FILES["premium_share.yaml"].replace("٪".encode(), b"%") + "\n# یادداشت\n".encode()


def test_a_law_file_takes_the_place_of_its_name(officer: Client) -> None:
    upload(officer, brought("premium_share.yaml", OTHER))

    version = Version.objects.get()
    assert version.content["premium_share.yaml"] == OTHER.decode()
    assert set(version.content) == set(FILES)


def test_an_archive_is_the_whole_pack(officer: Client) -> None:
    files = {f"iran/{name}": text for name, text in {**FILES, "premium_share.yaml": OTHER}.items()}

    upload(officer, brought("pack.zip", archive(**files)))

    assert set(Version.objects.get().content) == set(FILES)


def test_a_file_of_a_nested_pack_finds_its_folder(officer: Client) -> None:
    held = read_files(list_packs()["iran.copayment"])
    text = held["copayment/copayment.yaml"] + b"\n# a remark\n"

    page = said(upload(officer, brought("copayment.yaml", text), name="iran.copayment"))

    assert set(Version.objects.get().content) == set(held)
    assert "نه درباره افراد" in page


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ([brought("premium_share.yaml", b"law: {id: x}\n")], "premium_share.yaml:1"),
        ([brought("notes.txt", b"x")], "notes.txt"),
        ([brought("pack.zip", b"no archive")], "zip"),
        ([brought("pack.zip", archive(**{"../cover.yaml": b"x"}))], "../cover.yaml"),
        ([brought("pack.zip", archive(**{"/etc/cover.yaml": b"x"}))], "/etc/cover.yaml"),
        ([brought("pack.zip", archive(**{"a.yaml": bytes(300_000)}))], "a.yaml"),
        ([brought("pack.zip", archive())], ".yaml"),
        ([brought("pack.zip", archive(**{f"a{n}.yaml": b"" for n in range(65)}))], "۶۴"),
        ([brought("a.yaml", b"x"), brought("pack.zip", archive())], ".zip"),
        ([brought("huge.yaml", bytes(5 << 20))], "huge.yaml"),
    ],
)
def test_an_upload_that_cannot_be_is_refused(
    officer: Client, files: list[SimpleUploadedFile], fault: str
) -> None:
    answer = upload(officer, *files)

    assert fault in said(answer)
    assert answer.context["form"].errors
    assert Version.objects.count() == 0


def answer_with(browser: Client, version: Version, verb: str, reason: str = "") -> str:
    sent = {"verb": verb, "answer": reason}
    return said(browser.post(f"/versions/{version.pk}/answer/", sent, follow=True))


def test_a_second_person_approves(cast: Cast, as_user: SignIn) -> None:
    version = propose(cast)

    page = answer_with(as_user(cast.national_director), version, "approve", "بودجه آن هست")

    assert "تأیید شد؛ از" in page
    assert "بودجه آن هست" in page
    assert share_of_six(tomorrow()) == 0


def test_who_proposed_is_told_why_they_cannot_approve(cast: Cast, officer: Client) -> None:
    version = propose(cast)

    page = said(officer.get(f"/versions/{version.pk}/"))
    forced = answer_with(officer, version, "approve")

    assert 'value="approve"' not in page
    assert "شما این نسخه را پیشنهاد کرده‌اید" in page
    assert "باید کسی جز پیشنهاددهنده" in forced
    assert Version.objects.get().state == VersionState.PROPOSED


def test_a_refusal_needs_a_reason(cast: Cast, as_user: SignIn) -> None:
    version = propose(cast)
    director = as_user(cast.national_director)

    bare = answer_with(director, version, "refuse")
    state = Version.objects.get().state
    page = answer_with(director, version, "refuse", "هزینه آن سنجیده نشده است")

    assert "دلیل را بنویسید" in bare
    assert state == VersionState.PROPOSED
    assert "هزینه آن سنجیده نشده است" in page
    assert Version.objects.get().state == VersionState.REFUSED


def test_the_second_of_two_who_answer_is_told(cast: Cast, as_user: SignIn) -> None:
    version = propose(cast)
    director = as_user(cast.national_director)
    answer_with(director, version, "approve")

    page = answer_with(director, version, "refuse", "دیر شد")

    assert "کسی پیش از شما پاسخ داده است" in page


def test_one_takes_the_own_proposal_back(cast: Cast, officer: Client) -> None:
    version = propose(cast)

    page = answer_with(officer, version, "withdraw", "عدد آن نادرست بود")

    assert "پس گرفته شد" in page
    assert Version.objects.get().answer == "عدد آن نادرست بود"


def test_an_approved_version_still_shows_what_it_changed(cast: Cast, officer: Client) -> None:
    version = propose(cast)
    versions.approve(version.pk, answer="", actor=cast.national_director.pk)

    page = officer.get(f"/versions/{version.pk}/")

    assert page.context["changes"]


def test_nobody_decides_before_the_count_is_there(cast: Cast, as_user: SignIn) -> None:
    version = propose(cast)  # its job waits

    page = said(as_user(cast.national_director).get(f"/versions/{version.pk}/"))

    assert 'value="approve"' not in page
    assert "شمرده می‌شوند" in page


PAGES = [
    "/versions/", "/rules/iran/change/", "/rules/iran/upload/", "/versions/{id}/",
    "/versions/{id}/progress/",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_it_works(
    cast: Cast, officer: Client, page: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = page.format(id=propose(cast).pk)
    officer.get(address)  # packs are read once

    with django_assert_max_num_queries(9):
        answer = officer.get(address)

    assert answer.status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["tehran_lead", "mayor_counts", "auditor", "field_worker"])
def test_who_has_not_the_nation_in_reach_finds_nothing(
    cast: Cast, as_user: SignIn, page: str, who: str
) -> None:
    address = page.format(id=propose(cast).pk)

    assert as_user(getattr(cast, who)).get(address).status_code == 404


def test_a_director_answers_and_does_not_propose(cast: Cast, as_user: SignIn) -> None:
    director = as_user(cast.national_director)

    assert director.get("/versions/").status_code == 200
    assert director.get("/rules/iran/change/").status_code == 404
    assert director.get("/rules/iran/upload/").status_code == 404


@pytest.mark.parametrize(
    "page", ["/rules/nowhere/change/", "/rules/nowhere/upload/", f"/versions/{dt.date.max}/"]
)
def test_what_is_not_there_is_404(officer: Client, page: str) -> None:
    assert officer.get(page).status_code == 404
