"""Two clerks, or one who pressed twice, at the very same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from pooshesh.conftest import Cast, Country
from pooshesh.kernel.errors import Invalid
from pooshesh.people import actions
from pooshesh.people.models import Decile, Household, Identifier, IdentifierKind, Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import DAY, OTHER_ID, ali, zahra

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all in the same moment; the code of what each was refused for, "" where it was not."""
    ready = Barrier(len(acts))

    def go(act: Callable[[], object]) -> str:
        ready.wait()
        try:
            act()
        except Invalid as error:
            return error.code
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(go, acts))


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
