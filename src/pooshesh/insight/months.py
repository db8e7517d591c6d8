"""Jalali months as figures have them: named by their first day. Pure."""

import datetime as dt
from collections.abc import Iterator

from pooshesh.kernel.calendar import from_jalali, month_days, to_jalali


def month_of(day: dt.date) -> dt.date:
    """The first day of the Jalali month of a day."""
    year, month, _day = to_jalali(day)
    return from_jalali(year, month, 1)


def end_of(month: dt.date) -> dt.date:
    """The last day of a month given by its first."""
    year, number, _day = to_jalali(month)
    return from_jalali(year, number, month_days(year, number))


def moved(month: dt.date, by: int) -> dt.date:
    """The first day of the month so many months later (earlier, for less than 0)."""
    year, number, _day = to_jalali(month)
    whole = year * 12 + number - 1 + by
    return from_jalali(whole // 12, whole % 12 + 1, 1)


def between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Months from the first to the last, both included."""
    while first <= last:
        yield first
        first = moved(first, 1)


def code_of(month: dt.date) -> str:
    """«1401-10», the month in addresses and files."""
    year, number, _day = to_jalali(month)
    return f"{year:04}-{number:02}"


def of_code(code: str) -> dt.date:
    """The month of «1401-10». Errors: ValueError."""
    year, dash, number = code.partition("-")
    if not (dash and year.isascii() and year.isdecimal() and number.isascii()):
        raise ValueError(code)
    if not number.isdecimal() or not 1 <= int(number) <= 12 or not 1200 <= int(year) <= 1600:
        raise ValueError(code)
    return from_jalali(int(year), int(number), 1)
