import polars as pl
import pytest

from pooshesh.people.linkage.accuracy import by_group, uninsured_bounds, wilson


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_interval(hits: int, trials: int, low: float, high: float) -> None:
    assert wilson(hits, trials) == pytest.approx((low, high), abs=1e-4)


ROWS = pl.DataFrame(
    {
        "row": [1, 2, 3, 4, 5],
        "match": ["insured", "duplicate", "insured", "review", "uninsured"],
        "roll": ["ihio", "ihio", "sso", None, None],
        "roll_row": [7, 7, 8, None, None],
        "valid_id": [True, False, False, True, False],
    }
)


def test_rows_are_counted_right_only_on_the_same_row_of_the_same_roll() -> None:
    truth = pl.DataFrame(
        {
            "row": [1, 2, 3, 4, 5],
            "roll": ["ihio", "ihio", "ihio", "sso", None],
            "roll_row": [7, 7, 8, 2, None],
            "foreign": [False, False, True, True, False],
        }
    )

    assert by_group(ROWS, truth).rows() == [
        ("all", 4, 3, 2),
        ("foreign", 2, 1, 0),
        ("with_id", 1, 1, 1),
        ("without_id", 1, 1, 1),
    ]


def test_the_uninsured_are_persons_and_review_widens_the_bounds() -> None:
    assert uninsured_bounds(ROWS) == (1, 2, 4)
