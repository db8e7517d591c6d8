"""The Jalali calendar: conversion, display, and reading what people type.

Dates are stored as `datetime.date` (Gregorian) and shown Jalali. Years 1200–1500 are accepted;
the start of each comes from persiantools, which in 1178–1501 follows the 33-year cycle
((25·y + 11) mod 33 < 8), equal there to the official table; before and after it uses an
astronomical table, which is why the range stops at 1500.
"""

import datetime
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from persiantools.jdatetime import JalaliDate

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import (
    clean,
    search_key,
    speaks_persian,
    to_latin_digits,
    to_persian_digits,
)

FIRST_YEAR, LAST_YEAR = 1200, 1500

explain(
    {
        "date.empty": gettext_noop("No date was given."),
        "date.unreadable": gettext_noop(
            "“%(read)s” is not a date; expected a day such as 1400/11/22, 22 Bahman 1400 or"
            " 2022-02-11."
        ),
        "date.no_year": gettext_noop("“%(read)s” has no year; expected a day such as 1400/11/22."),
        "date.year": gettext_noop(
            "In “%(read)s” the year was read as %(year)s; expected a Jalali year from 1200 to 1500"
            " or a Gregorian year from 1800 to 2100."
        ),
        "date.month": gettext_noop(
            "In “%(read)s” the month was read as %(month)s; expected a month from 1 to 12."
        ),
        "date.day": gettext_noop(
            "In “%(read)s” the day was read as %(day)s; month %(month)s of %(year)s has %(last)s"
            " days."
        ),
        "date.range": gettext_noop("“%(read)s” lies outside the Jalali years 1200 to 1500."),
        "date.order": gettext_noop("The end, %(end)s, is before the start, %(start)s."),
    }
)

MONTHS_FA = ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور",
             "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند")  # fmt: skip
MONTHS_EN = ("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar",
             "Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand")  # fmt: skip
WEEKDAYS_FA = ("شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه")
WEEKDAYS_EN = ("Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday")

# Names of the same months in Afghanistan, and other spellings in use.
_MONTHS_DARI = ("حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله",
                "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت")  # fmt: skip
_MONTH_VARIANTS = {"امرداد": 5, "amordad": 5, "isfand": 12}
_MONTHS_GREGORIAN = ("january", "february", "march", "april", "may", "june", "july", "august",
                     "september", "october", "november", "december")  # fmt: skip


class JalaliDay(NamedTuple):
    """A day of the Jalali calendar; tuples compare in time order."""

    year: int
    month: int
    day: int


# Ordinal of 1 Farvardin of each year, and of the year after the last as its end.
_NEW_YEARS: list[int] = [
    JalaliDate(year, 1, 1).to_gregorian().toordinal()  # type: ignore[no-untyped-call]
    for year in range(FIRST_YEAR, LAST_YEAR + 2)
]


def is_leap(year: int) -> bool:
    """Whether Esfand of a year in 1200–1500 has 30 days."""
    place = year - FIRST_YEAR
    return _NEW_YEARS[place + 1] - _NEW_YEARS[place] == 366


def month_days(year: int, month: int) -> int:
    """Days in a Jalali month: 31 up to Shahrivar, then 30, Esfand 29 or 30."""
    if month <= 6:
        return 31
    return 30 if month < 12 or is_leap(year) else 29


def to_jalali(day: datetime.date) -> JalaliDay:
    """Raises Invalid("date.range") outside 1200–1500."""
    ordinal = day.toordinal()
    place = bisect_right(_NEW_YEARS, ordinal) - 1
    if not 0 <= place <= LAST_YEAR - FIRST_YEAR:
        raise Invalid("date.range", read=day.isoformat())
    passed = ordinal - _NEW_YEARS[place]
    first_half, month_length, months = (passed, 31, 0) if passed < 186 else (passed - 186, 30, 6)
    month, before = divmod(first_half, month_length)
    return JalaliDay(FIRST_YEAR + place, months + month + 1, before + 1)


def from_jalali(year: int, month: int, day: int) -> datetime.date:
    """Raises Invalid with code date.year, date.month or date.day; nothing is rolled over."""
    return _from_jalali(year, month, day, read=f"{year}/{month}/{day}")


def _from_jalali(year: int, month: int, day: int, read: str) -> datetime.date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid("date.year", read=read, year=year)
    if not 1 <= month <= 12:
        raise Invalid("date.month", read=read, month=month)
    last = month_days(year, month)
    if not 1 <= day <= last:
        raise Invalid("date.day", read=read, day=day, month=month, year=year, last=last)
    before = 31 * (month - 1) - max(0, month - 7)
    return datetime.date.fromordinal(_NEW_YEARS[year - FIRST_YEAR] + before + day - 1)


