"""What follows from facts, exactly."""

from fractions import Fraction

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.indicators import shipped
from pooshesh.indicators.evaluate import concentration, numbers

FACTS = pl.LazyFrame(
    {
        "measure": ["persons", "persons", "persons", "applications"],
        "scheme": ["rural", "none", "rural", ""],
        "province": ["15", "15", "23", "23"],
        "value": [7, 3, 5, 100],
    }
)


def test_both_numbers_are_summed_by_the_columns_asked_for() -> None:
    found = numbers(shipped().indicators["covered_share"], FACTS, ["province"])

    assert sorted(found.collect().rows()) == [("15", 7, 10), ("23", 5, 5)]


def test_without_columns_the_whole_is_one_row() -> None:
    found = numbers(shipped().indicators["covered_share"], FACTS, [])

    assert found.collect().rows() == [(12, 15)]


def test_what_everybody_has_alike_is_not_concentrated() -> None:
    alike = {str(decile): (20, 10) for decile in range(1, 11)}

    assert concentration(alike) == 0


def test_what_only_the_poorest_tenth_has_is_concentrated_among_the_poor() -> None:
    index = concentration({"1": (100, 10), **{str(d): (0, 10) for d in range(2, 11)}})

    assert index == Fraction(-9, 10)


def test_an_index_of_nothing_is_no_zero() -> None:
    assert concentration({"1": (0, 10)}) is None
    assert concentration({}) is None


DECILES = st.dictionaries(
    st.sampled_from([str(n) for n in range(1, 11)]),
    st.tuples(st.integers(0, 10**12), st.integers(1, 10**7)),
)


@given(DECILES)
def test_the_index_lies_within_one_and_turns_with_the_ranks(
    deciles: dict[str, tuple[int, int]],
) -> None:
    turned = {str(11 - int(decile)): pair for decile, pair in deciles.items()}

    index, other = concentration(deciles), concentration(turned)

    assert index is None or (abs(index) <= 1 and other == -index)
