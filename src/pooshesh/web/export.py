"""Rows as CSV or XLSX, safe to open in a spreadsheet.

A cell that starts like a formula gets an apostrophe in front, headers too. Texts are written as
texts, so the leading zeros of identifiers survive; whole numbers stay numbers. Nothing is
percent-encoded. Digits are Latin and dates Jalali (`1404/09/01`), which our import reads back.
"""

import csv
import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Literal

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language_bidi

from pooshesh.kernel.calendar import format_jalali
from pooshesh.kernel.money import Rial
from pooshesh.kernel.text import formula_safe

Format = Literal["csv", "xlsx"]
Cell = str | int

XLSX_ROWS = 1_048_576  # a sheet holds no more; the rest goes on the next sheet


def cell(value: object) -> Cell:
    """What a cell holds: an int for a number of things, else safe text ("" for None)."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case int():
            return value
        case Rial():
            return value.amount
        case float() | Decimal():
            return str(value)
        case dt.datetime():
            local = timezone.localtime(value)
            return f"{format_jalali(local.date(), lang='en')} {local:%H:%M}"
        case dt.date():
            return format_jalali(value, lang="en")
        case _:
            return formula_safe(str(value))


def respond(
    fmt: Format, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponseBase:
    """A download `name.csv` or `name.xlsx` of the rows, read one at a time."""
    titles = [formula_safe(title) for title in header]
    cells = ([cell(value) for value in row] for row in rows)
    return _csv(name, titles, cells) if fmt == "csv" else _xlsx(name, titles, cells)


class _Echo:
    """A file that gives back each line it is asked to write."""

    def write(self, line: str) -> str:
        return line


def _csv(name: str, titles: list[str], rows: Iterable[list[Cell]]) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield "\ufeff"  # without the mark Excel reads Persian as Windows-1252
        yield writer.writerow(titles)
        for row in rows:
            yield writer.writerow(row)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _xlsx(name: str, titles: list[str], rows: Iterable[list[Cell]]) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        line = XLSX_ROWS
        for row in rows:
            if line == XLSX_ROWS:
                sheet = _sheet(book, titles, bold)
                line = 1
            _write(sheet, line, row)
            line += 1
        if line == XLSX_ROWS:
            _sheet(book, titles, bold)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")


def _sheet(
    book: xlsxwriter.Workbook, titles: list[str], bold: object
) -> xlsxwriter.workbook.Worksheet:
    sheet = book.add_worksheet()
    if get_language_bidi():
        sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(titles), 18)
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    return sheet


def _write(sheet: xlsxwriter.workbook.Worksheet, line: int, row: list[Cell]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, int):
            sheet.write_number(line, column, value)
        else:
            sheet.write_string(line, column, value)
