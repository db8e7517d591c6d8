"""Data frames a campaign reads, from the positions the engine works with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pooshesh.people.linkage.assign import ScoredPairs
from pooshesh.people.linkage.compare import Mask
from pooshesh.people.linkage.keys import KeyTable
from pooshesh.people.linkage.model import logistic
from pooshesh.people.linkage.names import Codes

MATCH = 0.8  # chance from which a link stands without a clerk
REVIEW = 0.1  # chance from which a clerk is asked
POSSIBLE_DOUBLE = 0.2


def rows(table: KeyTable, person: Codes, links: pl.DataFrame) -> pl.DataFrame:
    """`LinkResult.rows`: each left row with the best link of its person.

    `links` as from `named`.
    """
    size = table.left_size
    best = links.filter("chosen").unique("person", keep="first", maintain_order=True)
    insured = (pl.col("score") >= MATCH) & ~pl.col("clerk")
    asked = (pl.col("score") >= REVIEW) & ~insured
    double = pl.col("duplicate_of") != pl.col("row")
    return (
        pl.DataFrame(
            {
                "row": table.row[:size],
                "person": person,
                "duplicate_of": table.row[person],
                "valid_id": table.national_valid[:size],
            }
        )
        .join(best.drop("row"), on="person", how="left", maintain_order="left")
        .with_columns(pl.col("score").fill_null(0.0), pl.col("clerk").fill_null(value=False))
        .select(
            "row",
            pl.when(double)
            .then(pl.lit("duplicate"))
            .when(insured)
            .then(pl.lit("insured"))
            .when(asked)
            .then(pl.lit("review"))
            .otherwise(pl.lit("uninsured"))
            .alias("match"),
            pl.when(insured).then("roll").alias("roll"),
            pl.when(insured).then("roll_row").alias("roll_row"),
            "score",
            pl.when(double).then("duplicate_of").alias("duplicate_of"),
            pl.when(asked).then("roll").alias("candidate_roll"),
            pl.when(asked).then("roll_row").alias("candidate_row"),
            "valid_id",
        )
    )


def named(table: KeyTable, links: pl.DataFrame, files: Sequence[str]) -> pl.DataFrame:
    """Links with row, roll and roll_row beside their positions; `files` names each source."""
    return links.with_columns(
        row=pl.Series(table.row[links["person"].to_numpy()], dtype=pl.Int64),
        roll=pl.Series([files[source] for source in links["source"]], dtype=pl.String),
        roll_row=pl.Series(table.row[links["record"].to_numpy()], dtype=pl.Int64),
    )


def plausible(links: pl.DataFrame) -> pl.DataFrame:
    """`LinkResult.pairs`: the links a clerk may want to see, `links` as from `named`."""
    return (
        links.filter(pl.col("score") >= REVIEW)
        .select("row", "roll", "roll_row", "score", "chosen")
        .sort("row", "score", "roll", "roll_row", descending=[False, True, False, False])
    )


def misuse(
    table: KeyTable, left: Codes, right: Codes, by_national: Mask, files: Sequence[str]
) -> pl.DataFrame:
    """`LinkResult.misuse` of the pairs at these positions; otherwise the foreign code is shared."""
    return pl.DataFrame(
        {
            "row": table.row[left],
            "other": pl.Series([files[source] for source in table.source[right]], dtype=pl.String),
            "other_row": table.row[right],
            "kind": np.where(by_national, "national_id", "foreign_id"),
        }
    ).sort("row", "other", "other_row")


def possible_doubles(table: KeyTable, person: Codes, within: ScoredPairs) -> pl.DataFrame:
    """`LinkResult.possible_doubles`: likely pairs of left records that were not joined."""
    chance = logistic(within.odds)
    open_ = (person[within.left] != person[within.right]) & (chance >= POSSIBLE_DOUBLE)
    return pl.DataFrame(
        {
            "row": table.row[within.left[open_]],
            "other_row": table.row[within.right[open_]],
            "score": chance[open_],
        }
    ).sort("row", "other_row")
