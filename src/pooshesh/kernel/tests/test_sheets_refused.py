"""Sheets that are refused: empty, misshapen, too large, hostile."""

import codecs
import zipfile
from pathlib import Path

import pytest
from django.utils import translation

from pooshesh.kernel import sheets
from pooshesh.kernel.sheets import read_table
from pooshesh.kernel.tests.sheet_files import (
    SHEET,
    Save,
    SaveBook,
    as_csv,
    refusal,
    rezip,
    save,
    save_book,
)

__all__ = ["save", "save_book"]


# What is refused: empty, misshapen, too large.


@pytest.mark.parametrize("content", ["", "\n\n", ",,\n ,\n", "\ufeff"])
def test_an_empty_file_is_refused(save: Save, content: str) -> None:
    error = refusal(save(content))

    assert str(error) == "“سرشماری.csv” is empty; expected a row of headers and rows."


def test_an_empty_workbook_is_refused(save_book: SaveBook) -> None:
    error = refusal(save_book([]))

    assert error.code == "sheet.empty"


@pytest.mark.parametrize("content", ["نام,کد\n", "نام,کد\n,\n\n"])
def test_headers_alone_are_refused(save: Save, content: str) -> None:
    error = refusal(save(content))

    assert error.code == "sheet.no_rows"


def test_a_header_that_is_blank_is_named_by_its_place(save: Save) -> None:
    error = refusal(save("نام,,کد\nرضا,x,1\n"))

    assert error.code == "sheet.header_blank"
    assert error.params == {"file": "سرشماری.csv", "row": 1, "column": 2}


def test_headers_that_differ_only_in_spelling_are_doubled(save: Save) -> None:
    error = refusal(save("کد ملی,نام,كدملي\n1,رضا,2\n"))

    assert str(error) == (
        "“سرشماری.csv”, row 1: “کد ملی / كدملي” stands above more than one column;"
        " expected a different name for each."
    )


@pytest.mark.parametrize(("bad", "read"), [("زهرا", 1), ("زهرا,2,3", 3)])
def test_a_ragged_row_is_named_and_its_like_counted(save: Save, bad: str, read: int) -> None:
    error = refusal(save(f"نام,کد\nرضا,1\n{bad}\nلیلا,3\nمینا,4,5\n"))

    assert str(error) == (
        f"“سرشماری.csv”, row 3: {read} cells were read; expected 2, one under each header."
        " Rows of this kind: 2."
    )


def test_a_cell_right_of_the_headers_of_a_workbook_is_refused(save_book: SaveBook) -> None:
    error = refusal(save_book([["نام"], ["رضا", "یادداشت"]]))

    assert (error.code, error.params["row"], error.params["read"]) == ("sheet.ragged", 2, 2)


def test_a_null_character_is_refused_with_its_row_and_field(save: Save) -> None:
    error = refusal(save("نام,کد\nرضا,1\nزه\0را,2\n"))

    assert str(error) == ("“سرشماری.csv”, row 3, “نام”: a null character was read; expected text.")


def test_utf_16_without_its_mark_is_refused(save: Save) -> None:
    error = refusal(save("name,code\nali,1\n".encode("utf-16-le")))

    assert (error.code, error.params["row"]) == ("sheet.nul", 1)


def test_half_a_utf_16_letter_is_refused(save: Save) -> None:
    error = refusal(save("نام\nرضا\n".encode("utf-16") + b"\x06"))

    assert error.code == "sheet.encoding"


def test_a_cell_that_is_too_long_is_refused_with_its_row_and_field(save: Save) -> None:
    error = refusal(save("نام,کد\nرضا,1\n" + "ز" * 2001 + ",2\n"))

    assert str(error) == (
        "“سرشماری.csv”, row 3, “نام”: 2001 characters were read; expected at most 2000."
    )


def test_a_line_of_endless_cells_is_refused_with_its_number(save: Save) -> None:
    error = refusal(save("نام,کد\n" + "," * 300_000))

    assert str(error) == (
        "“سرشماری.csv”, line 2: 300000 characters were read; expected at most 200000."
    )


@pytest.mark.parametrize("content", ['"باز', '"باز' + "\nرضا,1" * 30_000, '"یک"دو,3'])
def test_a_quotation_mark_left_open_is_refused_with_its_row(save: Save, content: str) -> None:
    error = refusal(save(f"نام,کد\nرضا,1\n{content}\n"))

    assert (error.code, error.params["row"]) == ("sheet.quote", 3)


@pytest.mark.parametrize(
    ("rows", "row", "read"),
    [
        (["رضا,1".encode(), '"خط\nدو",2'.encode(), "پژمان,3".encode("cp1256")], 4, "Windows-1256"),
        (["رضا,1".encode("cp1256"), "پژمان,2".encode(), "زهرا,3".encode("cp1256")], 3, "UTF-8"),
    ],
)
def test_a_file_of_two_encodings_is_refused_at_the_row_where_they_change(
    save: Save, rows: list[bytes], row: int, read: str
) -> None:
    error = refusal(save(b"\n".join([b"name,code", *rows])))

    assert (error.code, error.params["row"], error.params["read"]) == ("sheet.mixed", row, read)


