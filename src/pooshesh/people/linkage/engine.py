"""Link a census to insurers' rolls and find its doubles.

    keys → blocking → compare → model → veto → assign → results

Pure: data frames in, data frames out; the same records give the same answer in any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pooshesh.people.linkage import assign, blocking, compare, keys, model, results, veto
from pooshesh.people.linkage.assign import ScoredPairs
from pooshesh.people.linkage.compare import Identity, Levels, Mask
from pooshesh.people.linkage.keys import FOREIGN_DIGITS, NATIONAL_DIGITS, KeyTable
from pooshesh.people.linkage.model import Floats, Model, Patterns
from pooshesh.people.linkage.names import MISSING, Codes
from pooshesh.people.linkage.veto import Vetoes

DOUBLE = 0.8  # chance from which two census rows are one person without a clerk
NO_PAIRS = np.empty(0, np.int64)
CENSUS = "census"  # the left file's name beside the rolls'


@dataclass(frozen=True)
class LinkResult:
    """Frames, each sorted by census row.

    `rows`, one per census row: row, match (insured, uninsured, review, duplicate), roll and
    roll_row (of an insured person, on its duplicates too), score (chance of the best link, 0–1),
    duplicate_of (first row of the same person, on duplicates), candidate_roll and candidate_row
    (what a clerk should look at, where the person is in review), valid_id (the row's national ID
    passes its check).
    `pairs`, the plausible links of persons: row (the person's first), roll, roll_row, score,
    chosen (by the one-to-one assignment within each roll).
    `misuse`, one identifier on two strangers: row, other (census or a roll), other_row, kind.
    `possible_doubles`: row, other_row, score.
    `compared`: number of candidate pairs that were compared.
    """

    rows: pl.DataFrame
    pairs: pl.DataFrame
    misuse: pl.DataFrame
    possible_doubles: pl.DataFrame
    compared: int


def link(
    left: pl.DataFrame, rolls: Mapping[str, pl.DataFrame], taught: Taught | None = None
) -> LinkResult:
    """Match every row of `left` to each roll and to its doubles within `left`.

    Columns: row (int, unique), and any of household, first_name, last_name, father_name,
    birth_date (as typed, or a date), national_id, foreign_id, sex (M, F), postal_code, mobile.
    `rolls` maps an insurer's code to its roll; a person may be on several, but once on each.
    The model learns from `taught` as well, pairs that clerks judged elsewhere.
    """
    table = keys.build(left, rolls)
    pairs, misuse, by_national = score(table, taught)
    files = [CENSUS, *rolls]
    within, to_rolls = split(table, pairs)
    valid_id = np.where(table.national_valid, table.national, MISSING)[: table.left_size]
    person = assign.doubles(within, valid_id, model.odds_of(DOUBLE))
    links = results.named(table, assign.links(to_rolls, person, table.source), files)
    return LinkResult(
        rows=results.rows(table, person, links),
        pairs=results.plausible(links),
        misuse=results.misuse(
            table, pairs.left[misuse], pairs.right[misuse], by_national[misuse], files
        ),
        possible_doubles=results.possible_doubles(table, person, within),
        compared=len(pairs.left),
    )


@dataclass(frozen=True)
class Taught:
    """Pairs that clerks judged: how they compare, `levels` (pairs, features) in the order of
    `compare.LEVELS`, and whether they are the `same` person, (pairs,)."""

    levels: NDArray[np.int64]
    same: Mask


@dataclass(frozen=True)
class Compared:
    """Candidate pairs (left, right: positions in the table) and how their records compare.

    `same` and `other` mark the pairs whose valid identifiers tell that they are one person or two.
    """

    left: Codes
    right: Codes
    patterns: Patterns
    national: Levels
    foreign: Levels
    vetoes: Vetoes
    same: Mask
    other: Mask


def compared(
    table: KeyTable, attributes: Sequence[Codes], within: bool = True, more: Codes = NO_PAIRS
) -> Compared:
    """All candidate pairs of a key table, by these keys of attributes and by identifiers.

    Without `within`, left records are not compared with each other; `more` packed pairs are
    compared whatever their keys.
    """
    size = table.left_size
    by_attribute = blocking.distinct(blocking.candidates(attributes, size, within), more)
    by_identity = blocking.candidates(blocking.identity_keys(table), size, within)
    candidates = blocking.distinct(by_attribute, by_identity)
    left, right = blocking.unpack(candidates)
    features = compare.features(table, left, right)
    valid = table.national_valid
    national = compare.identities(table.national, valid, left, right, NATIONAL_DIGITS)
    foreign = compare.identities(table.foreign, table.foreign >= 0, left, right, FOREIGN_DIGITS)
    vetoes = veto.vetoes(features, national, foreign, valid[left] & valid[right])
    # Pairs that only their identifier brought show levels the unlabelled pairs never have.
    labelled = blocking.contains(by_attribute, candidates) & ~vetoes.misuse
    same = (national == Identity.EQUAL) | (foreign == Identity.EQUAL)
    other = (national == Identity.VALID_DIFFERENT) | (foreign == Identity.VALID_DIFFERENT)
    return Compared(
        left=left,
        right=right,
        patterns=Patterns.of(features),
        national=national,
        foreign=foreign,
        vetoes=vetoes,
        same=same & labelled,
        other=other & labelled,
    )


def score(table: KeyTable, taught: Taught | None = None) -> tuple[ScoredPairs, Mask, Mask]:
    """All candidate pairs with their log odds; which are misuse; which share a national ID."""
    found = compared(table, blocking.attribute_keys(table))
    learnt = learn(found, len(table) - table.left_size, taught)
    pairs = ScoredPairs(found.left, found.right, odds_of(found, learnt), found.vetoes.clerk)
    return pairs, found.vetoes.misuse, found.national == Identity.EQUAL


def odds_of(found: Compared, learnt: Model) -> Floats:
    """Log odds of every pair, the least there is where a veto keeps it apart."""
    odds = learnt.odds(found.patterns.levels)[found.patterns.of_pair]
    odds = odds + learnt.national[found.national] + learnt.foreign[found.foreign]
    odds = np.where(found.vetoes.never, -np.inf, odds)
    clipped: Floats = np.clip(odds, -model.MAX_LOG_ODDS, model.MAX_LOG_ODDS)
    return clipped


def learn(found: Compared, population: int, taught: Taught | None = None) -> Model:
    """The model of these pairs and of those clerks judged; `population` is the number of records
    one could match."""
    patterns = found.patterns
    same, other = patterns.count(found.same), patterns.count(found.other)
    levels = patterns.levels
    if taught is not None and len(taught.same):
        levels = np.concatenate([levels, taught.levels])
        same = np.concatenate([same, taught.same])
        other = np.concatenate([other, ~taught.same])
    weights = model.weights_of(levels, same, other, population)
    nothing = np.zeros(len(Identity))
    odds = Model(weights, nothing, nothing).odds(patterns.levels)
    chance = model.logistic(odds[patterns.of_pair])
    return Model(
        weights,
        model.identity_weights(found.national, chance),
        model.identity_weights(found.foreign, chance),
    )


def split(table: KeyTable, pairs: ScoredPairs) -> tuple[ScoredPairs, ScoredPairs]:
    """Pairs within the left file, weighed by the roll rows both sides surely are; and the rest."""
    source = table.source[pairs.right]
    within = pairs.where(source == 0)
    for roll in range(1, int(table.source.max(initial=0)) + 1):
        rows = assign.sure_rows(pairs.where(source == roll), table.left_size)
        within = assign.weigh_doubles(within, rows)
    return within, pairs.where(source > 0)
