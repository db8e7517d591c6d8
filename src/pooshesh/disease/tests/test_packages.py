"""Packages: read from a sheet, proposed by one, put in force by another, asked for by date."""

import csv
import datetime as dt
import io

import pytest
from django.db import IntegrityError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.conftest import Cast
from pooshesh.disease import packages, queries
from pooshesh.disease.models import Disease, Package, PackageState
from pooshesh.disease.package_sheet import (
    Sheet,
    difference,
    read,
    read_shares,
    write_shares,
)
from pooshesh.disease.queries import Line
from pooshesh.disease.tests.conftest import WHY
from pooshesh.kernel.calendar import from_jalali
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial

START = from_jalali(1404, 1, 1)
LATER = from_jalali(1404, 7, 1)
HEAD = ("کد", "نوع", "عنوان", "قیمت واحد (ریال)", "سهم صندوق", "حداکثر در سال")
GOOD = ("NUS-12", "دارو", "نوسینرسن", "۱٬۲۰۰٬۰۰۰٬۰۰۰", "۱-۵:۱۰۰ ۶:۸۰ ۷-۱۰:۵۰", "۶")
PLAIN = ("PT-1", "service", "کاردرمانی", "", "", "")


def sheet(*rows: tuple[str, ...]) -> Sheet:
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    return read("package.csv", io.BytesIO(text.getvalue().encode()))


def proposed(
    disease: Disease, cast: Cast, *rows: tuple[str, ...], starts: dt.date = START
) -> Package:
    return packages.propose(
        disease, sheet(*rows), name="package.csv", digest="d", starts=starts,
        ceiling=Rial(900_000_000), note="", actor=cast.fund_clerk.pk,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_version_is_in_force_from_its_day_once_another_person_said_so(
    listed: Disease, cast: Cast
) -> None:
    made = proposed(listed, cast, GOOD, PLAIN)
    before = queries.package_on("SMA", START)
    packages.approve(made, actor=cast.fund_manager.pk)

    found = queries.package_on("SMA", START)

    assert before is None
    assert queries.package_on("SMA", START - dt.timedelta(days=1)) is None
    assert found is not None
    assert (found.id, found.ceiling_rial, list(found.lines)) == (
        made.pk, 900_000_000, ["NUS-12", "PT-1"],
    )  # fmt: skip
    drug, service = found.lines.values()
    assert (drug.unit_price_rial, drug.most_per_year) == (1_200_000_000, 6)
    assert [drug.percent(decile) for decile in (1, 5, 6, 10, None)] == [100, 100, 80, 50, None]
    assert service.percent(3) is None


@pytest.mark.django_db
def test_who_proposed_cannot_put_it_in_force(listed: Disease, cast: Cast) -> None:
    made = proposed(listed, cast, GOOD)

    with pytest.raises(Invalid, match="another person"):
        packages.approve(made, actor=cast.fund_clerk.pk)
    with pytest.raises(IntegrityError, match="package_answered_by_another"):
        Package.objects.update(state=PackageState.APPROVED, decided_by=cast.fund_clerk.pk)


@pytest.mark.django_db
def test_a_refused_version_is_never_in_force(listed: Disease, cast: Cast) -> None:
    made = proposed(listed, cast, GOOD)
    packages.refuse(made, answer=WHY, actor=cast.fund_manager.pk)

    with pytest.raises(Invalid, match="answered before"):
        packages.approve(made, actor=cast.fund_manager.pk)

    assert queries.package_on("SMA", LATER) is None


@pytest.mark.django_db
def test_what_was_in_force_as_known_then_can_be_asked_later(listed: Disease, cast: Cast) -> None:
    first = proposed(listed, cast, GOOD)
    packages.approve(first, actor=cast.fund_manager.pk)
    known = timezone.now()
    second = proposed(listed, cast, PLAIN, starts=START)
    packages.approve(second, actor=cast.fund_manager.pk)

    now, then = queries.package_on("SMA", LATER), queries.package_on("SMA", LATER, as_of=known)

    assert now is not None
    assert then is not None
    assert (now.id, then.id) == (second.pk, first.pk)


@pytest.mark.django_db
def test_an_earlier_version_ends_where_a_later_one_begins(listed: Disease, cast: Cast) -> None:
    later = packages.approve(proposed(listed, cast, GOOD, starts=LATER), actor=cast.fund_manager.pk)
    earlier = packages.approve(
        proposed(listed, cast, PLAIN, starts=START), actor=cast.fund_manager.pk
    )

    found = [queries.package_on("SMA", day) for day in (START, LATER)]

    assert [one and one.id for one in found] == [earlier.pk, later.pk]


@pytest.mark.django_db
def test_a_warm_package_costs_one_statement(
    listed: Disease, cast: Cast, django_assert_num_queries: object
) -> None:
    packages.approve(proposed(listed, cast, GOOD), actor=cast.fund_manager.pk)
    queries.package_on("SMA", LATER)

    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.package_on("SMA", LATER)


def test_every_fault_of_a_sheet_is_told_with_its_row() -> None:
    found = sheet(
        ("کد بد!", "دارو", "الف", "", "", ""), ("A", "سفر", "ب", "", "", ""),
        ("B", "دارو", "پ", "-5", "1-5:100", "0"), ("B", "دارو", "", "12.5", "101", ""),
    )  # fmt: skip

    assert sorted((one.row, one.field) for one in found.troubles) == sorted(
        [
            (2, "code"), (3, "kind"), (4, "unit_price_rial"), (4, "shares"),
            (4, "most_per_year"), (5, "code"), (5, "title_fa"), (5, "unit_price_rial"),
            (5, "shares"),
        ]
    )  # fmt: skip
    assert (found.lines, found.count) == ((), 9)


@pytest.mark.django_db
def test_a_sheet_with_a_fault_is_not_proposed(listed: Disease, cast: Cast) -> None:
    with pytest.raises(Invalid, match="1 cells"):
        proposed(listed, cast, GOOD, ("B", "سفر", "پ", "", "", ""))

    assert not Package.objects.exists()


def test_a_price_in_toman_is_refused_where_rial_is_asked() -> None:
    found = sheet(("A", "دارو", "الف", "۱۲۰۰ تومان", "", ""))

    assert [one.field for one in found.troubles] == ["unit_price_rial"]


def _line(code: str, price: int | None = None) -> Line:
    return Line(code, "drug", code, "", price, None, None)


def test_the_difference_names_what_came_what_went_and_what_changed() -> None:
    before = {"A": _line("A"), "B": _line("B", 5), "C": _line("C")}
    after = {"B": _line("B", 7), "C": _line("C"), "D": _line("D")}

    found = [(one.what, one.code, one.fields) for one in difference(before, after)]

    assert found == [
        ("changed", "B", ["unit_price_rial"]), ("added", "D", []), ("removed", "A", []),
    ]  # fmt: skip


@given(st.lists(st.integers(0, 100), min_size=10, max_size=10))
def test_shares_are_read_as_they_are_written(percents: list[int]) -> None:
    assert read_shares(write_shares(percents)) == percents


def _outcome(typed: str) -> list[int] | str:
    try:
        return read_shares(typed)
    except Invalid as error:
        return error.code


@given(st.text(max_size=30))
def test_whatever_is_typed_are_ten_shares_or_a_sentence(typed: str) -> None:
    found = _outcome(typed)

    assert found == "disease.line_shares" or (len(found) == 10 and max(found) <= 100)  # type: ignore[operator]
