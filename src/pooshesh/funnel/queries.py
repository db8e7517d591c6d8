"""Reads of the funnel: what stands where, for how long, and the rows behind.

Of whole provinces kept counts are read (`Tally` and the changes since); what is narrower, a
county, a catchment or a disease, is counted from its own positions. Both are the same sums.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from django.db.models import Case, DateField, F, Func, QuerySet, Sum, Value, When
from django.db.models import Count as CountOf

from pooshesh.access.models import User
from pooshesh.access.reach import Reach
from pooshesh.funnel.models import Change, Position, Tally
from pooshesh.kernel.calendar import from_jalali, to_jalali
from pooshesh.ledger import queries as ledger

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Opens(TypedDict):
    """What a row of the funnel is told beside its columns."""

    opens_money: bool


READ = "fund.read"
P = TypeVar("P", bound=Position)

#: Months somebody or something has stood where it stands: from, up to.
AGES: tuple[tuple[int, int | None], ...] = ((0, 1), (1, 3), (3, 6), (6, 12), (12, None))


@dataclass(frozen=True)
class Cell:
    """So many of a unit in a state, and their rial; what was not asked by is empty."""

    unit: str
    state: str
    province: str = ""
    month: dt.date | None = None
    disease: str = ""
    number: int = 0
    amount: int = 0


@dataclass(frozen=True)
class Wanted:
    """What is asked for; "" is everything within reach."""

    unit: str = ""
    state: str = ""
    disease: str = ""
    path: str = ""  # an area and what lies in it

    @property
    def filters(self) -> dict[str, str]:
        """Of fields that are named the same."""
        asked = {"unit": self.unit, "state": self.state, "disease": self.disease}
        return {name: value for name, value in asked.items() if value}


def cells(reach: Reach, wanted: Wanted, *by: str) -> list[Cell]:
    """Counts within reach by unit, state and some of province, month, disease.

    Whole provinces read kept counts, two statements; anything narrower one, over its positions.
    """
    fields = ("unit", "state", *by)
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for row in _counted(reach, wanted, fields):
        found = sums[row[:-2]]
        found[0] += row[-2]
        found[1] += int(row[-1])
    return [
        Cell(**dict(zip(fields, key, strict=True)), number=number, amount=amount)
        for key, (number, amount) in sums.items()
        if number
    ]


def _counted(reach: Reach, wanted: Wanted, fields: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    if _whole_provinces(reach, wanted) and "disease" not in fields:
        kept = wanted.filters
        if "." in wanted.path:
            kept["province"] = wanted.path.split(".")[1].removeprefix("p")
        return chain.from_iterable(
            counted.filter(reach.q(), **kept)
            .values_list(*fields)
            .annotate(n=Sum("number"), rial=Sum("amount"))
            .order_by()
            for counted in (Tally.objects.all(), Change.objects.all())
        )
    month = Func(F("since"), function="funnel_month", output_field=DateField())
    return (
        _placed(reach, Position.objects.annotate(month=month), wanted)
        .values_list(*fields)
        .annotate(n=CountOf("*"), rial=Sum("amount"))
        .order_by()
    )


def _whole_provinces(reach: Reach, wanted: Wanted) -> bool:
    """Whether what is asked for is made of whole provinces."""
    below = wanted.path.count(".") > 1
    return not (reach.areas or reach.subtrees or below or wanted.disease)


def _placed(reach: Reach, rows: QuerySet[P], wanted: Wanted) -> QuerySet[P]:
    inside = {"area_path__within": wanted.path} if wanted.path else {}
    return reach.limit(rows.filter(**wanted.filters, **inside))


def rows(
    user: User, wanted: Wanted, by: dt.date | None = None
) -> "QuerySet[WithAnnotations[Position, Opens]]":
    """The positions behind a number, within the user's area; `opens_money`: the ledger's pages.

    `by`: those that stood there already when that day was over.
    """
    seen = replace(user.reach(ledger.READ), areas=())  # money is kept by province and path
    opens: Value | Case = Value(seen.everywhere)
    if seen and not seen.everywhere:
        opens = Case(When(seen.q(), then=Value(True)), default=Value(False))
    found = _placed(user.reach(READ), Position.objects.select_related("area"), wanted)
    if by:
        found = found.filter(since__lte=by)
    return found.annotate(opens_money=opens)


def months_ago(today: dt.date, months: int) -> dt.date:
    """The first day of the Jalali month so many months before that of `today`."""
    year, month, _day = to_jalali(today)
    before = year * 12 + month - 1 - months
    return from_jalali(before // 12, before % 12 + 1, 1)


def ages(found: Iterable[Cell], today: dt.date) -> dict[tuple[str, str], list[int]]:
    """(unit, state) → how many have stood there for each of `AGES` months."""
    starts = [months_ago(today, high - 1) for _low, high in AGES if high]
    result: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(AGES))
    for cell in found:
        bucket = sum(cell.month < start for start in starts if cell.month)
        result[cell.unit, cell.state][bucket] += cell.number
    return dict(result)


def totals(found: Iterable[Cell], *by: str) -> dict[tuple[str, ...], tuple[int, int]]:
    """Sums of number and rial by some fields of cells."""
    sums: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    for cell in found:
        one = sums[tuple(getattr(cell, name) for name in by)]
        one[0] += cell.number
        one[1] += cell.amount
    return {key: (number, amount) for key, (number, amount) in sums.items()}
