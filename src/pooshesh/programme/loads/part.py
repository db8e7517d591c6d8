"""Which rows of a roll can concern which neighbourhood, found for many censuses at once. Pure.

A row goes to every neighbourhood with whose census it shares a blocking key of the linkage, so
that linking a census to its part compares at least the pairs it would compare with the whole roll.
A value that stands on more rows of the roll than a block may have brings nothing, there as here.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from pooshesh.people.linkage import blocking, keys
from pooshesh.people.linkage.names import Codes


def parts(censuses: Mapping[str, pl.DataFrame], roll: pl.DataFrame) -> dict[str, list[int]]:
    """Numbers (`row`) of the rows of a roll for each census, ascending.

    Frames as `read.Sheet.good()` gives them; the rows of a census are numbered within it.
    """
    names = list(censuses)
    sizes = [len(frame) for frame in censuses.values()]
    together = pl.concat([frame.drop("row") for frame in censuses.values()], how="diagonal")
    left = together.with_columns(pl.Series("row", np.arange(len(together)), dtype=pl.Int64))
    table = keys.build(left, {"roll": roll})
    owner = np.repeat(np.arange(len(names)), sizes)
    found: list[Codes] = [np.empty(0, np.int64)]
    for key in [*blocking.attribute_keys(table), *blocking.identity_keys(table)]:
        found.append(_shared(key[: table.left_size], key[table.left_size :], owner))
    pairs = np.unique(np.concatenate(found))
    rows = table.row[table.left_size :]
    who, which = pairs >> 32, pairs & 0xFFFFFFFF
    return {name: np.sort(rows[which[who == place]]).tolist() for place, name in enumerate(names)}


def _shared(census: Codes, roll: Codes, owner: Codes) -> Codes:
    """Pairs (census, position in the roll) of equal codes, packed as census << 32 | position."""
    values, counts = np.unique(roll[roll >= 0], return_counts=True)
    rare = values[counts <= blocking.BLOCK_CAP]
    if not len(rare):
        return np.empty(0, np.int64)
    known = np.isin(census, rare)
    held = np.unique(np.stack([census[known], owner[known]], axis=1), axis=0)
    at = np.flatnonzero(np.isin(roll, held[:, 0]))
    start = np.searchsorted(held[:, 0], roll[at], "left")
    size = np.searchsorted(held[:, 0], roll[at], "right") - start
    within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    owners = held[np.repeat(start, size) + within, 1]
    packed: Codes = np.unique((owners << 32) | np.repeat(at, size))
    return packed
