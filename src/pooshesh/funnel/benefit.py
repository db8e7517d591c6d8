"""Who is paid, by the income decile of their household today; few persons are not told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.access.reach import Reach
from pooshesh.fund.models import PatientFile
from pooshesh.funnel.models import Position, Unit
from pooshesh.kernel.cells import hidden
from pooshesh.people.models import Decile, Membership
from pooshesh.web.format import number

UNKNOWN = 0  # of whom no decile is known
DECILES = range(1, 11)


@dataclass(frozen=True)
class Benefit:
    """Persons of a decile who were paid and their rial, all years; 0 is an unknown decile."""

    decile: int
    persons: int
    rial: int
    masked: bool

    @property
    def name(self) -> str:
        return number(self.decile) if self.decile else _("not known")

    def shown(self, figure: int) -> str:
        return _("not shown") if self.masked else number(figure)


@dataclass(frozen=True)
class Benefits:
    """All deciles; `concentration` is told when nothing is masked, None where nobody was paid."""

    rows: Sequence[Benefit]
    concentration: float | None


def benefits(reach: Reach) -> Benefits:
    """Who was paid within reach by decile. One statement."""
    today = timezone.localdate()
    paid = reach.limit(Position.objects.filter(unit=Unit.PERSON, amount__gt=0))
    file = PatientFile.objects.filter(pk=OuterRef("object_id"))
    home = Membership.objects.on(today).filter(person_id=OuterRef("person"))
    stated = Decile.objects.on(today).filter(household_id=OuterRef("household"))
    found = (
        paid.annotate(person=Subquery(file.values("person_id")[:1]))
        .annotate(household=Subquery(home.values("household_id")[:1]))
        .annotate(decile=Subquery(stated.values("decile")[:1]))
        .order_by()
        .values_list("decile")
        .annotate(persons=Count("id"), rial=Sum("amount"))
    )
    sums = {decile or UNKNOWN: (persons, int(rial)) for decile, persons, rial in found}
    masked = {row for row, _of in hidden({(row, ""): sums[row][0] for row in sums})}
    rows = [
        Benefit(decile, *sums.get(decile, (0, 0)), decile in masked)
        for decile in (*DECILES, UNKNOWN)
    ]
    rial = {decile: sums[decile][1] for decile in DECILES if decile in sums}
    return Benefits(rows, None if masked else concentration(rial))


def concentration(rial: Mapping[int, int]) -> float | None:
    """The concentration index of money over the deciles of the population, -0.9 to 0.9.

    A decile is a tenth of the people, so its middle rank is (decile - 0.5) / 10 and
    C = 2 Σ share · rank - 1: below 0 the poor get more than their part, above 0 the rich
    (Kakwani, Wagstaff and van Doorslaer 1997). None where nothing was paid.
    """
    total = sum(rial.values())
    if not total:
        return None
    return sum(amount * (2 * decile - 1) for decile, amount in rial.items()) / (10 * total) - 1
