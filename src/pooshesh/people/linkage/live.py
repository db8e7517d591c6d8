"""The duplicate check while somebody is being registered: one typed record against a few.

The levels of `compare`, the vetoes and the model of a batch, but over one record in well under a
millisecond, by a model that was trained beforehand (`default_model.json`, written by `train`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler

from pooshesh.kernel.text import heard, key, latin_key
from pooshesh.people.linkage import veto
from pooshesh.people.linkage.compare import (
    LEVELS,
    NEAR,
    NEAR_YEARS,
    PART_LENGTH,
    SIMILAR,
    SLIPS,
    Birth,
    Contact,
    Identity,
    Levels,
    Mask,
    Name,
    Sex,
)
from pooshesh.people.linkage.keys import (
    FOREIGN_DIGITS,
    NAME_COLUMNS,
    NATIONAL_DIGITS,
    SEXES,
    contact_code,
    foreign_code,
    national_code,
    read_birth,
)
from pooshesh.people.linkage.model import MAX_LOG_ODDS, logistic
from pooshesh.people.linkage.names import LONG_VOWELS, MISSING, without_title
from pooshesh.people.linkage.results import MATCH, REVIEW
from pooshesh.people.linkage.trained import default

Record = Mapping[str, str | None]

SPELLINGS = 1 << 14  # of names, kept between two checks
_NEAR, _SIMILAR = float(np.float32(NEAR)), float(np.float32(SIMILAR))
_SLIPS = frozenset(SLIPS.tolist())
_birth = lru_cache(SPELLINGS * 2)(read_birth)  # a nation is born on some thirty thousand days


def score_one(typed: Record, candidates: Sequence[Record]) -> list[tuple[int, float, str]]:
    """Which candidates may be the typed person: index, chance from 0 to 1, "match" or "review".

    Records hold any of `keys.TEXT_COLUMNS`, texts as typed. Best first, then by index; chances
    below review, and pairs that a veto keeps apart, are left out. "review" is also what only a
    clerk may decide, however likely.
    """
    found = [
        (at, *scored)
        for at, scored in enumerate(score_pairs([(typed, one) for one in candidates]))
        if scored
    ]
    return sorted(found, key=lambda hit: (-hit[1], hit[0]))


def score_pairs(pairs: Sequence[tuple[Record, Record]]) -> list[tuple[float, str] | None]:
    """The chance and sort of each pair as `score_one` gives them, None where it leaves one out.

    A whole batch costs little more than one pair: each record is read and the model asked once.
    """
    if not pairs:
        return []
    model = default().model
    levels, national, foreign, valid = compared_pairs(pairs)
    vetoes = veto.vetoes(dict(zip(LEVELS, levels.T, strict=True)), national, foreign, valid)
    odds = model.odds(levels) + model.national[national] + model.foreign[foreign]
    chance = logistic(np.clip(odds, -MAX_LOG_ODDS, MAX_LOG_ODDS))
    kept = (~vetoes.never & (chance >= REVIEW)).tolist()
    match = (~vetoes.clerk & (chance >= MATCH)).tolist()
    return [
        (each, "match" if certain else "review") if keep else None
        for each, keep, certain in zip(chance.tolist(), kept, match, strict=True)
    ]


def blocks(record: Record, *, dated: bool = True) -> tuple[str, ...]:
    """The blocking keys of a record as texts, the same whenever and wherever they are made.

    Two records that share one are worth comparing. They tell names and numbers: keep keyed hashes
    of them, never the texts. Each holds two facts at least, an identifier alone apart, so that
    few people share one in a nation. Not `dated`: without those of a whole birth date, where it is
    looked up with either name.
    """
    one = _read(record)
    first, last, father = (name.skeleton if name else None for name in one.names)
    year = one.year if one.year >= 0 else None
    date = one.year * 10_000 + one.day if one.day >= 0 and dated else None
    facts: tuple[tuple[object, ...], ...] = (
        (one.national if one.national_valid else None,),
        (_known(one.foreign),),
        (first, last, date),
        (first, father, date),
        (last, father, date),
        (*sorted((first, last)), year) if first and last else (None,),
        (first, last, father),
        (_known(one.mobile), first),
        (_known(one.postal), first),
        (_known(one.mobile), year),
        (one.national // 100_000 if one.national >= 0 else None, first, year),
        (one.national % 100_000 if one.national >= 0 else None, first, year),
    )
    return tuple(
        f"{number}:" + "|".join(map(str, fact))
        for number, fact in enumerate(facts)
        if None not in fact
    )


def on_common_day(record: Record) -> bool:
    """Whether the record is born on a day of the year that many are registered on."""
    text = (record.get("birth_date") or "").strip()
    return bool(text) and _birth(text) % 10_000 in default().common_days


def _known(code: int) -> int | None:
    return code if code >= 0 else None


@dataclass(frozen=True, slots=True)
class _Name:
    """One name as `names.Names` describes it; `exact` is its EXACT level in each name column."""

    key: str
    spelt: str
    skeleton: str
    vowels: str | None  # None in Latin letters
    known: bool
    exact: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Person:
    """A record in the codes of `keys.KeyTable`."""

    names: tuple[_Name | None, ...]
    year: int
    day: int
    national: int
    national_valid: bool
    foreign: int
    sex: int
    postal: int
    mobile: int
    household: str


def _read(record: Record) -> _Person:
    def code(column: str, read: Callable[[str], int]) -> int:
        text = (record.get(column) or "").strip()
        return read(text) if text else MISSING

    mobile = code("mobile", contact_code)
    national = code("national_id", national_code)
    valid, national = national >= 0 and national % 2 == 1, national // 2 if national >= 0 else -1
    if national == mobile:
        valid, national = False, MISSING
    birth = code("birth_date", _birth)
    return _Person(
        names=tuple(_name(record.get(column) or "") for column in NAME_COLUMNS),
        year=birth // 10_000 if birth >= 0 else MISSING,
        day=birth % 10_000 or MISSING if birth >= 0 else MISSING,
        national=national,
        national_valid=valid,
        foreign=code("foreign_id", foreign_code),
        sex=SEXES.get((record.get("sex") or "").strip(), MISSING),
        postal=code("postal_code", contact_code),
        mobile=mobile,
        household=(record.get("household") or "").strip(),
    )


@lru_cache(SPELLINGS)
def _name(text: str) -> _Name | None:
    trained = default()
    name = without_title(key(text), trained.known)
    if not name:
        return None
    latin = name[0].isascii()
    spelt = latin_key(name)
    return _Name(
        key=name,
        spelt=spelt,
        skeleton=heard(spelt),
        vowels=None if latin else "".join(c for c in name if c in LONG_VOWELS),
        known=name in trained.known,
        exact=trained.exact(name),
    )


def compared(
    typed: Record, candidates: Sequence[Record]
) -> tuple[NDArray[np.int64], Levels, Levels, Mask]:
    """Levels of each candidate beside the typed record: of the features (candidates, features), of
    the national and of the foreign ID; and whether both national IDs pass their check."""
    return compared_pairs([(typed, candidate) for candidate in candidates])


def compared_pairs(
    pairs: Sequence[tuple[Record, Record]],
) -> tuple[NDArray[np.int64], Levels, Levels, Mask]:
    """As `compared`, of each pair."""
    records = {id(record): record for pair in pairs for record in pair}
    read = {at: _read(record) for at, record in records.items()}
    both = [(read[id(one)], read[id(other)]) for one, other in pairs]
    return (
        np.array([_features(*pair) for pair in both], np.int64).reshape(-1, len(LEVELS)),
        np.array([_national(*pair) for pair in both], np.int8),
        np.array([_foreign(*pair) for pair in both], np.int8),
        np.array([a.national_valid and b.national_valid for a, b in both], np.bool_),
    )


def _features(a: _Person, b: _Person) -> tuple[int, ...]:
    first, last, father = (
        _likeness(*pair, at) for at, pair in enumerate(zip(a.names, b.names, strict=True))
    )
    if first == last == Name.DIFFERENT:
        crosswise = _likeness(a.names[0], b.names[1], 0), _likeness(a.names[1], b.names[0], 1)
        if Name.MISSING not in crosswise and max(crosswise) <= Name.NEAR:
            first, last = Name.SWAPPED, Name.MISSING
    return first, last, father, _births(a, b), _sexes(a, b), _contacts(a, b)


def _likeness(a: _Name | None, b: _Name | None, column: int) -> int:
    if a is None or b is None:
        return Name.MISSING
    if a.key == b.key:
        return a.exact[column]
    if a.skeleton == b.skeleton:
        vowels = a.vowels is not None and b.vowels is not None and a.vowels != b.vowels
        return Name.VOWELS if vowels and a.known and b.known else Name.SOUNDS
    short, long = sorted((a.spelt, b.spelt), key=len)
    if len(short) >= PART_LENGTH and (long.startswith(short) or long.endswith(short)):
        return Name.PART
    alike = JaroWinkler.similarity(a.spelt, b.spelt)
    if alike < NEAR:
        alike = max(alike, JaroWinkler.similarity(a.skeleton, b.skeleton))
    alike = float(np.float32(alike))  # as the batch compares
    return Name.NEAR if alike >= _NEAR else Name.SIMILAR if alike >= _SIMILAR else Name.DIFFERENT


def _births(a: _Person, b: _Person) -> int:
    if a.year < 0 or b.year < 0:
        return Birth.MISSING
    same_year, same_day = a.year == b.year, a.day == b.day
    if a.day < 0 or b.day < 0:
        if same_year:
            return Birth.YEAR_ONLY
    elif same_year and same_day:
        return Birth.EQUAL_COMMON_DAY if a.day in default().common_days else Birth.EQUAL
    elif (same_year and a.day // 100 == b.day % 100 and a.day % 100 == b.day // 100) or _one_slip(
        a.year * 10_000 + a.day, b.year * 10_000 + b.day, 8
    ):
        return Birth.ONE_SLIP
    elif same_day:
        return Birth.SAME_DAY
    if same_year:
        return Birth.SAME_YEAR
    return Birth.NEAR_YEAR if abs(a.year - b.year) <= NEAR_YEARS else Birth.DIFFERENT


def _one_slip(a: int, b: int, width: int) -> bool:
    """As `compare.one_slip`."""
    if abs(a - b) not in _SLIPS:
        return False
    x, y = f"{a:0{width}}", f"{b:0{width}}"
    wrong = [at for at in range(width) if x[at] != y[at]]
    if len(wrong) == 2:
        i, j = wrong
        return j == i + 1 and x[i] == y[j] and x[j] == y[i]
    return len(wrong) == 1


def _sexes(a: _Person, b: _Person) -> int:
    if a.sex < 0 or b.sex < 0:
        return Sex.MISSING
    return Sex.EQUAL if a.sex == b.sex else Sex.DIFFERENT


def _contacts(a: _Person, b: _Person) -> int:
    if a.household and a.household == b.household:
        return Contact.SAME_HOUSEHOLD
    pairs = [(x, y) for x, y in ((a.postal, b.postal), (a.mobile, b.mobile)) if min(x, y) >= 0]
    same = sum(x == y for x, y in pairs)
    if not pairs:
        return Contact.MISSING
    return (Contact.NONE, Contact.ONE, Contact.BOTH)[same]


def _national(a: _Person, b: _Person) -> int:
    valid = a.national_valid and b.national_valid
    return _identity(a.national, b.national, valid, NATIONAL_DIGITS)


def _foreign(a: _Person, b: _Person) -> int:
    return _identity(a.foreign, b.foreign, min(a.foreign, b.foreign) >= 0, FOREIGN_DIGITS)


def _identity(a: int, b: int, both_valid: bool, width: int) -> int:
    if a < 0 or b < 0 or (a == b and not both_valid):
        return Identity.MISSING
    if a == b:
        return Identity.EQUAL
    if _one_slip(a, b, width):
        return Identity.ONE_SLIP
    return Identity.VALID_DIFFERENT if both_valid else Identity.DIFFERENT
