import datetime
from collections.abc import Iterator, Sequence
from unittest.mock import Mock

import polars as pl
import pytest
from django.utils import translation

from pooshesh.kernel.calendar import parse_date
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.identifiers import Kind, grade
from pooshesh.kernel.sheet_columns import (
    PROBLEMS,
    Column,
    Problem,
    match_columns,
    validate,
)
from pooshesh.kernel.sheets import Table


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def national_id(text: str) -> str:
    read = grade(Kind.NATIONAL_ID, text)
    remark = read.remark()
    if remark and not read.is_trusted:
        raise remark
    return read.value


NATIONAL_ID = Column(
    name="national_id", title="کد ملی", aliases=("کد ملی", "شماره ملی"), parse=national_id
)
NAME = Column(name="first_name", title="نام", aliases=("نام",), required=True, filled=True)
BIRTH = Column(
    name="birth_date",
    title="تاریخ تولد",
    aliases=("تاریخ تولد", "تولد"),
    parse=lambda text: parse_date(text).date,
    dtype=pl.Date,
)
COLUMNS = [NATIONAL_ID, NAME, BIRTH]
AS_NAMED = {"first_name": "نام", "national_id": "کد ملی", "birth_date": "تولد"}


def sheet(headers: Sequence[str], *records: Sequence[str]) -> Table:
    frame = pl.DataFrame(list(records), schema=dict.fromkeys(headers, pl.String), orient="row")
    rows = pl.Series("row", range(2, len(records) + 2), dtype=pl.UInt32)
    return Table("سرشماری.csv", "csv", "utf-8", list(headers), frame, rows)


def only_problem(field: str, read: str) -> Problem:
    cells = {"first_name": "رضا", "national_id": "", "birth_date": ""} | {field: read}
    table = sheet(list(AS_NAMED.values()), [cells[name] for name in AS_NAMED])
    (problem,) = validate(table, COLUMNS, AS_NAMED).problems
    return problem


# Headers.


@pytest.mark.parametrize(
    "headers",
    [
        ["کد ملی", "نام", "تولد"],
        ["تاريخ‌تولّد", "نـام", "كدملي"],
        ["Birth Date", "FIRST_NAME", "national-id"],
        ["یادداشت", "تاریخ تولد:", "نام", "شماره ملی"],
    ],
)
def test_headers_in_any_order_language_and_spelling_are_matched(headers: list[str]) -> None:
    matching = match_columns(headers, COLUMNS)

    assert matching.problems == ()
    assert matching.certain().keys() == {"national_id", "first_name", "birth_date"}
    assert set(matching.mapping.values()) <= set(headers)


def test_an_optional_column_may_be_missing() -> None:
    assert match_columns(["نام"], COLUMNS).certain() == {"first_name": "نام"}


def test_a_saved_choice_goes_before_the_aliases() -> None:
    headers = ["نام", "شماره", "نام در شناسنامه"]
    saved = {"first_name": "نام در شناسنامه", "national_id": "شماره", "birth_date": "روز تولد"}

    matching = match_columns(headers, COLUMNS, saved)

    assert matching.certain() == {"first_name": "نام در شناسنامه", "national_id": "شماره"}


def test_a_header_chosen_for_one_column_is_not_taken_by_another() -> None:
    matching = match_columns(["نام", "کد ملی"], COLUMNS, {"first_name": "کد ملی"})

    assert matching.mapping == {"first_name": "کد ملی"}


def test_all_that_is_wrong_with_the_headers_is_told_at_once() -> None:
    matching = match_columns(["کد ملی", "شماره ملی", "سن"], COLUMNS)

    assert [problem.code for problem in matching.problems] == [
        "sheet.column_doubled",
        "sheet.column_missing",
    ]
    with pytest.raises(Invalid) as caught:
        matching.certain()
    assert str(caught.value) == (
        "The columns of the sheet do not fit. More than one column fits “کد ملی”:"
        " “کد ملی / شماره ملی”; expected one of them to be chosen. There is no column for “نام”;"
        " expected a header such as “نام”. The headers read: “کد ملی / شماره ملی / سن”."
    )


def test_one_header_chosen_for_two_columns_is_refused() -> None:
    saved = {"first_name": "نام", "national_id": "نام"}

    matching = match_columns(["نام"], COLUMNS, saved)

    assert [str(problem) for problem in matching.problems] == [
        "The column “نام” was chosen for “کد ملی / نام”; expected a column for each."
    ]


# Cells.


