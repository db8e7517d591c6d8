"""Reconciliations as data, and exact sums with what people say about."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.statements import sums
from pooshesh.statements.book import BookError, load
from pooshesh.statements.bounds import Bounds, apart, exactly, said, surely_less

ABOUT = st.builds(
    said, st.integers(1, 10**6), st.sampled_from(["exact", "about", "more_than", "less_than"])
)


def within(value: Fraction, found: Bounds) -> bool:
    return (found.low is None or found.low <= value) and (found.high is None or value <= found.high)


@given(ABOUT, ABOUT)
def test_the_value_lies_between_the_least_and_the_most(one: Bounds, other: Bounds) -> None:
    found = [one + other, one - other, one * other]

    assert [within(each.value, each) for each in found] == [True] * 3
    assert found[0].value == one.value + other.value
    assert found[1].value == one.value - other.value


def test_an_open_end_stays_open_and_the_other_is_kept() -> None:
    less_than = exactly(15) - said(8, "more_than")

    found = less_than / exactly(7) * said(3, "about")

    assert (found.low, found.value, found.high) == (None, Fraction(3), Fraction(7, 2))
    assert (exactly(2) * said(8, "more_than")).low == 16


@given(ABOUT, ABOUT, ABOUT)
def test_whatever_numbers_are_meant_the_product_lies_within(
    one: Bounds, other: Bounds, third: Bounds
) -> None:
    found = (one - other) * third

    lows = [end for end in (one.low, other.low, third.low) if end is not None]
    assert len(lows) == 3
    assert within((lows[0] - lows[1]) * lows[2], found)
    assert within((one.value - other.value) * third.value, found)


@given(ABOUT, st.integers(1, 10**6))
def test_dividing_and_multiplying_back_is_exact(one: Bounds, by: int) -> None:
    assert (one / exactly(by)) * exactly(by) == one


@given(ABOUT, ABOUT)
def test_of_two_at_most_one_is_surely_less(one: Bounds, other: Bounds) -> None:
    assert not (surely_less(one, other) and surely_less(other, one))
    assert apart(one, other) == apart(other, one)
    assert not apart(one, one)


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [(9_000, 8_500, 9_500), (12_450, 12_445, 12_455), (75, Fraction(149, 2), Fraction(151, 2)),
     (Fraction(73, 10), Fraction(725, 100), Fraction(735, 100)), (0, 0, 0)],
)  # fmt: skip
def test_about_was_rounded_to_its_last_digit(
    value: Fraction, low: Fraction, high: Fraction
) -> None:
    assert (said(value, "about").low, said(value, "about").high) == (low, high)


def test_what_is_divided_by_nothing_is_not_known() -> None:
    names = {"some": exactly(3), "none": exactly(0)}

    assert sums.total(sums.parse("some / none"), names) is None
    assert sums.total(sums.parse("some / (some - some)"), names) is None


@pytest.mark.parametrize(
    ("test", "holds"),
    [("a < b", True), ("b > a", True), ("a == b", False), ("apart(a, b)", True), ("a < x", None),
     ("a < x and b < a", False), ("a < x or a < b", True), ("not (a < b)", False), ("True", True)],
)  # fmt: skip
def test_tests_hold_only_surely(test: str, holds: bool | None) -> None:
    tree = sums.parse(test)
    sums.check_test(tree)

    assert sums.holds(tree, {"a": exactly(1), "b": said(9, "more_than"), "x": None}) is holds


@pytest.mark.parametrize(
    "text", ["__import__('os')", "a.b", "a ** 2", "1.5", "a if b else c", "a <", "f(a)", "True + 1"]
)
def test_anything_but_a_sum_is_refused(text: str) -> None:
    with pytest.raises(sums.SumError):
        sums.check_sum(sums.parse(text))


GOOD = """
R1:
  title: {fa: عنوان, en: Title}
  month: 1400-11
  statements: {a: a-one}
  follows: [{name: twice, value: a * 2, unit: number, says: {fa: دو برابر, en: twice}}]
  explained: {fa: چون, en: because}
  red: [{when: a > twice, says: {fa: نه, en: never}}]
  green: {fa: آری, en: always}
"""


@pytest.mark.parametrize(
    ("old", "new", "defect"),
    [
        ("explained:", "reason:", "R1: unknown reason"),
        ("1400-11", "1400-13", "R1: cannot be read"),
        ("a * 2", "b * 2", "R1: unknown b in b * 2"),
        ("a * 2", "a ** 2", "R1: is no sum: a ** 2"),
        ("name: twice", "name: a", "R1: a: no name, or given twice"),
        ("unit: number", "unit: apples", "R1: unit: expected one of"),
        ("{fa: نه, en: never}", "{en: never}", "R1: says: expected both fa and en"),
        ("  green: {fa: آری, en: always}", "", "R1: green: needed"),
        ("R1:", "R1: [", "not YAML"),
    ],
)
def test_what_is_wrong_with_a_reconciliation_is_told(old: str, new: str, defect: str) -> None:
    with pytest.raises(BookError) as refused:
        load(GOOD.replace(old, new))

    assert any(one.startswith(defect) for one in refused.value.defects)


def test_a_right_one_is_read() -> None:
    (one,) = load(GOOD)

    assert (one.code, one.title.en, len(one.follows), len(one.red)) == ("R1", "Title", 1, 1)
