"""Read and validate the sheets of a campaign, reporting everything found, never only the first.

A finding that stops keeps its row out; one to know is told and the row goes on: a number that is
no national ID does not make its bearer less a resident. Who was born after the day of the campaign
was no resident then: counted apart and never enrolled.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from pooshesh.kernel import identifiers
from pooshesh.kernel.calendar import (
    ParsedDate,
    age,
    from_jalali,
    month_days,
    parse_dates,
)
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.identifiers import Grade, grade
from pooshesh.kernel.sheet_columns import match_columns, validate
from pooshesh.kernel.sheets import ERROR_CELL, Table, read_table
from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.programme.campaign.columns import COLUMNS, NUMBER
from pooshesh.programme.campaign.findings import (
    LISTED,
    READ_CHARS,
    Effect,
    Finding,
    Findings,
    Kind,
    masked,
)
from pooshesh.programme.models import FileRole

LARGE_HOUSEHOLD = 20  # persons
OLDEST = 120  # years; hardly anybody has ever lived longer

explain(
    {
        "census.doubled_number": gettext_noop(
            "the row number %(read)s stands on %(count)s rows; expected a number of its own for"
            " each."
        ),
        "census.born_later": gettext_noop(
            "the birth date %(read)s lies after today, %(today)s; expected a day up to today."
        ),
        "census.unborn": gettext_noop(
            "the birth date %(read)s lies after the day of the campaign, %(on)s: not resident then,"
            " so counted apart and never enrolled."
        ),
        "census.too_old": gettext_noop(
            "born %(read)s, more than %(limit)s years before the day of the campaign; check the"
            " birth date with the person."
        ),
        "census.shared_id": gettext_noop(
            "the same number stands on %(count)s rows: one person written twice, or a number that"
            " is misused."
        ),
        "census.large_household": gettext_noop(
            "household “%(read)s” has %(count)s members; expected at most %(limit)s. Check whether"
            " these are several households."
        ),
        "census.elsewhere": gettext_noop(
            "the neighbourhood “%(read)s” was read; expected %(expected)s, whose census this is."
            " Bring the row with the sheet of its own neighbourhood."
        ),
        "census.no_name": gettext_noop("neither first nor last name is written; expected a name."),
    }
)


@dataclass(frozen=True)
class Sheet:
    """One sheet that was read: `frame` has `row` (the campaign's number of a row) and a text
    column for each of `COLUMNS`; the rows that do not go on are marked in `refused`."""

    frame: pl.DataFrame
    refused: pl.Series
    findings: Findings

    def good(self) -> pl.DataFrame:
        return self.frame.filter(~self.refused)


def headers_of(path: Path, name: str) -> list[str]:
    """The headers of a sheet. Raises Invalid with a sheet.* code."""
    return read_table(path, name=name).headers


def read_sheet(
    path: Path,
    name: str,
    role: str,
    sheet: str,
    mapping: Mapping[str, str],
    on: dt.date,
    today: dt.date,
    place: str = "",
) -> Sheet:
    """Read one sheet by its mapping (column → header) for a campaign on a day.

    Rows of a census that name another neighbourhood than `place`, a code, are refused.
    Raises Invalid when it cannot be read or columns are missing.
    """
    table = read_table(path, name=name)
    certain = match_columns(table.headers, COLUMNS[role], mapping).certain()
    table, lost = _without_errors(table, role, sheet, certain)
    checked = validate(table, COLUMNS[role], certain)
    stopping = [
        Finding(sheet, p.row, p.field, p.read, p.error, Effect.STOPS) for p in checked.problems
    ]
    counts = Counter(lost.counts) + Counter(
        {Kind(sheet, *which, Effect.STOPS): n for which, n in checked.counts.items()}
    )
    frame, refused, found = _numbered(checked.frame, NUMBER[role], sheet)
    refused |= checked.refused
    if role == FileRole.CENSUS:
        found += [
            *_nameless(checked.frame), *_births(checked.frame, on, today), *_remarks(checked.frame),
            *_elsewhere(checked.frame, place),
        ]  # fmt: skip
        rows = checked.frame["row"]
        refused |= rows.is_in([f.row for f in found if f.stops])
    counts.update(finding.kind for finding in found)
    told = Findings.of([Findings([*lost.listed, *stopping, *found], counts)])
    return Sheet(frame, refused, told)


def _without_errors(
    table: Table, role: str, sheet: str, mapping: Mapping[str, str]
) -> tuple[Table, Findings]:
    """Cells that show an error of the spreadsheet made blank, and told, where the campaign can do
    without their value; anywhere else `validate` refuses them."""
    frame, listed, counts = table.frame, [], Counter[Kind]()
    for column in COLUMNS[role]:
        if column.required or column.parse is not clean or column.name not in mapping:
            continue
        texts = frame[mapping[column.name]]
        bad = texts.str.contains(ERROR_CELL)
        if bad.any():
            found = [
                Finding(sheet, row, column.name, text, Invalid("sheet.error_cell", read=text),
                        Effect.NOTE)
                for row, text in zip(
                    table.rows.filter(bad).head(LISTED), map(clean, texts.filter(bad).head(LISTED)),
                    strict=True,
                )
            ]  # fmt: skip
            listed += found
            counts[found[0].kind] = int(bad.sum())
            frame = frame.with_columns(pl.when(bad).then(pl.lit("")).otherwise(texts)
                                       .alias(texts.name))  # fmt: skip
    return replace(table, frame=frame), Findings(listed, counts)


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
                count=times[read]), Effect.STOPS)
        for at, read in zip(
            frame["row"].filter(doubled), numbered["row"].filter(doubled), strict=True
        )
    ]  # fmt: skip
    return numbered, doubled | numbered["row"].is_null(), found


def _nameless(frame: pl.DataFrame) -> list[Finding]:
    nameless = frame.filter(pl.col("first_name").is_null() & pl.col("last_name").is_null())
    return [
        Finding("census", row, "last_name", "", Invalid("census.no_name"), Effect.STOPS)
        for row in nameless["row"]
    ]


def _elsewhere(frame: pl.DataFrame, place: str) -> list[Finding]:
    """Rows that name another neighbourhood: whoever they are, they were not counted here."""
    if not place:
        return []
    named = frame.select("row", "neighbourhood").drop_nulls()
    return [
        Finding(
            "census", row, "neighbourhood", text[:READ_CHARS],
            Invalid("census.elsewhere", read=text[:READ_CHARS], expected=place), Effect.STOPS,
        )
        for row, text in named.iter_rows()
        if to_latin_digits(clean(text)).lower() != place.lower()
    ]  # fmt: skip


def first_day(birth: ParsedDate) -> dt.date:
    """The birth date, or the first day it may have been."""
    return birth.date or from_jalali(birth.year, birth.month or 1, 1)


def _births(frame: pl.DataFrame, on: dt.date, today: dt.date) -> list[Finding]:
    """Births after today, births after the day of the campaign, and ages nobody reaches."""
    dated = frame.select("row", "birth_date").drop_nulls()
    born = parse_dates(dated["birth_date"].to_list(), today=today)
    found = []
    for row, text, birth in zip(dated["row"], dated["birth_date"], born, strict=True):
        if isinstance(birth, Invalid):
            continue
        first = first_day(birth)
        if first > today:
            error = Invalid("census.born_later", read=text, today=today)
            effect = Effect.STOPS
        elif first > on:
            error = Invalid("census.unborn", read=text, on=on)
            effect = Effect.NOT_RESIDENT_THEN
        elif _age(birth, on) > OLDEST:
            error = Invalid("census.too_old", read=text, limit=OLDEST)
            effect = Effect.NOTE
        else:
            continue
        found.append(Finding("census", row, "birth_date", text, error, effect))
    return found


def _age(birth: ParsedDate, on: dt.date) -> int:
    """Years lived on a day, at least; 0 where they may still be unborn."""
    month = birth.month or 12
    last = birth.date or from_jalali(birth.year, month, month_days(birth.year, month))
    return age(last, on) if last <= on else 0


def _remarks(frame: pl.DataFrame) -> list[Finding]:
    """What is odd and does not stop: numbers that identify nobody or several, huge households."""
    found = []
    trusted: dict[tuple[str, str], list[tuple[int, str]]] = {}
    people = frame.select(
        "row", pl.col("national_id", "foreign_id", "mobile").fill_null("")
    ).iter_rows()
    for row, national, foreign, mobile in people:
        for field, raw, read in (
            ("national_id", national, grade(identifiers.Kind.NATIONAL_ID, national, mobile=mobile)),
            ("foreign_id", foreign, grade(identifiers.Kind.FOREIGN_CODE, foreign)),
        ):
            if read.is_trusted:
                trusted.setdefault((field, read.value), []).append((row, masked(read, raw)))
            if read.reason and read.grade is not Grade.MISSING:
                shown = masked(read, raw)
                remark = Invalid(read.reason, read=shown)
                found.append(Finding("census", row, field, shown, remark, Effect.NOTE))
    for (field, _value), bearers in trusted.items():
        if len(bearers) > 1:
            error = Invalid("census.shared_id", count=len(bearers))
            found += [
                Finding("census", row, field, shown, error, Effect.NOTE) for row, shown in bearers
            ]
    sizes = frame.group_by("household").agg(pl.len(), pl.col("row").min())
    for household, count, row in sizes.filter(
        (pl.col("len") > LARGE_HOUSEHOLD) & pl.col("household").is_not_null()
    ).iter_rows():
        name = household[:READ_CHARS]
        error = Invalid("census.large_household", read=name, count=count, limit=LARGE_HOUSEHOLD)
        found.append(Finding("census", row, "household", name, error, Effect.NOTE))
    return found
