"""A few people are not told, nor found by subtraction."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.league.masks import masked


def test_a_small_row_takes_the_next_smallest_with_it() -> None:
    found = masked({"a": (3,), "b": (40,), "c": (12,), "d": (0,)}, [("a", "b", "c", "d")], 5)

    assert found == {"a", "c"}


def test_what_the_reader_knows_covers_for_nobody() -> None:
    counts = {"a": (3,), "mine": (6,), "c": (12,)}

    found = masked(counts, [("a", "mine", "c"), ("a", "c")], 5)

    assert found == {"a", "c"}


def test_the_rest_of_a_share_is_people_as_well() -> None:
    found = masked({"a": (97, 3), "b": (50, 50), "c": (70, 30)}, [("a", "b", "c")], 5)

    assert found == {"a", "b"}


def test_nothing_small_hides_nothing() -> None:
    assert masked({"a": (0,), "b": (5,)}, [("a", "b")], 5) == frozenset()


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=6, max_size=12),
    st.integers(2, 4),
)
def test_no_hidden_row_follows_from_any_sums_of_overlapping_lines(
    numbers: list[tuple[int, int]], cut: int
) -> None:
    counts = dict(enumerate(numbers))
    rows = list(counts)
    lines = [rows, rows[:cut], rows[cut:]]

    found = sorted(masked(counts, lines, 5))

    sums = np.array([[float(row in line) for row in found] for line in lines])
    known = np.linalg.matrix_rank(sums) if found else 0
    small = [n for n, row in enumerate(found) if any(0 < c < 5 for c in counts[row])]
    told = [n for n in small if np.linalg.matrix_rank(np.vstack([sums, np.eye(len(found))[n]]))
            == known]  # fmt: skip
    assert told == [] or len(found) == len(rows)
