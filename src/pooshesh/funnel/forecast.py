"""When the money runs out: a date with an interval, from what was paid or committed. Pure.

Weeks are the unit: committees meet once or twice a month and payments leave in batches, so days
say little. Spending is taken as going on at the pace of the weeks seen, each as variable as they
were; what is left after t weeks then lies around `left` - pace·t with a spread of deviation·√t.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Z = 1.96  # 95 % of a normal distribution
FEWEST = 4  # weeks; fewer say nothing about how spending varies
WINDOW = 26  # weeks looked back
HORIZON = 10 * 52  # weeks; what lasts longer has no date worth telling


@dataclass(frozen=True)
class Exhaustion:
    """The day on which nothing is left, and the days between which it lies in 95 of 100 cases.

    A day is None when the money lasts beyond ten years at that pace. `pace` is rial a week.
    """

    on: dt.date | None
    earliest: dt.date | None
    latest: dt.date | None
    pace: int
    weeks: int  # how many were looked at


def weekly(spent: Mapping[dt.date, int], today: dt.date, weeks: int = WINDOW) -> list[int]:
    """Rial of each of the last whole `weeks` before `today`, oldest first.

    Weeks before the first rial was spent are left out: the fund was not at work yet.
    """
    totals = [0] * weeks
    for day, amount in spent.items():
        back = (today - day).days - 1
        if 0 <= back < 7 * weeks:
            totals[weeks - 1 - back // 7] += amount
    first = next((number for number, total in enumerate(totals) if total), weeks)
    return totals[first:]


def exhaustion(left: int, weeks: Sequence[int], today: dt.date) -> Exhaustion | None:
    """When `left` rial are spent at the pace of `weeks`; None for too few weeks to say.

    Nothing left is exhausted today.
    """
    if len(weeks) < FEWEST:
        return None
    mean = sum(weeks) / len(weeks)
    if left <= 0:
        return Exhaustion(today, today, today, round(mean), len(weeks))
    deviation = math.sqrt(sum((one - mean) ** 2 for one in weeks) / (len(weeks) - 1))
    return Exhaustion(
        _after(left, mean, 0.0, today),
        _after(left, mean, Z * deviation, today),
        _after(left, mean, -Z * deviation, today),
        round(mean),
        len(weeks),
    )


def _after(left: int, mean: float, spread: float, today: dt.date) -> dt.date | None:
    """The day on which mean·t + spread·√t reaches `left`."""
    if mean <= 0:
        return None
    # mean·x² + spread·x − left = 0 for x = √t, its positive root.
    root = (-spread + math.sqrt(spread * spread + 4 * mean * left)) / (2 * mean)
    t = root * root
    return today + dt.timedelta(days=math.ceil(7 * t)) if t <= HORIZON else None
