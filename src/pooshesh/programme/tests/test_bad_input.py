"""Bad input: the user learns the row, the field, what was read, what is expected; nothing stays."""

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation

from pooshesh.conftest import Cast
from pooshesh.kernel import verbs
from pooshesh.people.models import Person
from pooshesh.programme import actions
from pooshesh.programme import verbs as _campaign_verbs  # noqa: F401 - registers them
from pooshesh.programme.campaign.findings import Effect, Finding
from pooshesh.programme.models import Campaign, CampaignRow, Programme
from pooshesh.programme.tests.conftest import Prepare
from pooshesh.programme.tests.sheets import CENSUS, PEOPLE, national_id, write_all, write_sheet

pytestmark = pytest.mark.django_db
HEAD = ",".join(CENSUS)
SICK = dict(PEOPLE[3])

Run = Callable[..., int]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """The sentences are compared in the language of this file."""
    with translation.override("en"):
        yield


@pytest.fixture
def run(programme: Programme, tmp_path: Path) -> Run:
    """`run(sheet, *words, **options)`: the command on the small rolls; its exit status."""

    def campaign_run(sheet: Path | None = None, *more: str, **changed: str) -> int:
        sheets = write_all(tmp_path / "sheets")
        options = {
            "census": str(sheet or sheets / "census.csv"),
            "roll": f"sso={sheets / 'roll_sso.csv'}",
            "neighbourhood": "n0001",
            "on": "1400-11-22",
            "out": str(tmp_path / "out"),
            **changed,
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        return verbs.main(["campaign", "run", *words, *more])

    return campaign_run


@pytest.fixture
def findings(prepare: Prepare, tmp_path: Path) -> Callable[..., list[Finding]]:
    """What the dry run finds in a census of these people."""

    def found(*people: Mapping[str, str]) -> list[Finding]:
        told = actions.findings(prepare(write_all(tmp_path / "found", people)))
        return list(told.listed) if told else []

    return found


def test_it_works(run: Run, tmp_path: Path) -> None:
    assert run() == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "findings.csv", "people.csv", "report.html", "summary.json",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        (f"{HEAD}\n", "has headers but no rows"),
        ("a,b\n1,2\n", "There is no column for"),
        (f"{HEAD},mobile\n" + "1," * 12 + "\n", "stands above more than one column"),
        (f"{HEAD}\n1,2\n", "cells were read"),
        (",".join(f"c{n}" for n in range(500)) + "\n1\n", "columns"),
    ],
    ids=["empty", "header only", "wrong columns", "doubled column", "ragged", "500 columns"],
)
def test_a_sheet_that_is_none_is_refused_whole(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    census = tmp_path / "bad.csv"
    census.write_text(content, encoding="utf-8")

    status = run(census)

    assert status == 2
    assert said in capsys.readouterr().err
    assert not Campaign.objects.exists()
    assert not Person.objects.exists()
    assert not (tmp_path / "out").exists()


def test_a_zip_bomb_is_not_opened(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bomb = tmp_path / "census.xlsx"
    xlsxwriter.Workbook(bomb).close()
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/huge.xml", b"0" * 500_000_000)

    assert run(bomb) == 2
    assert "was not opened" in capsys.readouterr().err


def test_mixed_encodings_are_refused(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = write_sheet(tmp_path / "mixed.csv", CENSUS, PEOPLE[:1])
    with sheet.open("ab") as file:
        file.write("2,2,head,نرگس\n".encode("cp1256"))

    assert run(sheet) == 2
    assert "expected one encoding" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1256"])
def test_each_encoding_in_use_is_read(run: Run, tmp_path: Path, encoding: str) -> None:
    sheet = write_sheet(tmp_path / "plain.csv", CENSUS, PEOPLE[:1])
    text = sheet.read_text(encoding="utf-8").replace("ی", "ي")  # which Windows-1256 has
    sheet.write_bytes(text.encode(encoding))

    assert run(sheet) == 0
    assert CampaignRow.objects.get().person.first_name == "بهرام"


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("birth_date", "1390/07/31", "date.day"),
        ("birth_date", "1399/12/31", "date.day"),
        ("birth_date", "13700/01/01", "date.year"),
        ("birth_date", "دیروز", "date.unreadable"),
        ("relation", "همسایه", "census.relation"),
        ("sex", "؟", "census.sex"),
        ("birth_date", "1450/01/01", "census.born_later"),
        ("birth_date", "1450", "census.born_later"),
        ("first_name", "#NAME?", "sheet.error_cell"),
        ("birth_date", "#DIV/0!", "sheet.error_cell"),
        ("household", "#VALUE!", "sheet.error_cell"),
    ],
)
def test_a_cell_that_cannot_be_read_stops_its_row(
    findings: Callable[..., list[Finding]], field: str, text: str, code: str
) -> None:
    (found,) = findings(PEOPLE[0], {**SICK, field: text})

    assert (found.sheet, found.row, found.field, found.read) == ("census", 3, field, text)
    assert found.error.code == code
    assert found.stops


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("national_id", national_id(5)[:-1] + str((int(national_id(5)[-1]) + 1) % 10),
         "national_id.check_digit"),
        ("national_id", "2222222222", "national_id.all_same"),
        ("national_id", "09121234567", "national_id.mobile"),
        ("foreign_id", "123", "foreign_code.length"),
        ("birth_date", "1250/03/03", "census.too_old"),
        ("birth_date", "1278", "census.too_old"),
        ("national_id", "#REF!", "sheet.error_cell"),
        ("mobile", "#N/A", "sheet.error_cell"),
    ],
)  # fmt: skip
def test_what_is_odd_is_told_and_the_row_goes_on(
    findings: Callable[..., list[Finding]], field: str, text: str, code: str
) -> None:
    (found,) = findings({**SICK, field: text})

    assert (found.row, found.field, found.error.code) == (2, field, code)
    assert found.effect is Effect.NOTE


