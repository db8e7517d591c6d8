"""Small cells of a table with totals: which numbers must not be shown. Pure.

A count of a few people says who they are. Masking it alone is not enough: beside its total it is
found by subtraction. So more cells are masked until no masked cell follows from what is shown:
not by any sum of rows, columns and the whole, and not because all that is hidden together is none
or few.
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

import numpy as np

LEAST = 5  # persons; fewer are masked

R = TypeVar("R", bound=Hashable)
C = TypeVar("C", bound=Hashable)


def hidden(table: Mapping[tuple[R, C], int], least: int = LEAST) -> frozenset[tuple[R, C]]:
    """The cells of a two-way table that must be masked when all its totals are shown.

    `table` has a count of persons for every (row, column); a cell that is not there is nobody.
    Zero says nothing of anybody and is shown unless it has to cover for another. The answer is
    empty for a table without a count between 1 and `least` - 1. In a table of one row or column its
    cells cover for one another.
    """
    rows = list(dict.fromkeys(row for row, _ in table))
    columns = list(dict.fromkeys(column for _, column in table))
    full = {(row, column): table.get((row, column), 0) for row in rows for column in columns}
    masked = {cell for cell, count in full.items() if 0 < count < least}
    while (told := _told(masked, full, least)) and (cover := _cover(told, masked, full)):
        masked.add(cover)
    return frozenset(masked)


def _told(
    masked: set[tuple[R, C]], full: Mapping[tuple[R, C], int], least: int
) -> tuple[R, C] | None:
    """A masked cell that what is shown gives away, or of a line whose hidden people are few."""
    cells = sorted(masked, key=lambda cell: (full[cell], str(cell)))
    lines = [
        [cell for cell in cells if cell[axis] == name]
        for axis in (0, 1)
        if len({cell[1 - axis] for cell in full}) > 1  # else its total is the cell itself
        for name in dict.fromkeys(cell[axis] for cell in cells)
    ]
    for line in lines:
        if len(line) == 1 or sum(full[cell] for cell in line) < least:
            return line[0]
    if not lines:
        return None
    known = np.array([[float(cell in line) for cell in cells] for line in lines])
    rank = np.linalg.matrix_rank(known)
    for number, cell in enumerate(cells):
        alone = np.zeros((1, len(cells)))
        alone[0, number] = 1.0
        if np.linalg.matrix_rank(np.vstack([known, alone])) == rank:
            return cell
    return None


def _cover(
    cell: tuple[R, C], masked: set[tuple[R, C]], full: Mapping[tuple[R, C], int]
) -> tuple[R, C] | None:
    """The smallest cell that can stand before `cell`: of its row or column, one with people if
    there is one, where masked cells cross already if possible."""
    lines = {other[0] for other in masked}, {other[1] for other in masked}
    free = [
        other for other in full
        if other not in masked and (other[0] == cell[0] or other[1] == cell[1])
    ] or [other for other in full if other not in masked]  # fmt: skip
    return min(
        free,
        key=lambda other: (
            full[other] == 0,
            (other[0] not in lines[0]) + (other[1] not in lines[1]),
            full[other],
            str(other),
        ),
        default=None,
    )
