"""How often the linkage errs, measured on the rows of a campaign."""

import polars as pl
import pytest

from pooshesh.people.synthetic.neighbourhood import PROFILES, draw
from pooshesh.programme.campaign import quality
from pooshesh.programme.campaign.quality import CITIZEN, Errors


@pytest.fixture(scope="module")
def measured() -> dict[str, Errors]:
    """Of a drawn neighbourhood of the usual profile."""
    drawn = draw(7, PROFILES["usual"])
    census = _numbered(drawn.census, "census_row")
    rolls = {name: _numbered(roll, "roll_row") for name, roll in drawn.rolls.items()}
    return {one.group: one for one in quality.measure(census, rolls)}


def _numbered(frame: pl.DataFrame, number: str) -> pl.DataFrame:
    return frame.rename({number: "row"}).cast({"row": pl.Int64})


def test_citizens_without_a_number_are_mostly_found_and_rightly(
    measured: dict[str, Errors],
) -> None:
    citizens = measured[CITIZEN]

    assert citizens.tried > 100
    assert citizens.recall.value > 0.85  # type: ignore[operator]
    assert citizens.precision.value > 0.9  # type: ignore[operator]


def test_no_more_are_right_than_found_or_there(measured: dict[str, Errors]) -> None:
    assert all(e.right <= min(e.linked, e.on_roll) <= e.tried for e in measured.values())


def test_a_sheet_without_numbers_measures_nothing() -> None:
    census = pl.DataFrame({"row": [1], "first_name": ["زهرا"], "last_name": ["کریمی"]})

    assert quality.measure(census, {}) == []
