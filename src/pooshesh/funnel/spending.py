"""Spending by disease, each rial under one; what would tell of few persons is not shown.

Three ways lead to a small number, and each is closed: the number itself; a total less what is
shown beside it; and, since payment follows decision, the paid rial of the few of many who were
paid yet. Where a whole province has few patients, or one disease alone, nothing is broken down:
its total stands on the page of credit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from pooshesh.access.reach import Reach
from pooshesh.disease.models import Disease
from pooshesh.kernel.cells import LEAST, hidden
from pooshesh.kernel.money import Rial
from pooshesh.ledger import queries as ledger
from pooshesh.web.format import number


@dataclass(frozen=True)
class Spending:
    """Money of a disease; `masked`: neither its persons nor their rial are told, `paid_masked`:
    not what was paid."""

    code: str
    name: str
    masked: bool
    paid_masked: bool
    persons: int
    committed: Rial
    paid: Rial

    @property
    def each(self) -> Rial | None:
        """Paid over persons, in whole rial; None where either is not told or nobody is there."""
        told = self.persons and not (self.masked or self.paid_masked)
        return Rial(self.paid.amount // self.persons) if told else None

    @property
    def shown_persons(self) -> str:
        if self.masked and self.persons < LEAST:
            return _("fewer than %(least)s") % {"least": number(LEAST)}
        return _("not shown") if self.masked else number(self.persons)

    @property
    def shown_committed(self) -> str:
        return _("not shown") if self.masked else number(self.committed.amount)

    @property
    def shown_paid(self) -> str:
        return _("not shown") if self.paid_masked else number(self.paid.amount)

    @property
    def shown_each(self) -> str:
        if self.masked or self.paid_masked:
            return _("not shown")
        return number(self.each.amount) if self.each is not None else ""


@dataclass(frozen=True)
class Broken:
    """Spending of a year by disease; no `lines` where they would tell of few. A person with two
    diseases counts once in `persons`."""

    lines: Sequence[Spending]
    persons: int
    committed: Rial
    paid: Rial
    withheld: bool

    @property
    def masked(self) -> bool:
        return any(one.masked or one.paid_masked for one in self.lines)


def spending(reach: Reach, year: int) -> Broken:
    """By disease, and together. Four statements."""
    names = {disease.code: str(disease) for disease in Disease.objects.all()}
    names[""] = _("Advances to providers, of no disease")
    return broken(ledger.by_disease(reach, year), ledger.persons_decided(reach, year), names)


def broken(rows: Sequence[ledger.Spent], persons: int, names: Mapping[str, str]) -> Broken:
    """What may be told of some diseases' money; `persons` each once, `names` by code. Pure."""
    told = [one for one in rows if one.disease]  # advances stand elsewhere and cover for nobody
    masked = _hidden({one.disease: one.persons for one in told})
    unpaid = masked | _hidden({one.disease: one.paid_persons for one in told})
    withheld = 0 < persons < LEAST or (len(told) == 1 and bool(unpaid))
    lines = [
        Spending(
            one.disease, names.get(one.disease, one.disease), one.disease in masked,
            one.disease in unpaid, one.persons, one.committed, one.paid,
        )
        for one in rows
    ]  # fmt: skip
    return Broken(
        [] if withheld else lines, persons, Rial(sum(one.committed.amount for one in rows)),
        Rial(sum(one.paid.amount for one in rows)), withheld,
    )  # fmt: skip


def _hidden(persons: dict[str, int]) -> set[str]:
    return {row for row, _column in hidden({(row, ""): of for row, of in persons.items()})}
