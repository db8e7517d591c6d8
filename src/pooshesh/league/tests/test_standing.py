"""Ranks, ties, who has none, and trends."""

from fractions import Fraction

import pytest

from pooshesh.league.limits import Law
from pooshesh.league.standing import Side, Unit, standings, trend


def unit(key: str, part: int, whole: int, ranked: bool = True) -> Unit:
    return Unit(key, part, whole, Fraction(part, whole) if whole else None, ranked)


UNITS = [
    unit("a", 10, 100), unit("b", 20, 200), unit("c", 90, 100), unit("few", 3, 4, ranked=False),
    unit("empty", 0, 0),
]  # fmt: skip


def test_equal_values_share_a_rank_and_the_next_is_passed_over() -> None:
    found = standings(UNITS, Law.SHARE, Fraction(3, 10), 1, upwards=False)

    assert [(one.rank, one.tied) for one in found] == [
        (1, True), (1, True), (3, False), (None, False), (None, False),
    ]  # fmt: skip


def test_more_is_better_where_more_is_better() -> None:
    found = standings(UNITS, Law.SHARE, Fraction(3, 10), 1, upwards=True)

    assert [one.rank for one in found] == [2, 2, 1, None, None]


def test_an_interval_of_ranks_holds_the_rank() -> None:
    found = standings(UNITS, Law.SHARE, Fraction(3, 10), 1, upwards=True)

    assert [one.ranks for one in found] == [(2, 3), (2, 3), (1, 1), None, None]


def test_who_is_far_from_the_whole_is_told_apart() -> None:
    found = standings(UNITS, Law.SHARE, Fraction(3, 10), 1, upwards=True)

    assert [one.side for one in found[:3]] == [Side.FAR_BELOW, Side.FAR_BELOW, Side.FAR_ABOVE]
    assert found[4].side == Side.UNKNOWN


@pytest.mark.parametrize(
    ("now", "before", "way"), [(2, 1, 1), (1, 2, -1), (1, 1, 0), (None, 1, None), (1, None, None)]
)
def test_a_trend_needs_both_values(now: int | None, before: int | None, way: int | None) -> None:
    known = [None if value is None else Fraction(value) for value in (now, before)]

    assert trend(*known) == way
