"""Sheets as tests write them."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter

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
