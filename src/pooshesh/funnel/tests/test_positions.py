"""Nobody is lost: every thing has one position, and the counts are sums of positions."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pooshesh.access.models import Grant
from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.disease.models import Disease
from pooshesh.fund import applications, intake
from pooshesh.fund.tests.conftest import Apply
from pooshesh.funnel import actions
from pooshesh.funnel.models import Change, Tally
from pooshesh.funnel.queries import Wanted, cells, months_ago, totals
from pooshesh.kernel.calendar import from_jalali
from pooshesh.kernel.jobs import Progress

pytestmark = pytest.mark.django_db


def counted(reach: Reach = EVERYWHERE, **wanted: str) -> dict[tuple[str, ...], int]:
    """(unit, state) → how many."""
    found = totals(cells(reach, Wanted(**wanted)), "unit", "state")
    return {key: number for key, (number, _amount) in found.items()}


def test_an_application_and_its_person_are_counted_when_they_come(application: Apply) -> None:
    application()

    assert counted() == {("application", "received"): 1, ("person", "received"): 1}
    assert list(actions.prove()) == []


def test_a_sheet_of_many_is_counted_as_it_is_written(
    country: Country, sma: Disease, cast: Cast
) -> None:
    rows = "نام,نام خانوادگی,بیماری\nعلی,دورودی,SMA\nزهرا,الشتری,SMA".encode()
    sheet, _new = intake.bring(
        country.lorestan, "a.csv", io.BytesIO(rows), actor=cast.fund_clerk.pk
    )
    asked = str(sheet.pk), str(cast.fund_clerk.pk)
    intake.check(Progress(sheet.pk), *asked)

    intake.write(Progress(sheet.pk), *asked)

    assert counted() == {("application", "received"): 2, ("person", "received"): 2}
    assert list(actions.prove()) == []


def test_who_moves_on_is_counted_there_and_no_more_where_they_were(
    application: Apply, cast: Cast
) -> None:
    one = application()

    applications.send_to_university(one.pk, actor=cast.fund_clerk.pk)

    assert counted() == {("application", "verifying"): 1, ("person", "verifying"): 1}


def test_a_second_application_is_another_application_of_the_same_person(
    application: Apply, cast: Cast
) -> None:
    first = application()
    applications.withdraw(first.pk, text="دیگر نمی‌خواهد", actor=cast.fund_clerk.pk)

    application(first.file.person)

    assert counted() == {
        ("application", "withdrawn"): 1, ("application", "received"): 1, ("person", "received"): 1,
    }  # fmt: skip


def test_folding_changes_no_count(application: Apply) -> None:
    application()
    before = counted()

    actions.fold()

    assert counted() == before
    assert (Change.objects.count(), Tally.objects.count()) == (0, 2)
    assert list(actions.prove()) == []


def test_what_is_narrower_than_a_province_adds_up_to_it(
    application: Apply, country: Country
) -> None:
    application()
    application()

    assert counted(path=country.falak_ol_din.path) == counted(path=country.lorestan.path)
    assert counted(disease="SMA") == {("application", "received"): 2}
    assert counted(path=country.tehran.path) == {}


def test_a_position_that_was_tampered_with_is_found(application: Apply) -> None:
    application()
    with connection.cursor() as cursor:
        cursor.execute("update funnel_position set state = 'tagged' where unit = 'application'")

    faults = [(one.unit, one.expected, one.found) for one in actions.prove()]

    assert ("application", "received", "tagged") in faults


def test_a_count_that_was_tampered_with_is_found(application: Apply) -> None:
    application()
    actions.fold()
    Tally.objects.filter(unit="person").update(number=7)

    assert [(one.unit, one.expected, one.found) for one in actions.prove()] == [
        ("person", "1", "7")
    ]


def test_a_reach_of_nothing_counts_nothing(application: Apply) -> None:
    application()

    assert counted(Reach()) == {}


def test_who_sees_figures_alone_narrows_to_no_disease_and_no_county(
    application: Apply, cast: Cast, country: Country, as_user: SignIn
) -> None:
    application()
    Grant.objects.filter(user=cast.national_director).update(counts_only=True)
    client = as_user(cast.national_director)

    narrowed = [
        client.get(reverse("funnel:board"), asked)
        for asked in (
            {"disease": "HEMA"},
            {"area": country.khorramabad.code},
            {"area": country.tehran.code},
        )
    ]
    rows = client.get(reverse("funnel:rows"), {"unit": "application"})

    assert [list(one.context["narrow"].errors) for one in narrowed] == [["disease"], ["area"], []]
    assert [one.context["steps"]["registered"] for one in narrowed] == [1, 1, 0]
    assert list(rows.context["table"].page_rows) == []


def test_who_sees_rows_narrows_as_they_like(
    application: Apply, cast: Cast, country: Country, as_user: SignIn
) -> None:
    application()

    shown = as_user(cast.fund_clerk).get(
        reverse("funnel:board"), {"disease": "SMA", "area": country.khorramabad.code}
    )

    numbers = {block.unit: block.number for block in shown.context["blocks"]}
    assert (shown.context["narrow"].errors, numbers["application"]) == ({}, 1)


@given(day=st.dates(from_jalali(1390, 1, 1), from_jalali(1450, 12, 29)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_the_database_knows_the_jalali_month_of_a_day(db: None, day: dt.date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select funnel_month(%s)", [day])
        found = cursor.fetchone()

    assert found == (months_ago(day, 0),)
