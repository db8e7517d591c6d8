"""The clock of a task between organisations: pure."""

import datetime as dt
from dataclasses import dataclass

#: Days overdue after which a task escalates: to the receiver's head, then to the programme's.
ESCALATES_AFTER = {1: 3, 2: 10}


def overdue(due: dt.date, today: dt.date) -> int:
    """Days since a task fell due; 0 up to the end of its last day."""
    return max(0, (today - due).days)


def level(due: dt.date, today: dt.date) -> int:
    """How far a task that is still open has escalated: 0, 1 or 2."""
    late = overdue(due, today)
    return max((lvl for lvl, days in ESCALATES_AFTER.items() if late >= days), default=0)


@dataclass(frozen=True, slots=True)
class Share:
    """Numerator and denominator; both in tasks."""

    part: int
    whole: int

    @property
    def ratio(self) -> float | None:
        """0 to 1; None where nothing fell due."""
        return self.part / self.whole if self.whole else None


def kept(due: dt.date, done_on: dt.date | None) -> bool:
    """Whether a promise was kept: done on its last day at the latest."""
    return done_on is not None and done_on <= due
