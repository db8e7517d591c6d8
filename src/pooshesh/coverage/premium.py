"""What a person owes for some days of cover, pure and in whole rials.

The household's share of a yearly premium is spread over the days of the Jalali year. Parts are
differences of rounded running sums, so that however a year is cut its parts add up to the share.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pooshesh.kernel.calendar import fiscal_year, to_jalali
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import Rial, share

explain(
    {
        "coverage.premium_unknown": gettext_noop(
            "The premium on %(day)s is not known: no amount is computed, nor a neighbour's taken."
        ),
    }
)

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """A yearly premium of one person from a day on; None: its value is not known."""

    since: dt.date
    yearly: Rial | None


@dataclass(frozen=True, slots=True)
class Charge:
    """What one person owes for the days from `start` up to, not including, `end`."""

    start: dt.date
    end: dt.date
    yearly: Rial
    percent: int
    amount: Rial


def part(total: Rial, first: int, last: int, days: int) -> Rial:
    """Of a year's amount, that of the days numbered `first` up to, not including, `last`."""
    return Rial(_running(total, last, days) - _running(total, first, days))


def _running(total: Rial, until: int, days: int) -> int:
    return (2 * total.amount * until + days) // (2 * days)


def charges(
    spans: Iterable[tuple[dt.date, dt.date]], percent: int, rates: Sequence[Rate]
) -> list[Charge]:
    """What is owed for spans of days. Raises Invalid for a day whose premium is not known."""
    return [
        _charge(a, b, percent, rates)
        for start, end in spans
        for a, b in _cut(start, end, {rate.since for rate in rates})
    ]


def _cut(start: dt.date, end: dt.date, rates: set[dt.date]) -> Iterator[tuple[dt.date, dt.date]]:
    """Cut at the beginnings of years and of rates."""
    years = {_year(year)[0] for year in range(to_jalali(start).year, to_jalali(end).year + 1)}
    edges = [start, *sorted(day for day in years | rates if start < day < end), end]
    yield from pairwise(edges)


def _year(year: int) -> tuple[dt.date, dt.date]:
    first, last = fiscal_year(year)
    return first, last + DAY


def _charge(start: dt.date, end: dt.date, percent: int, rates: Sequence[Rate]) -> Charge:
    rate = max((r for r in rates if r.since <= start), key=lambda r: r.since, default=None)
    if rate is None or rate.yearly is None:
        raise Invalid("coverage.premium_unknown", day=start)
    began, ends = _year(to_jalali(start).year)
    total = share(rate.yearly, percent)
    amount = part(total, (start - began).days, (end - began).days, (ends - began).days)
    return Charge(start, end, rate.yearly, percent, amount)
