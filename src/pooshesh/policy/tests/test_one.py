"""One person's facts in one statement are those of `facts.of_persons`."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from pytest_django import DjangoAssertNumQueries

from pooshesh.conftest import Country
from pooshesh.people.models import Decile, Household, Membership, Person, Relation
from pooshesh.policy import facts, queries
from pooshesh.policy.one import of_person
from pooshesh.rules.tree import Value

DAY = dt.date(2025, 9, 1)
ALWAYS = DateRange(dt.date(2020, 1, 1), None)
GIVEN: dict[str, Value] = {
    "in_package": True, "asked_rial": 1, "used_rial": 0, "tag_from": None, "tag_until": None,
}  # fmt: skip

Live = Callable[[Relation], Person]


@pytest.fixture
def live(country: Country) -> Live:
    """`live(Relation.HEAD)` is a person in one household of decile 6."""
    area = country.falak_ol_din
    home = Household.objects.create(area=area, area_path=area.path, province="15")
    known = DateTimeTZRange(dt.datetime(2020, 1, 1, tzinfo=dt.UTC), None)
    Decile.objects.create(household=home, decile=6, source="t", valid=ALWAYS, recorded=known)

    def make(relation: Relation) -> Person:
        person = Person.objects.create(
            area=area, area_path=area.path, province="15", search_key="x", sort_key="x"
        )
        Membership.objects.create(
            person=person, household=home, relation=relation, valid=ALWAYS, recorded=known
        )
        return person

    return make


@pytest.mark.django_db
def test_one_statement_knows_what_many_know(
    live: Live, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    child = (live(Relation.HEAD), live(Relation.CHILD))[1]
    pack = queries.bound_pack("iran", DAY)
    (many,) = facts.of_persons(pack, [child.pk]).drop(facts.GROUPS).to_dicts()
    del many["person_id"]

    with django_assert_num_queries(1):
        found = of_person(pack, child.pk, about={}, given={})

    assert found is not None
    record, known = found
    assert record == child.pk
    assert known == many
    assert known["decile"] == 6
    assert known["relation"] == "child"


@pytest.mark.django_db
def test_what_is_given_is_not_asked_and_nobody_is_nobody(live: Live) -> None:
    head = live(Relation.HEAD)
    pack = queries.bound_pack("iran.fund", DAY)

    found = of_person(pack, head.pk, about={"disease": "sma"}, given=GIVEN)

    assert found is not None
    assert found[1].items() >= GIVEN.items()
    assert pack.decide(found[1]).outputs["fund_step"] == "tag_needed"
