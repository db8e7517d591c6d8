"""What sheets of areas and of facilities share: reading, refusing, all or nothing.

A first reading plans what each row would change and finds every problem; nothing stays written
while there is one, unless the good rows alone are asked for. A sheet read twice changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import transaction

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.sheet_columns import Column, Problem, match_columns, validate
from pooshesh.kernel.sheets import Table

explain(
    {
        "import.twice": gettext_noop("“%(read)s” stands in row %(row)s already; expected it once."),
    }
)

Row = Mapping[str, Any]


@dataclass
class Outcome:
    """What a sheet changes, or would change in a dry run. Units: rows; `problems` are cells.

    `unread` are headers that stand for no column: what is below them is passed over.
    """

    rows: int
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    written: bool = False
    unread: list[str] = field(default_factory=list)


class Refusals:
    """Collects the problems of rows by their columns, after those of single cells."""

    def __init__(self, columns: tuple[Column, ...], problems: Iterable[Problem]) -> None:
        self.columns = {column.name: column for column in columns}
        self.cells = {(problem.row, problem.field) for problem in problems}
        self.found: list[Problem] = []
        self.codes: set[str] = set()

    def add(self, row: Row, column: str, error: Invalid) -> None:
        self.codes.add(row["code"])
        read = "" if row[column] is None else str(row[column])
        self.found.append(Problem(row["row"], column, self.columns[column].title, read, error))


def read_rows(table: Table, columns: tuple[Column, ...]) -> tuple[list[Row], Outcome, Refusals]:
    """The rows with a code of their own, and the problems so far.

    A row with a cell that cannot be read is among them, so that all its problems are told; its
    code is refused. Raises Invalid when the columns do not fit.
    """
    matching = match_columns(table.headers, columns)
    checked = validate(table, columns, matching.certain())
    refusals = Refusals(columns, checked.problems)
    rows: dict[str, Row] = {}
    for row, refused in zip(checked.frame.iter_rows(named=True), checked.refused, strict=True):
        if row["code"] is None:
            continue
        if row["code"] in rows:
            first = rows[row["code"]]["row"]
            refusals.add(row, "code", Invalid("import.twice", read=row["code"], row=first))
            continue
        rows[row["code"]] = row
        if refused:
            refusals.codes.add(row["code"])
    outcome = Outcome(
        len(table.rows), problems=checked.problems, problem_count=checked.count,
        unread=matching.unread,
    )  # fmt: skip
    return list(rows.values()), outcome, refusals


class Step(Protocol):
    """What one row asks for."""

    row: Row

    @property
    def is_new(self) -> bool: ...

    @property
    def changes(self) -> bool: ...


def finish(
    outcome: Outcome,
    steps: Iterable[Step],
    refusals: Refusals,
    *,
    dry_run: bool,
    only_good: bool,
) -> None:
    """Count, join all problems by row, and take everything back unless it is to stay."""
    for step in steps:
        if step.row["code"] not in refusals.codes:
            outcome.new += step.is_new
            outcome.changed += not step.is_new and step.changes
            outcome.unchanged += not step.is_new and not step.changes
    outcome.problem_count += len(refusals.found)
    outcome.problems = sorted([*outcome.problems, *refusals.found], key=lambda found: found.row)
    outcome.written = not dry_run and (only_good or not outcome.problem_count)
    if not outcome.written:
        transaction.set_rollback(True)
