"""A municipality's census: its own city only, nothing lost, nothing double."""

import io

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from pooshesh.access.models import Grant
from pooshesh.conftest import Cast, Country
from pooshesh.kernel import jobs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.jobs import Progress
from pooshesh.people.models import Identifier, Link, Person, Standing
from pooshesh.regularisation import bringing
from pooshesh.regularisation.models import Case, CaseState, Origin, Outcome, Sheet, SheetRow
from pooshesh.regularisation.retention import VAULT
from pooshesh.regularisation.tests.conftest import CODE, GOOD, Bring, Foreigner, days, today

pytestmark = pytest.mark.django_db

ELSEWHERE = "نادر,نادری,,,مرد,AF,,,فلک‌الدین,,"
NOWHERE = "نادر,نادری,,,مرد,AF,,,کوی خیالی,,"


def write(sheet: Sheet, cast: Cast) -> dict[str, int]:
    done: dict[str, int] = bringing.write(
        Progress(uuid7()), str(sheet.pk), str(cast.tehran_mayor.pk)
    )
    return done


def counts() -> tuple[int, int, int, int]:
    return (
        Person.objects.count(), Case.objects.count(), SheetRow.objects.count(),
        Identifier.objects.count(),
    )  # fmt: skip


def test_each_row_becomes_a_person_with_a_case(bring: Bring, cast: Cast) -> None:
    sheet = bring(GOOD)

    done = write(sheet, cast)

    rows = SheetRow.objects.order_by("row")
    cases = Case.objects.in_bulk(field_name="person_id")
    assert done == {"rows": 3, "fresh": 3}
    assert [cases[row.person_id].state for row in rows] == [
        CaseState.IDENTIFIED, CaseState.FOUND, CaseState.FOUND,
    ]  # fmt: skip
    assert {case.origin for case in cases.values()} == {Origin.CENSUS}
    assert rows[0].area.code == "n0001"
    assert sorted(s.nationality for s in Standing.objects.all()) == ["AF", "AF", "PK"]


def test_a_mobile_in_the_box_of_the_code_is_a_pseudo_id(bring: Bring, cast: Cast) -> None:
    write(bring(GOOD), cast)

    assert Identifier.objects.get(grade="pseudo").kind == "foreign_code"


def test_rows_of_another_city_are_refused_one_by_one(bring: Bring, cast: Cast) -> None:
    sheet = bring([*GOOD, ELSEWHERE, NOWHERE])

    sheet.refresh_from_db()
    found = bringing.findings(sheet)["problems"]
    assert [(one["row"], one["code"]) for one in found] == [
        (5, "nationals.other_city"), (6, "nationals.unknown_place"),
    ]  # fmt: skip
    assert (sheet.rows, sheet.problem_count) == (3, 2)
    with pytest.raises(Invalid, match="cells are refused"):
        bringing.start_write(sheet, cast.tehran_mayor.pk, only_good=False)
    write(sheet, cast)
    assert not Person.objects.filter(province="15").exists()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("علی,رضایی,,,مرد,ایران,,,دروازه‌غار,,", "nationals.citizen"),
        ("علی,رضایی,,,مرد,آتلانتیس,,,دروازه‌غار,,", "nationals.nation"),
        ("علی,رضایی,,,مرد,AF,شناسنامه,,دروازه‌غار,,", "nationals.document"),
        ("علی,رضایی,,1450,مرد,AF,,,دروازه‌غار,,", "nationals.future"),
        (",,,,مرد,AF,,,دروازه‌غار,,", "nationals.nameless"),
    ],
)
def test_a_row_that_cannot_be_right_says_why(bring: Bring, row: str, code: str) -> None:
    sheet = bring([row, *GOOD])

    sheet.refresh_from_db()
    assert [one["code"] for one in bringing.findings(sheet)["problems"]] == [code]


def test_the_same_sheet_from_two_workers_is_one_sheet(bring: Bring, cast: Cast) -> None:
    first = bring(GOOD)
    write(first, cast)
    before = counts()

    second = bring(list(reversed(GOOD)), name="دیگر.csv")

    assert not Sheet.objects.filter(pk=second.pk).exists()
    write(first, cast)
    assert counts() == before


