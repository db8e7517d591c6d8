"""Reads of what was published. Nothing here reads a number that was not."""

import datetime as dt
import json
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from uuid import UUID

from django.db.models import Count, Max

from pooshesh.indicators import Indicator
from pooshesh.insight import figures, publishing
from pooshesh.insight.models import Correction, Published
from pooshesh.insight.months import code_of, of_code
from pooshesh.public.actions import CHANNEL
from pooshesh.public.models import Release

YEAR = 12


@dataclass(frozen=True)
class Row:
    """A published cell: its numbers, or that they are masked."""

    table: str
    one: Indicator
    area: str
    first: str
    month: str
    dimension: str
    key: str
    masked: bool
    numerator: int | None
    denominator: int | None
    reference: str

    @property
    def value(self) -> Fraction | None:
        """What is shown; None where it is masked or the denominator is empty."""
        if self.numerator is None:
            return None
        return self.one.value(self.numerator, self.denominator)

    @property
    def span(self) -> str:
        """«1401-10», or «1401-01..1401-10»."""
        return self.month if self.first == self.month else f"{self.first}..{self.month}"

    @property
    def address(self) -> str:
        """Where it is found, below the address of figures."""
        group = f"{self.dimension}={self.key or '-'}/" if self.dimension else ""
        return f"{self.one.code}/{self.area}/{self.span}/{group}"


@dataclass(frozen=True)
class Edition:
    """A release as the public has it."""

    id: UUID
    month: dt.date
    number: int
    made_at: dt.datetime
    as_of: dt.datetime
    revision: int
    flagged: bool
    rows: tuple[Row, ...]

    @property
    def code(self) -> str:
        """«1401-10»."""
        return code_of(self.month)

    def find(self, address: str) -> Row | None:
        """The row of an address."""
        return next((row for row in self.rows if row.address == address), None)


@lru_cache(64)
def _edition(pk: UUID) -> Edition:
    one = Release.objects.defer("ground").get(pk=pk)
    read = json.loads(bytes(one.body))
    book = figures.book(one.definitions).indicators
    rows = tuple(
        Row(**{key: value for key, value in row.items() if key != "indicator"},
            one=book[row["indicator"]])
        for row in read["cells"]
    )  # fmt: skip
    return Edition(
        one.id, one.month, one.number, one.made_at, one.as_of, one.revision, one.flagged, rows
    )


def editions(month: dt.date) -> list[Edition]:
    """All releases of a month, the newest first."""
    found = Release.objects.filter(month=month).order_by("-number").values_list("pk", flat=True)
    return [_edition(pk) for pk in found]


def months() -> list[dt.date]:
    """Months that were published, the newest first."""
    return list(Release.objects.order_by("-month").values_list("month", flat=True).distinct())


def newest(month: dt.date | None = None, number: int | None = None) -> Edition | None:
    """The last release, of a month or of all; or one by its number."""
    rows = Release.objects.order_by("-month", "-number")
    if month:
        rows = rows.filter(month=month)
    if number:
        rows = rows.filter(number=number)
    found = rows.values_list("pk", flat=True).first()
    return _edition(found) if found else None


def year(last: dt.date) -> list[Edition]:
    """The newest release of each of the twelve published months up to one, the oldest first."""
    found = (
        Release.objects.filter(month__lte=last)
        .order_by("-month", "-number")
        .distinct("month")
        .values_list("pk", flat=True)[:YEAR]
    )
    return [_edition(pk) for pk in reversed(found)]


@dataclass(frozen=True)
class Corrected:
    """A correction that may be shown: None for numbers that were masked or are not published."""

    correction: Correction
    one: Indicator | None
    was: Fraction | None
    now: Fraction | None


def corrections() -> list[Corrected]:
    """Corrections of figures that these pages published, newest first."""
    rows = list(publishing.corrections())
    references = {one.was for one in rows} | {one.now for one in rows}
    public = set(
        Published.objects.filter(channel=CHANNEL, reference__in=references).values_list(
            "reference", flat=True
        )
    )
    book = figures.book().indicators
    found = []
    for row in rows:
        one = book.get(row.indicator)
        if row.was not in public or one is None:
            continue
        found.append(Corrected(
            row, one, one.value(row.numerator_was, row.denominator_was),
            one.value(row.numerator, row.denominator) if row.now in public else None,
        ))  # fmt: skip
    return found


def version() -> tuple[int, int, dt.datetime | None]:
    """What changes whenever any public page may; with the moment it last did."""
    releases = Release.objects.aggregate(count=Count("pk"), last=Max("made_at"))
    corrected = Correction.objects.aggregate(count=Count("pk"), last=Max("at"))
    moments = [one for one in (releases["last"], corrected["last"]) if one]
    return releases["count"], corrected["count"], max(moments, default=None)


def month_asked(code: str) -> tuple[dt.date, dt.date]:
    """First and last month of «1401-10» or «1401-01..1401-10». Errors: ValueError."""
    first, _dots, last = code.partition("..")
    return of_code(first), of_code(last or first)
