import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.people.linkage.blocking import combine, pairs_of, unpack
from pooshesh.people.linkage.names import MISSING


@given(st.lists(st.integers(-1, 4), max_size=12), st.integers(0, 12))
def test_pairs_are_all_equal_keys_with_a_left_record_once(values: list[int], left: int) -> None:
    left = min(left, len(values))

    pairs = pairs_of(np.array(values, np.int64), left)

    expected = {
        (i, j)
        for i in range(left)
        for j in range(i + 1, len(values))
        if values[i] == values[j] != MISSING
    }
    assert sorted(zip(*map(np.ndarray.tolist, unpack(pairs)), strict=True)) == sorted(expected)


def test_a_block_above_the_cap_is_skipped() -> None:
    key = np.array([7, 7, 7, 5, 5])

    assert len(pairs_of(key, 5, cap=2)) == 1


def test_a_combined_key_is_missing_where_a_part_is() -> None:
    combined = combine(np.array([1, 1, MISSING]), np.array([2, 2, 2]))

    assert combined[0] == combined[1] >= 0
    assert combined[2] == MISSING
