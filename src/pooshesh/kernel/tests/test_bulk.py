"""Rows that are there already are left as they are; plans are kept."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from pooshesh.kernel.bulk import FEW, add_missing, prepared
from pooshesh.kernel.models import Schedule

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, FEW - 1, FEW, FEW * 2])
def test_what_is_there_already_stays_and_the_rest_is_added(count: int) -> None:
    now = timezone.now()
    Schedule.objects.create(kind="0", next_at=now)
    later = now + dt.timedelta(days=1)
    asked = [Schedule(kind=str(n), next_at=later) for n in range(count)]

    add_missing(asked)
    add_missing(asked)

    found = dict(Schedule.objects.filter(kind__in=[one.kind for one in asked]).values_list())
    assert found == dict.fromkeys((str(n) for n in range(count)), later) | {"0": now}


def test_nothing_to_add_asks_nothing(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        add_missing([])


def test_a_plan_is_kept_for_what_is_asked_again() -> None:
    sql = "select %(number)s::int + 1"

    found = [prepared(sql, {"number": number}) for number in (1, 2)]

    assert found == [[(2,)], [(3,)]]
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_prepared_statements where statement like %s",
                       ["select $1::int + 1"])  # fmt: skip
        assert cursor.fetchone() == (1,)
