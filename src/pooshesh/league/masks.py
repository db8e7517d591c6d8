"""Which rows of a table are of too few people to be shown, and which go with them. Pure."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def masked(
    counts: Mapping[K, Sequence[int]], lines: Sequence[Collection[K]], least: int
) -> frozenset[K]:
    """The rows of which nothing may be shown.

    `counts` has, for every row, each number of people it would tell; a row with one between 1 and
    `least` - 1 is hidden. A line is rows whose sums somebody knows. Of each line one hidden row
    alone would follow from the rest, and so would hidden rows of few people together: more rows are
    hidden then, the smallest first. Hiding more never gives away more, so lines may overlap.
    """
    gone = {row for row, numbers in counts.items() if any(0 < n < least for n in numbers)}
    for line in sorted(lines, key=len):
        free = sorted(
            (row for row in line if row not in gone),
            key=lambda row: (not any(counts[row]), sum(counts[row]), str(row)),
        )
        while free and _told([counts[row] for row in line if row in gone], least):
            gone.add(free.pop(0))
    return frozenset(gone)


def _told(hidden: Sequence[Sequence[int]], least: int) -> bool:
    if len(hidden) < 2:
        return bool(hidden)
    return any(0 < sum(column) < least for column in zip(*hidden, strict=True))
