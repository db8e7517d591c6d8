"""Sheets of applications: checked first, every fault told, nothing written twice."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.disease.models import Disease
from pooshesh.fund import intake as intakes
from pooshesh.fund.models import Application, Channel, Intake, IntakeRow, PatientFile
from pooshesh.fund.tests.conftest import Apply, MakePatient
from pooshesh.kernel.jobs import Progress
from pooshesh.kernel.models import Event
from pooshesh.people import actions as people
from pooshesh.people.models import Link, Person

pytestmark = pytest.mark.django_db
HEADER = "نام,نام خانوادگی,تاریخ تولد,کد ملی,تلفن همراه,بیماری,محل زندگی,بیمه,فوری"
GOOD = (
    "زهرا,کوهدشتی,1390/01/01,0012345679,09121234567,SMA,خرم‌آباد,سایر,",
    "علي,دورودي,1389,,,اس‌ام‌ای,n0003,ندارد,بله",
    "زهرا,کوهدشتی,1390/01/01,۱۲۳۴۵۶۷۹,,SMA,,,",
)


@dataclass
class Office:
    """A clerk at a browser, whose jobs run as soon as a page has committed."""

    client: Client
    commits: DjangoCaptureOnCommitCallbacks

    def bring(self, body: bytes, area: str = "p15") -> str:
        """The page of a sheet that was brought and checked."""
        file = SimpleUploadedFile("list.csv", body)
        with self.commits(execute=True):
            answer = self.client.post("/fund/sheets/", {"area": area, "sheet": file})
        return str(answer["Location"])

    def write(self, page: str, **data: str) -> str:
        """Have it written; what the page says then."""
        with self.commits(execute=True):
            self.client.post(f"{page}write/", data)
        return self.client.get(page).content.decode()


@pytest.fixture
def clerk(
    cast: Cast,
    as_user: SignIn,
    sma: Disease,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Office:
    """Lorestan's fund clerk."""
    Disease.objects.filter(code="SMA").update(name_fa="اس‌ام‌ای")
    return Office(as_user(cast.fund_clerk), django_capture_on_commit_callbacks)


def _sheet(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows]).encode()


def _outcomes() -> list[str]:
    return list(IntakeRow.objects.order_by("row").values_list("outcome", flat=True))


def test_a_sheet_is_checked_first_and_written_when_somebody_says_so(
    clerk: Office, country: Country
) -> None:
    page = clerk.bring(_sheet(*GOOD))
    before = Application.objects.count(), Person.objects.count()

    shown = clerk.write(page)

    ali = Application.objects.get(urgent=True)
    assert before == (0, 0)
    assert _outcomes() == ["row_new", "row_new", "row_joined"]
    assert (Person.objects.count(), PatientFile.objects.count()) == (2, 2)
    assert (ali.area, ali.insured, ali.channel) == (country.falak_ol_din, "none", Channel.BULK)
    assert ali.steps.get().verb == "apply"
    assert ali.code in shown
    assert Event.objects.filter(action="fund.apply_many").count() == 1


def test_who_is_known_already_keeps_their_home_and_their_open_application(
    clerk: Office, country: Country, patient: MakePatient, application: Apply
) -> None:
    zahra = patient("زهرا", "کوهدشتی", national_id="0012345679", area=country.unsponsored)
    standing = application(zahra)
    standing.refresh_from_db()

    clerk.write(clerk.bring(_sheet(GOOD[0])))

    zahra.refresh_from_db()
    assert _outcomes() == ["row_joined"]
    assert zahra.area == country.unsponsored
    assert Application.objects.get() == standing


def test_a_number_of_somebody_else_is_opened_apart_and_left_to_a_clerk(
    clerk: Office, patient: MakePatient
) -> None:
    patient("بهمن", "الشتری", national_id="0012345679")

    clerk.write(clerk.bring(_sheet(GOOD[0])))

    assert _outcomes() == ["row_doubt"]
    assert Person.objects.count() == 2
    assert Link.objects.count() == 1


def test_nothing_is_opened_for_who_died(clerk: Office, patient: MakePatient, cast: Cast) -> None:
    zahra = patient("زهرا", "کوهدشتی", national_id="0012345679")
    people.record_death(zahra, timezone.localdate(), source="registry", actor=cast.fund_clerk.pk)

    clerk.write(clerk.bring(_sheet(GOOD[0])))

    assert _outcomes() == ["row_dead"]
    assert not Application.objects.exists()


