"""Link any two files, or find the doubles of one: pairs of rows, certain or for a clerk.

    keys → blocking → compare → model → veto → clusters

Unlike a roll, a file may hold a person any number of times. Pure and deterministic: the same
records give the same pairs, in any order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pooshesh.people.linkage import blocking, engine, keys
from pooshesh.people.linkage.assign import ScoredPairs, clusters
from pooshesh.people.linkage.compare import Identity, Mask
from pooshesh.people.linkage.engine import NO_PAIRS, Compared
from pooshesh.people.linkage.keys import KeyTable
from pooshesh.people.linkage.model import MAX_LOG_ODDS, logistic, odds_of
from pooshesh.people.linkage.names import MISSING, Codes
from pooshesh.people.linkage.results import REVIEW

LIKELY = 0.65  # chance from which two rows are one person; a cluster is checked as a whole
LARGE = 200_000  # records from which the many keys of a neighbourhood cost more than they bring
PLACES = 6  # decimals of a score, so that no machine's last bit shows
JUDGED_SCHEMA = pl.Schema({"left": pl.Int64, "right": pl.Int64, "same": pl.Boolean})

Progress = Callable[[str], None]


def link_files(
    left: pl.DataFrame,
    right: pl.DataFrame | None = None,
    judged: pl.DataFrame | None = None,
    progress: Progress = lambda step: None,
) -> pl.DataFrame:
    """Pairs of rows of `left` and `right`, or of `left` alone, that are or may be one person.

    Frames as for `engine.link`. `judged` (left, right, same: row numbers and a clerk's word)
    teaches the model and decides the pair itself; but two different valid national IDs stay two
    people until one of them is corrected. Gives left_row, right_row, score (chance, 0–1) and class
    ("match" or "review"), sorted by rows; in one file left_row is the smaller. Matches are whole
    clusters: two rows that match the same row match each other. `progress` is told each step.
    """
    progress("keys")
    within = right is None
    if right is None:
        table = keys.build(left, {})
    else:  # households of two files have nothing to do with each other
        table = keys.build(left.drop("household", strict=False), {"right": right})
    told, word = _positions(table, judged, within)
    large = len(table) > LARGE
    attributes = (blocking.large_keys if large else blocking.attribute_keys)(table)
    progress("pairs")
    found = engine.compared(table, attributes, within, told)
    progress("model")
    spoken = _spoken(found, told, word)
    same = (found.same & (spoken >= 0)) | (spoken > 0)
    other = (found.other & (spoken <= 0)) | (spoken < 0)
    population = len(table) if within else len(table) - table.left_size
    learnt = engine.learn(replace(found, same=same, other=other), population)
    odds = engine.odds_of(found, learnt)
    odds = np.select([spoken > 0, spoken < 0], [MAX_LOG_ODDS, -MAX_LOG_ODDS], odds)
    odds[found.national == Identity.VALID_DIFFERENT] = -MAX_LOG_ODDS
    progress("clusters")
    clerk = found.vetoes.clerk & (spoken <= 0)
    apart = (found.vetoes.misuse & (spoken <= 0)) | (spoken < 0)
    pairs = ScoredPairs(found.left, found.right, odds, clerk)
    return _result(table, pairs, apart, within)


def _positions(
    table: KeyTable, judged: pl.DataFrame | None, within: bool
) -> tuple[Codes, NDArray[np.int8]]:
    """The judged pairs packed, ascending, and of each 1 for same, −1 for different; pairs with a
    row that is not there are passed over. Of two words on one pair "different" counts."""
    if judged is None or judged.is_empty():
        return NO_PAIRS, np.empty(0, np.int8)
    size = table.left_size
    rows = judged.cast(JUDGED_SCHEMA)
    sides = []
    for name, start, end in (
        ("left", 0, size), ("right", 0, size) if within else ("right", size, len(table))
    ):  # fmt: skip
        row = rows[name].to_numpy()
        at = np.searchsorted(table.row[start:end], row)
        there = at < end - start
        there[there] = table.row[start:end][at[there]] == row[there]
        sides.append(np.where(there, at + start, MISSING))
    low, high = np.minimum(*sides), np.maximum(*sides)
    good = (low >= 0) & (low != high)
    packed, first = np.unique((low << 32 | high)[good], return_inverse=True)
    word = np.ones(len(packed), np.int8)
    word[first[~rows["same"].to_numpy()[good]]] = -1
    return packed, word


def _spoken(found: Compared, told: Codes, word: NDArray[np.int8]) -> NDArray[np.int8]:
    """Each pair's word of a clerk: 1 same, −1 different, 0 none."""
    spoken = np.zeros(len(found.left), np.int8)
    spoken[np.searchsorted(found.left << 32 | found.right, told)] = word
    return spoken


def _result(table: KeyTable, pairs: ScoredPairs, apart: Mask, within: bool) -> pl.DataFrame:
    valid_id = np.where(table.national_valid, table.national, MISSING)
    low, high, odds = clusters(pairs, valid_id, pairs.where(apart), odds_of(LIKELY))
    if not within:
        cross = (low < table.left_size) & (high >= table.left_size)
        low, high, odds = low[cross], high[cross], odds[cross]
    matched = np.sort(low << 32 | high)
    asked = pairs.where(pairs.odds >= odds_of(REVIEW))
    packed = asked.left << 32 | asked.right
    asked = asked.where(~blocking.contains(matched, packed))
    return pl.DataFrame(
        {
            "left_row": table.row[np.concatenate([low, asked.left])],
            "right_row": table.row[np.concatenate([high, asked.right])],
            "score": np.round(logistic(np.concatenate([odds, asked.odds])), PLACES),
            "class": np.repeat(["match", "review"], [len(low), len(asked.left)]),
        }
    ).sort("left_row", "right_row")
