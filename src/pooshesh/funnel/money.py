"""Credit as the funnel's pages show it: absorption and the day it runs out."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.access.reach import Reach
from pooshesh.funnel.forecast import WINDOW, Exhaustion, exhaustion, weekly
from pooshesh.kernel.money import Rial
from pooshesh.ledger import queries as ledger
from pooshesh.ledger.models import Commitment, CommitmentState
from pooshesh.web.format import jdate, percent


@dataclass(frozen=True)
class Purse:
    """The credit of a province in a year, and when it is exhausted at the pace of the last weeks.

    The pace is that of commitments: what was promised can be promised to nobody else.
    """

    name: str
    totals: ledger.Totals
    forecast: Exhaustion | None

    @property
    def allocated(self) -> Rial:
        return self.totals.allocated

    @property
    def runs_out(self) -> dt.date | None:
        return self.forecast.on if self.forecast else None

    @property
    def absorbed(self) -> str:
        """Paid of allocated with both amounts; nothing where nothing was allocated."""
        ratio = self.totals.absorption
        return "" if ratio is None else percent(ratio)

    @property
    def between(self) -> str:
        """The interval in words."""
        if self.forecast is None:
            return _("too few weeks to say")
        if self.forecast.earliest is None:
            return _("not within ten years")
        first = jdate(self.forecast.earliest)
        last = jdate(self.forecast.latest) if self.forecast.latest else _("later than ten years")
        return f"{first} – {last}"


def purses(
    reach: Reach, year: int, names: Mapping[str, str], today: dt.date, on: dt.date | None = None
) -> list[Purse]:
    """Every province within reach that has credit in a year. Two statements.

    `on`: as it stood when that day was over, which forecasts nothing.
    """
    rows = [one for one in ledger.totals(reach, year, _end_of(on) if on else None) if one.province]
    if on:
        return [Purse(names.get(one.province, one.province), one, None) for one in rows]
    spent = _committed(reach, year, today)
    return [
        Purse(
            names.get(one.province, one.province), one,
            exhaustion(one.available.amount, weekly(spent[one.province], today), today),
        )
        for one in rows
    ]  # fmt: skip


def _end_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max))


def altogether(
    rows: Sequence[Purse], reach: Reach, year: int, today: dt.date, on: dt.date | None = None
) -> Purse:
    """All of them as one purse. One statement."""
    if on:
        return Purse(_("Together"), ledger.whole([one.totals for one in rows]), None)
    by_day: dict[dt.date, int] = defaultdict(int)
    for days in _committed(reach, year, today).values():
        for day, amount in days.items():
            by_day[day] += amount
    total = ledger.whole([one.totals for one in rows])
    return Purse(
        _("Together"), total, exhaustion(total.available.amount, weekly(by_day, today), today)
    )


def _committed(reach: Reach, year: int, today: dt.date) -> dict[str, dict[dt.date, int]]:
    """Province → day → rial committed in the weeks looked back."""
    since = timezone.make_aware(
        dt.datetime.combine(today - dt.timedelta(weeks=WINDOW), dt.time.min)
    )
    live = Commitment.objects.filter(year=year, state=CommitmentState.COMMITTED, at__gte=since)
    found: dict[str, dict[dt.date, int]] = defaultdict(dict)
    rows = ledger.within(reach, live).annotate(day=TruncDate("at")).order_by()
    for province, day, amount in rows.values_list("province", "day").annotate(sum=Sum("amount")):
        found[province][day] = int(amount)
    return found
