"""The list of diseases and a patient in Lorestan."""

import datetime as dt
from uuid import uuid4

import pytest

from pooshesh.conftest import Cast, Country
from pooshesh.disease import claims, seed, tags
from pooshesh.disease.models import Claim, Disease, Tag
from pooshesh.disease.tags import NewTag
from pooshesh.people.models import Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import DAY, ali, zahra

WHY = "برگه‌ها تشخیص را نشان نمی‌دهد"


@pytest.fixture
def listed(db: None) -> Disease:
    """SMA, with the whole list laid."""
    seed.seed()
    return Disease.objects.get(code="SMA")


@pytest.fixture
def family(country: Country, cast: Cast, listed: Disease) -> tuple[Person, Person]:
    """Zahra and Ali, registered in Khorramabad."""
    done = register_census(
        [zahra(), ali()], area=country.falak_ol_din, on=DAY, actor=cast.lorestan_clerk.pk
    )
    rows = Person.objects.select_related("area").in_bulk(done.persons.values())
    return rows[done.persons[1]], rows[done.persons[2]]


@pytest.fixture
def patient(family: tuple[Person, Person]) -> Person:
    """Zahra."""
    return family[0]


@pytest.fixture
def claim(patient: Person, listed: Disease, cast: Cast) -> Claim:
    """Her diagnosis of SMA, waiting for the university of Lorestan."""
    return claims.open_claim(
        patient, listed, origin_id=uuid4(), area=patient.area, actor=cast.fund_clerk.pk
    )


def tagged(
    person: Person, starts: dt.date, ends: dt.date | None = None, disease: str = "SMA"
) -> Tag:
    """A tag of these days."""
    return tags.issue(NewTag(person, disease, starts, ends), actor=None)
