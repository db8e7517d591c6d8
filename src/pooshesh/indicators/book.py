"""What a book of indicators holds, once it is checked.

A *measure* is a whole number that adds up: persons, requests, rial, days. It is counted into cells,
one for each combination of its dimensions. An *indicator* is a part of measures, over another part
or alone. So a figure is two whole numbers, and everything shown follows from them exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

#: What cells are told apart by beside area and month, in the order of the columns of a fact.
DIMENSIONS = ("sponsor", "decile", "sex", "age", "nationality", "scheme", "disease")

Dimension = str  # one of DIMENSIONS, which the loader checks
Counted = Literal[
    "person", "household", "neighbourhood", "application", "request", "approval", "payment",
    "case", "meeting", "promise", "record", "read", "visit", "day", "rial",
]  # fmt: skip
Shown = Literal["number", "rial", "days", "percent", "per_1000", "rate", "index"]
Period = Literal["point", "period", "cumulative"]
Better = Literal["up", "down", "neither"]
Method = Literal["ratio", "concentration"]

#: What a ratio is shown as so many of.
SCALES: Mapping[str, int] = {"per_1000": 1000}


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    fa: str
    en: str

    def say(self, language: str) -> str:
        """The text in a language; Persian for any but English."""
        return self.en if language.startswith("en") else self.fa


@dataclass(frozen=True)
class Measure:
    """A whole number that adds up.

    `stands`: what it counts is there at the end of a month (residents); otherwise it happened in
    the month (payments) and months add up. `personal`: its cells count people, so small ones are
    masked where they are published. `source` names the statement that counts it.
    """

    code: str
    name: Words
    counts: Counted
    stands: bool
    personal: bool
    dimensions: tuple[Dimension, ...]
    source: str


@dataclass(frozen=True)
class Term:
    """A measure where its dimensions have one of some values; `where` in the order of DIMENSIONS.

    `not_where` leaves cells out. `sign` is 1 or -1.
    """

    measure: str
    where: tuple[tuple[Dimension, tuple[str, ...]], ...] = ()
    not_where: tuple[tuple[Dimension, tuple[str, ...]], ...] = ()
    sign: int = 1


@dataclass(frozen=True)
class Part:
    """A sum of terms, all of which stand or all of which happen."""

    terms: tuple[Term, ...]
    stands: bool


@dataclass(frozen=True)
class Indicator:
    """A figure's definition.

    `period` says what a month's figure is: as it stands at the end, of that month, or of all
    months up to it. `dimensions` are those every measure of it carries. `least` is the smallest
    count of people that is published. `owner` is the role that answers for it.
    """

    code: str
    subject: str
    name: Words
    what: Words
    numerator: Part
    denominator: Part | None
    unit: Shown
    period: Period
    method: Method
    better: Better
    dimensions: tuple[Dimension, ...]
    cite: Words
    owner: str
    least: int
    personal: bool

    @property
    def scale(self) -> int:
        """Of how many the ratio is told."""
        return SCALES.get(self.unit, 1)

    def value(self, numerator: int, denominator: int | None) -> Fraction | None:
        """What is shown, exactly; None where nothing is to be divided by (never zero).

        Only of method "ratio".
        """
        if self.denominator is None:
            return Fraction(numerator)
        return Fraction(numerator * self.scale, denominator) if denominator else None


@dataclass(frozen=True)
class Book:
    """Measures and indicators that fit together; `digest` is of the files they were read from."""

    measures: Mapping[str, Measure]
    indicators: Mapping[str, Indicator]
    digest: str
    files: Mapping[str, str]