def test_rows_brought_again_in_a_longer_sheet_are_the_same_rows(bring: Bring, cast: Cast) -> None:
    write(bring(GOOD), cast)
    longer = bring([*GOOD, "شیرین,رحمانی,,1380,زن,AF,,,دروازه‌غار,,"])

    done = write(longer, cast)

    assert done == {"rows": 4, "fresh": 1}
    assert counts()[:3] == (4, 4, 4)


def test_a_known_person_of_the_city_is_taken_over(
    bring: Bring, foreigner: Foreigner, country: Country, cast: Cast
) -> None:
    known = foreigner(foreign_code=CODE)

    write(bring(GOOD[:1]), cast)

    row = SheetRow.objects.get()
    assert (row.person_id, row.outcome) == (known.pk, Outcome.KNOWN)
    assert Person.objects.get().area_id == country.unsponsored.pk  # nobody was moved
    assert Case.objects.get().person_id == known.pk


def test_a_number_known_in_another_province_is_left_to_a_clerk(
    bring: Bring, foreigner: Foreigner, country: Country, cast: Cast
) -> None:
    known = foreigner(area=country.falak_ol_din, foreign_code=CODE)

    write(bring(GOOD[:1]), cast)

    row = SheetRow.objects.get()
    assert (row.person_id, row.other_id, row.outcome) == (None, known.pk, Outcome.ELSEWHERE)
    assert (Person.objects.count(), Case.objects.count()) == (1, 0)


def test_a_citizens_number_opens_no_case(bring: Bring, foreigner: Foreigner, cast: Cast) -> None:
    known = foreigner(foreign_code=CODE, status="citizen", nationality="IR")

    write(bring(GOOD[:1]), cast)

    assert SheetRow.objects.get().outcome == Outcome.REVIEW
    assert not Case.objects.filter(person=known).exists()


@pytest.mark.parametrize("killed_at", [0, 1, 2])
def test_a_job_killed_between_batches_ends_with_the_same_rows(
    bring: Bring, cast: Cast, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    monkeypatch.setattr(bringing, "BATCH", 1)
    sheet = bring(GOOD)

    def killed(step: str, done: int = 0, total: int = 0) -> None:
        if total == 3 and done == killed_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bringing.write(killed, str(sheet.pk), str(cast.tehran_mayor.pk))
    assert SheetRow.objects.count() == killed_at

    write(sheet, cast)

    assert counts()[:3] == (3, 3, 3)
    assert Sheet.objects.get().counts == {Outcome.NEW: 3}


def test_without_an_agreement_no_data_is_taken(country: Country, cast: Cast) -> None:
    with pytest.raises(Invalid, match="no agreement in force"):
        bringing.bring(country.tehran_city, "x.csv", io.BytesIO(b"x"), actor=cast.tehran_mayor.pk)
    assert Sheet.objects.count() == 0


def test_who_lost_the_right_meanwhile_writes_nothing(bring: Bring, cast: Cast) -> None:
    sheet = bring(GOOD)
    Grant.objects.filter(user=cast.tehran_mayor).delete()

    with pytest.raises(Invalid, match="may not bring"):
        write(sheet, cast)
    assert SheetRow.objects.count() == 0


def test_a_sheet_goes_on_its_day_and_names_on_theirs(
    bring: Bring, cast: Cast, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    sheet = bring(GOOD)
    write(sheet, cast)
    later = days(731)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: later)

    with django_capture_on_commit_callbacks(execute=True):
        jobs._kinds["programme.retention"](Progress(uuid7()))

    sheet.refresh_from_db()
    assert sheet.deleted_at is not None
    assert sheet.problems is None
    assert not VAULT.path(sheet.pk).exists()
    assert set(SheetRow.objects.values_list("name", "search_key", "address")) == {("", "", "")}


def test_two_persons_with_one_number_are_linked_for_a_clerk(
    bring: Bring, foreigner: Foreigner, cast: Cast
) -> None:
    foreigner(foreign_code=CODE, first_name="رحیم", birth_date=today().replace(year=1950))

    write(bring(GOOD[:1]), cast)

    assert SheetRow.objects.get().outcome == Outcome.NEW
    assert Link.objects.count() == 1
