"""Every province has its deciding bodies from the first day."""

import pytest
from pytest_django import DjangoAssertNumQueries

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.models import Event
from pooshesh.meetings.models import Rule, Seat
from pooshesh.requests.bodies import SEATS, body_of
from pooshesh.requests.models import Decider, Practice
from pooshesh.requests.seed import seed

pytestmark = pytest.mark.django_db


def test_every_province_has_a_committee_and_a_working_group_once(country: Country) -> None:
    before = body_of("15", Decider.COMMITTEE)

    seed()
    seed()

    assert sorted(Practice.objects.values_list("province", "of")) == [
        ("15", "committee"), ("15", "group"), ("23", "committee"), ("23", "group"),
    ]  # fmt: skip
    assert body_of("15", Decider.COMMITTEE) == before
    assert Seat.objects.filter(body=body_of("23", Decider.GROUP)).count() == len(SEATS)


def test_the_bodies_of_all_provinces_are_founded_at_once(
    country: Country, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    body_of("15", Decider.GROUP)  # the organisations are there

    with django_assert_max_num_queries(19):
        seed()

    assert Event.objects.filter(action="meetings.found").count() == 4
    assert Rule.objects.count() == 4


def test_the_secretary_sees_her_bodies_from_the_first_day(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    seed()

    page = as_user(cast.secretary).get("/meetings/").content.decode()

    assert f"کمیته استانی صندوق {country.lorestan.name_fa}" in page
