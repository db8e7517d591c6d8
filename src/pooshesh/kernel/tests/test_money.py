"""Rials: exact, in words, shared and split without losing one."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import (
    LARGEST,
    Rial,
    Unit,
    format_rial,
    from_toman,
    in_words_en,
    in_words_fa,
    parse_amount,
    share,
    split,
    suspicious_unit,
    total,
    words,
)

AMOUNTS = st.integers(-(10**15), 10**15).map(Rial)


def test_rials_add_subtract_multiply_and_compare() -> None:
    assert Rial(5) + Rial(7) - Rial(2) == Rial(10)
    assert Rial(5) * 3 == 3 * Rial(5) == Rial(15)
    assert total([Rial(1), Rial(2)]) == Rial(3)
    assert -Rial(5) < Rial(4)
    assert not Rial(0)
    assert from_toman(1200) == Rial(12_000)


@pytest.mark.parametrize(
    "mix",
    [
        lambda: Rial(1.0),  # type: ignore[arg-type]
        lambda: Rial("1"),  # type: ignore[arg-type]
        lambda: Rial(True),
        lambda: Rial(1) + 1,  # type: ignore[operator]
        lambda: Rial(1) - 1,  # type: ignore[operator]
        lambda: Rial(1) * 0.5,  # type: ignore[operator]
        lambda: Rial(1) * Rial(1),  # type: ignore[operator]
        lambda: Rial(1) * True,
        lambda: Rial(1) / 2,  # type: ignore[operator]
        lambda: Rial(1) < 2,  # type: ignore[operator]
    ],
)
def test_rials_mix_with_no_bare_or_fractional_number(mix: Callable[[], object]) -> None:
    with pytest.raises(TypeError):
        mix()


@pytest.mark.parametrize("amount", [LARGEST + 1, -LARGEST - 1])
def test_an_amount_beyond_a_bigint_is_refused(amount: int) -> None:
    with pytest.raises(Invalid) as refusal:
        Rial(amount)

    assert refusal.value.code == "money.too_large"


@pytest.mark.parametrize(
    ("typed", "unit", "rials"),
    [
        ("12000000", "rial", 12_000_000),
        ("۱۲٬۰۰۰٬۰۰۰", "rial", 12_000_000),
        ("١٢,٠٠٠,٠٠٠", "rial", 12_000_000),
        ("12،000،000", "rial", 12_000_000),
        ("12 000 000", "rial", 12_000_000),
        ("1,200,000", "toman", 12_000_000),
        ("۱٬۲۰۰٬۰۰۰ تومان", "toman", 12_000_000),
        ("12000000 ریال", "rial", 12_000_000),
        ("0", "rial", 0),
        (str(LARGEST), "rial", LARGEST),
    ],
)
def test_amounts_are_read_in_every_digit_set(typed: str, unit: Unit, rials: int) -> None:
    assert parse_amount(typed, unit) == Rial(rials)


@pytest.mark.parametrize(
    ("typed", "unit", "code"),
    [
        ("", "rial", "money.empty"),
        ("ریال", "rial", "money.empty"),
        ("12.5", "rial", "money.decimal"),
        ("۱۲٫۵", "toman", "money.decimal"),
        ("12.000", "rial", "money.decimal"),
        ("-5", "rial", "money.unreadable"),
        ("1,20,000", "rial", "money.unreadable"),
        ("1e6", "rial", "money.unreadable"),
        ("=1+1", "rial", "money.unreadable"),
        ("دوازده", "rial", "money.unreadable"),
        ("1200 تومان", "rial", "money.unit_is_rial"),
        ("1200 rial", "toman", "money.unit_is_toman"),
        (str(LARGEST + 1), "rial", "money.too_large"),
        (str(LARGEST), "toman", "money.too_large"),
        ("9" * 5000, "rial", "money.too_large"),
    ],
)
def test_a_bad_amount_is_refused_with_what_was_read(typed: str, unit: Unit, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_amount(typed, unit)

    assert refusal.value.code == code
    assert refusal.value.message()


@pytest.mark.parametrize(
    ("number", "fa", "en"),
    [
        (0, "صفر", "zero"),
        (8, "هشت", "eight"),
        (15, "پانزده", "fifteen"),
        (20, "بیست", "twenty"),
        (99, "نود و نه", "ninety-nine"),
        (100, "یکصد", "one hundred"),
        (1_001, "یک هزار و یک", "one thousand one"),
        (240_318, "دویست و چهل هزار و سیصد و هجده", "two hundred forty thousand three hundred"
         " eighteen"),
        (10**12, "یک هزار میلیارد", "one trillion"),
        (-7, "منفی هفت", "minus seven"),
    ],
)  # fmt: skip
def test_numbers_in_words(number: int, fa: str, en: str) -> None:
    assert in_words_fa(number) == fa
    assert in_words_en(number) == en


@pytest.mark.parametrize(
    ("rials", "fa", "en"),
    [
        (12_000_000, "دوازده میلیون ریال (یک میلیون و دویست هزار تومان)",
         "twelve million rial (one million two hundred thousand toman)"),
        (10**13, "ده هزار میلیارد ریال (یک هزار میلیارد تومان)",
         "ten trillion rial (one trillion toman)"),
        (15, "پانزده ریال (یک تومان و پنج ریال)", "fifteen rial (one toman and five rial)"),
        (5, "پنج ریال (پنج ریال)", "five rial (five rial)"),
        (0, "صفر ریال (صفر تومان)", "zero rial (zero toman)"),
        (-20, "منفی بیست ریال (منفی دو تومان)", "minus twenty rial (minus two toman)"),
    ],
)  # fmt: skip
def test_an_amount_is_said_in_both_units(rials: int, fa: str, en: str) -> None:
    assert words(Rial(rials), "fa") == fa
    assert words(Rial(rials), "en") == en


@given(st.integers(0, LARGEST), st.integers(0, LARGEST))
def test_different_numbers_have_different_words(one: int, other: int) -> None:
    assert (in_words_fa(one) == in_words_fa(other)) is (one == other)
    assert (in_words_en(one) == in_words_en(other)) is (one == other)


@given(st.integers(0, LARGEST))
def test_a_shown_amount_can_be_typed_back(rials: int) -> None:
    assert parse_amount(format_rial(Rial(rials), "fa"), "rial") == Rial(rials)
    assert parse_amount(format_rial(Rial(rials), "en"), "rial") == Rial(rials)


@pytest.mark.parametrize(
    ("amount", "percent", "part"),
    [(1000, 30, 300), (5, 50, 3), (5, 10, 1), (4, 10, 0), (-5, 50, -3), (7, 100, 7), (7, 0, 0)],
)
def test_a_share_is_rounded_half_a_rial_away_from_zero(
    amount: int, percent: int, part: int
) -> None:
    assert share(Rial(amount), percent) == Rial(part)


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (10, [6, 3, 1], [6, 3, 1]),
        (5, [0, 1], [0, 5]),
        (1, [1, 2], [0, 1]),
        (-100, [1, 1, 1], [-34, -33, -33]),
    ],
)
def test_a_split_gives_left_over_rials_to_the_largest_remainders(
    amount: int, weights: list[int], parts: list[int]
) -> None:
    assert split(Rial(amount), weights) == [Rial(part) for part in parts]


@given(AMOUNTS, st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_the_parts_of_a_split_add_up_and_lie_within_one_rial(
    amount: Rial, weights: list[int]
) -> None:
    parts = split(amount, weights)

    assert total(parts) == amount
    assert all(
        abs(part.amount * sum(weights) - amount.amount * weight) < sum(weights)
        for part, weight in zip(parts, weights, strict=True)
    )


@pytest.mark.parametrize("weights", [[], [0, 0], [3, -1]])
def test_a_split_without_weights_is_refused(weights: list[int]) -> None:
    with pytest.raises(Invalid) as refusal:
        split(Rial(100), weights)

    assert refusal.value.code == "money.no_weights"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (240_000_000, 24_000_000),
        (2_400_000, 24_000_000),
        (24_000_000, None),
        (20_000_000, None),
        (30_000_000, None),
        (7_000_000_000, None),
    ],
)
def test_a_slip_between_rial_and_toman_is_pointed_out(typed: int, meant: int | None) -> None:
    found = suspicious_unit(Rial(typed), Rial(20_000_000), Rial(30_000_000))

    assert found == (None if meant is None else Rial(meant))
