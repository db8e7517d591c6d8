import datetime

import polars as pl
import pytest

from pooshesh.people.linkage.keys import build
from pooshesh.people.linkage.names import MISSING
from pooshesh.people.linkage.tests.sheets import ID, PERSON, sheet, table_of, valid_id


def test_spellings_of_one_name_share_a_code() -> None:
    table = table_of(
        {"first_name": "سید محمد‌علی", "last_name": "كريمي"},
        {"first_name": "محمد علی", "last_name": "کریمی"},
    )

    assert table.first[0] == table.first[1]
    assert table.last[0] == table.last[1]


def test_a_title_written_without_a_space_goes_where_the_rest_is_a_known_name() -> None:
    table = table_of({"first_name": "سیدحسن"}, *[{"first_name": "حسن"}] * 3)

    assert table.first[0] == table.first[1]


def test_a_name_that_only_looks_like_a_title_stays() -> None:
    table = table_of({"first_name": "سیدحسن"}, {"first_name": "حسن"})

    assert table.first[0] != table.first[1]


def test_latin_and_persian_spellings_share_a_skeleton() -> None:
    table = table_of({"first_name": "Mohammad"}, {"first_name": "محمد"})

    assert table.names.skeleton_of[table.first[0]] == table.names.skeleton_of[table.first[1]]


@pytest.mark.parametrize(
    ("typed", "year", "day"),
    [
        ("1369/08/17", 1369, 817),
        ("۱۳۶۹/۸/۱۷", 1369, 817),
        ("1369", 1369, MISSING),
        ("1990-11-08", 1369, 817),
        ("1369/12/31", MISSING, MISSING),
        (None, MISSING, MISSING),
    ],
)
def test_birth_dates_become_a_jalali_year_and_day(typed: str | None, year: int, day: int) -> None:
    table = table_of({"birth_date": typed})

    assert (table.year[0], table.day[0]) == (year, day)


def test_a_birth_date_may_be_a_date_already() -> None:
    table = build(pl.DataFrame({"row": [1], "birth_date": [datetime.date(1990, 11, 8)]}), {})

    assert (table.year[0], table.day[0]) == (1369, 817)


@pytest.mark.parametrize(
    ("typed", "number", "valid"),
    [
        (ID, int(ID), True),
        (ID.lstrip("0"), int(ID), True),
        (ID.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")), int(ID), True),
        ("3205677770", 3205677770, False),
        ("1111111111", MISSING, False),
        ("0001234567", MISSING, False),
        ("09121234567", MISSING, False),
    ],
)
def test_national_ids_keep_their_number_and_whether_it_is_valid(
    typed: str, number: int, valid: bool
) -> None:
    table = table_of({"national_id": typed})

    assert (table.national[0], table.national_valid[0]) == (number, valid)


def test_the_rows_own_mobile_is_no_national_id_even_with_a_right_check_digit() -> None:
    mobile = valid_id("912123456")

    alone = table_of({"national_id": mobile, "mobile": "09350000000"})
    copied = table_of({"national_id": mobile, "mobile": f"0{mobile}"})

    assert alone.national_valid[0]
    assert copied.national[0] == MISSING


def test_row_order_does_not_matter() -> None:
    frame = sheet(PERSON, {"first_name": "Zahra"}, {"last_name": "نوری"})

    assert build(frame, {}).first.tolist() == build(frame.reverse(), {}).first.tolist()


def test_columns_that_are_not_there_are_missing() -> None:
    table = build(pl.DataFrame({"row": [1, 2]}), {"ihio": pl.DataFrame({"row": [1]})})

    assert len(table) == 3
    assert table.left_size == 2
    assert set(table.household) == {MISSING}
