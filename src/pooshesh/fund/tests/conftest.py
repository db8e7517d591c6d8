"""Patients and diseases for the tests of the fund."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from pooshesh.conftest import Cast, Country
from pooshesh.disease.models import Disease
from pooshesh.disease.seed import seed as seed_diseases
from pooshesh.fund import applications
from pooshesh.fund.models import Application, Channel
from pooshesh.fund.seed import seed as seed_templates
from pooshesh.people.actions import register_person
from pooshesh.people.models import Person, Precision
from pooshesh.people.recognition import CensusPerson
from pooshesh.places.models import Area

MakePatient = Callable[..., Person]
Apply = Callable[..., Application]


@pytest.fixture
def sma(country: Country) -> Disease:
    """A disease of the list, with the evidence every disease asks for."""
    seed_diseases()
    seed_templates()
    return Disease.objects.get(code="SMA")


@pytest.fixture
def patient(country: Country) -> MakePatient:
    """`patient()` registers somebody in Falak-ol-Din of Lorestan, or in another area."""

    def make(
        first: str = "مینا", last: str = "لرستانی", *, area: Area | None = None, **more: Any
    ) -> Person:
        typed = CensusPerson(
            row=0, first_name=first, last_name=last, birth_date=dt.date(2019, 4, 4),
            birth_precision=Precision.DAY, sex="F", **more,
        )  # fmt: skip
        pk: UUID = register_person(
            typed, area=area or country.falak_ol_din, on=dt.date(2022, 1, 1), actor=None
        )
        return Person.objects.get(pk=pk)

    return make


@pytest.fixture
def application(cast: Cast, sma: Disease, patient: MakePatient) -> Apply:
    """`application()` is one for SMA at Lorestan's desk, of a new patient unless one is given."""

    def make(person: Person | None = None, disease: Disease = sma, **more: Any) -> Application:
        more.setdefault("actor", cast.fund_clerk.pk)
        more.setdefault("channel", Channel.DESK)
        return applications.apply(person or patient(), disease, **more)

    return make
