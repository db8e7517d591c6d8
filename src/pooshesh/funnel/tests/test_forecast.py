"""When the money runs out."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from pooshesh.funnel.forecast import exhaustion, weekly

TODAY = dt.date(2026, 11, 22)
WEEKS = st.lists(st.integers(0, 10**12), min_size=4, max_size=26)


def test_an_even_pace_has_one_date() -> None:
    found = exhaustion(100, [10, 10, 10, 10], TODAY)

    assert found is not None
    assert (found.on, found.earliest, found.latest) == (TODAY + dt.timedelta(days=70),) * 3


def test_uneven_weeks_widen_the_interval() -> None:
    found = exhaustion(100, [0, 20, 0, 20], TODAY)

    assert found
    assert found.on == TODAY + dt.timedelta(days=70)
    assert (found.earliest or TODAY) < found.on < (found.latest or TODAY)


def test_nothing_left_is_exhausted_today() -> None:
    found = exhaustion(0, [1, 2, 3, 4], TODAY)

    assert found
    assert found.on == TODAY


def test_three_weeks_say_nothing() -> None:
    assert exhaustion(100, [10, 10, 10], TODAY) is None


def test_what_is_not_spent_never_runs_out() -> None:
    found = exhaustion(100, [0, 0, 0, 0], TODAY)

    assert found
    assert found.on is None


def test_weeks_are_whole_and_end_yesterday() -> None:
    spent = {TODAY: 1, TODAY - dt.timedelta(days=1): 2, TODAY - dt.timedelta(days=8): 4}

    assert weekly(spent, TODAY) == [4, 2]


@given(st.integers(1, 10**14), WEEKS)
def test_the_date_lies_in_its_interval(left: int, weeks: list[int]) -> None:
    found = exhaustion(left, weeks, TODAY)

    far = dt.date.max
    assert found
    assert (found.earliest or far) <= (found.on or far) <= (found.latest or far)


@given(st.integers(1, 10**14), WEEKS)
def test_more_money_lasts_longer(left: int, weeks: list[int]) -> None:
    less, more = exhaustion(left, weeks, TODAY), exhaustion(2 * left, weeks, TODAY)

    assert less
    assert more
    assert (less.on or dt.date.max) <= (more.on or dt.date.max)
