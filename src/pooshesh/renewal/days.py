"""Days of renewal."""

import datetime as dt

from pooshesh.kernel.calendar import from_jalali, to_jalali


def next_farvardin(today: dt.date) -> dt.date:
    """The next 1 Farvardin after a day."""
    return from_jalali(to_jalali(today).year + 1, 1, 1)
