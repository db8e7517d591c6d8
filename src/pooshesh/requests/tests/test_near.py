"""Which invoices look like ones that were brought before."""

import datetime as dt
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.requests.near import (
    Invoice,
    Likeness,
    alike,
    alike_together,
    digest,
    number_key,
    provider_key,
)

ONE = Invoice(uuid4(), uuid4(), "pharmacy", "120345", dt.date(2025, 9, 1), 4_500_000)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"amount": 4_600_000}, {Likeness.NUMBER}),
        ({"amount": 450_000}, {Likeness.NUMBER, Likeness.TEN_TIMES}),
        ({"number": "123045"}, {Likeness.SLIP}),
        ({"number": "1203455"}, {Likeness.SLIP}),
        ({"number": "99"}, {Likeness.AMOUNT}),
        ({"provider": "hospital"}, {Likeness.PROVIDER}),
        ({"number": "99", "on": dt.date(2025, 9, 9)}, set()),  # the same drug, a week on
        ({"number": "120346", "person": uuid4()}, set()),  # the next invoice of the day
        ({"number": "777777", "amount": 1}, set()),
    ],
)
def test_what_looks_alike(change: dict[str, object], found: set[Likeness]) -> None:
    other = replace(ONE, line=uuid4(), **change)  # type: ignore[arg-type]

    assert set(alike(ONE, other)) == set(alike(other, ONE)) == found


@pytest.mark.parametrize("typed", ["۱۲۰۳۴۵", "00120345", "120-345", " 120345 "])
def test_a_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert number_key(typed) == "120345"


def test_a_provider_of_the_register_is_no_name() -> None:
    place = uuid4()

    assert provider_key(place, "داروخانه شفا") == provider_key(place, "شفا")
    assert provider_key(None, "داروخانه شفا") == provider_key(None, "داروخانهٔ  شفا")


@given(st.text(max_size=20), st.text(max_size=20), st.integers(1, 10**12))
def test_the_digest_tells_amounts_apart(provider: str, number: str, amount: int) -> None:
    day = dt.date(2025, 9, 1)

    assert digest(provider, number, amount, day) == digest(provider, number, amount, day)
    assert digest(provider, number, amount, day) != digest(provider, number, amount + 1, day)


LATIN, PERSIAN, ARABIC = "0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"
BETWEEN = ["", " ", "  ", "\u200c", "-", "/", "_"]
NUMBER = st.text(LATIN + "ABکی", min_size=1, max_size=12)
TYPED = st.tuples(
    st.sampled_from([LATIN, PERSIAN, ARABIC]), st.sampled_from(BETWEEN),
    st.sampled_from(["ی", "ي"]), st.sampled_from(["ک", "ك"]), st.booleans(),
)  # fmt: skip


@given(NUMBER, TYPED)
def test_a_number_is_one_key_in_all_digit_sets_spaces_and_letters(
    number: str, typed: tuple[str, str, str, str, bool]
) -> None:
    digits, between, yeh, kaf, lower = typed
    spelled = between.join(number).translate(str.maketrans(LATIN + "یک", digits + yeh + kaf))
    spelled = spelled.lower() if lower else spelled

    assert number_key(f"{between}{spelled}{between}") == number_key(number) != ""


@given(
    st.lists(st.sampled_from(["داروخانه", "شفای", "کوثر", "۲۴", "مرکزی"]), min_size=1, max_size=4),
    st.sampled_from([" ", "  ", "\u200c", ""]),
    st.sampled_from(["ي", "ی"]),
)
def test_a_provider_is_one_key_with_and_without_spaces(
    words: list[str], between: str, yeh: str
) -> None:
    spelled = between.join(words).replace("ی", yeh)

    assert provider_key(None, spelled) == provider_key(None, " ".join(words))


def test_services_of_one_invoice_are_not_alike_when_brought_together() -> None:
    other = replace(ONE, line=uuid4())
    slipped = replace(ONE, line=uuid4(), number="123045")

    assert alike_together(ONE, other, same_code=False) == ()
    assert alike_together(ONE, other, same_code=True) == (Likeness.NUMBER,)
    assert alike_together(ONE, slipped, same_code=False) == (Likeness.SLIP,)
