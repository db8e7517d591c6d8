"""Workbooks (XLSX), unpacked with care: every byte is checked before the reader sees it.

A workbook is a zip of XML. It can unpack to a thousand times its size, name a cell so far out that
the reader unfolds an empty area of gigabytes, or lie in its directory. So its parts are copied
one by one, measured and looked through, and only the copy is read.
"""

import datetime
import errno
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid, explain, gettext_noop

COLUMNS = 100
# The reader unfolds a sheet, blank cells included, at 32 bytes × rows × COLUMNS.
XLSX_ROWS = 200_000
# What a workbook may unpack to: in bytes, and as a multiple of its own size beyond a free amount.
UNPACKED_BYTES = 400_000_000
UNPACKED_RATIO = 100
UNPACKED_FREE = 10_000_000
PARTS = 2_000

explain(
    {
        "sheet.damaged": gettext_noop(
            "“%(file)s” is damaged and cannot be read; expected CSV or XLSX. Open it and save it"
            " again."
        ),
        "sheet.bomb": gettext_noop(
            "“%(file)s” unpacks to %(read)s megabytes, far more than a sheet of its size;"
            " expected at most %(limit)s. It was not opened."
        ),
        "sheet.doctype": gettext_noop(
            "“%(file)s” holds a document type definition, which no sheet needs; it was not opened."
        ),
        "sheet.addresses": gettext_noop(
            "“%(file)s” holds cells without an address; expected cells such as A1. Open it in a"
            " spreadsheet program and save it again."
        ),
        "sheet.xlsx_rows": gettext_noop(
            "“%(file)s” has more than %(limit)s rows; expected fewer in XLSX. Save it as CSV."
        ),
        "sheet.kind": gettext_noop("“%(file)s” is not a sheet; expected CSV or XLSX."),
        "sheet.columns": gettext_noop(
            "“%(file)s” has more than %(limit)s columns; expected at most %(limit)s."
        ),
    }
)

_CHUNK = 1 << 20
_MEGABYTE = 1_000_000
_WORKBOOK = "xl/workbook.xml"

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_NO_ADDRESS = re.compile(rb"<(?:\w+:)?c(?=[\s>/])(?![^>]*\sr\s*=)[^>]*>")
# A cell that shows an error; the reader would take it for a blank one.
_ERROR = re.compile(rb"""(<(?:\w+:)?c\s(?:[^>]*\s)?t\s*=\s*)["']e["']""")
# An address beyond XLSX_ROWS or COLUMNS (CV), of a cell that is not blank.
_ADDRESS = rb"""(?i)\sr\s*=\s*["']%b["'][^>]*(?<!/)>"""
_ROW_BEYOND = re.compile(_ADDRESS % rb"[A-Z]+(?:[2-9]\d{5}|\d{7,})")
_COLUMN_BEYOND = re.compile(_ADDRESS % rb"(?:[D-Z][A-Z]|C[W-Z]|[A-Z]{3,})\d+")


def xlsx_records(path: Path, file: str) -> Iterator[list[str]]:
    """The rows, from the first on, of the first visible sheet that holds anything; each cell as
    text. `file` is what people call the file. Raises Invalid with a sheet.* code."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx", dir=config().scratch()) as copy:
        try:
            _copy(path, copy, file)
            with CalamineWorkbook.from_path(copy.name) as workbook:
                for place, sheet in enumerate(workbook.sheets_metadata):
                    if (
                        sheet.typ == SheetTypeEnum.WorkSheet
                        and sheet.visible == SheetVisibleEnum.Visible
                    ):
                        cells = workbook.get_sheet_by_index(place)
                        if cells.height:
                            break
                else:
                    return
        except (CalamineError, *_BROKEN) as error:
            raise Invalid("sheet.damaged", file=file) from error
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            # A broken directory points outside the file.
            raise Invalid("sheet.damaged", file=file) from error
    for row in cells.iter_rows():
        yield [cell if type(cell) is str else _TEXTS[type(cell)](cell) for cell in row]


_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)


def _copy(path: Path, target: IO[bytes], file: str) -> None:
    """Write the XML parts of a workbook to a plain zip, checked."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        parts = source.infolist()
        names = [part.filename for part in parts]
        if _WORKBOOK not in names:
            raise Invalid("sheet.kind", file=file)
        if len(names) > PARTS or len(set(names)) < len(names):
            raise Invalid("sheet.damaged", file=file)
        unpacked = sum(part.file_size for part in parts)
        allowed = min(UNPACKED_BYTES, max(UNPACKED_FREE, UNPACKED_RATIO * path.stat().st_size))
        if unpacked > allowed:
            raise Invalid(
                "sheet.bomb", file=file, read=unpacked // _MEGABYTE, limit=allowed // _MEGABYTE
            )
        for part in parts:
            # Pictures, macros and files inside the file are left where they are.
            if part.filename.endswith((".xml", ".rels")):
                # A part that is longer than the directory says is cut there by zipfile and fails
                # its checksum, so the sum above holds.
                with source.open(part) as packed, copy.open(part.filename, "w") as plain:
                    for piece in _tags(packed):
                        _look_through(piece, file)
                        plain.write(_ERROR.sub(rb'\1"str"', piece))


def _tags(part: IO[bytes]) -> Iterator[bytes]:
    """The part in pieces that end where a tag ends."""
    rest = b""
    while chunk := part.read(_CHUNK):
        head, end, tail = chunk.rpartition(b">")
        if end:
            yield rest + head + end
            rest = tail
        else:
            rest += chunk
    yield rest


def _look_through(xml: bytes, file: str) -> None:
    if _DOCTYPE.search(xml):
        raise Invalid("sheet.doctype", file=file)
    if _NO_ADDRESS.search(xml):
        raise Invalid("sheet.addresses", file=file)
    if _ROW_BEYOND.search(xml):
        raise Invalid("sheet.xlsx_rows", file=file, limit=XLSX_ROWS)
    if _COLUMN_BEYOND.search(xml):
        raise Invalid("sheet.columns", file=file, limit=COLUMNS)


def _number(value: float) -> str:
    # Excel keeps 15 digits; beyond them a whole number is already wrong and must not look right.
    return str(int(value)) if value.is_integer() and abs(value) < 10**15 else repr(value)


def _moment(value: datetime.datetime) -> str:
    return value.isoformat(" ") if value.time() != datetime.time.min else value.date().isoformat()


_TEXTS: dict[type, Callable[..., str]] = {
    bool: lambda value: "TRUE" if value else "FALSE",
    int: str,
    float: _number,
    datetime.date: datetime.date.isoformat,
    datetime.datetime: _moment,
    datetime.time: datetime.time.isoformat,
    datetime.timedelta: str,
}
