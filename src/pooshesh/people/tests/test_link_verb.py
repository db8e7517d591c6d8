from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from django.utils.translation import override

from pooshesh.kernel import verbs
from pooshesh.people import link_verb  # noqa: F401 - registers `link`

A = """ردیف,نام,نام خانوادگی,تاریخ تولد,کد ملی
1,شکیلا,باغبان‌زاده,1369/08/17,0079577611
2,جمشید,دریانورد,1342/02/05,
"""
B = "given,surname,born,code\nجمشيد,دریانورد,1342/2/5,\nشكيلا,باغبان زاده,۱۳۶۹/۸/۱۷,79577611\n"
MAP = ["--map-b", "first_name=given,birth_date=born,national_id=code"]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(A, encoding="utf-8")
    (tmp_path / "b.csv").write_text(B, encoding="utf-8")
    return tmp_path


def run(folder: Path, *words: str) -> int:
    paths = [str(folder / word) if word.endswith((".csv", ".parquet")) else word for word in words]
    return verbs.main(["link", *paths, "--out", str(folder / "links.csv")])


def links(folder: Path) -> list[tuple[int, int, str]]:
    return pl.read_csv(folder / "links.csv").select("left_row", "right_row", "class").rows()


def test_it_works(folder: Path) -> None:
    status = run(folder, "a.csv", "b.csv", *MAP)

    assert status == 0
    assert links(folder) == [(1, 2, "match"), (2, 1, "match")]


def test_one_file_is_searched_for_doubles(folder: Path) -> None:
    (folder / "a.csv").write_text(A + A.splitlines()[1] + "\n", encoding="utf-8")

    status = run(folder, "a.csv")

    assert status == 0
    assert links(folder) == [(1, 3, "match")]


def test_pairs_that_somebody_judged_stay_as_judged_and_open_ones_are_no_word(folder: Path) -> None:
    words = "left_row,right_row,class,judged\n1,2,match,\n2,1,match,different\n2,2,review,Unsure\n"
    (folder / "judged.csv").write_text(words, encoding="utf-8")

    status = run(folder, "a.csv", "b.csv", "--judged", "judged.csv", *MAP)

    assert status == 0
    assert links(folder) == [(1, 2, "match")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("left_row,right_row,same\n1,2,1\n", "left_row, right_row, same"),
        ("left_row,right_row,judged\n1,2,same\n2,b,same\n", "row 2"),
        ("left_row,right_row,judged\n1,2,maybe\n", "maybe"),
    ],
)
def test_judgements_that_cannot_be_read_are_refused_and_nothing_is_written(
    folder: Path, words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "judged.csv").write_text(words, encoding="utf-8")

    status = run(folder, "a.csv", "b.csv", "--judged", "judged.csv", *MAP)

    assert status != 0
    assert said in capsys.readouterr().err
    assert not (folder / "links.csv").exists()


def test_parquet_is_read_too_and_the_same_input_gives_the_same_bytes(folder: Path) -> None:
    pl.read_csv(folder / "b.csv").write_parquet(folder / "b.parquet")
    run(folder, "a.csv", "b.csv", *MAP)
    before = (folder / "links.csv").read_bytes()

    run(folder, "a.csv", "b.parquet", *MAP)

    assert (folder / "links.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["none.csv"], "There is no file"),
        (["a.csv", "--map", "first_name=Vorname"], "has no column “Vorname”"),
        (["a.csv", "--map", "shoe=نام"], "no field that linkage knows"),
        (["a.csv", "--map", "first_name=نام,first_name=ردیف"], "More than one column"),
        (["a.csv", "--map", "first_name=نام,last_name=نام"], "expected a column for each"),
        (["a.csv", "--map", "first_name"], "no choice of a column"),
        (["empty.csv"], "is empty"),
        (["bare.csv"], "tells people apart"),
        (["damaged.parquet"], "cannot be read as Parquet"),
    ],
)
def test_what_is_wrong_is_said_and_an_old_result_stays(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    (folder / "empty.csv").write_text("", encoding="utf-8")
    (folder / "bare.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    (folder / "damaged.parquet").write_bytes(b"PAR1 and no more")
    (folder / "links.csv").write_text("old", encoding="utf-8")

    status = run(folder, *words)

    assert status == 2
    assert said in capsys.readouterr().err
    assert (folder / "links.csv").read_text(encoding="utf-8") == "old"


def test_an_input_is_never_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = str(folder / "a.csv")

    status = verbs.main(["link", own, "--out", own])

    assert status == 2
    assert "another name for the result" in capsys.readouterr().err
    assert Path(own).read_text(encoding="utf-8") == A
