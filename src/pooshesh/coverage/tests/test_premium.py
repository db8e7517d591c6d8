"""Premium is exact to the rial however a year is cut; days are never billed twice."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.coverage.days import within, without
from pooshesh.coverage.premium import Rate, charges, part
from pooshesh.kernel.calendar import fiscal_year, from_jalali
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial, share, total

START, LAST = fiscal_year(1403)  # a leap year
END = LAST + dt.timedelta(days=1)
DAYS = (END - START).days
RATES = [Rate(START, Rial(19_380_000)), Rate(END, None)]

offsets = st.integers(0, 900)
spans = st.lists(
    st.tuples(offsets, st.integers(1, 400)).map(
        lambda pair: (
            START + dt.timedelta(days=pair[0]), START + dt.timedelta(days=pair[0] + pair[1]),
        )
    ),
    max_size=6,
)  # fmt: skip


def days_of(parts: list[tuple[dt.date, dt.date]]) -> set[int]:
    return {n for a, b in parts for n in range(a.toordinal(), b.toordinal())}


@given(st.integers(0, 10**12), st.lists(st.integers(1, DAYS - 1), max_size=12))
def test_the_parts_of_a_year_add_up_to_it(amount: int, cuts: list[int]) -> None:
    edges = sorted({0, *cuts, DAYS})

    parts = [part(Rial(amount), a, b, DAYS) for a, b in pairwise(edges)]

    assert total(parts) == Rial(amount)
    assert all(one.amount >= 0 for one in parts)


@given(st.integers(0, 100), st.integers(1, DAYS - 1))
def test_two_bills_of_a_year_ask_what_one_asks(percent: int, cut: int) -> None:
    middle = START + dt.timedelta(days=cut)

    whole = charges([(START, END)], percent, RATES)
    halves = charges([(START, middle), (middle, END)], percent, RATES)

    assert total(c.amount for c in halves) == total(c.amount for c in whole)
    assert total(c.amount for c in whole) == share(Rial(19_380_000), percent)


def test_a_month_costs_its_days() -> None:
    end = from_jalali(1403, 2, 1)

    (charge,) = charges([(START, end)], 100, RATES)

    assert charge.amount == Rial((19_380_000 * 31 * 2 + 366) // (2 * 366))


def test_a_change_of_the_premium_cuts_the_days() -> None:
    change = from_jalali(1403, 7, 1)

    found = charges([(START, END)], 100, [Rate(START, Rial(366)), Rate(change, Rial(732))])

    assert [(c.start, c.end, c.amount.amount) for c in found] == [
        (START, change, 186), (change, END, 360),
    ]  # fmt: skip


def test_an_unknown_premium_is_no_amount() -> None:
    with pytest.raises(Invalid, match="1404/01/01 is not known"):
        charges([(END - dt.timedelta(days=5), END + dt.timedelta(days=5))], 100, RATES)


@given(spans, spans)
def test_days_without_holes_are_those_in_no_hole(
    given_spans: list[tuple[dt.date, dt.date]], holes: list[tuple[dt.date, dt.date]]
) -> None:
    left = without(given_spans, holes)

    assert days_of(left) == days_of(given_spans) - days_of(holes)
    assert all(a < b for a, b in left)


@given(spans, offsets, st.integers(1, 400))
def test_days_within_a_window_are_those_in_both(
    given_spans: list[tuple[dt.date, dt.date]], first: int, length: int
) -> None:
    start = START + dt.timedelta(days=first)
    end = start + dt.timedelta(days=length)

    cut = within(given_spans, start, end)

    assert days_of(cut) == days_of(given_spans) & days_of([(start, end)])


def test_an_open_span_ends_with_the_window() -> None:
    assert within([(START, None)], START, END) == [(START, END)]
    assert without([(START, END)], [(START, None)]) == []
