"""Nobody is found by subtraction in a table with masked cells."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.kernel.cells import LEAST, hidden

TABLES = st.integers(2, 5).flatmap(
    lambda rows: st.integers(2, 5).flatmap(
        lambda columns: st.lists(
            st.integers(0, 30), min_size=rows * columns, max_size=rows * columns
        ).map(
            lambda counts: {
                (n // columns, f"c{n % columns}"): count for n, count in enumerate(counts)
            }
        )
    )
)


def follows(table: dict[tuple[int, str], int]) -> set[tuple[int, str]]:
    """The masked cells that somebody gets who knows every shown cell and every total."""
    masked = sorted(hidden(table))
    lines = sorted({row for row, _ in masked}), sorted({column for _, column in masked})
    sums = [[float(cell[0] == row) for cell in masked] for row in lines[0]]
    sums += [[float(cell[1] == column) for cell in masked] for column in lines[1]]
    known = np.array(sums).reshape(len(sums), len(masked))
    units = np.eye(len(masked))
    inside = np.linalg.pinv(known) @ known
    return {
        cell for cell, unit in zip(masked, units, strict=True) if np.allclose(inside @ unit, unit)
    }


def test_a_table_without_small_cells_is_shown_whole() -> None:
    assert hidden({("a", "x"): 5, ("a", "y"): 0, ("b", "x"): 70, ("b", "y"): 9}) == frozenset()


def test_a_small_cell_takes_others_with_it() -> None:
    table = {("a", "x"): 3, ("a", "y"): 20, ("b", "x"): 50, ("b", "y"): 70}

    assert hidden(table) == frozenset(table)


def test_the_smallest_that_covers_is_masked() -> None:
    table = {
        ("a", "x"): 3, ("a", "y"): 20, ("a", "z"): 400,
        ("b", "x"): 50, ("b", "y"): 70, ("b", "z"): 900,
        ("c", "x"): 60, ("c", "y"): 80, ("c", "z"): 800,
    }  # fmt: skip

    assert hidden(table) == {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")}


def test_a_table_of_one_line_masks_a_second_cell() -> None:
    assert hidden({("sma", "n"): 3, ("thal", "n"): 40, ("hema", "n"): 90}) == {
        ("sma", "n"), ("thal", "n"),
    }  # fmt: skip


@given(TABLES)
def test_every_small_cell_is_masked(table: dict[tuple[int, str], int]) -> None:
    small = {cell for cell, count in table.items() if 0 < count < LEAST}

    assert small <= hidden(table)


@given(TABLES)
def test_no_masked_cell_follows_from_what_is_shown(table: dict[tuple[int, str], int]) -> None:
    assert follows(table) == set()


@given(TABLES)
def test_what_is_hidden_in_a_line_is_never_few(table: dict[tuple[int, str], int]) -> None:
    masked = hidden(table)
    lines = [{cell for cell in masked if cell[0] == row} for row in {cell[0] for cell in masked}]
    whole = len(masked) == len(table)  # nothing was left to cover for them

    assert whole or all(sum(table[cell] for cell in line) >= LEAST for line in lines)
