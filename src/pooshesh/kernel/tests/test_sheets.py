import codecs
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pooshesh.kernel.sheets import read_table
from pooshesh.kernel.tests.sheet_files import (
    HEADERS,
    RECORDS,
    SHEET,
    Save,
    SaveBook,
    as_csv,
    save,
    save_book,
)

__all__ = ["save", "save_book"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_as_typed(save: Save, delimiter: str) -> None:
    path = save(as_csv(SHEET, delimiter))

    table = read_table(path, name="census.csv")

    assert (table.name, table.kind, table.encoding) == ("census.csv", "csv", "utf-8")
    assert table.headers == HEADERS
    assert table.frame.rows() == [tuple(record) for record in RECORDS]
    assert table.rows.to_list() == [2, 3]


@pytest.mark.parametrize(
    ("mark", "codec", "encoding"),
    [
        (b"", "utf-8", "utf-8"),
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
        (b"", "cp1256", "cp1256"),
    ],
)
def test_every_encoding_gives_the_same_letters(
    save: Save, mark: bytes, codec: str, encoding: str
) -> None:
    rows = [["کد ملي", "نام"], ["0079577618", "چنگیز پژمان".replace("ی", "ي")]]
    path = save(mark + as_csv(rows).encode(codec))

    table = read_table(path)

    assert table.encoding == encoding
    assert [table.headers, *map(list, table.frame.rows())] == rows


def test_the_1256_rows_of_the_second_megabyte_are_read_too(save: Save) -> None:
    path = save(b"name,code\n" + b"ali,1\n" * 200_000 + "پژمان,2\n".encode("cp1256"))

    table = read_table(path)

    assert table.encoding == "cp1256"
    assert table.frame["name"][-1] == "پژمان"


def test_row_numbers_are_those_the_spreadsheet_shows(save: Save) -> None:
    path = save('\nنام,نشانی\n\nرضا,"خط یک\nخط دو"\n,\nزهرا,تهران\n')

    table = read_table(path)

    assert table.rows.to_list() == [4, 6]
    assert table.frame["نشانی"].to_list() == ["خط یک\nخط دو", "تهران"]


def test_blank_cells_beyond_the_headers_are_dropped(save: Save) -> None:
    path = save("نام,کد,,\nرضا,1,,\nزهرا,2,\n")

    table = read_table(path)

    assert table.frame.rows() == [("رضا", "1"), ("زهرا", "2")]


def test_script_tags_in_a_name_are_only_text(save: Save) -> None:
    name = "<script>alert('سلام')</script>"
    path = save(as_csv([["نام"], [name]]))

    table = read_table(path)

    assert table.frame["نام"].to_list() == [name]


def test_a_workbook_under_a_csv_name_is_read(save_book: SaveBook, tmp_path: Path) -> None:
    path = save_book(SHEET).rename(tmp_path / "census.csv")

    table = read_table(path)

    assert (table.kind, table.encoding) == ("xlsx", "")
    assert [table.headers, *map(list, table.frame.rows())] == SHEET


def test_numbers_dates_and_formulas_of_a_workbook_become_text(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet()
        sheet.write_row(2, 1, ["id", "code", "half", "long", "day", "moment", "sum", "yes"])
        sheet.write_row(4, 1, [79577618, 734834315500, 0.5, 123456789012345678])
        sheet.write_number(4, 5, 44603, day)
        sheet.write_number(4, 6, 44603.5, day)
        sheet.write_formula(4, 7, '="می"&"نا"', None, "مینا")
        sheet.write_boolean(4, 8, True)

    table = read_table(path)

    assert table.rows.to_list() == [5]
    assert table.frame.row(0) == (
        "79577618",
        "734834315500",
        "0.5",
        "1.234567890123457e+17",
        "2022-02-11",
        "2022-02-11 12:00:00",
        "مینا",
        "TRUE",
    )


def test_a_cell_of_a_workbook_that_shows_an_error_reads_as_that(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["نام", "کد", "نشانی", "سن"])
        sheet.write_formula(1, 0, "=NA()", None, "#N/A")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 2, "=A99", None, "#REF!")
        sheet.write_number(1, 3, 7)

    assert read_table(path).frame.row(0) == ("#N/A", "#DIV/0!", "#REF!", "7")


def test_the_first_visible_sheet_that_holds_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("خالی").activate()
        hidden = book.add_worksheet("پنهان")
        hidden.write_column(0, 0, ["راز", "1"])
        hidden.hide()
        book.add_worksheet("سرشماری").write_column(0, 0, ["نام", "رضا"])

    table = read_table(path)

    assert table.frame.to_dict(as_series=False) == {"نام": ["رضا"]}


# XML holds no control characters and no half surrogates; a line break in a cell comes back as \n.
cell_text = st.text(
    st.one_of(
        st.sampled_from("آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیيك‌۰۱۲0123456789 ,;\"'=+-@/<>&\n"),
        st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]),
    ),
    max_size=40,
)
records = st.lists(
    st.tuples(st.integers(1, 10**10 - 1).map(lambda number: f"{number:010}"), cell_text, cell_text),
    min_size=1,
    max_size=8,
)


@given(rows=records, delimiter=st.sampled_from(",;\t"), mark=st.sampled_from(["", "\ufeff"]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_as_csv_is_read_back(
    save: Save, rows: list[tuple[str, ...]], delimiter: str, mark: str
) -> None:
    path = save(mark + as_csv([HEADERS, *rows], delimiter))

    table = read_table(path)

    assert table.frame.rows() == rows


@given(rows=records)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_as_xlsx_is_read_back(
    save_book: SaveBook, rows: list[tuple[str, ...]]
) -> None:
    path = save_book([HEADERS, *rows])

    table = read_table(path)

    assert table.frame.rows() == rows


def test_every_column_is_text(save: Save) -> None:
    table = read_table(save("کد,عدد\n001,2.50\n"))

    assert table.frame.schema == pl.Schema({"کد": pl.String, "عدد": pl.String})
    assert table.frame.row(0) == ("001", "2.50")