def test_1256_after_the_mark_of_utf_8_is_refused(save: Save) -> None:
    error = refusal(save(codecs.BOM_UTF8 + b"name\n" + "پژمان\n".encode("cp1256")))

    assert (error.code, error.params["row"]) == ("sheet.mixed", 2)


def test_a_sheet_of_500_columns_is_refused(save: Save, save_book: SaveBook) -> None:
    wide = [[f"ستون {place}" for place in range(500)], ["x"] * 500]

    of_csv, of_xlsx = refusal(save(as_csv(wide))), refusal(save_book(wide))

    assert str(of_csv) == "“سرشماری.csv” has more than 100 columns; expected at most 100."
    assert (of_xlsx.code, of_xlsx.params["limit"]) == ("sheet.columns", 100)


def test_a_sheet_of_100_columns_is_read(save_book: SaveBook) -> None:
    path = save_book([[f"ستون {place}" for place in range(100)], ["x"] * 100])

    table = read_table(path)

    assert table.frame.shape == (1, 100)


def test_a_million_rows_are_read_and_one_more_is_refused(save: Save) -> None:
    rows = b"code\n" + b"1\n" * sheets.ROWS

    table = read_table(save(rows))
    error = refusal(save(rows + b"1\n"))

    assert table.frame.height == 1_000_000
    assert str(error) == (
        "“سرشماری.csv” has more than 1000000 rows; expected fewer. Split it in parts."
    )


def test_a_file_beyond_the_size_limit_is_refused_unread(save: Save) -> None:
    path = save("نام\n")
    with path.open("r+b") as file:
        file.truncate(sheets.FILE_BYTES + 1)

    error = refusal(path)

    assert (error.code, error.params["read"], error.params["limit"]) == ("sheet.size", 201, 200)


# What is refused: no sheet, or a hostile one.


def test_an_old_excel_file_is_refused(save: Save) -> None:
    error = refusal(save(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)))

    assert error.code == "sheet.xls"
    assert "save it as XLSX" in str(error)


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7", b"\x89PNG\r\n", b"<html><table>", b"\x1f\x8b\x08"]
)
def test_a_file_that_is_no_sheet_is_refused(save: Save, content: bytes) -> None:
    error = refusal(save(content))

    assert str(error) == "“سرشماری.csv” is not a sheet; expected CSV or XLSX."


def test_a_zip_around_a_workbook_is_not_a_sheet(save_book: SaveBook, tmp_path: Path) -> None:
    path = tmp_path / "outer.xlsx"
    with zipfile.ZipFile(path, "w") as outer:
        outer.write(save_book(SHEET), "census.xlsx")

    error = refusal(path)

    assert error.code == "sheet.kind"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(save_book: SaveBook) -> None:
    path = rezip(save_book(SHEET), xl__media=bytes(50_000_000))

    error = refusal(path)

    assert str(error) == (
        "“سرشماری.xlsx” unpacks to 50 megabytes, far more than a sheet of its size; expected at"
        " most 10. It was not opened."
    )


def test_a_bomb_whose_directory_lies_is_cut_off_while_reading(save_book: SaveBook) -> None:
    path = rezip(save_book(SHEET), xl__sharedStrings=b" " * 30_000_000)
    honest = path.read_bytes()
    path.write_bytes(honest.replace((30_000_000).to_bytes(4, "little"), b"\x10\x00\x00\x00"))

    error = refusal(path)

    assert error.code == "sheet.damaged"


SHEET_XML = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>نام</t></is></c></row>{}</sheetData>
</worksheet>"""


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ('<row r="900000"><c r="A900000"><v>1</v></c></row>', "sheet.xlsx_rows"),
        ("<row r='2'><c r = 'XFD2' ><v>1</v></c></row>", "sheet.columns"),
        ('<x:row r="2"><x:c r="CW2"><x:v>1</x:v></x:c></x:row>', "sheet.columns"),
        ("<row><c><v>1</v></c></row>", "sheet.addresses"),
        ('<!-- --><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>', "sheet.doctype"),
    ],
)
def test_a_hostile_sheet_is_refused_unread(save_book: SaveBook, row: str, code: str) -> None:
    path = rezip(save_book(SHEET), xl__worksheets__sheet1=SHEET_XML.format(row).encode())

    error = refusal(path)

    assert error.code == code


def test_a_styled_blank_cell_far_out_does_no_harm(save_book: SaveBook) -> None:
    row = '<row r="2"><c r="A2"><v>1</v></c><c r="XFD2" s="0"/></row>'
    path = rezip(save_book(SHEET), xl__worksheets__sheet1=SHEET_XML.format(row).encode())

    table = read_table(path)

    assert table.frame.to_dict(as_series=False) == {"نام": ["1"]}


def test_a_workbook_cut_in_two_is_refused(save_book: SaveBook) -> None:
    path = save_book(SHEET)
    path.write_bytes(path.read_bytes()[:2000])

    error = refusal(path)

    assert error.code == "sheet.damaged"


def test_a_refusal_is_told_in_persian(save: Save) -> None:
    error = refusal(save("نام,کد\nرضا,1\nزهرا\n"))

    with translation.override("fa"):
        sentence = error.message()

    assert sentence == (
        "«سرشماری.csv»، ردیف ۳: ۱ خانه خوانده شد؛ باید ۲ خانه باشد، زیر هر سرستون یکی."
        " شمار این‌گونه ردیف‌ها: ۱."
    )
