"""A code is read however it is typed, and a slip is always found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.coverage import codes

bodies = st.text(codes.ALPHABET, min_size=codes.LENGTH, max_size=codes.LENGTH)
places = st.integers(0, codes.LENGTH)


def full(body: str) -> str:
    return body + codes.check(body)


@given(bodies, places, st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_found(body: str, place: int, char: str) -> None:
    code = full(body)

    slipped = code[:place] + char + code[place + 1 :]

    assert (codes.read(slipped) is None) == (slipped != code)


@given(bodies, places, places)
def test_two_characters_that_changed_places_are_found(body: str, one: int, other: int) -> None:
    chars = list(full(body))

    chars[one], chars[other] = chars[other], chars[one]
    swapped = "".join(chars)

    assert (codes.read(swapped) is None) == (swapped != full(body))


@given(bodies)
def test_a_code_is_read_as_people_write_it(body: str) -> None:
    code = full(body)
    typed = codes.written(code).lower().replace("0", "o").replace("1", "l").replace("5", "۵")

    assert codes.read(f" {typed} ") == code


@pytest.mark.parametrize("typed", ["", "ABCD", "A" * 16 + "B", "UUUUUUUUUUUUUUUU", "؟" * 16])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert codes.read(typed) is None


def test_codes_differ_and_hold_what_they_say() -> None:
    made = {codes.new() for _ in range(200)}

    assert len(made) == 200
    assert {len(code) for code in made} == {codes.LENGTH + 1}
    assert all(codes.read(code) == code for code in made)
    assert len(codes.ALPHABET) ** codes.LENGTH >= 2**60