def test_persian_digits_and_lost_zeros_are_read(run: Run, tmp_path: Path) -> None:
    short = {**SICK, "national_id": "۱۲۳۴۵۶۷۹", "birth_date": "۱۳۶۱/۰۴/۱۴"}  # 0012345679

    assert run(write_sheet(tmp_path / "digits.csv", CENSUS, [short])) == 0
    assert CampaignRow.objects.get().decision == "enrol_free"


def test_two_people_with_one_id_are_told_both(findings: Callable[..., list[Finding]]) -> None:
    found = findings(SICK, {**PEOPLE[9], "national_id": SICK["national_id"]})

    assert [(f.row, f.error.code) for f in found] == [
        (2, "census.shared_id"),
        (3, "census.shared_id"),
    ]


def test_a_household_of_sixty_is_told(findings: Callable[..., list[Finding]]) -> None:
    crowd = [{**SICK, "national_id": national_id(300 + n)} for n in range(60)]

    (found,) = findings(*crowd)

    assert (found.field, found.error.code) == ("household", "census.large_household")
    assert found.error.params["count"] == 60


def test_a_doubled_row_number_stops_both_rows(
    findings: Callable[..., list[Finding]], prepare: Prepare, tmp_path: Path
) -> None:
    folder = write_all(tmp_path / "doubled", PEOPLE[:2])
    text = (folder / "census.csv").read_text(encoding="utf-8")
    (folder / "census.csv").write_text(text.replace("\n2,", "\n1,"), encoding="utf-8")

    found = actions.findings(prepare(folder))

    assert found is not None
    assert [(f.row, f.error.code) for f in found.listed] == [
        (2, "census.doubled_number"),
        (3, "census.doubled_number"),
    ]


def test_formula_cells_are_kept_as_text(run: Run, tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path / "f.csv", CENSUS, [{**SICK, "first_name": "=1+1"}])

    assert run(sheet) == 0
    assert CampaignRow.objects.get().person.first_name == "=1+1"


