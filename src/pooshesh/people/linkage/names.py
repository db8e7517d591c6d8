"""Names of all records in one dictionary: each is normalised, and later compared, once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pooshesh.kernel.text import heard, key, latin_key

Codes = NDArray[np.int64]
MISSING = -1
LONG_VOWELS = "اوی"
_NO_VOWEL = re.compile(f"[^{LONG_VOWELS}]+").sub
_HAS_LATIN = re.compile("[a-z]").search
# A spelling in at least so many cells, and in this share of them, is a name and no mistake.
KNOWN_CELLS, KNOWN_SHARE = 3, 1e-4


@dataclass(frozen=True)
class Names:
    """Distinct name `keys` by code; `skeleton_of` and `vowels_of` take a code, MISSING too.

    `spelt` is the name in Persian letters, whatever the script; `skeleton_of` gives codes into
    `skeletons`; `vowels_of` codes of the long vowels written, MISSING for Latin names, whose
    vowels follow no rule. `known` marks spellings too frequent to be mistakes.
    """

    keys: list[str]
    spelt: list[str]
    skeletons: list[str]
    skeleton_of: Codes
    vowels_of: Codes
    known: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.spelt)


def encode(columns: Sequence[pl.Series]) -> tuple[list[Codes], Names]:
    """A code for every cell of the columns, as one list per column, and what the codes mean."""
    distinct, of_cell = distinct_texts(pl.concat(columns))
    keys = [key(text) for text in distinct]
    rows = np.bincount(of_cell + 1, minlength=len(keys) + 1)[1:]
    bearers = _sums(keys, rows.tolist())
    enough = max(KNOWN_CELLS, KNOWN_SHARE * len(of_cell))
    known = {name for name, count in bearers.items() if count >= enough}
    keys = [without_title(name, known) for name in keys]
    names = sorted(set(keys) - {""})
    code = {name: position for position, name in enumerate(names)}
    codes = np.array([*(code.get(name, MISSING) for name in keys), MISSING], np.int64)
    return np.split(codes[of_cell], len(columns)), describe(names, known)


def distinct_texts(cells: pl.Series) -> tuple[list[str], Codes]:
    """The distinct texts of a column in any order, and which one each cell holds, or MISSING."""
    texts = pl.Categories.random()
    coded = cells.cast(pl.Categorical(texts))  # the texts live as long as this does
    of_cell = coded.to_physical().cast(pl.Int64).fill_null(MISSING).to_numpy()
    return texts.to_series().to_list(), of_cell


def describe(keys: Sequence[str], known: Collection[str]) -> Names:
    """The dictionary of these name keys, coded by position; `known` spellings are no mistakes."""
    spelt = [latin_key(name) if _HAS_LATIN(name) else name for name in keys]
    skeletons, skeleton_of = _coded([heard(name) for name in spelt])
    _, vowels_of = _coded([_NO_VOWEL("", name) for name in keys])
    latin = np.array([name[0].isascii() for name in keys] + [True])
    return Names(
        keys=list(keys),
        spelt=spelt,
        skeletons=skeletons,
        skeleton_of=skeleton_of,
        vowels_of=np.where(latin, MISSING, vowels_of),
        known=np.array([name in known for name in keys] + [False]),
    )


def _sums(names: Iterable[str], counts: Iterable[int]) -> Counter[str]:
    total: Counter[str] = Counter()
    for name, count in zip(names, counts, strict=True):
        total[name] += count
    return total


def _coded(texts: Sequence[str]) -> tuple[list[str], Codes]:
    """Distinct texts and the code of each, with one more place at the end for MISSING."""
    code = {text: position for position, text in enumerate(dict.fromkeys(texts))}
    return list(code), np.array([*(code[text] for text in texts), MISSING], np.int64)


def without_title(name: str, known: Collection[str]) -> str:
    """Drop «سید»/«سیده» written without a space where the rest is itself a known name."""
    for title in ("سیده", "سید"):
        rest = name.removeprefix(title)
        if rest != name and rest in known:
            return rest
    return name
