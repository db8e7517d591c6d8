"""Read and validate the sheets of a campaign, reporting everything found, never only the first.

A finding that `stops` keeps its row out; any other is told and the row goes on: a number that is
no national ID does not make its bearer less a resident.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pooshesh.kernel.calendar import format_jalali, parse_dates
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.identifiers import Grade, Kind, grade
from pooshesh.kernel.sheet_columns import match_columns, validate
from pooshesh.kernel.sheets import read_table
from pooshesh.programme.campaign.columns import COLUMNS, NUMBER
from pooshesh.programme.models import FileRole

LISTED = 10_000  # findings kept; all are counted
LARGE_HOUSEHOLD = 20

explain(
    {
        "census.doubled_number": gettext_noop(
            "the row number %(read)s stands on %(count)s rows; expected a number of its own for"
            " each."
        ),
        "census.unborn": gettext_noop(
            "the birth date %(read)s lies after the day of the campaign, %(on)s."
        ),
        "census.shared_id": gettext_noop(
            "the same number stands on %(count)s rows: one person written twice, or a number that"
            " is misused."
        ),
        "census.large_household": gettext_noop(
            "household “%(read)s” has %(count)s members; expected at most %(limit)s. Check whether"
            " these are several households."
        ),
        "census.no_name": gettext_noop("neither first nor last name is written; expected a name."),
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one row of a sheet. `row` is the sheet's row number, headers in row 1."""

    sheet: str  # "census" or the insurer's code
    row: int
    field: str  # column name
    read: str
    error: Invalid
    stops: bool

    def pack(self) -> list[Any]:
        """As JSON; told again in the language of whoever reads it."""
        return [self.sheet, self.row, self.field, self.read, self.error.code, self.error.params,
                self.stops]  # fmt: skip

    @classmethod
    def unpack(cls, kept: list[Any]) -> "Finding":
        sheet, row, field, read, code, params, stops = kept
        return cls(sheet, row, field, read, Invalid(code, **params), stops)

    @property
    def title(self) -> str:
        columns = COLUMNS[FileRole.CENSUS if self.sheet == "census" else FileRole.ROLL]
        return next(str(c.title) for c in columns if c.name == self.field)

    @property
    def expected(self) -> str:
        return self.error.message()


@dataclass(frozen=True)
class Sheet:
    """One sheet that was read: `frame` has `row` (the campaign's number of a row) and a text
    column for each of `COLUMNS`; rows that a finding stops are marked in `refused`."""

    frame: pl.DataFrame
    refused: pl.Series
    findings: list[Finding]
    stopping: int  # findings that stop, also those beyond `LISTED`

    def good(self) -> pl.DataFrame:
        return self.frame.filter(~self.refused)


def headers_of(path: Path, name: str) -> list[str]:
    """The headers of a sheet. Raises Invalid with a sheet.* code."""
    return read_table(path, name=name).headers


def read_sheet(
    path: Path, name: str, role: str, sheet: str, mapping: Mapping[str, str], on: dt.date
) -> Sheet:
    """Read one sheet by its mapping (column → header). Raises Invalid when it cannot be read or
    columns are missing."""
    table = read_table(path, name=name)
    certain = match_columns(table.headers, COLUMNS[role], mapping).certain()
    checked = validate(table, COLUMNS[role], certain)
    findings = [
        Finding(sheet, p.row, p.field, p.read, p.error, stops=True) for p in checked.problems
    ]
    frame, refused, doubled = _numbered(checked.frame, NUMBER[role], sheet)
    refused |= checked.refused
    stopping = checked.count + len(doubled)
    findings += doubled
    if role == FileRole.CENSUS:
        cross = _nameless(checked.frame)
        refused |= checked.frame["row"].is_in([f.row for f in cross])
        stopping += len(cross)
        findings += [*cross, *_unborn(checked.frame, on), *_remarks(checked.frame)]
    findings.sort(key=lambda f: (not f.stops, f.row))
    return Sheet(frame, refused, findings[:LISTED], stopping)


def _numbered(
    frame: pl.DataFrame, number: str, sheet: str
) -> tuple[pl.DataFrame, pl.Series, list[Finding]]:
    """The frame with `row` numbered as the sheet numbers itself, and rows that share a number."""
    numbers = pl.col(number) if frame[number].null_count() < len(frame) else pl.col("row")
    numbered = frame.with_columns(numbers.cast(pl.Int64).alias("row")).drop(number)
    doubled = numbered["row"].is_duplicated() & numbered["row"].is_not_null()
    counts = numbered.filter(doubled)["row"].value_counts()
    times = dict(counts.iter_rows()) if len(counts) else {}
    found = [
        Finding(sheet, at, number, str(read), Invalid("census.doubled_number", read=read,
                count=times[read]), stops=True)
        for at, read in zip(
            frame["row"].filter(doubled), numbered["row"].filter(doubled), strict=True
        )
    ]  # fmt: skip
    return numbered, doubled | numbered["row"].is_null(), found


def _nameless(frame: pl.DataFrame) -> list[Finding]:
    nameless = frame.filter(pl.col("first_name").is_null() & pl.col("last_name").is_null())
    return [
        Finding("census", row, "last_name", "", Invalid("census.no_name"), stops=True)
        for row in nameless["row"]
    ]


def _unborn(frame: pl.DataFrame, on: dt.date) -> list[Finding]:
    """Births after the day of the campaign: a census may be younger, so they do not stop."""
    dated = frame.select("row", "birth_date").drop_nulls()
    born = parse_dates(dated["birth_date"].to_list())
    return [
        Finding(
            "census", row, "birth_date", text,
            Invalid("census.unborn", read=text, on=format_jalali(on, lang="en")), stops=False,
        )
        for row, text, day in zip(dated["row"], dated["birth_date"], born, strict=True)
        if not isinstance(day, Invalid) and day.date and day.date > on
    ]  # fmt: skip


def _remarks(frame: pl.DataFrame) -> list[Finding]:
    """What is odd and does not stop: numbers that identify nobody or several, huge households."""
    found = []
    trusted: dict[tuple[str, str], list[int]] = {}
    people = frame.select(
        "row", pl.col("national_id", "foreign_id", "mobile").fill_null("")
    ).iter_rows()
    for row, national, foreign, mobile in people:
        for field, read in (
            ("national_id", grade(Kind.NATIONAL_ID, national, mobile=mobile)),
            ("foreign_id", grade(Kind.FOREIGN_CODE, foreign)),
        ):
            if read.is_trusted:
                trusted.setdefault((field, read.value), []).append(row)
            remark = read.remark()
            if remark and read.grade is not Grade.MISSING:
                found.append(Finding("census", row, field, read.value, remark, stops=False))
    for (field, value), rows in trusted.items():
        if len(rows) > 1:
            error = Invalid("census.shared_id", count=len(rows))
            found += [Finding("census", row, field, value, error, stops=False) for row in rows]
    sizes = frame.group_by("household").agg(pl.len(), pl.col("row").min())
    for household, count, row in sizes.filter(
        (pl.col("len") > LARGE_HOUSEHOLD) & pl.col("household").is_not_null()
    ).iter_rows():
        error = Invalid(
            "census.large_household", read=household, count=count, limit=LARGE_HOUSEHOLD
        )
        found.append(Finding("census", row, "household", household, error, stops=False))
    return found
