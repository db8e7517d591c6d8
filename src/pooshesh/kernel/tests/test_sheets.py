import codecs
import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pooshesh.kernel import sheets
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.sheets import read_table

HEADERS = ["کد ملی", "نام", "تاریخ تولد"]
RECORDS = [["0079577618", "شفیق‌الله", "1392/06/31"], ["0012345679", "ابوا الفضل", "۱۳۶۷/۰۱/۱۰"]]
SHEET = [HEADERS, *RECORDS]

Save = Callable[[bytes | str], Path]
SaveBook = Callable[[Sequence[Sequence[object]]], Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def write(content: bytes | str) -> Path:
        path = tmp_path / "سرشماری.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def save_book(tmp_path: Path) -> SaveBook:
    def write(rows: Sequence[Sequence[object]]) -> Path:
        return write_book(tmp_path / "سرشماری.xlsx", rows)

    return write


def write_book(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(rows):
            sheet.write_row(row, 0, cells)
    return path


def as_csv(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def rezip(book: Path, **parts: bytes) -> Path:
    """The workbook with parts replaced or added; "__" in a name stands for "/"."""
    with zipfile.ZipFile(book) as source:
        kept = {name: source.read(name) for name in source.namelist()}
    kept |= {f"{name.replace('__', '/')}.xml": content for name, content in parts.items()}
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in kept.items():
            target.writestr(name, content)
    return book


def refusal(path: Path) -> Invalid:
    with pytest.raises(Invalid) as caught:
        read_table(path)
    return caught.value


# What is read.


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


def test_every_column_is_text(save: Save) -> None:
    table = read_table(save("کد,عدد\n001,2.50\n"))

    assert table.frame.schema == pl.Schema({"کد": pl.String, "عدد": pl.String})
    assert table.frame.row(0) == ("001", "2.50")
