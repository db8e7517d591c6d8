"""Sharing the credit another way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.funnel.simulate import shared
from pooshesh.kernel.errors import Invalid

PEOPLE = {"15": 1_760_649, "23": 13_267_637}
TAGGED = {"15": 300, "23": 900}
NOW = {"15": 400, "23": 600}
WEIGHTS = st.dictionaries(
    st.sampled_from(["00", "01", "15", "23"]), st.integers(1, 10**7), min_size=1
)


def test_a_key_shares_by_its_weights() -> None:
    shares = shared(1_200, {"tagged": TAGGED}, {"tagged": 100}, NOW, TAGGED)

    assert [(s.province, s.now, s.then, s.gain) for s in shares] == [
        ("15", 400, 300, -100), ("23", 600, 900, 300),
    ]  # fmt: skip
    assert [(s.per_patient_now, s.per_patient_then) for s in shares] == [(1, 1), (0, 1)]


def test_a_floor_is_kept_before_the_rest_is_shared() -> None:
    shares = shared(1_000, {"people": {"23": 1}}, {"people": 100}, NOW, {}, floor_percent=50)

    assert [(s.province, s.then) for s in shares] == [("15", 200), ("23", 800)]


def test_a_mix_that_is_not_a_hundred_is_refused() -> None:
    with pytest.raises(Invalid, match="90 percent"):
        shared(10, {"people": PEOPLE, "tagged": TAGGED}, {"people": 50, "tagged": 40}, NOW, {})


def test_a_key_that_counts_nobody_is_refused() -> None:
    with pytest.raises(Invalid, match="choose another"):
        shared(10, {"waiting": {"15": 0}}, {"waiting": 100}, NOW, {})


def test_more_promised_than_there_is_is_refused() -> None:
    with pytest.raises(Invalid, match="900 rial"):
        shared(10, {"people": PEOPLE}, {"people": 100}, NOW, {}, floor_percent=90)


@given(st.integers(0, 10**15), WEIGHTS, WEIGHTS, st.integers(0, 100))
def test_shares_add_up_to_the_total(
    total: int, one: dict[str, int], other: dict[str, int], part: int
) -> None:
    mix = {"one": part, "other": 100 - part}

    shares = shared(total, {"one": one, "other": other}, mix, {}, {})

    assert sum(share.then for share in shares) == total
    assert min(share.then for share in shares) >= 0
