"""Which figures moved, and where it came from. Pure; whole numbers in, exact fractions out.

A figure's change says little by itself: some swing every month, some never. So a change is measured
by the figure's own usual one, the median of what it changed by between earlier months just as far
apart. A change of 3 usual ones of a calm figure comes before a larger one of a restless figure.

Why a ratio changed is told by area. With n/d of area i, N/D of the whole, w = d/D and r = n/d:

    rate    (w0 + w1)/2 · (r1 - r0)               the area itself did better or worse
    weight  n1/D1 - n0/D0 - rate - M·(w1 - w0)    the area has a larger or smaller part of all

where M is the mean of N0/D0 and N1/D1. Both, over all areas, are N1/D1 - N0/D0 to the last digit:
the M·(w1 - w0) add up to nothing. Source: Kitagawa (1955), with the weight seen from the mean.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Generic, TypeVar

FEWEST = 6  # earlier changes; fewer say nothing about what is usual
LEAST = 30  # of what is counted: a figure of fewer moves by chance
STEP = 5  # of what is counted: a change of fewer is one of single cases

#: Numerator, and denominator for a ratio.
Pair = tuple[int, int | None]
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Movement:
    """What a figure changed by, and its usual change; `score` is how many usual ones it is.

    `usual` is 0 for a figure that stood still until now; its score is infinite.
    """

    change: Fraction
    usual: Fraction

    @property
    def score(self) -> float:
        return float(abs(self.change) / self.usual) if self.usual else math.inf


def ratio(pair: Pair | None, scale: int = 1) -> Fraction | None:
    """The value of a pair; None where nobody counted or nothing is to be divided by."""
    if pair is None:
        return None
    numerator, denominator = pair
    if denominator is None:
        return Fraction(numerator)
    return Fraction(numerator * scale, denominator) if denominator else None


def movement(series: Sequence[Pair | None], lag: int, scale: int = 1) -> Movement | None:
    """How the last of a series of months differs from the one `lag` before it.

    None where either is not known, nothing changed, the figure or the change is of few, or fewer
    than `FEWEST` earlier changes are known.
    """
    if len(series) <= lag:
        return None
    now, before = series[-1], series[-1 - lag]
    if now is None or before is None or _of_few(now, before):
        return None
    new, old = ratio(now, scale), ratio(before, scale)
    if new is None or old is None or new == old:
        return None
    # Floats tell what is usual well enough; what is shown is worked out exactly.
    known = [None if (one := ratio(pair, scale)) is None else float(one) for pair in series[:-1]]
    steps = [
        abs(later - sooner)
        for sooner, later in zip(known, known[lag:], strict=False)
        if sooner is not None and later is not None
    ]
    if len(steps) < FEWEST:
        return None
    usual = median(steps) or sum(steps) / len(steps)
    return Movement(new - old, Fraction(usual))


def _of_few(now: Pair, before: Pair) -> bool:
    (n1, d1), (n0, d0) = now, before
    if d1 is None or d0 is None:
        return max(n1, n0) < LEAST or abs(n1 - n0) < STEP
    if min(d1, d0) < LEAST:
        return True
    moved = abs(Fraction(n1, d1) - Fraction(n0, d0)) * min(d1, d0)
    return moved < STEP


def most(found: Mapping[K, Movement | None], count: int) -> list[tuple[K, Movement]]:
    """Those that moved most, first the largest score; equal ones stay in the order given."""
    known = [(key, one) for key, one in found.items() if one]
    return sorted(known, key=lambda pair: -pair[1].score)[:count]


@dataclass(frozen=True)
class Contribution(Generic[K]):
    """What one area added to a change: by itself (`rate`), and by its part of all (`weight`).

    `key` is None for what no area below holds.
    """

    key: K | None
    rate: Fraction
    weight: Fraction

    @property
    def total(self) -> Fraction:
        return self.rate + self.weight


def decompose(
    parts: Mapping[K, tuple[Pair, Pair]], before: Pair, now: Pair, scale: int = 1
) -> list[Contribution[K]]:
    """What each part (before, now) added to the change of the whole; their totals are the change.

    What the parts do not hold of the whole is one more, without a key. Both wholes must have a
    value. Largest first.
    """
    rest = tuple(
        _minus(whole, [pair[which] for pair in parts.values()])
        for which, whole in enumerate((before, now))
    )
    every: dict[K | None, tuple[Pair, Pair]] = dict(parts.items())
    if any(any(pair) for pair in rest):
        every[None] = (rest[0], rest[1])
    found = [_contribution(key, pair, before, now, scale) for key, pair in every.items()]
    return sorted(found, key=lambda one: -abs(one.total))


def _minus(whole: Pair, parts: Sequence[Pair]) -> Pair:
    numerator = whole[0] - sum(part[0] for part in parts)
    if whole[1] is None:
        return numerator, None
    return numerator, whole[1] - sum(part[1] or 0 for part in parts)


def _contribution(
    key: K | None, pair: tuple[Pair, Pair], before: Pair, now: Pair, scale: int
) -> Contribution[K]:
    (n0, d0), (n1, d1) = pair
    if now[1] is None or before[1] is None:
        return Contribution(key, Fraction(n1 - n0), Fraction(0))
    d0, d1 = d0 or 0, d1 or 0
    share = Fraction(d1, now[1]) - Fraction(d0, before[1])
    both = (Fraction(d1, now[1]) + Fraction(d0, before[1])) / 2
    rate = both * (Fraction(n1, d1) - Fraction(n0, d0)) if d0 and d1 else Fraction(0)
    mean = (Fraction(now[0], now[1]) + Fraction(before[0], before[1])) / 2
    added = Fraction(n1, now[1]) - Fraction(n0, before[1])
    return Contribution(key, rate * scale, (added - rate - mean * share) * scale)
