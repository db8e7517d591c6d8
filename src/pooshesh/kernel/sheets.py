"""The sheets people bring, read safely: CSV and XLSX in, every cell as the text that was typed.

A file is judged by its bytes, never by its name. Whatever does not fit is refused in a sentence,
before it can exhaust memory: 1,000,000 × 11 cells of CSV are read within 700 MB.
"""

import codecs
import csv
import io
import mmap
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

import polars as pl

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.sheet_xlsx import COLUMNS, xlsx_records
from pooshesh.kernel.text import clean, search_key

FILE_BYTES = 200_000_000
ROWS = 1_000_000
CELL_CHARS = 2_000
LINE_CHARS = COLUMNS * CELL_CHARS

explain(
    {
        "sheet.empty": gettext_noop("“%(file)s” is empty; expected a row of headers and rows."),
        "sheet.no_rows": gettext_noop(
            "“%(file)s” has headers but no rows below them; expected at least one row."
        ),
        "sheet.size": gettext_noop(
            "“%(file)s” has %(read)s megabytes; expected at most %(limit)s. Split it in parts."
        ),
        "sheet.xls": gettext_noop(
            "“%(file)s” is an old Excel file (.xls) or is locked with a password; expected CSV or"
            " XLSX. Open it and save it as XLSX without a password."
        ),
        "sheet.encoding": gettext_noop(
            "“%(file)s” is not proper %(read)s text; expected UTF-8. Save it again as UTF-8."
        ),
        "sheet.mixed": gettext_noop(
            "“%(file)s”, row %(row)s: the letters are %(read)s and before it %(expected)s;"
            " expected one encoding in a file, best UTF-8."
        ),
        "sheet.nul": gettext_noop(
            "“%(file)s”, row %(row)s, “%(field)s”: a null character was read; expected text."
        ),
        "sheet.quote": gettext_noop(
            "“%(file)s”, row %(row)s: a quotation mark is opened and not closed; expected two of"
            " them around a cell."
        ),
        "sheet.cell": gettext_noop(
            "“%(file)s”, row %(row)s, “%(field)s”: %(read)s characters were read; expected at most"
            " %(limit)s."
        ),
        "sheet.line": gettext_noop(
            "“%(file)s”, line %(row)s: %(read)s characters were read; expected at most %(limit)s."
        ),
        "sheet.rows": gettext_noop(
            "“%(file)s” has more than %(limit)s rows; expected fewer. Split it in parts."
        ),
        "sheet.header_blank": gettext_noop(
            "“%(file)s”, row %(row)s: column %(column)s has no header; expected a name above every"
            " column."
        ),
        "sheet.header_doubled": gettext_noop(
            "“%(file)s”, row %(row)s: “%(read)s” stands above more than one column;"
            " expected a different name for each."
        ),
        "sheet.ragged": gettext_noop(
            "“%(file)s”, row %(row)s: %(read)s cells were read; expected %(expected)s, one under"
            " each header. Rows of this kind: %(count)s."
        ),
    }
)

Kind = Literal["csv", "xlsx"]

_CHUNK = 1 << 20  # bytes, of a file or a part of it
_BATCH = 20_000  # rows turned into columns at once
_DELIMITERS = ",;\t"
_HEAD_CHARS = 40_000  # enough for COLUMNS long headers
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_NO_SHEETS = (b"<", b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b",
              b"7z\xbc\xaf", b"Rar!")  # fmt: skip


#: What a spreadsheet shows where it lost a value (polars regular expression); never a value.
ERROR_CELL = (
    r"(?i)^\s*(?:#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|FIELD!|BLOCKED!"
    r"|CONNECT!|UNKNOWN!|BUSY!|GETTING_DATA)|Err:\d{3})\s*$"
)


