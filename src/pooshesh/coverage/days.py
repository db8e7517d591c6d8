"""Spans of days, pure: [start, end), where no end is open."""

import datetime as dt
from collections.abc import Iterable

Span = tuple[dt.date, dt.date | None]

_NEVER = dt.date.max


def within(spans: Iterable[Span], start: dt.date, end: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The parts of spans on the days from `start` up to, not including, `end`; in order."""
    cut = ((max(a, start), min(b or _NEVER, end)) for a, b in spans)
    return sorted((a, b) for a, b in cut if a < b)


def without(
    spans: Iterable[tuple[dt.date, dt.date]], holes: Iterable[Span]
) -> list[tuple[dt.date, dt.date]]:
    """The parts of spans that lie in none of the holes; in order."""
    left = sorted(spans)
    for hole_start, hole_end in holes:
        end = hole_end or _NEVER
        left = [
            part
            for a, b in left
            for part in ((a, min(b, hole_start)), (max(a, end), b))
            if part[0] < part[1]
        ]
    return sorted(set(left))
