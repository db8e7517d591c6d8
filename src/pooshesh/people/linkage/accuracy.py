"""How good a linkage is: by group against a known truth, and what it says of the uninsured."""

from __future__ import annotations

from math import sqrt

import polars as pl

Z95 = 1.959963984540054


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; (0, 1) when nothing was tried.

    Source: E. B. Wilson, JASA 22 (1927) 209–212.
    """
    if trials == 0:
        return 0.0, 1.0
    share, z2 = hits / trials, Z95**2
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    reach = Z95 * sqrt(share * (1 - share) / trials + z2 / (4 * trials**2)) / (1 + z2 / trials)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def by_group(rows: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """Rows with a roll row in truth, rows linked, and rows linked rightly, by group.

    `rows` as in `LinkResult.rows`; `truth` has row, roll, roll_row (null where not on a roll) and
    foreign (bool). Right means the same roll and the same row of it; doubles count as rows. Groups:
    all, with_id and without_id (citizens whose census row has a valid national ID or not), foreign.
    Columns: group, on_roll, linked, right.
    """
    both = truth.select(
        "row", "foreign", true_roll="roll", true_row=pl.col("roll_row").cast(pl.Int64)
    ).join(rows, on="row")
    right = (pl.col("roll") == pl.col("true_roll")) & (pl.col("roll_row") == pl.col("true_row"))
    group = (
        pl.when("foreign")
        .then(pl.lit("foreign"))
        .when("valid_id")
        .then(pl.lit("with_id"))
        .otherwise(pl.lit("without_id"))
    )
    counts = [
        pl.col("true_row").is_not_null().sum().alias("on_roll"),
        pl.col("roll").is_not_null().sum().alias("linked"),
        right.fill_null(value=False).sum().alias("right"),
    ]
    return pl.concat(
        [
            both.select(pl.lit("all").alias("group"), *counts),
            both.group_by(group.alias("group")).agg(counts).sort("group"),
        ]
    )


GROUPS = ("with_id", "without_id", "foreign_with_id", "foreign_without_id")


def pairs_by_group(links: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """How many pairs of one file are true, were linked, and were linked rightly, by group.

    `links` has left_row and right_row; `truth` has row, person, foreign and has_id (bools). A pair
    is with ID when both its rows have one, foreign when either row is. Columns: group (all, then
    `GROUPS`), true, linked, right; precision and recall with the bounds of their Wilson intervals,
    as precision_low and so on.
    """
    one = truth.select("row", "person", "foreign", "has_id")
    found = links.join(one, left_on="left_row", right_on="row").join(
        one, left_on="right_row", right_on="row", suffix="_right"
    )
    found = found.with_columns(right=pl.col("person") == pl.col("person_right"))
    linked = _of_group(found).group_by("group").agg(linked=pl.len(), right=pl.col("right").sum())
    twice = one.filter(pl.len().over("person") > 1)
    true = twice.join(twice, on="person", suffix="_right").filter(
        pl.col("row") < pl.col("row_right")
    )
    counted = (
        pl.DataFrame({"group": GROUPS})
        .join(_of_group(true).group_by("group").agg(true=pl.len()), on="group", how="left")
        .join(linked, on="group", how="left", maintain_order="left")
        .fill_null(0)
        .cast({"true": pl.Int64, "linked": pl.Int64, "right": pl.Int64})
    )
    every = counted.select(pl.lit("all").alias("group"), pl.exclude("group").sum())
    counted = pl.concat([every, counted])
    shares = []
    for hits, of_linked, of_true in counted.select("right", "linked", "true").iter_rows():
        share: dict[str, float] = {}
        for name, of in (("precision", of_linked), ("recall", of_true)):
            low, high = wilson(hits, of)
            share |= {name: hits / of if of else 1.0, f"{name}_low": low, f"{name}_high": high}
        shares.append(share)
    return counted.hstack(pl.DataFrame(shares))


def _of_group(pairs: pl.DataFrame) -> pl.DataFrame:
    """The group of each pair, from the columns of its two rows."""
    foreign = pl.col("foreign") | pl.col("foreign_right")
    with_id = pl.col("has_id") & pl.col("has_id_right")
    return pairs.with_columns(
        group=pl.concat_str(
            pl.when(foreign).then(pl.lit("foreign_")).otherwise(pl.lit("")),
            pl.when(with_id).then(pl.lit("with_id")).otherwise(pl.lit("without_id")),
        )
    )


def uninsured_bounds(rows: pl.DataFrame) -> tuple[int, int, int]:
    """Distinct persons surely uninsured, uninsured at most (review too), and persons in all.

    `rows` as in `LinkResult.rows`. Uninsured means on none of the rolls searched.
    """
    of = dict(rows["match"].value_counts().iter_rows())
    least = of.get("uninsured", 0)
    most = least + of.get("review", 0)
    return least, most, most + of.get("insured", 0)
