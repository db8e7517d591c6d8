"""What the newly insured will need: the pure part."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.network import forecast
from pooshesh.network.forecast import AGES, MONTHS, Newly, Rate

RATES = [Rate("visits", 0, "", 6000), Rate("visits", 15, "F", 12000), Rate("visits", 15, "", 2400)]

GROUPS = st.builds(
    Newly, st.sampled_from(["ir.p23.a", "ir.p23.b"]), st.integers(-12, 0),
    st.integers(0, len(AGES) - 1), st.sampled_from(["F", "M", ""]), st.integers(0, 10_000),
)  # fmt: skip


def test_a_thousand_children_make_their_visits_once_they_know_the_way() -> None:
    used = forecast.load([Newly("a", 0, 0, "M", 1000)], RATES, "visits", take_up_months=2)

    assert [used["a", month] for month in (0, 1, 11)] == [250, 500, 500]


@pytest.mark.parametrize(
    ("age_group", "sex", "rate"), [(0, "F", 6000), (2, "F", 12000), (4, "M", 2400)]
)
def test_a_group_has_the_rate_of_its_sex_and_the_nearest_age(
    age_group: int, sex: str, rate: int
) -> None:
    assert forecast.rate_of(RATES, "visits", age_group, sex) == rate


def test_what_has_no_rate_needs_nothing() -> None:
    assert forecast.rate_of(RATES, "medicines", 0, "F") == 0


@given(st.lists(GROUPS, max_size=6), GROUPS, st.integers(1, 24))
def test_more_persons_never_need_less(groups: list[Newly], more: Newly, months: int) -> None:
    before = forecast.load(groups, RATES, "visits", months)
    after = forecast.load([*groups, more], RATES, "visits", months)

    assert all(after[key] >= used for key, used in before.items())


@given(st.lists(GROUPS, max_size=8), st.integers(1, 24))
def test_places_add_up_to_what_holds_them(groups: list[Newly], months: int) -> None:
    by_place = forecast.load(groups, RATES, "visits", months)
    together = forecast.load(
        [Newly("all", g.month, g.age_group, g.sex, g.persons) for g in groups], RATES, "visits",
        months,
    )  # fmt: skip

    sums = [
        sum((used for (_p, at), used in by_place.items() if at == month), Fraction(0))
        for month in range(MONTHS)
    ]
    assert sums == [together.get(("all", month), Fraction(0)) for month in range(MONTHS)]


@given(st.fractions(0, 10**6), st.integers(0, 100))
def test_cost_lies_between_its_bounds(used: Fraction, margin: int) -> None:
    low, middle, high = forecast.cost({"visits": used, "beds": used}, {"visits": 700_000}, margin)

    assert low <= middle <= high
    assert middle == int(used * 700_000)


def test_beds_are_whole_and_some_stay_free() -> None:
    assert forecast.beds(Fraction(241), days=30, occupancy=80) == 11


@given(st.dates(dt.date(1930, 1, 1), dt.date(2090, 1, 1)), st.integers(-400, 400))
def test_months_are_counted_as_the_calendar_has_them(day: dt.date, later: int) -> None:
    start = forecast.month_start(day, later)

    assert forecast.months_between(day, start) == later
    assert forecast.month_start(start) == start
