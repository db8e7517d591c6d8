"""Two clerks, or one who pressed twice, at the very same time."""

import pytest

from pooshesh.conftest import Cast, Country, at_once
from pooshesh.people import actions
from pooshesh.people.models import Decile, Household, Identifier, IdentifierKind, Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import DAY, OTHER_ID, ali, zahra

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_a_form_sent_twice_registers_once(country: Country) -> None:
    def send() -> object:
        return actions.register_household(
            [zahra(), ali()], area=country.darvazeh_ghar, on=DAY, actor=None
        )

    refused = at_once(send, send)

    assert refused == ["", "people.known_identifier"]
    assert (Person.objects.count(), Household.objects.count()) == (2, 1)


def test_two_censuses_at_once_know_one_person(country: Country) -> None:
    def send(source: str) -> object:
        return register_census(
            [zahra()], area=country.darvazeh_ghar, on=DAY, actor=None, source_prefix=source
        )

    at_once(lambda: send("census:abc"), lambda: send("census:def"))

    assert Person.objects.count() == 1


def test_one_number_is_not_written_for_two_persons_at_once(
    cast: Cast, household: tuple[Person, Person]
) -> None:
    def write(person: Person) -> object:
        return actions.set_identifier(
            person, IdentifierKind.NATIONAL, OTHER_ID, actor=cast.tehran_clerk.pk
        )

    refused = at_once(lambda: write(household[0]), lambda: write(household[1]))

    assert refused == ["", "people.misused_identifier"]
    assert Identifier.objects.filter(replaced_at=None).count() == 2


def test_two_deciles_stated_at_once_follow_each_other(cast: Cast, person: Person) -> None:
    home = Household.objects.get()

    def write(decile: int) -> object:
        return actions.set_decile(home, decile, source="x", since=DAY, actor=cast.tehran_clerk.pk)

    refused = at_once(lambda: write(3), lambda: write(4))

    assert refused == ["", ""]
    assert Decile.objects.known().count() == 1
    assert Decile.objects.count() == 2
