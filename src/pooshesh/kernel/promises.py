"""Promises made in words: "by 22 Bahman this year" resolved to a day, the words kept."""

import datetime
import re
from dataclasses import dataclass

from pooshesh.kernel.calendar import (
    MONTH_NUMBERS,
    from_jalali,
    month_days,
    parse_date,
    to_jalali,
)
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean, search_key, to_latin_digits

explain(
    {
        "promise.unclear": gettext_noop(
            "No date could be read from “%(read)s”; expected words such as “by 22 Bahman this"
            " year”."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Promise:
    """A promised day, and the words it was promised in."""

    date: datetime.date
    words: str


_YEAR_WORDS = (
    (re.compile(r"\b(?:امسال|همین سال|سال جاری|this year)\b"), 0),
    (re.compile(r"\b(?:سال (?:اینده|بعد|دیگر)|next year)\b"), 1),
    (re.compile(r"\b(?:پارسال|سال (?:گذشته|قبل)|last year)\b"), -1),
)
_NAMED_DAYS = (
    (re.compile(r"\b(?:دهه (?:مبارک )?فجر|fajr)\b"), 11, 22),
    (re.compile(r"\b(?:هفته دولت|government week)\b"), 6, 8),
    (re.compile(r"\b(?:نوروز|عید|nowruz|norouz)\b"), 1, 1),
)
# First and last month; the year comes last because its word may stand beside the others.
_SPANS = (
    (re.compile(r"\b(?:نیمه (?:اول|نخست) سال|first half of (?:the )?year)\b"), 1, 6),
    (re.compile(r"\b(?:نیمه دوم سال|second half of (?:the )?year)\b"), 7, 12),
    *((re.compile(rf"\b{name}\b"), month, month) for name, month in MONTH_NUMBERS.items()),
    (re.compile(r"\b(?:بهار|spring)\b"), 1, 3),
    (re.compile(r"\b(?:تابستان|summer)\b"), 4, 6),
    (re.compile(r"\b(?:پاییز|autumn|fall)\b"), 7, 9),
    (re.compile(r"\b(?:زمستان|winter)\b"), 10, 12),
    (re.compile(r"\b(?:سال|year)\b"), 1, 12),
)
_START = re.compile(r"\b(?:ابتدای?|اول|اوایل|اغاز|شروع|start|beginning|early)\b")
_MIDDLE = re.compile(r"\b(?:نیمه|اواسط|mid|middle)\b")
_WRITTEN_DAY = re.compile(r"\b\d{4}[/-]\d{1,2}[/-]\d{1,2}\b")
_YEAR_NUMBER = re.compile(r"\b1(?:[2-4]\d\d|500)\b")
_DAY_NUMBER = re.compile(r"\b\d{1,2}\b")


def resolve_phrase(words: str, *, said_on: datetime.date) -> Promise:
    """The last day on which a promise such as «تا ۲۲ بهمن امسال» is still kept.

    Understood are a day and month, a month, a season, half a year or a year, each with امسال,
    سال آینده, پارسال or a year number, and دهه فجر (22 Bahman), هفته دولت (8 Shahrivar), نوروز.
    A span means its last day unless its start or middle is named. Without a year it is the first
    such day not before `said_on`. Raises Invalid("promise.unclear") or a date.* code.
    """
    typed = clean(words)
    written = _WRITTEN_DAY.search(to_latin_digits(typed))
    date = parse_date(written[0]).date if written else None
    if date is None:
        date = _spoken_date(typed, said_on)
    return Promise(date, typed)


def _spoken_date(typed: str, said_on: datetime.date) -> datetime.date:
    this_year = to_jalali(said_on).year
    phrase, year = _spoken_year(search_key(typed), this_year)
    month, day = _spoken_day(phrase, typed)
    date = _in_year(year or this_year, month, day)
    if year is None and date < said_on:
        date = _in_year(this_year + 1, month, day)
    return date


def _spoken_year(phrase: str, this_year: int) -> tuple[str, int | None]:
    """The phrase with its year made plain "سال", and the year if it names one."""
    number = _YEAR_NUMBER.search(phrase)
    if number:
        return _YEAR_NUMBER.sub("سال", phrase), int(number[0])
    for pattern, offset in _YEAR_WORDS:
        if pattern.search(phrase):
            return pattern.sub("سال", phrase), this_year + offset
    return phrase, None


def _spoken_day(phrase: str, typed: str) -> tuple[int, int | None]:
    """(month, day), the day None for the last of the month."""
    for pattern, month, day in _NAMED_DAYS:
        if pattern.search(phrase):
            return month, day
    for pattern, first, last in _SPANS:
        if pattern.search(phrase):
            number = _DAY_NUMBER.search(phrase) if first == last else None
            rest = pattern.sub("", phrase)
            if number:
                return first, int(number[0])
            if _START.search(rest):
                return first, 1
            if _MIDDLE.search(rest):
                return (first + last) // 2, 15 if (last - first) % 2 == 0 else None
            return last, None
    raise Invalid("promise.unclear", read=typed)


def _in_year(year: int, month: int, day: int | None) -> datetime.date:
    return from_jalali(year, month, day or month_days(year, month))