def test_cells_are_read_into_the_types_of_their_columns() -> None:
    table = sheet(["نام", "کد ملی", "تولد"], ["رضا", "۷۹۵۷۷۶۱۱", "۱۳۹۲/۰۶/۳۱"], [" زهرا ", " ", ""])

    checked = validate(table, [*COLUMNS, Column(name="mobile", title="تلفن همراه")], AS_NAMED)

    assert checked.problems == []
    assert checked.frame.rows() == [
        (2, "0079577611", "رضا", datetime.date(2013, 9, 22), None),
        (3, None, "زهرا", None, None),
    ]
    assert checked.good().equals(checked.frame)


@pytest.mark.parametrize(
    ("field", "read", "sentence"),
    [
        (
            "birth_date",
            "1400/07/31",
            "Row 2, تاریخ تولد: In “1400/07/31” the day was read as 31; month 7 of 1400 has 30"
            " days.",
        ),
        (
            "birth_date",
            "1400/12/31",
            "Row 2, تاریخ تولد: In “1400/12/31” the day was read as 31; month 12 of 1400 has 29"
            " days.",
        ),
        (
            "birth_date",
            "13700/01/01",
            "Row 2, تاریخ تولد: In “13700/01/01” the year was read as 13700; expected a Jalali"
            " year from 1200 to 1500 or a Gregorian year from 1800 to 2100.",
        ),
        (
            "national_id",
            "0079577612",
            "Row 2, کد ملی: The check digit of the national ID number “0079577612” is wrong; one"
            " digit may be mistyped.",
        ),
        (
            "national_id",
            "۱۱۱۱۱۱۱۱۱۱",
            "Row 2, کد ملی: “1111111111” is not a national ID number: all its digits are the same.",
        ),
        (
            "national_id",
            "1234567",
            "Row 2, کد ملی: “1234567” is not a national ID number; expected 10 digits.",
        ),
        ("first_name", " ", "Row 2, نام: the cell is blank; expected a value."),
    ],
)
def test_a_problem_says_row_field_read_and_expected(field: str, read: str, sentence: str) -> None:
    problem = only_problem(field, read)

    assert (problem.row, problem.field, problem.read) == (2, field, read)
    assert problem.sentence() == sentence


def test_a_problem_is_told_in_persian() -> None:
    problem = only_problem("first_name", "")

    with translation.override("fa"):
        sentence = problem.sentence()

    assert sentence == "ردیف ۲، نام: خانه خالی است؛ باید پر شود."


def test_every_problem_is_reported_by_row_and_only_good_rows_go_on() -> None:
    table = sheet(
        ["نام", "کد ملی", "تولد"],
        ["رضا", "123", "1400/07/31"],
        ["زهرا", "0079577611", "1367/01/10"],
        ["", "123", "1367/01/10"],
    )

    checked = validate(table, COLUMNS, AS_NAMED)

    assert [(problem.row, problem.field, problem.code) for problem in checked.problems] == [
        (2, "national_id", "national_id.length"),
        (2, "birth_date", "date.day"),
        (4, "national_id", "national_id.length"),
        (4, "first_name", "sheet.blank"),
    ]
    assert checked.count == 4
    assert checked.good()["row"].to_list() == [3]


def test_beyond_the_cap_problems_are_counted_and_the_first_rows_listed() -> None:
    table = sheet(["نام", "کد ملی"], *[["", "123"]] * PROBLEMS)

    checked = validate(table, COLUMNS, {"first_name": "نام", "national_id": "کد ملی"})

    assert checked.count == 2 * PROBLEMS
    assert len(checked.problems) == PROBLEMS
    assert checked.problems[-1].row == PROBLEMS // 2 + 1
    assert checked.good().is_empty()


def test_a_text_that_occurs_often_is_parsed_once() -> None:
    parse = Mock(side_effect=str.upper)
    column = Column(name="city", title="شهر", parse=parse)
    table = sheet(["شهر"], *[["qom"], ["rey"]] * 50)

    checked = validate(table, [column], {"city": "شهر"})

    assert parse.call_count == 2
    assert checked.frame["city"].to_list() == ["QOM", "REY"] * 50


@pytest.mark.parametrize("shown", ["#DIV/0!", "#n/a", " #REF! ", "#NAME?", "#VALUE!", "Err:502"])
def test_an_error_of_the_spreadsheet_is_no_value(shown: str) -> None:
    problem = only_problem("first_name", shown)

    assert (problem.code, problem.row) == ("sheet.error_cell", 2)
    assert problem.expected == (
        f"“{shown.strip()}” is an error of the spreadsheet; expected the value it stands for."
    )


def test_a_name_that_only_looks_like_an_error_is_read() -> None:
    table = sheet(["نام"], ["#REF! رضا"])

    assert validate(table, [NAME], {"first_name": "نام"}).count == 0
