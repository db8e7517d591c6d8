"""Rows that are there already are left as they are, however many are added at once."""

import datetime as dt

import pytest
from django.utils import timezone

from pooshesh.kernel.bulk import FEW, add_missing
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