def header_key(header: str) -> str:
    """What two spellings of a header share: «کد ملی» and «كدملي», first_name and First Name."""
    return search_key(header).replace(" ", "")


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as typed: `frame` is rows × headers of String, "" for a blank cell, blank rows left
    out; `rows` (UInt32) holds the row number each record has in the sheet, where the headers
    stand in row 1. `name` is what people call the file; `encoding` is "" for XLSX."""

    name: str
    kind: Kind
    encoding: str
    headers: list[str]
    frame: pl.DataFrame
    rows: pl.Series


def read_table(path: Path, *, name: str | None = None) -> Table:
    """Read a CSV (comma, semicolon or tab; UTF-8, UTF-16 with BOM, Windows-1256) or the first
    visible sheet of a workbook that holds anything. `name` is what people call the file.

    Of a formula its last value is read; a cell that shows an error reads as that: see `ERROR_CELL`.
    Raises Invalid with a sheet.* code, and nothing else for the content of a file.
    """
    file = name or path.name
    size = path.stat().st_size
    if size > FILE_BYTES:
        raise Invalid("sheet.size", file=file, read=-(-size // 10**6), limit=FILE_BYTES // 10**6)
    with path.open("rb") as source:
        head = source.read(16)
    if not head:
        raise Invalid("sheet.empty", file=file)
    if head.startswith(_OLE):
        raise Invalid("sheet.xls", file=file)
    if head.startswith(_ZIP):
        return _gather(xlsx_records(path, file), file, "xlsx", "")
    if head.removeprefix(codecs.BOM_UTF8).startswith(_NO_SHEETS):
        raise Invalid("sheet.kind", file=file)
    encoding = _encoding(path, head, file)
    with path.open(encoding=encoding, newline="") as lines:
        delimiter = _delimiter(path, encoding)
        return _gather(_records(lines, delimiter, file), file, "csv", encoding)


# From records to a table, the same for both kinds.


def _gather(records: Iterable[list[str]], file: str, kind: Kind, encoding: str) -> Table:
    numbered = enumerate(records, 1)
    top, headers = next(
        ((row, cells) for row, cells in numbered if any(map(str.strip, cells))), (0, [])
    )
    headers = _headers(headers, top, file)
    width = len(headers)
    batches: list[pl.DataFrame] = []
    numbers: list[int] = []
    ragged: list[tuple[int, int]] = []
    batch: list[list[str]] = []
    for row, cells in numbered:
        if len(cells) != width:
            if len(cells) < width or any(map(str.strip, cells[width:])):
                if any(map(str.strip, cells)):
                    ragged.append((row, len(cells)))
                continue
            cells = cells[:width]
        if not any(map(str.strip, cells)):
            continue
        numbers.append(row)
        batch.append(cells)
        if len(batch) == _BATCH:
            batches.append(_batch(batch, numbers, headers, file))
            batch = []
        if len(numbers) > ROWS:
            raise Invalid("sheet.rows", file=file, limit=ROWS)
    if ragged:
        row, read = ragged[0]
        raise Invalid(
            "sheet.ragged", file=file, row=row, read=read, expected=width, count=len(ragged)
        )
    if batch:
        batches.append(_batch(batch, numbers, headers, file))
    if not batches:
        raise Invalid("sheet.no_rows", file=file)
    rows = pl.Series("row", numbers, dtype=pl.UInt32)
    return Table(file, kind, encoding, headers, pl.concat(batches), rows)


def _headers(cells: list[str], row: int, file: str) -> list[str]:
    for place, cell in enumerate(cells, 1):
        _check_cell(cell, file, row, str(place))
    headers = [clean(cell) for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    if not headers:
        raise Invalid("sheet.empty", file=file)
    if len(headers) > COLUMNS:
        raise Invalid("sheet.columns", file=file, limit=COLUMNS)
    if "" in headers:
        raise Invalid("sheet.header_blank", file=file, row=row, column=headers.index("") + 1)
    counts = Counter(map(header_key, headers))
    doubled = [header for header in headers if counts[header_key(header)] > 1]
    if doubled:
        raise Invalid("sheet.header_doubled", file=file, row=row, read=" / ".join(doubled))
    return headers


def _batch(
    batch: list[list[str]], numbers: list[int], headers: list[str], file: str
) -> pl.DataFrame:
    """The records, whose row numbers are the last of `numbers`, as columns."""
    frame = pl.DataFrame(
        [
            pl.Series(header, cells, dtype=pl.String)
            for header, cells in zip(headers, zip(*batch, strict=True), strict=True)
        ]
    )
    bad = frame.select(
        pl.all().str.contains("\0", literal=True) | (pl.all().str.len_chars() > CELL_CHARS)
    )
    for header in headers:
        place = bad[header].arg_max()
        assert place is not None
        _check_cell(frame[header][place], file, numbers[place - len(batch)], header)
    return frame


def _check_cell(cell: str, file: str, row: int, field: str) -> None:
    if "\0" in cell:
        raise Invalid("sheet.nul", file=file, row=row, field=field)
    if len(cell) > CELL_CHARS:
        raise Invalid(
            "sheet.cell", file=file, row=row, field=field, read=len(cell), limit=CELL_CHARS
        )


# CSV.

# Three Persian letters in a row as UTF-8. Read as Windows-1256 they would be three times ط ظ ع
# or غ, each followed by پ چ ژ گ ک or a sign, which no word is.
_UTF8_WORD = re.compile(rb"(?:[\xd8-\xdb][\x80-\xbf]){3}")


def _encoding(path: Path, head: bytes, file: str) -> str:
    """The one encoding of a text file. Almost any bytes are Windows-1256, so that is what remains
    when a file is not UTF-8 and holds no word of UTF-8 either."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if _undecodable(path, "utf-16") is not None:
            raise Invalid("sheet.encoding", file=file, read="UTF-16")
        return "utf-16"
    encoding = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    broken = _undecodable(path, "utf-8")
    if broken is None:
        return encoding
    with path.open("rb") as source, mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as all_:
        word = _UTF8_WORD.search(all_)
        start = word.start() if word else None
    if start is None and encoding == "utf-8":
        return "cp1256"
    names = ["Windows-1256", "UTF-8"]
    if start is not None and start > broken:
        names.reverse()
        broken = start
    row = _row_at(path, broken, file)
    raise Invalid("sheet.mixed", file=file, row=row, read=names[0], expected=names[1])


