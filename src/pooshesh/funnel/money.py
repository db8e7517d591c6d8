"""Credit as the funnel's pages show it: absorption, the day it runs out, spending by disease."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.access.reach import Reach
from pooshesh.disease.models import Disease
from pooshesh.funnel.forecast import WINDOW, Exhaustion, exhaustion, weekly
from pooshesh.kernel.cells import LEAST, hidden
from pooshesh.kernel.money import Rial
from pooshesh.ledger import queries as ledger
from pooshesh.ledger.models import Commitment, CommitmentState
from pooshesh.web.format import jdate, number, percent


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


def purses(reach: Reach, year: int, names: Mapping[str, str], today: dt.date) -> list[Purse]:
    """Every province within reach that has credit in a year. Two statements."""
    rows = [one for one in ledger.totals(reach, year) if one.province]
    spent = _committed(reach, year, today)
    return [
        Purse(
            names.get(one.province, one.province), one,
            exhaustion(one.available.amount, weekly(spent[one.province], today), today),
        )
        for one in rows
    ]  # fmt: skip


def altogether(rows: Sequence[Purse], reach: Reach, year: int, today: dt.date) -> Purse:
    """All of them as one purse. One statement."""
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


@dataclass(frozen=True)
class Spending:
    """Money of a disease. Where few persons have it, neither they nor their rial are told."""

    code: str
    name: str
    masked: bool
    persons: int
    committed: Rial
    paid: Rial

    @property
    def shown_persons(self) -> str:
        if self.masked and self.persons < LEAST:
            return _("fewer than %(least)s") % {"least": number(LEAST)}
        return _("not shown") if self.masked else number(self.persons)

    @property
    def shown_committed(self) -> str:
        return self._shown(self.committed)

    @property
    def shown_paid(self) -> str:
        return self._shown(self.paid)

    @property
    def each(self) -> str:
        """Paid over persons, in whole rial."""
        if not self.persons:
            return ""
        return self._shown(Rial(self.paid.amount // self.persons))

    def _shown(self, amount: Rial) -> str:
        return _("not shown") if self.masked else number(amount.amount)


def spending(reach: Reach, year: int) -> list[Spending]:
    """By disease, each rial under one; a person with two diseases counts in both. 3 statements."""
    rows = ledger.by_disease(reach, year)
    masked = hidden({(one.disease, "persons"): one.persons for one in rows})
    names = {disease.code: str(disease) for disease in Disease.objects.all()}
    names[""] = _("Advances to providers, of no disease")
    return [
        Spending(
            one.disease, names.get(one.disease, one.disease), (one.disease, "persons") in masked,
            one.persons, one.committed, one.paid,
        )
        for one in rows
    ]  # fmt: skip
