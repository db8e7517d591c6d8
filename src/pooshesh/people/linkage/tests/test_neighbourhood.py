"""A generated neighbourhood of 1,500 residents: the linkage must not lose any group."""

import polars as pl
import pytest

from pooshesh.people.linkage.accuracy import by_group, uninsured_bounds
from pooshesh.people.linkage.engine import LinkResult, link
from pooshesh.people.synthetic.neighbourhood import PROFILES, draw


@pytest.fixture(scope="module")
def drawn() -> tuple[LinkResult, pl.DataFrame]:
    place = draw(11, PROFILES["usual"], residents=1_500, insured_elsewhere=12_000)
    rolls = {name: roll.rename({"roll_row": "row"}) for name, roll in place.rolls.items()}
    truth = place.truth.select(
        pl.col("census_row", "person", "roll_row").cast(pl.Int64),
        "roll",
        foreign=pl.col("foreign") == "1",
    ).rename({"census_row": "row"})
    return link(place.census.rename({"census_row": "row"}), rolls), truth


@pytest.mark.parametrize(
    ("group", "precision", "recall"),
    [
        ("all", 0.99, 0.96),
        ("with_id", 0.99, 0.97),
        ("without_id", 0.97, 0.92),
        ("foreign", 0.97, 0.92),
    ],
)
def test_precision_and_recall_of_each_group(
    drawn: tuple[LinkResult, pl.DataFrame], group: str, precision: float, recall: float
) -> None:
    result, truth = drawn

    counts = by_group(result.rows, truth).row(by_predicate=pl.col("group") == group, named=True)

    assert counts["on_roll"] > 30
    assert counts["right"] / counts["linked"] >= precision
    assert counts["right"] / counts["on_roll"] >= recall


def test_the_uninsured_share_is_within_a_point(drawn: tuple[LinkResult, pl.DataFrame]) -> None:
    result, truth = drawn
    people = truth.unique("person")

    least, most, persons = uninsured_bounds(result.rows)

    share = people["roll"].null_count() / len(people)
    assert least / persons - 0.01 <= share <= most / persons + 0.01


@pytest.mark.parametrize("profile", PROFILES)
def test_nobody_is_written_down_as_born_after_the_day_of_the_census(profile: str) -> None:
    place = draw(3, PROFILES[profile], 2_000, 4_000)

    born = pl.concat([place.census["birth_date"], *(r["birth_date"] for r in place.rolls.values())])

    assert born.max() == "1400/11/22"  # some slips fell after it