def _undecodable(path: Path, encoding: str) -> int | None:
    """The offset of the first byte that is not in the encoding; None when all are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    with path.open("rb") as source:
        while True:
            chunk = source.read(_CHUNK)
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return done - held + error.start
            if not chunk:
                return None
            done += len(chunk)


def _row_at(path: Path, offset: int, file: str) -> int:
    """The row that holds a byte; quoted line breaks do not count."""

    def lines() -> Iterator[str]:
        left = offset + 1
        with path.open(encoding="latin-1", newline="") as source:  # one character is one byte
            for line in source:
                yield line[:left]
                left -= len(line)
                if left <= 0:
                    return

    reader = csv.reader(lines(), delimiter=_delimiter(path, "latin-1"))
    try:
        return sum(1 for _ in reader)
    except csv.Error:
        raise Invalid("sheet.quote", file=file, row=1) from None


def _delimiter(path: Path, encoding: str) -> str:
    """The delimiter that splits the headers most."""
    with path.open(encoding=encoding, newline="") as lines:
        top = lines.read(_HEAD_CHARS).lstrip()

    def width(delimiter: str) -> int:
        return len(next(csv.reader(io.StringIO(top), delimiter=delimiter), []))

    return max(_DELIMITERS, key=width)


def _records(lines: Iterable[str], delimiter: str, file: str) -> Iterator[list[str]]:
    reader = csv.reader(_bounded(lines, file), delimiter=delimiter, strict=True)
    for row in count(1):
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Invalid("sheet.quote", file=file, row=row) from None


def _bounded(lines: Iterable[str], file: str) -> Iterator[str]:
    """The lines, before one of a hundred million commas becomes as many cells."""
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_CHARS:
            raise Invalid("sheet.line", file=file, row=number, read=len(line), limit=LINE_CHARS)
        yield line
