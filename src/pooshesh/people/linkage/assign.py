"""From log odds of pairs to persons: doubles first, then one roll row for one person."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pooshesh.people.linkage.compare import Mask
from pooshesh.people.linkage.model import MAX_LOG_ODDS, Floats
from pooshesh.people.linkage.names import MISSING, Codes

SURE = 3.0  # log odds from which a pair is taken as evidence about others
UNLIKE = -4.0  # log odds of two records that share no blocking key
PLAUSIBLE = -2.0  # log odds below which two records are kin, not doubles, whatever they share


@dataclass(frozen=True)
class ScoredPairs:
    """Pairs of positions in the key table, the left one a record of the left file.

    `odds` are log odds of being one person; `clerk` marks pairs that no certainty makes automatic.
    """

    left: Codes
    right: Codes
    odds: Floats
    clerk: Mask

    def where(self, mask: Mask) -> ScoredPairs:
        return ScoredPairs(self.left[mask], self.right[mask], self.odds[mask], self.clerk[mask])


def sure_rows(pairs: ScoredPairs, size: int) -> Codes:
    """The row of one roll that each of `size` left records surely is, by its best pair, or MISSING.

    `pairs` are those of the roll.
    """
    sure = pairs.where(pairs.odds >= SURE)
    order = np.lexsort((-sure.right, sure.odds))
    rows = np.full(size, MISSING, np.int64)
    rows[sure.left[order]] = sure.right[order]  # of repeated targets the last, the best, stays
    return rows


def weigh_doubles(pairs: ScoredPairs, rows: Codes) -> ScoredPairs:
    """Weigh pairs of left records anew where both have a sure row (`sure_rows`) of a roll.

    A well-kept roll has a person once: the same row makes a plausible pair a double, two rows are
    two people.
    """
    a, b = rows[pairs.left], rows[pairs.right]
    both = (a != MISSING) & (b != MISSING)
    same = both & (a == b) & (pairs.odds >= PLAUSIBLE)
    odds = np.select([same, both & (a != b)], [np.maximum(pairs.odds, SURE), -SURE], pairs.odds)
    return replace(pairs, odds=odds)


def doubles(pairs: ScoredPairs, valid_id: Codes, least: float) -> Codes:
    """Cluster of every left record, named by its smallest position.

    Pairs of log odds `least` or more are joined, best first, unless a clerk must decide or the
    clusters hold two different valid national IDs (`valid_id`, MISSING where none).
    """
    cluster = list(range(len(valid_id)))
    holder = valid_id.tolist()

    def root(record: int) -> int:
        while cluster[record] != record:
            cluster[record] = cluster[cluster[record]]
            record = cluster[record]
        return record

    strong = pairs.where((pairs.odds >= least) & ~pairs.clerk)
    order = np.lexsort((strong.right, strong.left, -strong.odds))
    for a, b in zip(strong.left[order].tolist(), strong.right[order].tolist(), strict=True):
        low, high = sorted((root(a), root(b)))
        if low != high and (MISSING in (holder[low], holder[high]) or holder[low] == holder[high]):
            cluster[high] = low
            holder[low] = max(holder[low], holder[high])
    return np.array([root(record) for record in range(len(cluster))], np.int64)


def clusters(
    pairs: ScoredPairs, valid_id: Codes, foes: ScoredPairs, least: float
) -> tuple[Codes, Codes, Floats]:
    """All pairs (low, high) of records in one cluster, and the odds of the link that joined them.

    Pairs of odds `least` or more are joined, best first, unless a clerk must decide, or the
    clusters hold two different valid national IDs (`valid_id`) or two records of a pair of `foes`,
    or the records across are on the whole unlike: one weak link shall not join two people.
    """
    strong = pairs.where((pairs.odds >= least) & ~pairs.clerk)
    # Most people have two records: what no other link touches needs no thought.
    met = np.bincount(np.concatenate([strong.left, strong.right]), minlength=len(valid_id))
    single = (met[strong.left] == 1) & (met[strong.right] == 1)
    alone, strong = strong.where(single), strong.where(~single)

    parent: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    enemies: dict[int, set[int]] = {}
    for a, b in zip(foes.left.tolist(), foes.right.tolist(), strict=True):
        enemies.setdefault(a, set()).add(b)
        enemies.setdefault(b, set()).add(a)

    def root(record: int) -> int:
        while (above := parent.get(record, record)) != record:
            parent[record] = record = parent.get(above, above)
        return record

    grouped = np.zeros(len(valid_id), np.bool_)
    grouped[strong.left] = grouped[strong.right] = True
    close = pairs.where(grouped[pairs.left] & grouped[pairs.right])
    known = dict(zip((close.left << 32 | close.right).tolist(), close.odds.tolist(), strict=True))
    order = np.lexsort((strong.right, strong.left, -strong.odds))
    records = np.unique(np.concatenate([strong.left, strong.right]))
    holder = dict(zip(records.tolist(), valid_id[records].tolist(), strict=True))
    joined: list[tuple[int, int, float]] = []
    for a, b, odds in zip(
        *(column[order].tolist() for column in (strong.left, strong.right, strong.odds)),
        strict=True,
    ):
        low, high = sorted((root(a), root(b)))
        two_ids = MISSING not in (holder[low], holder[high]) and holder[low] != holder[high]
        if low == high or two_ids or any(root(foe) == high for foe in enemies.get(low, ())):
            continue
        ours, theirs = members.get(low, [low]), members.get(high, [high])
        across = [(min(x, y), max(x, y)) for x in ours for y in theirs]
        if sum(known.get(x << 32 | y, UNLIKE) for x, y in across) < 0 and odds < MAX_LOG_ODDS:
            continue
        parent[high] = low
        holder[low] = max(holder[low], holder[high])
        if foe := enemies.pop(high, None):
            enemies.setdefault(low, set()).update(foe)
        joined += [(x, y, odds) for x, y in across]
        members[low] = ours + theirs
        members.pop(high, None)
    lows, highs, odds_ = zip(*joined, strict=True) if joined else ((), (), ())
    return (
        np.concatenate([alone.left, np.array(lows, np.int64)]),
        np.concatenate([alone.right, np.array(highs, np.int64)]),
        np.concatenate([alone.odds, np.array(odds_, np.float64)]),
    )


def links(pairs: ScoredPairs, person: Codes, source: Codes) -> pl.DataFrame:
    """Weigh rival links and choose at most one roll row per person and roll.

    `pairs` are those with rolls; `person` the cluster of each left record, whose doubles count
    with their best; `source` the roll of each record. Gives one line per person and roll row, best
    first: person, record (positions), source, score, clerk, chosen. The score is the chance of the
    link given that a person has one row per roll and a row is one person.
    """
    weight = pl.col("odds").exp()
    rivals = weight.sum().over("person", "source") + weight.sum().over("record") - weight
    ranked = (
        pl.DataFrame(
            {
                "person": person[pairs.left],
                "record": pairs.right,
                "source": source[pairs.right],
                "odds": pairs.odds,
                "clerk": pairs.clerk,
            }
        )
        .group_by("person", "record", "source")
        .agg(pl.col("odds").max(), pl.col("clerk").any())
        .sort("person", "record")  # sums over groups must not depend on the order of hashing
        .with_columns(score=weight / (1 + rivals))
        .sort("score", "odds", "person", "record", descending=[True, True, False, False])
    )
    placed: set[tuple[int, int]] = set()
    taken: set[int] = set()
    chosen = []
    for who, row, roll in ranked.select("person", "record", "source").iter_rows():
        free = row not in taken and (who, roll) not in placed
        chosen.append(free)
        if free:
            taken.add(row)
            placed.add((who, roll))
    return ranked.with_columns(chosen=pl.Series(chosen, dtype=pl.Boolean)).drop("odds")
