"""Patients of a sheet are told their tracking numbers afterwards, each once."""

import io

import pytest
from pytest_django import DjangoAssertNumQueries

from pooshesh.conftest import Cast, Country
from pooshesh.disease.models import Disease
from pooshesh.fund import intake
from pooshesh.fund.models import Application, Intake
from pooshesh.kernel.jobs import Progress
from pooshesh.kernel.models import Job
from pooshesh.kernel.text import to_persian_digits
from pooshesh.portal import messages, sheets, visits
from pooshesh.portal.models import Message, Told
from pooshesh.portal.tests.conftest import NUMBER

HEADER = "نام,نام خانوادگی,تاریخ تولد,کد ملی,تلفن همراه,بیماری"
ROWS = (
    "زهرا,کوهدشتی,1370/01/01,0012345679,09121234567,SMA",
    "علی,دورودی,1369/01/01,,,SMA",
    "زهرا,کوهدشتی,1370/01/01,0012345679,09121234567,SMA",
)


@pytest.fixture
def sheet(country: Country, sma: Disease, cast: Cast) -> Intake:
    """A sheet of three rows about two patients, one of them without a telephone, written."""
    return written(country, cast, *ROWS)


def written(country: Country, cast: Cast, *rows: str) -> Intake:
    """A sheet, checked and written."""
    body, clerk = io.BytesIO("\n".join([HEADER, *rows]).encode()), cast.fund_clerk.pk
    row, _new = intake.bring(country.lorestan, "list.csv", body, actor=clerk)
    intake.check(Progress(row.pk), str(row.pk), str(clerk))
    intake.write(Progress(row.pk), str(row.pk), str(clerk))
    return row


def told(sheet: Intake) -> dict[str, int]:
    counts: dict[str, int] = sheets.tell(Progress(sheet.pk), sheet.pk.hex)
    return counts


def test_who_left_a_telephone_is_told_the_tracking_number_and_who_left_none_is_counted(
    sheet: Intake,
) -> None:
    queued = Job.objects.get(kind=sheets.KIND)

    counts = told(sheet), told(sheet)

    message = Message.objects.get()
    application = Application.objects.get(pk=message.about)
    assert queued.arguments == {"sheet": sheet.pk.hex}
    assert counts == ({"patients_told": 1, "unreached": 1},) * 2
    assert to_persian_digits(application.code) in message.text
    assert message.masked.endswith("4567")


def test_of_several_batches_one_job_tells(
    country: Country, sma: Disease, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "BATCH", 1)
    more = (f"نام{one},الشتری,1360/01/01,,09121234568,SMA" for one in "ابپ")

    row = written(country, cast, *more)

    assert Job.objects.filter(kind=sheets.KIND, arguments={"sheet": row.pk.hex}).count() == 1
    assert told(row) == {"patients_told": 3, "unreached": 0}


def test_telling_takes_a_fixed_number_of_statements(
    sheet: Intake, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(18):
        told(sheet)


def test_a_code_does_not_wait_for_the_messages_of_a_sheet(
    sheet: Intake, patient: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "BATCH", 1)
    told(sheet)
    visits.ask(NUMBER)

    messages._deliver_batch()

    assert Message.objects.get(event=Told.CODE).sent_at is not None
    assert Message.objects.get(event=Told.RECEIVED).sent_at is None
