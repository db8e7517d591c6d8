"""Sealed values open only whole, in their own field, with their own key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.kernel.crypto import CannotOpen, Keyring

OLD = Keyring.parse("1:an old secret")
NEW = Keyring.parse("2:a new secret,1:an old secret")


@given(st.text())
def test_what_is_sealed_opens_again(value: str) -> None:
    assert NEW.open(NEW.seal(value, "national"), "national") == value


def test_a_rotated_ring_still_opens_old_values() -> None:
    assert NEW.open(OLD.seal("0012345679", "national"), "national") == "0012345679"


def test_two_seals_of_one_value_differ_but_share_their_index() -> None:
    assert OLD.seal("x", "f") != OLD.seal("x", "f")
    assert OLD.index("x", "f") == OLD.index("x", "f")


def test_an_index_says_nothing_across_fields_or_keys() -> None:
    assert len({OLD.index("x", "a"), OLD.index("x", "b"), NEW.index("x", "a")}) == 3


def test_rows_under_an_old_key_are_still_found() -> None:
    assert OLD.index("x", "f") in NEW.indexes("x", "f")


@given(st.integers(min_value=1, max_value=30), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_does_not_open(position: int, change: int) -> None:
    sealed = bytearray(OLD.seal("0012345679", "national"))
    sealed[position] ^= change

    with pytest.raises(CannotOpen):
        OLD.open(bytes(sealed), "national")


def test_a_value_does_not_open_in_another_field() -> None:
    with pytest.raises(CannotOpen):
        OLD.open(OLD.seal("x", "national"), "foreign")


def test_without_the_key_nothing_opens() -> None:
    with pytest.raises(CannotOpen, match="version 2"):
        OLD.open(NEW.seal("x", "f"), "f")


@pytest.mark.parametrize("text", ["1:a,1:b", "300:a", "0:a"])
def test_key_versions_differ_and_fit_a_byte(text: str) -> None:
    with pytest.raises(SystemExit):
        Keyring.parse(text)
