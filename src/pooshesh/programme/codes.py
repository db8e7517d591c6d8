"""Codes of neighbourhoods out of a sheet that somebody brought."""

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.sheets import header_key, read_table
from pooshesh.kernel.text import clean, to_latin_digits

HEADERS = frozenset(
    header_key(name) for name in ("code", "کد", "کد محله", "neighbourhood", "neighbourhood code")
)

explain(
    {
        "codes.no_column": gettext_noop(
            "“%(file)s” has no column of codes; expected a header “code” or “کد محله”."
        )
    }
)


def codes_of(name: str, source: BinaryIO) -> list[str]:
    """The codes in a CSV or XLSX, each once, in order. Raises Invalid with a sheet.* code."""
    with NamedTemporaryFile(dir=config().scratch()) as file:
        while block := source.read(1 << 20):
            file.write(block)
        file.flush()
        table = read_table(Path(file.name), name=name)
    column = next((header for header in table.headers if header_key(header) in HEADERS), None)
    if column is None:
        raise Invalid("codes.no_column", file=name)
    cells = (clean(to_latin_digits(cell)).lower() for cell in table.frame[column])
    return list(dict.fromkeys(cell for cell in cells if cell))
