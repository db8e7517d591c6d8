"""The Jalali calendar and what people type for a date."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from pooshesh.kernel.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    JalaliDay,
    age,
    fiscal_year,
    format_jalali,
    from_jalali,
    is_leap,
    month_days,
    parse_date,
    parse_dates,
    to_jalali,
    weekday_name,
)
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.promises import resolve_phrase
from pooshesh.kernel.text import to_persian_digits

TODAY = datetime.date(2025, 6, 1)  # 11 Khordad 1404
FIRST_DAY = datetime.date(1821, 3, 21)
LAST_DAY = datetime.date(2122, 3, 20)
TYPED_DAYS = st.dates(FIRST_DAY, datetime.date(2100, 12, 31))
EVERY_DAY = [
    datetime.date.fromordinal(ordinal)
    for ordinal in range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1)
]


def test_every_day_of_three_centuries_converts_and_back() -> None:
    jalali = [to_jalali(day) for day in EVERY_DAY]

    assert (jalali[0], jalali[-1]) == ((1200, 1, 1), (1500, 12, month_days(1500, 12)))
    assert jalali == sorted(set(jalali))
    assert [from_jalali(*day) for day in jalali] == EVERY_DAY


def test_every_day_of_three_centuries_agrees_with_persiantools() -> None:
    theirs = [JalaliDate(day) for day in EVERY_DAY]  # type: ignore[no-untyped-call]

    assert [to_jalali(day) for day in EVERY_DAY] == [(d.year, d.month, d.day) for d in theirs]


def test_leap_years_follow_the_33_year_cycle_in_the_whole_range() -> None:
    years = range(FIRST_YEAR, LAST_YEAR + 1)

    assert [y for y in years if is_leap(y)] == [y for y in years if (25 * y + 11) % 33 < 8]


@pytest.mark.parametrize(
    ("jalali", "gregorian"),
    [
        ((1400, 1, 1), "2021-03-21"),
        ((1400, 11, 22), "2022-02-11"),
        ((1399, 12, 30), "2021-03-20"),
        ((1357, 11, 22), "1979-02-11"),
        ((1304, 1, 11), "1925-03-31"),
        ((1403, 12, 30), "2025-03-20"),
    ],
)
def test_known_days(jalali: tuple[int, int, int], gregorian: str) -> None:
    day = datetime.date.fromisoformat(gregorian)

    assert from_jalali(*jalali) == day
    assert to_jalali(day) == JalaliDay(*jalali)


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
def test_a_day_outside_the_range_is_refused(day: datetime.date) -> None:
    outside = day + datetime.timedelta(days=-1 if day == FIRST_DAY else 1)

    with pytest.raises(Invalid) as refusal:
        to_jalali(outside)

    assert refusal.value.code == "date.range"


@pytest.mark.parametrize(
    ("style", "lang", "written"),
    [
        ("numeric", "fa", "۱۴۰۴/۰۹/۰۱"),
        ("numeric", "en", "1404/09/01"),
        ("prose", "fa", "۱ آذر ۱۴۰۴"),
        ("prose", "en", "1 Azar 1404"),
    ],
)
def test_a_day_is_written_for_tables_and_for_sentences(style: str, lang: str, written: str) -> None:
    assert format_jalali(from_jalali(1404, 9, 1), style, lang) == written  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "fa", "en"),
    [((1400, 11, 22), "جمعه", "Friday"), ((1400, 11, 23), "شنبه", "Saturday")],
)
def test_weekdays_have_names(day: tuple[int, int, int], fa: str, en: str) -> None:
    assert weekday_name(from_jalali(*day), "fa") == fa
    assert weekday_name(from_jalali(*day), "en") == en


@pytest.mark.parametrize(
    "typed",
    [
        "1400/11/22", "۱۴۰۰/۱۱/۲۲", "١٤٠٠/١١/٢٢", "1400-11-22", "1400.11.22", "1400 11 22",
        "22/11/1400", "۲۲-۱۱-۱۴۰۰", "14001122", "00/11/22", "22 بهمن 1400", "۲۲ بهمن‌ماه ۱۴۰۰",
        "22 Bahman 1400", "Bahman 22, 1400", "۱۴۰۰ بهمن ۲۲", "22 bahman 00", "۲۲ دلو ۱۴۰۰",
        "1400/11/22 ه.ش", "2022-02-11", "2022/2/11", "11/02/2022", "20220211", "11 Feb 2022",
        "February 11, 2022", "2022-02-11T00:00:00", "1400/11/22 10:30", "  1400/11/22 ",
    ],
)  # fmt: skip
def test_one_day_typed_in_many_ways_is_read_as_that_day(typed: str) -> None:
    parsed = parse_date(typed, today=TODAY)

    assert parsed.date == datetime.date(2022, 2, 11)
    assert (parsed.year, parsed.month, parsed.precision) == (1400, 11, "day")
    assert parsed.as_typed == typed.strip()


@pytest.mark.parametrize(
    ("typed", "year"),
    [("03/01/01", 1403), ("04/01/01", 1404), ("05/01/01", 1305), ("99/1/1", 1399)],
)
def test_a_two_digit_year_is_the_latest_one_not_in_the_future(typed: str, year: int) -> None:
    assert parse_date(typed, today=TODAY).year == year


def test_a_two_digit_year_may_come_last() -> None:
    assert parse_date("12/3/85", today=TODAY).date == from_jalali(1385, 3, 12)


@pytest.mark.parametrize(
    ("typed", "year", "month", "precision"),
    [
        ("۱۳۶۷", 1367, None, "year"),
        ("سال ۱۳۶۷", 1367, None, "year"),
        ("1988", 1367, None, "year"),
        ("1400/11", 1400, 11, "month"),
        ("11/1400", 1400, 11, "month"),
        ("بهمن ۱۴۰۰", 1400, 11, "month"),
        ("امرداد 1400", 1400, 5, "month"),
    ],
)
def test_part_of_a_date_is_kept_as_a_part(
    typed: str, year: int, month: int | None, precision: str
) -> None:
    parsed = parse_date(typed, today=TODAY)

    assert (parsed.date, parsed.year, parsed.month) == (None, year, month)
    assert parsed.precision == precision


@pytest.mark.parametrize(
    ("typed", "code", "facts"),
    [
        ("", "date.empty", {}),
        (" \u200c ", "date.empty", {}),
        ("۳۱ مهر ۱۴۰۰", "date.day", {"day": 31, "month": 7, "last": 30}),
        ("1400/07/31", "date.day", {"day": 31, "month": 7, "last": 30}),
        ("1400/12/30", "date.day", {"day": 30, "year": 1400, "last": 29}),
        ("1399/12/31", "date.day", {"day": 31, "year": 1399, "last": 30}),
        ("1400/01/00", "date.day", {"day": 0}),
        ("2021-02-29", "date.day", {"day": 29, "last": 28}),
        ("2024-02-30", "date.day", {"day": 30, "last": 29}),
        ("2024-12-32", "date.day", {"day": 32, "last": 31}),
        ("1400/13/01", "date.month", {"month": 13}),
        ("2022-13-01", "date.month", {"month": 13}),
        ("1400/13", "date.month", {"month": 13}),
        ("14001301", "date.month", {"month": 13}),
        ("13700", "date.year", {"year": 13700}),
        ("13700/01/01", "date.year", {"year": 13700}),
        ("1600/01/01", "date.year", {"year": 1600}),
        ("137/01/01", "date.year", {"year": 137}),
        ("7/01/01", "date.year", {"year": 7}),
        ("1805-01-01", "date.range", {}),
        ("1805", "date.range", {}),
        ("22 بهمن", "date.no_year", {}),
        ("85/11", "date.no_year", {}),
        ("Feb 2022", "date.unreadable", {}),
        ("22 Bahman 2022", "date.unreadable", {}),
        ("11 Feb 1400", "date.unreadable", {}),
        ("22 برج 1400", "date.unreadable", {}),
        ("-1400", "date.unreadable", {}),
        ("1 2 3 4", "date.unreadable", {}),
        ("=1400/11/22", "date.unreadable", {}),
        ("نامعلوم", "date.unreadable", {}),
        ("9" * 5000, "date.unreadable", {}),
    ],
)
def test_a_bad_date_is_refused_with_what_was_read(
    typed: str, code: str, facts: dict[str, int]
) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_date(typed, today=TODAY)

    assert refusal.value.code == code
    assert facts.items() <= refusal.value.params.items()
    assert refusal.value.message()


@given(TYPED_DAYS)
def test_what_is_shown_can_be_typed_back(day: datetime.date) -> None:
    assert parse_date(format_jalali(day)).date == day
    assert parse_date(format_jalali(day, "prose", "fa")).date == day
    assert parse_date(format_jalali(day, "prose", "en")).date == day
    assert parse_date(to_persian_digits(day.isoformat())).date == day


@given(st.text(alphabet="0123456789۰۱٢/-. بهمنFeb", max_size=20) | st.text(max_size=30))
def test_any_text_is_a_date_or_refused_with_a_sentence(text: str) -> None:
    (answer,) = parse_dates([text], today=TODAY)

    assert isinstance(answer, Invalid) or FIRST_YEAR <= answer.year <= LAST_YEAR


def test_a_column_reports_every_error_in_its_place() -> None:
    answers = parse_dates(["1400/11/22", "x", "1400/13/01", "1400/11/22"], today=TODAY)

    assert [getattr(answer, "code", "good") for answer in answers] == [
        "good", "date.unreadable", "date.month", "good",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "promised"),
    [
        ("by 22 Bahman this year", (1400, 11, 22)),
        ("تا ۲۲ بهمن امسال", (1400, 11, 22)),
        ("تا ۲۲ بهمن", (1400, 11, 22)),
        ("تا ۲۲ مهر", (1401, 7, 22)),
        ("تا ۲۲ مهر امسال", (1400, 7, 22)),
        ("22 بهمن سال آینده", (1401, 11, 22)),
        ("by 22 Bahman 1402", (1402, 11, 22)),
        ("حداکثر تا ۱۴۰۰/۱۲/۱۰", (1400, 12, 10)),
        ("دهه فجر", (1400, 11, 22)),
        ("دهه مبارک فجر سال آینده", (1401, 11, 22)),
        ("تا هفته دولت", (1401, 6, 8)),
        ("تا پایان سال", (1400, 12, 29)),
        ("پایان امسال", (1400, 12, 29)),
        ("by the end of next year", (1401, 12, 29)),
        ("پایان سال ۱۳۹۹", (1399, 12, 30)),
        ("تا پایان شهریور", (1401, 6, 31)),
        ("تا دی‌ماه امسال", (1400, 10, 30)),
        ("نیمه بهمن", (1400, 11, 15)),
        ("ابتدای تابستان", (1401, 4, 1)),
        ("نیمه تابستان", (1401, 5, 15)),
        ("نیمه سال آینده", (1401, 6, 31)),
        ("نیمه اول سال آینده", (1401, 6, 31)),
        ("نیمه دوم سال", (1400, 12, 29)),
        ("by spring", (1401, 3, 31)),
        ("پاییز پارسال", (1399, 9, 30)),
    ],
)
def test_a_promise_in_words_is_resolved_on_the_day_it_was_made(
    words: str, promised: tuple[int, int, int]
) -> None:
    promise = resolve_phrase(words, said_on=from_jalali(1400, 10, 20))

    assert to_jalali(promise.date) == promised
    assert promise.words == words


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("به زودی", "promise.unclear"),
        ("", "promise.unclear"),
        ("تا ۳۱ مهر امسال", "date.day"),
        ("تا ۱۴۰۰/۱۳/۱۰", "date.month"),
    ],
)
def test_words_without_a_day_are_refused(words: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        resolve_phrase(words, said_on=TODAY)

    assert refusal.value.code == code


def test_the_fiscal_year_runs_from_farvardin_to_esfand() -> None:
    first, last = fiscal_year(1399)

    assert (first.isoformat(), last.isoformat()) == ("2020-03-20", "2021-03-20")


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        ((1380, 6, 15), (1400, 6, 14), 19),
        ((1380, 6, 15), (1400, 6, 15), 20),
        ((1399, 12, 30), (1400, 12, 29), 0),
        ((1399, 12, 30), (1401, 1, 1), 1),
        ((1400, 1, 1), (1400, 1, 1), 0),
    ],
)
def test_age_counts_whole_jalali_years(
    birth: tuple[int, int, int], on: tuple[int, int, int], years: int
) -> None:
    assert age(from_jalali(*birth), from_jalali(*on)) == years


def test_nobody_has_an_age_before_birth() -> None:
    with pytest.raises(Invalid) as refusal:
        age(TODAY, TODAY - datetime.timedelta(days=1))

    assert refusal.value.code == "date.order"
