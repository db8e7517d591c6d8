"""The statements that count facts, as files: which there are, by what they are run, what they say.

A file of `sources/` is one statement for one month, and after the line `-- late` another that
counts rows which belong to the month and came after it was counted. After `-- rows: PERMISSION`
stands one that shows the rows behind: (measure, id, page, area_id, day, value, dimensions…), each
once for every measure it counts in. Given to all: `first` and `last` day, `start` and `end` moment,
`asked` (when the month was counted), Jalali `year` and `number` of the month, `province`; to rows
`path` as well.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from pooshesh.insight.months import end_of
from pooshesh.kernel.calendar import to_jalali

FOLDER = Path(__file__).parent / "sources"
BY_PROVINCE = "-- by: province"


@dataclass(frozen=True)
class Source:
    """A statement: (measure, area_id, dimensions…, value); what counts late rows, and what shows
    the rows behind to who holds `may`: "" where there is none."""

    code: str
    counts: str
    late: str
    by_province: bool  # where there are many people
    rows: str = ""
    may: str = ""


@lru_cache(1)
def sources() -> tuple[Source, ...]:
    """Every statement, in the order of their names."""
    return tuple(map(_read, sorted(FOLDER.glob("*.sql"))))


def _read(path: Path) -> Source:
    text = path.read_text("utf-8")
    text, _line, behind = text.partition("-- rows: ")
    may, _line, rows = behind.partition("\n")
    counts, _line, late = text.partition("-- late\n")
    by_province = text.startswith(BY_PROVINCE)
    return Source(path.stem, counts.strip(), late.strip(), by_province, rows.strip(), may)


def given(month: dt.date, asked: dt.datetime, province: str = "") -> dict[str, Any]:
    """What a statement is given; a month that still runs ends where it was asked."""
    last = min(end_of(month), timezone.localdate(asked))
    year, number, _day = to_jalali(month)
    return {
        "first": month, "last": last, "year": year, "number": number, "start": _midnight(month),
        "end": min(_midnight(last + dt.timedelta(days=1)), asked), "asked": asked,
        "province": province,
    }  # fmt: skip


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