def weekday(day: datetime.date) -> int:
    """0 is Saturday, 6 is Friday."""
    return (day.weekday() + 2) % 7


def weekday_name(day: datetime.date, lang: str) -> str:
    return (WEEKDAYS_FA if speaks_persian(lang) else WEEKDAYS_EN)[weekday(day)]


def format_jalali(
    day: datetime.date, style: Literal["numeric", "prose"] = "numeric", lang: str = "fa"
) -> str:
    """«۱۴۰۴/۰۹/۰۱» in tables (numeric), «۱ آذر ۱۴۰۴» or "1 Azar 1404" in sentences (prose)."""
    year, month, number = to_jalali(day)
    names = MONTHS_FA if speaks_persian(lang) else MONTHS_EN
    if style == "numeric":
        text = f"{year}/{month:02}/{number:02}"
    else:
        text = f"{number} {names[month - 1]} {year}"
    return to_persian_digits(text) if speaks_persian(lang) else text


def fiscal_year(year: int) -> tuple[datetime.date, datetime.date]:
    """First and last day of a Jalali year, both inside it: the fiscal year."""
    return from_jalali(year, 1, 1), from_jalali(year, 12, month_days(year, 12))


def age(birth: datetime.date, on: datetime.date) -> int:
    """Whole Jalali years lived on a day; who is born on 30 Esfand turns on 1 Farvardin.

    Raises Invalid("date.order") for a day before the birth.
    """
    if on < birth:
        raise Invalid("date.order", start=birth.isoformat(), end=on.isoformat())
    born, now = to_jalali(birth), to_jalali(on)
    return now.year - born.year - (now[1:] < born[1:])


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """What was typed, and as much of a date as it says. `year` and `month` are Jalali.

    `date` is set only for precision "day". A Gregorian year alone (1988) gives the Jalali year
    that begins in it (1367).
    """

    date: datetime.date | None
    year: int
    month: int | None
    precision: Literal["day", "month", "year"]
    as_typed: str


_LONGEST = 60
_NUMERIC_DAY = re.compile(r"(\d{4})([/-])(\d{1,2})\2(\d{1,2})")
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_SHAPE = re.compile(r"\w(?:[\w\s/.،,\u200c-]*[\w.])?")
_TOKEN = re.compile(r"\d+|[^\W\d]+")
_FILLERS = {"ماه", "سال", "روز", "ه", "ش", "هش", "شمسی", "of"}

# Every spelling of a Jalali month, folded by `search_key` → 1–12.
MONTH_NUMBERS = {
    search_key(name): number
    for names in (MONTHS_FA, MONTHS_EN, _MONTHS_DARI)
    for number, name in enumerate(names, 1)
} | _MONTH_VARIANTS
_GREGORIAN_MONTHS = {
    spelling: number
    for number, name in enumerate(_MONTHS_GREGORIAN, 1)
    for spelling in (name, name[:3])
}


def parse_date(text: str, *, today: datetime.date | None = None) -> ParsedDate:
    """Read a date as people type it, in any of the three digit sets.

    Read are 1400/11/22, 22-11-1400, 1400.11.22, 14001122, «۲۲ بهمن ۱۴۰۰», 22 Bahman 1400,
    1400/11, بهمن ۱۴۰۰, 1400, 2022-02-11, 11 Feb 2022; a time of day after it is ignored.
    Years 1200–1500 are Jalali, 1800–2100 Gregorian. Of two numbers that could be the year the
    first is, unless only the last is too large to be a day. A two-digit year is Jalali and the
    latest one not after the year of `today`: in 1404, 85 is 1385, 03 is 1403 and 05 is 1305.
    Raises Invalid with a date.* code.
    """
    typed = clean(text)
    plain = to_latin_digits(typed)
    simple = _NUMERIC_DAY.fullmatch(plain)
    if simple:
        return _day(int(simple[1]), int(simple[3]), int(simple[4]), typed)
    if len(typed) > _LONGEST:
        raise Invalid("date.unreadable", read=f"{typed[:_LONGEST]}…")
    plain = _CLOCK.sub("", plain)
    if not plain:
        raise Invalid("date.empty")
    if not _SHAPE.fullmatch(plain):
        raise Invalid("date.unreadable", read=typed)
    tokens = [token for token in _TOKEN.findall(search_key(plain)) if token not in _FILLERS]
    numbers = [token for token in tokens if token.isdecimal()]
    names = [token for token in tokens if not token.isdecimal()]
    if len(names) == 1:
        return _named_month(names[0], numbers, typed, today)
    if names:
        raise Invalid("date.unreadable", read=typed)
    return _numbers(numbers, typed, today)


