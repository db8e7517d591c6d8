"""What follows from the figures somebody published about a campaign. Pure; unit: person.

“About 9,000 insured, 75 % of them without cover” says neither how many live there nor of whom the
75 % are. Each reading is worked out with the least and the most that the rounding of the published
figures allows, so that it can stand beside what is computed from rows (mission R7).
"""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.places.models import Area, Figure

#: Names of the published figures in `places.Figure`.
INSURED, PERCENT = "insured", "uninsured percent"
HALF = Fraction(1, 2)

explain(
    {
        "reported.percent": gettext_noop(
            "%(read)s is no share of people; expected a percentage of 1 to 100."
        )
    }
)


@dataclass(frozen=True)
class Range:
    """A number of persons, with the least and the most it may be."""

    low: int
    value: int
    high: int


@dataclass(frozen=True)
class Reported:
    """The two published figures of a campaign."""

    insured: int
    about: bool
    percent: int
    source: str
    since: dt.date | None

    @property
    def residents(self) -> Range:
        return residents_if_all_insured(self.insured, self.percent, about=self.about)

    @property
    def had_none(self) -> Range:
        return insured_without_cover(self.insured, self.percent, about=self.about)


def residents_if_all_insured(insured: int, percent: int, *, about: bool) -> Range:
    """Residents, if `percent` of all residents had no cover and all of these were insured."""
    least, most = _insured(insured, about=about)
    low, high = _percent(percent)
    return Range(
        _floor(least * 100 / high),
        _round(Fraction(insured * 100, percent)),
        _ceil(most * 100 / low),
    )


def insured_without_cover(insured: int, percent: int, *, about: bool) -> Range:
    """Of the insured those without cover before, if the `percent` is of them."""
    least, most = _insured(insured, about=about)
    low, high = _percent(percent)
    return Range(
        _floor(least * low / 100),
        _round(Fraction(insured * percent, 100)),
        _ceil(most * high / 100),
    )


def _insured(insured: int, *, about: bool) -> tuple[Fraction, Fraction]:
    """An “about” number was rounded to its last digit that is no zero: 9,000 is 8,500 to 9,500."""
    if not about or not insured:
        return Fraction(insured), Fraction(insured)
    digits = str(insured)
    unit = 10 ** (len(digits) - len(digits.rstrip("0")))
    return insured - HALF * unit, insured + HALF * unit


def _percent(percent: int) -> tuple[Fraction, Fraction]:
    if not 1 <= percent <= 100:
        raise Invalid("reported.percent", read=percent)
    return percent - HALF, min(percent + HALF, Fraction(100))


def _floor(value: Fraction) -> int:
    return value.__floor__()


def _ceil(value: Fraction) -> int:
    return value.__ceil__()


def _round(value: Fraction) -> int:
    return (value + HALF).__floor__()


def reported_of(area: Area, on: dt.date) -> Reported | None:
    """What is published about a campaign of a neighbourhood on a day; None where it is not."""
    found = {
        f.name: f for f in Figure.objects.on(on).filter(area=area, name__in=(INSURED, PERCENT))
    }
    if len(found) != 2 or not 1 <= found[PERCENT].value <= 100:
        return None
    insured = found[INSURED]
    return Reported(
        insured.value, insured.about, found[PERCENT].value, insured.source, insured.valid.lower
    )