def test_every_fault_of_every_row_is_told_and_good_rows_wait_to_be_chosen(clerk: Office) -> None:
    page = clerk.bring(
        _sheet(
            GOOD[0],
            ",,1390/01/01,,,SMA,,,",
            "رضا,الف,1390/13/40,,,سرماخوردگی,تهران,هیچ,شاید",
            "رضا,ب,1390/01/01,09121234567,12,SMA,,,",
        ),
    )

    refused = clerk.write(page)
    answer = clerk.client.get(f"{page}refused/")
    sheet = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    none = Application.objects.count()
    clerk.write(page, only_good="on")

    row = Intake.objects.get()
    assert (row.rows, row.refused) == (1, 3)
    found = {(one["row"], one["code"]) for one in intakes.findings(row)["problems"]}
    assert {(3, "people.name_missing"), (4, "fund.insured"), (4, "fund.yes_no")} <= found
    assert {code for number, code in found if number == 5} == {"national_id.mobile", "mobile.form"}
    assert "نام یا نام خانوادگی را بنویسید" in refused
    assert "۳ سطر رد شده است" in refused
    assert sheet.startswith(b"PK")
    assert (none, Application.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("نام\nزهرا".encode(), "ستون"),
        ("نام,نام خانوادگی,بیماری".encode(), "ردیفی نیست"),
    ],
)
def test_what_is_no_sheet_of_applications_is_said_and_keeps_nothing(
    clerk: Office, body: bytes, said: str
) -> None:
    page = clerk.bring(body)

    assert said in clerk.client.get(page).content.decode()
    assert not Application.objects.exists()


def test_a_sheet_brought_and_written_again_writes_nothing(clerk: Office, cast: Cast) -> None:
    first = clerk.bring(_sheet(*GOOD))
    clerk.write(first)
    second = clerk.bring(_sheet(*GOOD))
    clerk.write(second)

    assert first == second
    assert Application.objects.count() == 2
    assert IntakeRow.objects.count() == 3


class _Killed(Exception):
    """The worker was killed here."""


class _Dying(Progress):
    """A progress whose worker is killed when so many rows are done."""

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        if done >= 2:
            raise _Killed


def test_a_job_killed_in_the_middle_goes_on_where_it_was(
    clerk: Office, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intakes, "BATCH", 2)
    clerk.bring(_sheet(*GOOD, "سمیه,نورآبادی,1395/05/05,,,SMA,,,"))
    row = Intake.objects.get()
    arguments: dict[str, Any] = {"intake": str(row.pk), "by": str(cast.fund_clerk.pk)}

    with pytest.raises(_Killed):
        intakes.write(_Dying(row.pk), **arguments)
    half = IntakeRow.objects.count()
    intakes.write(Progress(row.pk), **arguments)
    intakes.write(Progress(row.pk), **arguments)

    assert half == 2
    assert sorted(_outcomes()) == ["row_joined", "row_new", "row_new", "row_new"]
    assert Application.objects.count() == 3
    assert Intake.objects.get().counts == {"row_joined": 1, "row_new": 3}


def test_another_area_has_no_such_sheet_and_no_such_place(
    clerk: Office, cast: Cast, as_user: SignIn
) -> None:
    page = clerk.bring(_sheet(*GOOD))
    file = SimpleUploadedFile("list.csv", _sheet(*GOOD))
    elsewhere = clerk.client.post("/fund/sheets/", {"area": "p23", "sheet": file})
    outside = as_user(cast.tehran_fund_clerk)

    assert elsewhere.status_code == 200
    assert outside.get(page).status_code == 404
    assert outside.get(f"{page}refused/").status_code == 404
    assert outside.post(f"{page}write/").status_code == 404
    assert Intake.objects.count() == 1


def test_a_sheet_keeps_to_a_fixed_number_of_statements(
    clerk: Office, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    clerk.bring(_sheet(*(f"نام{'ابپتثج'[n]},کوهدشتی,139{n}/01/01,,,SMA,,," for n in range(6))))
    row = Intake.objects.get()

    with django_assert_max_num_queries(75):
        intakes.write(Progress(row.pk), intake=str(row.pk), by=str(cast.fund_clerk.pk))

    assert Application.objects.count() == 6
