"""Small sheets for the tests: one person, and what is changed about them."""

from collections.abc import Mapping, Sequence

import polars as pl

from pooshesh.kernel.identifiers import national_check_digit
from pooshesh.people.linkage.engine import LinkResult, link
from pooshesh.people.linkage.keys import KeyTable, build

Record = Mapping[str, str | None]

PERSON: dict[str, str | None] = {
    "first_name": "شکیلا",
    "last_name": "باغبان‌زاده",
    "father_name": "میرویس",
    "birth_date": "1369/08/17",
    "sex": "F",
}
OTHER: dict[str, str | None] = {
    "first_name": "جمشید",
    "last_name": "دریانورد",
    "father_name": "هوشنگ",
    "birth_date": "1342/02/05",
    "sex": "M",
}


def valid_id(first_nine: str) -> str:
    return f"{first_nine}{national_check_digit(first_nine)}"


ID = valid_id("007957761")
OTHER_ID = valid_id("320567777")


def sheet(*records: Record) -> pl.DataFrame:
    """Records numbered from 1, in order."""
    numbered = [{"row": row, **record} for row, record in enumerate(records, 1)]
    return pl.DataFrame(numbered, schema_overrides={"row": pl.Int64}, infer_schema_length=None)


def linked(census: Sequence[Record], roll: Sequence[Record]) -> LinkResult:
    return link(sheet(*census), {"ihio": sheet(*roll)})


def table_of(*records: Record) -> KeyTable:
    """The records as a left file, with no roll."""
    return build(sheet(*records), {})


def matches(result: LinkResult) -> list[tuple[str, str | None, int | None]]:
    """match, roll and roll_row of each census row."""
    return result.rows.select("match", "roll", "roll_row").rows()
