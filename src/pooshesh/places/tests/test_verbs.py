"""`./pooshesh places …`."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from pooshesh.conftest import Country
from pooshesh.kernel import verbs
from pooshesh.places import verbs as places_verbs
from pooshesh.places.models import Area, Facility

assert places_verbs  # registers the commands


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, str]]:
    status = verbs.main(["places", "list", "--format", "csv", *words])
    assert status == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_the_list_names_what_lies_where(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    (row,) = listed(capsys, "--kind", "neighbourhood", "--search", "دروازه غار")

    assert row["code"] == "n0001"
    assert row["name_fa"] == "دروازه‌غار"
    assert (row["kind"], row["province"], row["parent"]) == ("neighbourhood", "23", "t230101")
    assert (row["sponsor"], row["catchment"]) == ("welfare", "iums")


def test_the_header_begins_as_documented(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    verbs.main(["places", "list", "--format", "csv"])

    assert capsys.readouterr().out.startswith("code,name_fa,name_en,kind,province,")


@pytest.mark.parametrize("province", ["15", "p15", "۱۵"])
def test_the_list_narrows_to_a_province(
    country: Country, capsys: pytest.CaptureFixture[str], province: str
) -> None:
    rows = listed(capsys, "--province", province, "--kind", "neighbourhood")

    assert [row["code"] for row in rows] == ["n0003"]


def test_no_name_is_a_formula_where_the_list_is_opened(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    Area.objects.filter(code="n0003").update(name_en='=HYPERLINK("http://x")')

    (row,) = listed(capsys, "--kind", "neighbourhood", "--province", "15")

    assert row["name_en"] == """'=HYPERLINK("http://x")"""


def test_a_table_has_one_line_a_row(country: Country, capsys: pytest.CaptureFixture[str]) -> None:
    verbs.main(["places", "list", "--kind", "city"])

    assert len(capsys.readouterr().out.splitlines()) == 3


def test_what_was_listed_can_be_imported(
    country: Country, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    verbs.main(["places", "list", "--format", "csv"])
    file = tmp_path / "areas.csv"
    file.write_text(capsys.readouterr().out, encoding="utf-8")

    status = verbs.main(["places", "import", str(file)])

    assert status == 0
    assert "0 new, 0 changed, 10 unchanged" in capsys.readouterr().out


def test_a_refused_row_is_told_and_nothing_written(
    country: Country, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "areas.csv"
    file.write_text("code,name_fa,kind,parent\nn9,هرندی,neighbourhood,t9\n", encoding="utf-8")

    status = verbs.main(["places", "import", str(file)])

    printed = capsys.readouterr().out
    assert status == 1
    assert "t9" in printed
    assert "Nothing was written" in printed


def test_a_refused_cell_is_quoted(
    country: Country, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "areas.csv"
    file.write_text("code,name_fa,kind,parent\nn9,هرندی,village,t230101\n", encoding="utf-8")

    verbs.main(["places", "import", str(file)])

    assert "Row 2, Kind: “village” was read; expected one of: Nation" in capsys.readouterr().out


def test_columns_that_are_not_read_are_named(
    country: Country, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "areas.csv"
    file.write_text(
        "code,name_fa,kind,parent,Mayor,x\nn9,هرندی,neighbourhood,t230101,,\n", encoding="utf-8"
    )

    verbs.main(["places", "import", str(file), "--dry-run"])

    assert "Columns that are not read: Mayor / x." in capsys.readouterr().out


def test_a_missing_file_is_named(
    country: Country, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status = verbs.main(["places", "import", str(tmp_path / "none.csv")])

    assert status == 2
    assert f"There is no file “{tmp_path}/none.csv”." in capsys.readouterr().err


def test_a_dry_run_writes_nothing(
    country: Country, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "areas.csv"
    file.write_text("code,name_fa,kind,parent\nn9,هرندی,neighbourhood,t230101\n", encoding="utf-8")

    status = verbs.main(["places", "import", str(file), "--dry-run"])

    assert status == 0
    assert not Area.objects.filter(code="n9").exists()


def test_facilities_are_imported(
    country: Country, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "facilities.csv"
    file.write_text("code,name_fa,kind,area\nf1,درمانگاه,clinic,n0001\n", encoding="utf-8")

    status = verbs.main(["places", "import", str(file), "--facilities"])

    assert status == 0
    assert Facility.objects.get().level == 2


def test_seeding_twice_says_so(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    verbs.main(["places", "seed"])
    verbs.main(["places", "seed"])

    assert "already" in capsys.readouterr().out
    assert Area.objects.filter(kind="province").count() == 31
