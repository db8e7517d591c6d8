"""Match the census to every roll and within itself, and put it in the campaign's terms. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

import polars as pl

from pooshesh.people.linkage.engine import CENSUS, Taught, link
from pooshesh.programme.models import Match, WorkKind


@dataclass(frozen=True, slots=True)
class Matched:
    """What the linkage says about one census row; `roll_row` of a review is the candidate's."""

    row: int
    match: Match
    roll: str = ""
    roll_row: int | None = None
    score: float | None = None
    duplicate_of: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Two records only a clerk can tell apart.

    The other stands in the census, on a roll, or is a person registered before.
    """

    kind: WorkKind
    row: int
    other_row: int | None = None  # in the census
    roll: str = ""
    roll_row: int | None = None
    holder: UUID | None = None


@dataclass(frozen=True)
class Matches:
    """Every census row by number, and the questions that are left."""

    rows: Mapping[int, Matched]
    questions: list[Question] = field(default_factory=list)


def match(
    census: pl.DataFrame, rolls: Mapping[str, pl.DataFrame], taught: Taught | None = None
) -> Matches:
    """Frames as `read.Sheet.good()` gives them, rolls by insurer; `taught` by clerks so far."""
    found = link(census, rolls, taught)
    rows = {row["row"]: _matched(row) for row in found.rows.iter_rows(named=True)}
    original = {row: one.duplicate_of or row for row, one in rows.items()}
    questions = [
        Question(WorkKind.POSSIBLE_MATCH, one.row, None, one.roll, one.roll_row)
        for one in rows.values()
        if one.match == Match.REVIEW
    ]
    for row in found.misuse.iter_rows(named=True):
        if row["other"] == CENSUS:
            questions.append(
                _pair(WorkKind.ID_MISUSE, original[row["row"]], original[row["other_row"]])
            )
        else:
            questions.append(
                Question(
                    WorkKind.ID_MISUSE, original[row["row"]], None, row["other"], row["other_row"]
                )
            )
    questions += [
        _pair(WorkKind.POSSIBLE_DOUBLE, original[row["row"]], original[row["other_row"]])
        for row in found.possible_doubles.iter_rows(named=True)
    ]
    unlike = {q: None for q in questions if q.row != q.other_row}  # each question once
    return Matches(rows, list(unlike))


def merge_persons(matches: Matches, persons: Mapping[int, object]) -> Matches:
    """Rows that registration recognised as one person (by an identifier) become duplicates.

    `persons` maps the rows that are no duplicates yet to the person registered.
    """
    rows = dict(matches.rows)
    first: dict[object, int] = {}
    for row in sorted(persons):
        original = first.setdefault(persons[row], row)
        if original != row:
            rows[row] = replace(rows[row], match=Match.DUPLICATE, duplicate_of=original)
    for row, one in rows.items():
        if one.duplicate_of is not None:
            head = rows[one.duplicate_of].duplicate_of or one.duplicate_of
            rows[row] = replace(
                one, duplicate_of=head, roll=rows[head].roll, roll_row=rows[head].roll_row
            )
    still = [
        q
        for q in matches.questions
        if rows[q.row].match != Match.DUPLICATE
        and (q.other_row is None or rows[q.other_row].match != Match.DUPLICATE)
    ]
    return Matches(rows, still)


def _pair(kind: WorkKind, one: int, other: int) -> Question:
    """The later row is the one in question: were they one person, it would be the double."""
    return Question(kind, max(one, other), min(one, other))


def _matched(row: Mapping[str, object]) -> Matched:
    match = Match(str(row["match"]))
    review = match == Match.REVIEW
    roll, roll_row = (
        (row["candidate_roll"], row["candidate_row"]) if review else (row["roll"], row["roll_row"])
    )
    score, duplicate_of = row["score"], row["duplicate_of"]
    assert isinstance(row["row"], int)
    assert roll_row is None or isinstance(roll_row, int)
    assert duplicate_of is None or isinstance(duplicate_of, int)
    return Matched(
        row["row"],
        match,
        str(roll or ""),
        roll_row,
        round(score, 4) if isinstance(score, float) else None,
        duplicate_of,
    )
