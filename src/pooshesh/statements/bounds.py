"""Numbers as people say them: exactly, about, more than, less than; and sums with them. Pure.

What was said as “about 900” was rounded to its last digit that is no zero: 850 to 950. Whatever
follows from such a number has a least and a most as well, worked out in exact fractions.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product

HALF = Fraction(1, 2)

#: An end of a range; None where there is none.
End = Fraction | None


@dataclass(frozen=True)
class Bounds:
    """A number with the least and the most it may be; None where it has no such end."""

    value: Fraction
    low: End
    high: End

    @property
    def exact(self) -> bool:
        """Whether it can be nothing else."""
        return self.low == self.high == self.value

    def __add__(self, other: "Bounds") -> "Bounds":
        return Bounds(
            self.value + other.value, _plus(self.low, other.low), _plus(self.high, other.high)
        )

    def __neg__(self) -> "Bounds":
        return Bounds(-self.value, _minus(self.high), _minus(self.low))

    def __sub__(self, other: "Bounds") -> "Bounds":
        return self + -other

    def __mul__(self, other: "Bounds") -> "Bounds":
        value = self.value * other.value
        if None not in (ends := (self.low, self.high, other.low, other.high)):
            found = [
                a * b for a, b in product(ends[:2], ends[2:]) if a is not None and b is not None
            ]
            return Bounds(value, min(found), max(found))
        if other.low is None or other.low < 0:
            if self.low is None or self.low < 0:
                return Bounds(value, None, None)
            return other * self
        # What it is multiplied by is not below zero: ends keep their order.
        least = _times(self.low, other.low if self.low and self.low > 0 else other.high)
        most = _times(self.high, other.low if self.high and self.high < 0 else other.high)
        return Bounds(value, least, most)

    def __truediv__(self, other: "Bounds") -> "Bounds":
        """Errors: ZeroDivisionError where the divisor may be zero or less."""
        if other.low is None or other.low < 0 or other.value <= 0:
            raise ZeroDivisionError
        least = Fraction(0) if other.high is None else 1 / other.high
        most = 1 / other.low if other.low else None
        return self * Bounds(1 / other.value, least, most)


def exactly(value: Fraction | int) -> Bounds:
    """A number that can be nothing else."""
    one = Fraction(value)
    return Bounds(one, one, one)


def said(value: Fraction | int, qualifier: str) -> Bounds:
    """A number of things as somebody said it: exact, about, more_than or less_than.

    It is never below zero.
    """
    one = Fraction(value)
    match qualifier:
        case "about":
            unit = _last_digit(one)
            return Bounds(one, max(one - HALF * unit, Fraction(0)), one + HALF * unit)
        case "more_than":
            return Bounds(one, one, None)
        case "less_than":
            return Bounds(one, Fraction(0), one)
        case _:
            return exactly(one)


def surely_less(one: Bounds, other: Bounds) -> bool:
    """Whether one is less whatever both are."""
    return one.high is not None and other.low is not None and one.high < other.low


def apart(one: Bounds, other: Bounds) -> bool:
    """Whether no number can be both."""
    return surely_less(one, other) or surely_less(other, one)


def _last_digit(value: Fraction) -> Fraction:
    """The place of the last digit that is no zero: 100 for 900, 1/10 for 7.3; 0 for 0."""
    if not value:
        return Fraction(0)
    unit = Fraction(1)
    while (value / unit).denominator > 1:
        unit /= 10
    while not (value / unit).numerator % 10:
        unit *= 10
    return unit


def _plus(one: End, other: End) -> End:
    return None if one is None or other is None else one + other


def _times(one: End, other: End) -> End:
    return Fraction(0) if one == 0 else None if one is None or other is None else one * other


def _minus(one: End) -> End:
    return None if one is None else -one