def test_bad_rows_stop_the_run_unless_the_user_goes_on_without_them(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = write_sheet(
        tmp_path / "bad.csv", CENSUS, [SICK, {**PEOPLE[4], "birth_date": "1390/07/31"}]
    )

    refused = run(sheet)
    said = capsys.readouterr().err
    assert not Person.objects.exists()
    allowed = run(sheet, "--skip-bad-rows")

    assert (refused, allowed) == (2, 0)
    assert "row 3" in said
    assert "31" in said
    assert CampaignRow.objects.get().census_row == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"neighbourhood": "n9999"}, "There is no neighbourhood “n9999”"),
        ({"neighbourhood": "n0002"}, "had no accountable sponsor"),
        ({"neighbourhood": "p23"}, "expected the code of a neighbourhood"),
        ({"neighbourhood": "n0003", "as": "tehran_lead"}, "There is no neighbourhood “n0003”"),
        ({"as": "nobody"}, "There is no user"),
        ({"as": "welfare_officer"}, "may not run campaigns"),
        ({"on": "1449-01-01"}, "lies after today"),
        ({"out": "nowhere/out"}, "There is no folder “nowhere”"),
        ({"out": "/proc/out"}, "“/proc” cannot be written"),
        ({"save-mapping": "/proc/used.json"}, "“/proc” cannot be written"),
        ({"census": "/proc/self/mem"}, "“/proc/self/mem” cannot be read"),
        ({"roll": "sso=/proc/self/mem"}, "“/proc/self/mem” cannot be read"),
        ({"mapping": "/proc/self/mem"}, "“/proc/self/mem” cannot be read"),
        ({"on": "1400-13-01"}, "month"),
        ({"on": "1400"}, "names no day"),
        ({"pack": "atlantis"}, "no rule pack"),
        ({"pack": "iran.fund"}, "asks for facts that no census tells"),
        ({"roll": "sso"}, "is not a roll"),
        ({"roll": "sso=nowhere.csv"}, "There is no file"),
        ({"census": "nowhere.csv"}, "There is no file"),
        ({"mapping": "nowhere.json"}, "expected a mapping in JSON"),
    ],
)
def test_a_wrong_option_is_refused_in_a_sentence(
    cast: Cast, run: Run, capsys: pytest.CaptureFixture[str], changed: dict[str, str], said: str
) -> None:
    assert run(**changed) == 2
    assert said in capsys.readouterr().err
    assert not Campaign.objects.exists()


def test_an_unknown_insurer_is_refused(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roll = write_all(tmp_path / "r") / "roll_sso.csv"

    assert run(None, roll=f"lloyds={roll}") == 2
    assert "expected one of: armed_forces, ihio, sso" in capsys.readouterr().err
    assert not Campaign.objects.exists()


def test_persian_headers_in_any_order_as_xlsx(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "census.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["نام خانوادگی", "نام", "كدملي", "نسبت", "خانوار", "تاریخ تولد"])
        sheet.write_row(1, 0, ["موسوی", "نرگس", SICK["national_id"], "سرپرست", "7", "1361/04/14"])

    assert run(path) == 0
    assert CampaignRow.objects.get().decision == "enrol_free"


def test_a_mapping_is_saved_and_used_again(run: Run, tmp_path: Path) -> None:
    odd = write_sheet(
        tmp_path / "odd.csv", [f"my_{name}" for name in CENSUS],
        [{f"my_{name}": text for name, text in SICK.items()}],
    )  # fmt: skip
    mapping = tmp_path / "mapping.json"
    mapping.write_text(
        json.dumps({"census": {name: f"my_{name}" for name in CENSUS}}), encoding="utf-8"
    )

    without = run(odd)
    with_it = run(odd, "--save-mapping", str(tmp_path / "used.json"), mapping=str(mapping))

    assert (without, with_it) == (2, 0)
    assert '"household": "my_household"' in (tmp_path / "used.json").read_text(encoding="utf-8")
