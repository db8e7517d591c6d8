"""Sheets of deciles are checked first, written once, and raise nobody's share silently."""

import io
from collections.abc import Callable

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from pooshesh.conftest import Cast, Country
from pooshesh.kernel.calendar import format_jalali
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Job
from pooshesh.people.models import Decile, Person
from pooshesh.policy.models import Touched
from pooshesh.renewal import appeals, sheets
from pooshesh.renewal.models import Appeal, DecileSheetState, Item, Sheet
from pooshesh.renewal.tests.conftest import LONG, START, TODAY, Insure, home, number
from pooshesh.renewal.tests.test_outreach import entitle

Bring = Callable[..., Sheet]
DATE = format_jalali(TODAY, lang="en")


@pytest.fixture
def bring(cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Bring:
    """`bring("row", …)`: a sheet with these lines, checked; `write` writes it too."""

    def make(*lines: str, write: bool = False) -> Sheet:
        text = "\n".join(["کد ملی,دهک,تاریخ", *lines])
        with django_capture_on_commit_callbacks(execute=True):
            made = sheets.bring(
                "دهک.csv", io.BytesIO(text.encode()), "پایگاه رفاه", actor=cast.tehran_clerk.pk
            )
        made.refresh_from_db()
        with django_capture_on_commit_callbacks(execute=True):
            _ = write and sheets.start_write(made, only_good=True, actor=cast.tehran_clerk.pk)
        made.refresh_from_db()
        return made

    return make


@pytest.fixture
def poor(country: Country, insure: Insure) -> Person:
    """Decile 1, covered free."""
    person = insure(country.unsponsored, 1, decile=1, percent=0)
    entitle(person)
    return person


def test_a_check_says_what_a_sheet_moves_and_changes_nothing(poor: Person, bring: Bring) -> None:
    sheet = bring(f"{number(1)},10,{DATE}")

    (move,) = sheet.found["moves"]
    assert sheet.state == DecileSheetState.CHECKED
    assert (move["from"], move["to"], move["persons"]) == ("enrol_free", "pays_share", 1)
    assert Decile.objects.get().decile == 1


def test_a_written_sheet_raises_a_decile_tells_a_clerk_and_decides_again(
    poor: Person, bring: Bring
) -> None:
    sheet = bring(f"{number(1)},10,{DATE}", write=True)

    assert sheet.state == DecileSheetState.WRITTEN
    assert Decile.objects.on(TODAY).get().decile == 10
    assert Decile.objects.on(START).get().decile == 1
    assert Item.objects.get().reason == "decile_raised"
    assert Job.objects.filter(kind="policy.touched").exists()
    assert not Touched.objects.exists()


def test_the_same_sheet_again_changes_nothing(poor: Person, bring: Bring) -> None:
    bring(f"{number(1)},10,{DATE}", write=True)
    before = list(Decile.objects.order_by("pk").values_list())

    again = bring(f"{number(1)},10,{DATE}", write=True)

    assert (again.found["changes"], again.found["unchanged"]) == (0, 1)
    assert list(Decile.objects.order_by("pk").values_list()) == before


def test_every_fault_is_told_at_once_and_no_number_is_kept(
    poor: Person, insure: Insure, country: Country, bring: Bring
) -> None:
    insure(country.falak_ol_din, 2, decile=1)
    insure(country.unsponsored, 3, decile=2)

    sheet = bring(
        f"1234567890,3,{DATE}", f"{number(9)},3,{DATE}", f"{number(2)},3,{DATE}",
        f"{number(1)},11,{DATE}", f"{number(1)},5,1500/01/01", f"{number(3)},4,{DATE}",
        f"{number(3)},5,{DATE}",
    )  # fmt: skip

    found = [(one["row"], one["field"]) for one in sheet.found["problems"]]
    assert found == [
        (2, "national_id"), (3, "national_id"), (4, "national_id"), (5, "decile"), (6, "date"),
        (7, "decile"), (8, "decile"),
    ]  # fmt: skip
    nobody, elsewhere = sheet.found["problems"][1:3]
    assert nobody["en"] == elsewhere["en"]
    assert sheet.found["changes"] == 0
    assert number(9) not in str(sheet.found)


def test_good_rows_are_written_only_when_chosen(poor: Person, bring: Bring, cast: Cast) -> None:
    sheet = bring(f"{number(1)},3,{DATE}", f"{number(1)},11,{DATE}")

    with pytest.raises(Invalid, match="choose to go on"):
        sheets.start_write(sheet, only_good=False, actor=cast.tehran_clerk.pk)
    sheets.start_write(sheet, only_good=True, actor=cast.tehran_clerk.pk)
    with pytest.raises(Invalid, match="written before"):
        sheets.start_write(sheet, only_good=True, actor=cast.tehran_clerk.pk)


def test_a_corrected_decile_holds_from_the_contested_day(poor: Person, cast: Cast) -> None:
    appeal = appeals.file(home(poor), LONG, actor=cast.tehran_clerk.pk)
    appeals.move(appeal, "send", actor=cast.tehran_clerk.pk)

    appeals.move(appeal, "correct", answer=LONG, decile=2, actor=cast.tehran_clerk.pk)

    assert Decile.objects.on(START).get().decile == 2
    with pytest.raises(Invalid, match="final state"):
        appeals.move(appeal, "withdraw", answer=LONG, actor=cast.tehran_clerk.pk)


def test_one_appeal_is_open_at_a_time_and_needs_a_decile(
    poor: Person, insure: Insure, country: Country
) -> None:
    appeals.file(home(poor), LONG, actor=None)

    with pytest.raises(Invalid, match="open already"):
        appeals.file(home(poor), LONG, actor=None)
    with pytest.raises(Invalid, match="nothing to contest"):
        appeals.file(home(insure(country.unsponsored, 7)), LONG, actor=None)
    assert Appeal.objects.count() == 1
