"""Limits and ranks against values known from tables, and against their own other side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.league.limits import (
    LARGE,
    Z_95,
    Z_998,
    Law,
    gamma_quantile,
    garwood,
    interval,
    limits,
    poisson_limits,
    rank_ranges,
    together,
)


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [(0, 0, 3.6889), (1, 0.0253, 5.5716), (5, 1.6235, 11.6683), (10, 4.7954, 18.3904),
     (24, 15.3773, 35.7101), (100, 81.3639, 121.6268)],
)  # fmt: skip
def test_the_interval_of_a_count_is_garwoods(events: int, low: float, high: float) -> None:
    assert garwood(events, Z_95) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("p", "degrees", "chi_square"),
    [(0.025, 2, 0.050636), (0.975, 20, 34.169607), (0.999, 10, 29.588298), (0.001, 100, 61.917944)],
)
def test_gamma_quantiles_are_those_of_the_chi_square_table(
    p: float, degrees: int, chi_square: float
) -> None:
    assert 2 * gamma_quantile(p, degrees / 2) == pytest.approx(chi_square, abs=1e-5)


@pytest.mark.parametrize("p", [0.001, 0.025, 0.975, 0.999])
def test_the_rule_for_large_counts_meets_the_exact_one(p: float) -> None:
    exact, rule = gamma_quantile(p, LARGE), gamma_quantile(p, LARGE + 1e-9)

    assert rule == pytest.approx(exact, rel=1e-4)


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert interval(Law.SHARE, 81, 263, Z_95) == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_limits_of_an_expected_count_are_where_the_poisson_tails_are_small() -> None:
    low, high = poisson_limits(10.0, Z_95)

    # P(X ≤ 3 | 10) = 0.0103, P(X ≤ 4 | 10) = 0.0293; P(X ≥ 17 | 10) = 0.0270, P(X ≥ 18) = 0.0143
    assert 3 < low < 4
    assert 17 < high < 18
    assert garwood(high, Z_95)[0] == pytest.approx(10.0)
    assert garwood(low, Z_95)[1] == pytest.approx(10.0)


@pytest.mark.parametrize("law", [Law.SHARE, Law.COUNT, Law.MEAN, Law.MONEY])
@given(part=st.integers(0, 400), whole=st.integers(400, 5000), target=st.floats(0.01, 0.9))
def test_a_unit_is_outside_the_limits_exactly_when_the_target_is_outside_its_interval(
    law: Law, part: int, whole: int, target: float
) -> None:
    value = part / whole
    edges = limits(law, target, whole, Z_998, 2.5)
    within = interval(law, part, whole, Z_998, 2.5)
    assert edges
    assert within

    near = min(abs(target - side) / target for side in within) < 1e-3

    assert near or (edges[0] <= value <= edges[1]) == (within[0] <= target <= within[1])


def test_nothing_is_said_without_a_law_or_a_denominator() -> None:
    found = [interval(Law.NONE, 5, 10, Z_95), limits(Law.NONE, 0.5, 10, Z_95),
             interval(Law.COUNT, 0, 0, Z_95), limits(Law.SHARE, 0.5, 0, Z_95)]  # fmt: skip

    assert found == [None, None, None, None]


def test_intervals_that_overlap_leave_the_rank_open() -> None:
    given_ = [(9.0, 10.0), (4.0, 6.0), (5.0, 7.0), None, (1.0, 2.0)]

    assert rank_ranges(given_, upwards=True) == [(1, 1), (2, 3), (2, 3), None, (4, 4)]
    assert rank_ranges(given_, upwards=False) == [(4, 4), (2, 3), (2, 3), None, (1, 1)]


def test_intervals_that_must_hold_together_are_wider() -> None:
    assert together(Z_95, 1) == pytest.approx(Z_95)
    assert together(Z_95, 31) == pytest.approx(3.1455, abs=1e-3)
