"""What moved is told by a figure's own unrest, and areas add up to a change exactly."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.asking.moving import Movement, Pair, decompose, most, movement, ratio

CALM: list[Pair | None] = [(500 + i % 2, 1000) for i in range(12)]
RESTLESS: list[Pair | None] = [(400 + 200 * (i % 2), 1000) for i in range(12)]
PAIRS = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))


def test_a_calm_figure_that_moves_a_little_comes_before_a_restless_one() -> None:
    found = {
        "restless": movement([*RESTLESS, (300, 1000)], 1),
        "calm": movement([*CALM, (520, 1000)], 1),
    }

    assert [code for code, _one in most(found, 5)] == ["calm", "restless"]


def test_a_change_is_told_in_usual_ones() -> None:
    found = movement([*CALM, (511, 1000)], 1)

    assert found is not None
    assert found.change == Fraction(10, 1000)
    assert found.score == pytest.approx(10)


def test_a_year_is_set_beside_years() -> None:
    months: list[Pair | None] = [(1000 + 10 * i, None) for i in range(24)]

    found = movement([*months, (1300, None)], 12)

    assert found == Movement(Fraction(180), Fraction(120))


def test_a_figure_that_stood_still_until_now_moved_most() -> None:
    found = movement([*[(1873, 2020)] * 12, (1900, 2020)], 1)

    assert found is not None
    assert found.score == math.inf


@pytest.mark.parametrize(
    "series",
    [
        [*[(3 + i % 2, 10) for i in range(12)], (9, 10)],  # of few
        [*[(500 + i % 2, 1000) for i in range(12)], (503, 1000)],  # by few
        [*[(12 + i % 2, None) for i in range(12)], (20, None)],
        [(500, 1000), (501, 1000), (600, 1000)],  # too short
        [*[(500, 1000)] * 12, (500, 1000)],  # no change
        [*[(500 + i, 1000) for i in range(12)], None],  # nobody counted
        [*[(500 + i, 1000) for i in range(12)], (0, 0)],  # nothing to be divided by
    ],
)
def test_what_says_nothing_did_not_move(series: list[Pair | None]) -> None:
    assert movement(series, 1) is None


@given(
    parts=st.dictionaries(st.text(max_size=3), st.tuples(PAIRS, PAIRS), max_size=8),
    before=PAIRS.filter(lambda pair: pair[1] > 0),
    now=PAIRS.filter(lambda pair: pair[1] > 0),
)
def test_areas_and_what_is_in_none_add_up_to_the_change_exactly(
    parts: dict[str, tuple[Pair, Pair]], before: Pair, now: Pair
) -> None:
    found = decompose(parts, before, now, 1000)

    change = (ratio(now, 1000) or 0) - (ratio(before, 1000) or 0)
    assert sum((one.total for one in found), Fraction(0)) == change


def test_a_count_changes_by_what_its_areas_change_by() -> None:
    found = decompose({"a": ((5, None), (9, None)), "b": ((4, None), (3, None))},
                      (9, None), (12, None))  # fmt: skip

    nothing = Fraction(0)
    assert [(one.key, one.total, one.weight) for one in found] == [
        ("a", Fraction(4), nothing), ("b", Fraction(-1), nothing),
    ]  # fmt: skip


def test_a_larger_part_of_a_good_area_is_told_apart_from_doing_better() -> None:
    parts = {"good": ((90, 100), (180, 200)), "bad": ((10, 100), (10, 100))}

    found = decompose(parts, (100, 200), (190, 300))

    assert [one.rate for one in found] == [0, 0]
    assert sum(one.weight for one in found) == Fraction(190, 300) - Fraction(1, 2)