def _numbers(numbers: list[str], typed: str, today: datetime.date | None) -> ParsedDate:
    if len(numbers) == 3:
        if _ends_with_year(numbers[0], numbers[2]):
            numbers = numbers[::-1]
        year, month, day = numbers
        return _day(_full_year(year, typed, today), int(month), int(day), typed)
    if len(numbers) == 2:
        year, month = sorted(numbers, key=len, reverse=True)
        if len(year) <= 2:
            raise Invalid("date.no_year", read=typed)
        return _month(int(year), int(month), typed)
    if len(numbers) != 1 or len(numbers[0]) < 4:
        raise Invalid("date.unreadable", read=typed)
    digits = numbers[0]
    if len(digits) == 8:
        return _day(int(digits[:4]), int(digits[4:6]), int(digits[6:]), typed)
    return _year(int(digits), typed)


def _named_month(
    name: str, numbers: list[str], typed: str, today: datetime.date | None
) -> ParsedDate:
    gregorian = name in _GREGORIAN_MONTHS
    month = _GREGORIAN_MONTHS.get(name) or MONTH_NUMBERS.get(name)
    if month is None or not 1 <= len(numbers) <= 2:
        raise Invalid("date.unreadable", read=typed)
    if len(numbers) == 1:
        if len(numbers[0]) <= 2:
            raise Invalid("date.no_year", read=typed)
        return _month(int(numbers[0]), month, typed, gregorian=gregorian)
    first, last = numbers
    year_first = len(first) > 2 or int(first) > 31
    year = _full_year(first if year_first else last, typed, today)
    if gregorian != _is_gregorian(year, typed):
        raise Invalid("date.unreadable", read=typed)
    return _day(year, month, int(last if year_first else first), typed)


def _ends_with_year(first: str, last: str) -> bool:
    return len(first) <= 2 and (len(last) > 2 or int(first) <= 31 < int(last))


def _full_year(digits: str, typed: str, today: datetime.date | None) -> int:
    if len(digits) > 2:
        return int(digits)
    if len(digits) == 1:
        raise Invalid("date.year", read=typed, year=int(digits))
    this_year = to_jalali(today or datetime.date.today()).year  # noqa: DTZ011 - the local day
    year = this_year - this_year % 100 + int(digits)
    return year if year <= this_year else year - 100


def _day(year: int, month: int, day: int, typed: str) -> ParsedDate:
    if not _is_gregorian(year, typed):
        return ParsedDate(_from_jalali(year, month, day, typed), year, month, "day", typed)
    if not 1 <= month <= 12:
        raise Invalid("date.month", read=typed, month=month)
    last = (datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(1)).day
    if not 1 <= day <= last:
        raise Invalid("date.day", read=typed, day=day, month=month, year=year, last=last)
    date = datetime.date(year, month, day)
    jalali = to_jalali(date)
    return ParsedDate(date, jalali.year, jalali.month, "day", typed)


def _month(year: int, month: int, typed: str, *, gregorian: bool = False) -> ParsedDate:
    # A Gregorian month lies in two Jalali months, so without its day it says neither.
    if _is_gregorian(year, typed) or gregorian:
        raise Invalid("date.unreadable", read=typed)
    if not 1 <= month <= 12:
        raise Invalid("date.month", read=typed, month=month)
    return ParsedDate(None, year, month, "month", typed)


def _year(year: int, typed: str) -> ParsedDate:
    jalali = year - 621 if _is_gregorian(year, typed) else year
    if jalali < FIRST_YEAR:
        raise Invalid("date.range", read=typed)
    return ParsedDate(None, jalali, None, "year", typed)


def _is_gregorian(year: int, typed: str) -> bool:
    if FIRST_YEAR <= year <= LAST_YEAR:
        return False
    if 1800 <= year <= 2100:
        return True
    raise Invalid("date.year", read=typed, year=year)


def parse_dates(
    texts: Iterable[str], *, today: datetime.date | None = None
) -> list[ParsedDate | Invalid]:
    """`parse_date` for a column: one answer per text, errors returned in place, all of them.

    Each distinct text is read once; a column of birth dates repeats itself.
    """
    texts = list(texts)
    answers: dict[str, ParsedDate | Invalid] = {}
    for text in set(texts):
        try:
            answers[text] = parse_date(text, today=today)
        except Invalid as error:
            answers[text] = error
    return [answers[text] for text in texts]
