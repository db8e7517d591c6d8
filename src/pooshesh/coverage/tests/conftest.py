"""A household with a decile that pays, and what may happen to its cover."""

import datetime as dt
from dataclasses import dataclass

import pytest

from pooshesh.conftest import Cast, Country
from pooshesh.coverage import actions
from pooshesh.coverage.actions import Enrolment
from pooshesh.coverage.models import Scheme
from pooshesh.kernel.calendar import from_jalali
from pooshesh.kernel.config import config
from pooshesh.people import actions as people
from pooshesh.people.models import Household, Membership, Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import ali, zahra

NEW_YEAR = from_jalali(1403, 1, 1)
NEXT_YEAR = from_jalali(1404, 1, 1)
YEARLY = 19_380_000  # rial, of one person in 1403
REASON = "خانوار در دفتر خود چنین گفت"


@pytest.fixture(autouse=True)
def _own_vault(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents that a test keeps lie in its own folder."""
    home = config()
    monkeypatch.setattr(
        "pooshesh.coverage.documents.config",
        lambda: type(home)(**{**vars(home), "home": tmp_path}),
    )


@dataclass(frozen=True)
class Family:
    """Zahra (head) and Ali (child) of one household; decile 10 pays the whole premium."""

    household: Household
    zahra: Person
    ali: Person


@pytest.fixture
def family(country: Country, cast: Cast) -> Family:
    """Registered in a neighbourhood of Tehran that is in no programme; not yet covered."""
    done = register_census(
        [zahra(), ali()], area=country.unsponsored, on=NEW_YEAR, actor=cast.tehran_clerk.pk
    )
    head = Person.objects.select_related("area").get(pk=done.persons[1])
    household = Membership.objects.known().get(person=head).household
    people.set_decile(
        household, 10, source="پایگاه رفاه", since=NEW_YEAR, actor=cast.tehran_clerk.pk
    )
    return Family(household, head, Person.objects.get(pk=done.persons[2]))


@pytest.fixture
def insured(country: Country, family: Family) -> Family:
    """Both covered from 1 Farvardin 1403 on, paying the whole premium."""
    actions.enrol(
        [Enrolment(one.pk, Scheme.UNIVERSAL, 100) for one in (family.zahra, family.ali)],
        area=country.unsponsored, on=NEW_YEAR, actor=None,
    )  # fmt: skip
    return family


def day(year: int, month: int, number: int) -> dt.date:
    """A Jalali day."""
    return from_jalali(year, month, number)
