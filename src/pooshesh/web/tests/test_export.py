"""Downloads: nothing a spreadsheet would run, nothing lost."""

import csv
import datetime as dt
import io
from collections.abc import Iterable
from typing import Any, cast

import pytest
from django.http import FileResponse, StreamingHttpResponse
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from pooshesh.kernel.money import Rial
from pooshesh.kernel.text import formula_safe
from pooshesh.web import export


def read_csv(header: list[str], rows: Iterable[list[object]]) -> list[list[str]]:
    response = cast(StreamingHttpResponse, export.respond("csv", "x", header, rows))
    text = b"".join(cast(Iterable[bytes], response.streaming_content)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def read_xlsx(header: list[str], rows: Iterable[list[object]]) -> list[list[Any]]:
    response = cast(FileResponse, export.respond("xlsx", "x", header, rows))
    data = b"".join(cast(Iterable[bytes], response.streaming_content))
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return cast(list[list[Any]], sheets.get_sheet_by_index(0).to_python())


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+98912", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u200f=1", "＝1", "\ufeff@x"],
)
def test_a_formula_becomes_text(text: str) -> None:
    assert read_csv([text], [[text]]) == [["'" + text], ["'" + text]]
    assert read_xlsx([text], [[text]])[0][0].startswith("'")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12))
def test_no_cell_starts_like_a_formula(text: str) -> None:
    assert not formula_safe(text).lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    "text", ["100%", "a%20b", "https://x.ir/?q=%D9%81", "نام، «نقل»", 'a"b\nc']
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert read_csv(["سرستون"], [[text]]) == [["سرستون"], [text]]
    assert read_xlsx(["سرستون"], [[text]]) == [["سرستون"], [text]]


def test_leading_zeros_of_identifiers_survive() -> None:
    assert read_csv(["کد"], [["0012345679"]])[1] == ["0012345679"]
    assert read_xlsx(["کد"], [["0012345679"]])[1] == ["0012345679"]


def test_numbers_stay_numbers_and_dates_are_jalali() -> None:
    row: list[object] = [-5, Rial(12_000_000), dt.date(2022, 2, 11), None]

    assert read_csv(["a"], [row])[1] == ["-5", "12000000", "1400/11/22", ""]
    assert read_xlsx(list("abcd"), [row])[1] == [-5.0, 12000000.0, "1400/11/22", ""]


def test_csv_opens_as_persian_in_excel() -> None:
    response = cast(StreamingHttpResponse, export.respond("csv", "people", ["نام"], []))

    assert next(iter(cast(Iterable[bytes], response))) == b"\xef\xbb\xbf"
    assert response["Content-Disposition"] == 'attachment; filename="people.csv"'


def test_rows_beyond_a_sheet_go_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "XLSX_ROWS", 3)

    response = cast(FileResponse, export.respond("xlsx", "x", ["n"], [[i] for i in range(5)]))

    data = b"".join(cast(Iterable[bytes], response.streaming_content))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert [len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names] == [3, 3, 2]


def test_an_export_without_rows_has_its_header() -> None:
    assert read_xlsx(["کد"], []) == [["کد"]]
