"""People of the shared country."""

import datetime as dt
from dataclasses import replace

import pytest

from pooshesh.conftest import Cast, Country
from pooshesh.people.models import LegalStatus, Person, Relation, Sex
from pooshesh.people.registration import CensusPerson, register_census

DAY = dt.date(2022, 2, 11)  # 1400/11/22
ZAHRA_ID = "0012345679"  # each with a right check digit
ALI_ID = "0499370899"
OTHER_ID = "0013542419"


def zahra(**changes: object) -> CensusPerson:
    """The head of a household, as a census row."""
    row = CensusPerson(
        row=1, household="7", relation=Relation.HEAD, first_name="زهرا", last_name="کریمی‌نژاد",
        father_name="حسن", sex=Sex.FEMALE, birth_date=dt.date(1980, 5, 4), birth_precision="day",
        national_id=ZAHRA_ID, mobile="09121234567", postal_code="1619735744",
        status=LegalStatus.CITIZEN, nationality="IR",
    )  # fmt: skip
    return replace(row, **changes)  # type: ignore[arg-type]


def ali(**changes: object) -> CensusPerson:
    """Her child."""
    row = CensusPerson(
        row=2, household="7", relation=Relation.CHILD, first_name="علی", last_name="رضایی",
        father_name="محمد", sex=Sex.MALE, birth_date=dt.date(2009, 3, 21), birth_precision="year",
        national_id=ALI_ID, status=LegalStatus.CITIZEN, nationality="IR",
    )  # fmt: skip
    return replace(row, **changes)  # type: ignore[arg-type]


@pytest.fixture
def household(country: Country, cast: Cast) -> tuple[Person, Person]:
    """Zahra and Ali, registered in Darvazeh-Ghar."""
    done = register_census(
        [zahra(), ali()], area=country.darvazeh_ghar, on=DAY, actor=cast.tehran_clerk.pk
    )
    return Person.objects.get(pk=done.persons[1]), Person.objects.get(pk=done.persons[2])


@pytest.fixture
def person(household: tuple[Person, Person]) -> Person:
    """Zahra."""
    return household[0]
