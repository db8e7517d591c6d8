"""Candidate pairs: records that share at least one blocking key.

A key is a tuple of columns hashed to 64 bits. Only pairs with a left record are made: left with
left (doubles) and left with roll. Blocks larger than a cap are skipped for that key; another key
brings their true pairs.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from pooshesh.people.linkage.keys import KeyTable
from pooshesh.people.linkage.names import MISSING, Codes

BLOCK_CAP = 400
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_OFFSET = np.uint64(0x517CC1B727220A95)


def combine(*columns: Codes) -> Codes:
    """One 63-bit code per record from several columns, missing where any of them is missing."""
    mixed = np.zeros(len(columns[0]), np.uint64)
    present = np.ones(len(columns[0]), np.bool_)
    for column in columns:
        present &= column >= 0
        mixed = (mixed ^ (column.astype(np.uint64) + _OFFSET)) * _GOLDEN
        mixed ^= mixed >> np.uint64(29)
    return np.where(present, (mixed >> np.uint64(1)).astype(np.int64), MISSING)


def identity_keys(table: KeyTable) -> list[Codes]:
    """Keys that bring pairs with the same identifier, whatever else differs."""
    return [np.where(table.national_valid, table.national, MISSING), table.foreign]


def attribute_keys(table: KeyTable) -> list[Codes]:
    """Keys on names, birth, contact and household; each survives errors in the others."""
    first, last, father = (
        table.names.skeleton_of[name] for name in (table.first, table.last, table.father)
    )
    date = np.where(table.day < 0, MISSING, table.year * 10_000 + table.day)
    low, high = np.minimum(table.first, table.last), np.maximum(table.first, table.last)
    return [
        combine(low, high, table.year),
        combine(table.last, table.father, date),
        combine(first, father, date),
        combine(first, last, date),
        combine(last, date),
        combine(first, date),
        combine(first, last, father),
        combine(first, last, table.year),
        combine(last, father, table.year),
        combine(first, last, table.sex),
        combine(first, father, table.year),
        combine(table.mobile, first),
        combine(table.postal, first),
        combine(table.mobile, table.year),
        combine(table.postal, table.year),
        combine(table.mobile, table.day),
        combine(table.postal, table.day),
        combine(table.national // 100_000, table.year),
        combine(np.where(table.national < 0, MISSING, table.national % 100_000), table.year),
        table.household,
    ]


def pairs_of(key: Codes, left_size: int, cap: int = BLOCK_CAP) -> Codes:
    """Pairs (left, other) of records with equal key, packed as left << 32 | other, unsorted."""
    # Most of a large roll shares no key with the left file; only the rest is worth sorting.
    wanted = np.unique(key[:left_size])
    wanted = wanted[np.searchsorted(wanted, 0) :]
    if not len(wanted):
        return np.empty(0, np.int64)
    at = np.minimum(np.searchsorted(wanted, key), len(wanted) - 1)
    order = np.flatnonzero(wanted[at] == key)
    order = order[np.argsort(key[order], kind="stable")]
    ordered = key[order]
    left = np.flatnonzero(key[:left_size] >= 0)
    start = np.searchsorted(ordered, key[left], "left")
    size = np.searchsorted(ordered, key[left], "right") - start
    keep = (size > 1) & (size <= cap)
    left, start, size = left[keep], start[keep], size[keep]
    within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    other = order[np.repeat(start, size) + within]
    left = np.repeat(left, size)
    once = other > left  # a pair of two left records is met from both sides
    packed: Codes = (left[once] << 32) | other[once]
    return packed


def candidates(keys: Iterable[Codes], left_size: int) -> Codes:
    """Distinct packed pairs over all keys, ascending."""
    return np.unique(np.concatenate([np.unique(pairs_of(key, left_size)) for key in keys]))


def unpack(pairs: Codes) -> tuple[Codes, Codes]:
    """Positions (left, other) of packed pairs."""
    return pairs >> 32, pairs & 0xFFFFFFFF
