"""What agreements allow and how they stand on a day: pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

WARN_DAYS = 60  # before its end an agreement is said to be expiring

#: First day and first day no longer; None is open.
Span = tuple[dt.date | None, dt.date | None]


class Standing(StrEnum):
    """How an agreement stands on a day."""

    COMING = "coming"
    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "lapsed"
    ENDED = "ended_early"  # early, with a reason


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides about an agreement; `paths` of the areas it is limited to, none: everywhere."""

    scopes: frozenset[str]
    data_classes: frozenset[str]
    spans: tuple[Span, ...]
    paths: tuple[str, ...] = ()
    ended_on: dt.date | None = None


def holds(spans: Sequence[Span], day: dt.date) -> bool:
    """Whether a day lies in one of the spans."""
    return any((a is None or a <= day) and (b is None or day < b) for a, b in spans)


def last_day_after(spans: Sequence[Span], day: dt.date) -> dt.date | None:
    """The first day without agreement from a day within it on; None when it has no end.

    Spans that follow each other without a gap count as one.
    """
    end: dt.date | None = day
    for start, until in sorted(spans, key=lambda span: span[0] or dt.date.min):
        if end is not None and (start is None or start <= end) and (until is None or until > end):
            end = until
    return end


def standing(facts: Facts, day: dt.date) -> Standing:
    """How an agreement stands on a day."""
    if holds(facts.spans, day):
        end = last_day_after(facts.spans, day)
        soon = end is not None and end - day <= dt.timedelta(WARN_DAYS)
        return Standing.EXPIRING if soon else Standing.VALID
    if facts.ended_on is not None and facts.ended_on <= day:
        return Standing.ENDED
    later = any(start is not None and start > day for start, _until in facts.spans)
    return Standing.COMING if later else Standing.EXPIRED


def permits(
    facts: Facts, scope: str, day: dt.date, *, data_class: str = "", path: str = ""
) -> bool:
    """Whether an agreement allows something on a day.

    `data_class` is asked for a data exchange; `path` is the area it is about, "" the whole
    country, for which an agreement that is limited to areas is not enough.
    """
    if scope not in facts.scopes or not holds(facts.spans, day):
        return False
    if data_class and data_class not in facts.data_classes:
        return False
    return not facts.paths or any(path == p or path.startswith(f"{p}.") for p in facts.paths)
