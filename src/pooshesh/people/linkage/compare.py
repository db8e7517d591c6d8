"""Compare the two records of each candidate pair: one small level per feature.

Levels are categories, not scores; `model` learns what each is worth. Level 0 always means that
one side is missing. Text is compared once per distinct pair of names.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler, Postfix, Prefix
from rapidfuzz.process import cpdist

from pooshesh.people.linkage.blocking import combine, contains, distinct, unpack
from pooshesh.people.linkage.keys import KeyTable
from pooshesh.people.linkage.names import MISSING, Codes

Levels = NDArray[np.int8]
Mask = NDArray[np.bool_]


class Name(IntEnum):
    """How two names compare; the three EXACT levels say how many people bear the name.

    SOUNDS: the same consonants by ear. VOWELS: both well-known names that differ in long vowels
    only, as Hasan and Hossein (حسن، حسین). PART: one begins or ends with the other.
    """

    MISSING = 0
    EXACT_RARE = 1
    EXACT_USUAL = 2
    EXACT_COMMON = 3
    SOUNDS = 4
    VOWELS = 5
    PART = 6
    NEAR = 7
    SIMILAR = 8
    DIFFERENT = 9
    SWAPPED = 10


class Birth(IntEnum):
    """How two birth dates compare; COMMON_DAY is a day many are registered on, as 1 Farvardin."""

    MISSING = 0
    EQUAL = 1
    EQUAL_COMMON_DAY = 2
    YEAR_ONLY = 3
    ONE_SLIP = 4
    SAME_DAY = 5
    SAME_YEAR = 6
    NEAR_YEAR = 7
    DIFFERENT = 8


class Sex(IntEnum):
    MISSING = 0
    EQUAL = 1
    DIFFERENT = 2


class Contact(IntEnum):
    """Postal code and mobile; HOUSEHOLD: another member of the left household gave that contact."""

    MISSING = 0
    BOTH = 1
    ONE = 2
    HOUSEHOLD = 3
    NONE = 4
    SAME_HOUSEHOLD = 5


class Identity(IntEnum):
    """How two identifiers of one kind compare; VALID_DIFFERENT needs both to pass their check."""

    MISSING = 0
    EQUAL = 1
    ONE_SLIP = 2
    DIFFERENT = 3
    VALID_DIFFERENT = 4


LEVELS: dict[str, type[IntEnum]] = {
    "first": Name,
    "last": Name,
    "father": Name,
    "birth": Birth,
    "sex": Sex,
    "contact": Contact,
}

RARE, COMMON = 1e-4, 2e-3  # share of the records bearing a name
COMMON_DAY = 1e-2  # share of the dates falling on one day of the year
NEAR, SIMILAR = 0.92, 0.8  # Jaro-Winkler similarity
PART_LENGTH = 3  # letters a shared beginning or end must have
NEAR_YEARS = 2


def features(table: KeyTable, left: Codes, right: Codes) -> dict[str, Levels]:
    """Levels of every feature of `LEVELS` for the pairs (left[k], right[k])."""
    first = names(table, table.first, left, right)
    last = names(table, table.last, left, right)
    swapped = swapped_names(table, left, right, first, last)
    first[swapped] = Name.SWAPPED
    last[swapped] = Name.MISSING
    return {
        "first": first,
        "last": last,
        "father": names(table, table.father, left, right),
        "birth": births(table, left, right),
        "sex": sexes(table, left, right),
        "contact": contacts(table, left, right),
    }


def names(table: KeyTable, column: Codes, left: Codes, right: Codes) -> Levels:
    """`Name` levels of one name column (codes into `table.names`)."""
    level = likeness(table, column[left], column[right])
    exact = level == Name.EXACT_RARE
    level[exact] = rarity(column, len(table.names))[column[left[exact]]]
    return level


def likeness(table: KeyTable, a: Codes, b: Codes) -> Levels:
    """`Name` levels of pairs of name codes; every exact pair counts as rare."""
    known = (a >= 0) & (b >= 0)
    exact = known & (a == b)
    alike = known & (table.names.skeleton_of[a] == table.names.skeleton_of[b])
    vowels_a, vowels_b = table.names.vowels_of[a], table.names.vowels_of[b]
    vowels = (vowels_a != vowels_b) & (vowels_a != MISSING) & (vowels_b != MISSING)
    vowels &= table.names.known[a] & table.names.known[b]
    level = np.select(
        [exact, alike & vowels, alike],
        [Name.EXACT_RARE, Name.VOWELS, Name.SOUNDS],
        Name.MISSING,
    ).astype(np.int8)
    other = np.flatnonzero(known & ~alike)
    low, high = np.minimum(a[other], b[other]), np.maximum(a[other], b[other])
    each = (low << 32) | high
    found = distinct(each)
    level[other] = unlike_names(table, *unpack(found))[np.searchsorted(found, each)]
    return level


def rarity(column: Codes, size: int) -> Levels:
    """The EXACT level each name code earns when both sides bear it."""
    bearers = np.bincount(column[column >= 0], minlength=size)
    share = bearers / max(bearers.sum(), 1)
    level: Levels = (Name.EXACT_RARE + np.digitize(share, [RARE, COMMON])).astype(np.int8)
    return level


def unlike_names(table: KeyTable, left: Codes, right: Codes) -> Levels:
    """Levels PART … DIFFERENT for pairs of name codes that neither equal nor sound alike."""
    names = table.names
    a, b = ([names.spelt[code] for code in side] for side in (left, right))
    heard_a, heard_b = (
        [names.skeletons[code] for code in names.skeleton_of[side]] for side in (left, right)
    )
    spelt = cpdist(a, b, scorer=JaroWinkler.similarity, dtype=np.float32)
    heard = cpdist(heard_a, heard_b, scorer=JaroWinkler.similarity, dtype=np.float32)
    shared = np.maximum(
        cpdist(a, b, scorer=Prefix.similarity, dtype=np.int32),
        cpdist(a, b, scorer=Postfix.similarity, dtype=np.int32),
    )
    shorter = np.minimum([len(name) for name in a], [len(name) for name in b])
    likeness = np.maximum(spelt, heard)
    return np.select(
        [(shared == shorter) & (shorter >= PART_LENGTH), likeness >= NEAR, likeness >= SIMILAR],
        [Name.PART, Name.NEAR, Name.SIMILAR],
        Name.DIFFERENT,
    ).astype(np.int8)


def swapped_names(table: KeyTable, left: Codes, right: Codes, first: Levels, last: Levels) -> Mask:
    """Pairs whose first and last names, unlike as they stand, match crosswise."""
    swapped: Mask = (first == Name.DIFFERENT) & (last == Name.DIFFERENT)
    at = np.flatnonzero(swapped)
    for a, b in ((table.first, table.last), (table.last, table.first)):
        crosswise = likeness(table, a[left[at]], b[right[at]])
        swapped[at] &= (crosswise != Name.MISSING) & (crosswise <= Name.NEAR)
    return swapped


def births(table: KeyTable, left: Codes, right: Codes) -> Levels:
    """`Birth` levels; a date known only by its year agrees or not on the year alone."""
    year_a, year_b = table.year[left], table.year[right]
    day_a, day_b = table.day[left], table.day[right]
    known, dated = (year_a >= 0) & (year_b >= 0), (day_a >= 0) & (day_b >= 0)
    same_year, same_day = year_a == year_b, day_a == day_b
    crossed = (day_a // 100 == day_b % 100) & (day_a % 100 == day_b // 100)
    slip = one_slip(year_a * 10_000 + day_a, year_b * 10_000 + day_b, 8) | (same_year & crossed)
    common = common_days(table)[day_a]
    return np.select(
        [
            ~known,
            dated & same_year & same_day & common,
            dated & same_year & same_day,
            same_year & ~dated,
            dated & slip,
            dated & same_day,
            same_year,
            np.abs(year_a - year_b) <= NEAR_YEARS,
        ],
        [
            Birth.MISSING,
            Birth.EQUAL_COMMON_DAY,
            Birth.EQUAL,
            Birth.YEAR_ONLY,
            Birth.ONE_SLIP,
            Birth.SAME_DAY,
            Birth.SAME_YEAR,
            Birth.NEAR_YEAR,
        ],
        Birth.DIFFERENT,
    ).astype(np.int8)


def common_days(table: KeyTable) -> Mask:
    """Whether many are registered on a day of the year, (1300,), by month × 100 + day."""
    bearers = np.bincount(table.day[table.day >= 0], minlength=1300)
    common: Mask = bearers > COMMON_DAY * bearers.sum()
    return common


def one_slip(a: Codes, b: Codes, width: int) -> Mask:
    """Whether two numbers of `width` digits differ by one digit or by two neighbours swapped."""
    one: Mask = contains(SLIPS, np.abs(a - b))
    at = np.flatnonzero(one)  # the few whose difference a slip could make
    one[at] = _one_slip(a[at], b[at], width)
    return one


# What one digit, or two neighbours swapped, change a number by.
SLIPS = np.unique(
    [digit * 10**place for digit in (*range(1, 10), *range(9, 82, 9)) for place in range(12)]
)


def _one_slip(a: Codes, b: Codes, width: int) -> Mask:
    powers = 10 ** np.arange(width - 1, -1, -1)
    digits_a, digits_b = a[:, None] // powers % 10, b[:, None] // powers % 10
    differs = digits_a != digits_b
    count = differs.sum(axis=1)
    at = np.minimum(differs.argmax(axis=1), width - 2)
    each = np.arange(len(a))
    swapped: Mask = (
        (count == 2)
        & (digits_a[each, at] == digits_b[each, at + 1])
        & (digits_a[each, at + 1] == digits_b[each, at])
    )
    one: Mask = (count == 1) | swapped
    return one


def sexes(table: KeyTable, left: Codes, right: Codes) -> Levels:
    """`Sex` levels."""
    a, b = table.sex[left], table.sex[right]
    level = np.where(a == b, Sex.EQUAL, Sex.DIFFERENT)
    return np.where((a < 0) | (b < 0), Sex.MISSING, level).astype(np.int8)


def contacts(table: KeyTable, left: Codes, right: Codes) -> Levels:
    """`Contact` levels; a code given by anyone of the left household counts for each member."""
    same = np.zeros(len(left), np.int64)
    kin = np.zeros(len(left), np.bool_)
    comparable = np.zeros(len(left), np.bool_)
    for column in (table.postal, table.mobile):
        a, b = column[left], column[right]
        same += (a == b) & (a >= 0)
        comparable |= (a >= 0) & (b >= 0)
        given = combine(table.household, column)
        given = distinct(given[given >= 0])
        if len(given):
            kin |= contains(given, combine(table.household[left], b))
    house_a, house_b = table.household[left], table.household[right]
    return np.select(
        [(house_a == house_b) & (house_a >= 0), same == 2, same == 1, kin, ~comparable],
        [Contact.SAME_HOUSEHOLD, Contact.BOTH, Contact.ONE, Contact.HOUSEHOLD, Contact.MISSING],
        Contact.NONE,
    ).astype(np.int8)


def identities(number: Codes, valid: Mask, left: Codes, right: Codes, width: int) -> Levels:
    """`Identity` levels of one kind of identifier of `width` digits.

    Equal numbers that fail their check say nothing: 1234567890 is written for anybody.
    """
    a, b = number[left], number[right]
    both_valid = valid[left] & valid[right]
    return np.select(
        [
            (a == MISSING) | (b == MISSING) | ((a == b) & ~both_valid),
            a == b,
            one_slip(a, b, width),
            both_valid,
        ],
        [Identity.MISSING, Identity.EQUAL, Identity.ONE_SLIP, Identity.VALID_DIFFERENT],
        Identity.DIFFERENT,
    ).astype(np.int8)
