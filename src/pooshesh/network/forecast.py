"""What the newly insured will need, month by month: pure, exact, from rates and a take-up curve.

Load is kept as fractions, so that places add up to the area that holds them; it is rounded up once,
where it is shown: half a bed is a bed.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from pooshesh.kernel.calendar import from_jalali, to_jalali

#: Lower ends of the age groups, in years.
AGES = (0, 5, 15, 50, 65)
UNKNOWN_AGE = 2  # who has no birth date counts as 15–49
MEASURES = ("visits", "bed_days", "medicines")
MONTHS = 12
PER = 1_000 * 12  # rates are by 1,000 persons a year


@dataclass(frozen=True, slots=True)
class Newly:
    """Persons of one age group and sex who became insured at a place in a month.

    `month` counts from the first month of the forecast; before it is negative.
    """

    place: str
    month: int
    age_group: int
    sex: str
    persons: int


@dataclass(frozen=True, slots=True)
class Rate:
    """Uses by 1,000 persons and year from an age on, of one sex or ("") both."""

    measure: str
    age_from: int
    sex: str
    value: int


Load = dict[tuple[str, int], Fraction]  # (place, month) → uses in that month


def take_up(months_since: int, take_up_months: int) -> Fraction:
    """The part of usual use after some months: it grows evenly and is whole after the last."""
    if months_since < 0:
        return Fraction(0)
    return min(Fraction(1), Fraction(months_since + 1, max(1, take_up_months)))


def rate_of(rates: Iterable[Rate], measure: str, age_group: int, sex: str) -> int:
    """The rate of a group: of its sex before that of both, of the nearest age below; else 0."""
    age = AGES[age_group]
    fitting = [
        r for r in rates if r.measure == measure and r.age_from <= age and r.sex in ("", sex)
    ]
    return max(fitting, key=lambda r: (r.age_from, r.sex != ""), default=_NONE).value


_NONE = Rate("", 0, "", 0)


def load(
    newly: Iterable[Newly], rates: Iterable[Rate], measure: str, take_up_months: int,
    months: int = MONTHS,
) -> Load:  # fmt: skip
    """Uses of one measure by place and month, for `months` months from month 0 on."""
    rates, found = list(rates), Load()
    for group in newly:
        whole = Fraction(group.persons * rate_of(rates, measure, group.age_group, group.sex), PER)
        for month in range(max(0, group.month), months):
            used = whole * take_up(month - group.month, take_up_months)
            key = group.place, month
            found[key] = found.get(key, Fraction(0)) + used
    return found


def shown(uses: Fraction) -> int:
    """Uses as a whole number, rounded up."""
    return -(-uses.numerator // uses.denominator)


def cost(
    uses: Mapping[str, Fraction], prices: Mapping[str, int], margin: int
) -> tuple[int, int, int]:
    """(low, middle, high) in rial of the measures that have a price, `margin` percent around."""
    middle = sum((used * prices[m] for m, used in uses.items() if m in prices), Fraction(0))
    low, high = middle * (100 - margin) / 100, middle * (100 + margin) / 100
    return int(low), int(middle), shown(high)


def beds(bed_days: Fraction, days: int, occupancy: int) -> int:
    """Beds that give these bed-days in a month when `occupancy` percent of them may be taken."""
    return shown(bed_days * 100 / (days * max(1, occupancy)))


# --- Jalali months ------------------------------------------------------------------------


def month_start(day: dt.date, later: int = 0) -> dt.date:
    """The first day of the Jalali month `later` months after that of a day."""
    jalali = to_jalali(day)
    count = jalali.year * 12 + jalali.month - 1 + later
    return from_jalali(count // 12, count % 12 + 1, 1)


def months_between(first: dt.date, day: dt.date) -> int:
    """How many Jalali months after that of `first` the month of a day is."""
    a, b = to_jalali(first), to_jalali(day)
    return (b.year - a.year) * 12 + b.month - a.month
