"""What a sheet should hold: its headers matched to columns, its cells read, every problem told."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.sheets import ERROR_CELL, Table, header_key
from pooshesh.kernel.text import clean

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PROBLEMS = 10_000  # as many are listed; all are counted
READ_CHARS = 100  # as much of a cell is quoted in a problem

explain(
    {
        "sheet.columns_wrong": gettext_noop(
            "The columns of the sheet do not fit. %(problems)s The headers read: “%(headers)s”."
        ),
        "sheet.column_missing": gettext_noop(
            "There is no column for “%(field)s”; expected a header such as “%(expected)s”."
        ),
        "sheet.column_doubled": gettext_noop(
            "More than one column fits “%(field)s”: “%(read)s”; expected one of them to be chosen."
        ),
        "sheet.header_shared": gettext_noop(
            "The column “%(read)s” was chosen for “%(field)s”; expected a column for each."
        ),
        "sheet.blank": gettext_noop("the cell is blank; expected a value."),
        "sheet.error_cell": gettext_noop(
            "“%(read)s” is an error of the spreadsheet; expected the value it stands for."
        ),
        "sheet.problem": gettext_noop("Row %(row)s, %(field)s: %(expected)s"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column we ask for. `title` names it to people; `name` and `aliases` (Persian and English)
    are the headers it is known by.

    `required`: the sheet must have it. `filled`: no cell of it may be blank; a blank cell is
    otherwise null. `parse` reads any other cell, once for each distinct text, into what `dtype`
    holds, or raises Invalid.
    """

    name: str
    title: "StrOrPromise"
    aliases: tuple[str, ...] = ()
    required: bool = False
    filled: bool = False
    parse: Callable[[str], object] = clean
    dtype: pl.DataType | type[pl.DataType] = pl.String


@dataclass(frozen=True, slots=True)
class Matching:
    """Which header stands for which column: `mapping` is column name → header, as far as it is
    certain; `problems` says what is not."""

    headers: Sequence[str]
    mapping: Mapping[str, str]
    problems: tuple[Invalid, ...]

    @property
    def unread(self) -> list[str]:
        """Headers that stand for no column: nothing below them is read."""
        used = set(self.mapping.values())
        return [header for header in self.headers if header not in used]

    def certain(self) -> Mapping[str, str]:
        """The mapping; raises Invalid("sheet.columns_wrong") with all the problems, if any."""
        if self.problems:
            raise Invalid(
                "sheet.columns_wrong",
                problems=" ".join(problem.message() for problem in self.problems),
                headers=" / ".join(self.headers),
            )
        return self.mapping


def match_columns(
    headers: Sequence[str], columns: Sequence[Column], saved: Mapping[str, str] | None = None
) -> Matching:
    """Find each column among the headers, in any order and spelling.

    `saved` (column name → header) is an earlier choice and goes before the aliases; a choice whose
    header the sheet does not have is passed over.
    """
    keyed = {header_key(header): header for header in headers}
    chosen = {
        name: keyed[header_key(header)]
        for name, header in (saved or {}).items()
        if header_key(header) in keyed
    }
    mapping: dict[str, str] = {}
    problems: list[Invalid] = []
    for column in columns:
        names = dict.fromkeys(map(header_key, (column.name, *column.aliases)))
        fitting = [keyed[key] for key in names if key in keyed]
        free = [header for header in fitting if header not in chosen.values()]
        found = [chosen[column.name]] if column.name in chosen else free
        if len(found) == 1:
            mapping[column.name] = found[0]
        elif found:
            problems.append(
                Invalid("sheet.column_doubled", field=str(column.title), read=" / ".join(found))
            )
        elif column.required:
            expected = " / ".join(column.aliases or (column.name,))
            problems.append(
                Invalid("sheet.column_missing", field=str(column.title), expected=expected)
            )
    for header in dict.fromkeys(mapping.values()):
        sharing = [column for column in columns if mapping.get(column.name) == header]
        if len(sharing) > 1:
            titles = " / ".join(str(column.title) for column in sharing)
            problems.append(Invalid("sheet.header_shared", field=titles, read=header))
    return Matching(headers, mapping, tuple(problems))


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that could not be read: the sheet's row number, the column's name and title, what was
    read, and the error that says what is expected."""

    row: int
    field: str
    title: "StrOrPromise"
    read: str
    error: Invalid

    @property
    def code(self) -> str:
        return self.error.code

    @property
    def expected(self) -> str:
        """In the active language."""
        return self.error.message()

    def sentence(self) -> str:
        """Row, field, what was read and what is expected, in the active language."""
        return Invalid(
            "sheet.problem", row=self.row, field=str(self.title), expected=self.expected
        ).message()


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet that was read: `frame` has a column `row` (UInt32, the sheet's row number) and one
    of its dtype for each column, null where blank, missing or refused; `refused` marks the rows
    that have a problem. `problems`, by row, are the first `PROBLEMS` of `count` cells; `counts`
    has how many there are of each (column name, error code)."""

    frame: pl.DataFrame
    refused: pl.Series
    problems: list[Problem]
    counts: Counter[tuple[str, str]]

    @property
    def count(self) -> int:
        return self.counts.total()

    def good(self) -> pl.DataFrame:
        """The rows of `frame` without any problem."""
        return self.frame.filter(~self.refused)


def validate(table: Table, columns: Sequence[Column], mapping: Mapping[str, str]) -> Checked:
    """Read every mapped cell and report all that cannot be read, never only the first.

    Rules across cells (an end before a start) are the caller's, over `frame`.
    """
    parsed = [table.rows.alias("row")]
    refused = pl.repeat(False, len(table.rows), dtype=pl.Boolean, eager=True)
    found: list[list[Problem]] = []
    counts: Counter[tuple[str, str]] = Counter()
    for column in columns:
        if column.name not in mapping:
            parsed.append(
                pl.repeat(None, len(table.rows), dtype=column.dtype, eager=True).alias(column.name)
            )
            continue
        texts = table.frame[mapping[column.name]]
        values, errors = _parse(column, texts.unique())
        parsed.append(pl.Series(column.name, map(values.get, texts), dtype=column.dtype))
        if errors:
            bad = texts.is_in(list(errors))
            refused |= bad
            for text, times in texts.filter(bad).value_counts().iter_rows():
                counts[column.name, errors[text].code] += times
            found.append(
                [
                    Problem(row, column.name, column.title, text[:READ_CHARS], errors[text])
                    for row, text in zip(
                        table.rows.filter(bad).head(PROBLEMS),
                        texts.filter(bad).head(PROBLEMS),
                        strict=True,
                    )
                ]
            )
    problems = list(islice(merge(*found, key=lambda problem: problem.row), PROBLEMS))
    return Checked(pl.DataFrame(parsed), refused, problems, counts)


def _parse(column: Column, texts: pl.Series) -> tuple[dict[str, object], dict[str, Invalid]]:
    """What each distinct text reads as, and what is wrong with the others."""
    values: dict[str, object] = {}
    errors: dict[str, Invalid] = {}
    broken = set(texts.filter(texts.str.contains(ERROR_CELL)))
    for text in texts:
        try:
            if text in broken:
                raise Invalid("sheet.error_cell", read=clean(text))
            if text.strip():
                values[text] = column.parse(text)
            elif column.filled:
                raise Invalid("sheet.blank")
        except Invalid as error:
            errors[text] = error
    return values, errors
