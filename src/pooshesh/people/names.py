"""Names compared and cut into words: what search, registration and the double check share."""

import datetime as dt
from functools import lru_cache
from typing import Protocol

from rapidfuzz.distance import JaroWinkler

from pooshesh.kernel.calendar import to_jalali
from pooshesh.kernel.text import key, search_key, skeleton
from pooshesh.people.models import Precision

ALIKE = 0.8  # Jaro-Winkler similarity of two keys from which they may be one name
LONG_SOUND = 4  # letters of a skeleton in which a slip is still recognisable
LONGEST_NAME = LONGEST_WORD = 120  # characters


@lru_cache(maxsize=100_000)
def words_of_name(name: str) -> tuple[str, ...]:
    """The folded words of one name, and all of them joined: «محمد رضا» is also «محمدرضا»."""
    words = {*search_key(name).split(), key(name)} - {""}
    return tuple(sorted(word[:LONGEST_WORD] for word in words))


def words_of(first: str, last: str) -> list[str]:
    """The words by which a person is found."""
    return sorted({*words_of_name(first), *words_of_name(last)})


def slips(word: str, heard: str) -> list[str]:
    """What a word shares with another that is spelt or sounds almost like it.

    The word and the word without each of its letters: two words one slip apart (a letter lost,
    added, swapped or taken for another) share one. The same of its skeleton `heard`, marked, where
    that is long enough to say something.
    """
    sounds = {f"~{form}" for form in _shortened(heard)} if len(heard) >= LONG_SOUND else set()
    return sorted({*_shortened(word), f"={heard}", *sounds})


def _shortened(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))} - {""}


class Bearer(Protocol):
    """What tells two people of one identifier apart; a birth as far as it is known."""

    @property
    def first_name(self) -> str: ...
    @property
    def birth_date(self) -> dt.date | None: ...
    @property
    def birth_precision(self) -> str: ...


def same_name(one: str, other: str) -> bool | None:
    """Whether two names may be one, spelt otherwise or mistyped; None when either is missing."""
    a, b = key(one), key(other)
    if not a or not b:
        return None
    return a == b or skeleton(one) == skeleton(other) or JaroWinkler.similarity(a, b) >= ALIKE


def same_birth(one: Bearer, other: Bearer) -> bool | None:
    """Whether two birth dates agree as far as both are known; None when either is missing."""
    if one.birth_date is None or other.birth_date is None:
        return None
    parts = min(_parts(one), _parts(other))
    return to_jalali(one.birth_date)[:parts] == to_jalali(other.birth_date)[:parts]


def _parts(one: Bearer) -> int:
    """How many of year, month, day are known."""
    return {Precision.YEAR.value: 1, Precision.MONTH.value: 2}.get(one.birth_precision, 3)


def one_person(one: Bearer, other: Bearer) -> bool:
    """Whether two people with the same identifier can be one: first name or birth agrees.

    Where neither agrees and one differs the identifier is misused, as when a child is written
    down with a parent's number.
    """
    evidence = (same_name(one.first_name, other.first_name), same_birth(one, other))
    return True in evidence or False not in evidence
