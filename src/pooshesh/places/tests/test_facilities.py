"""Facilities are opened, corrected, moved and closed."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from pooshesh.conftest import Country
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.places import facilities, queries
from pooshesh.places.facilities import Facts
from pooshesh.places.models import Facility, FacilityKind
from pooshesh.places.queries import EVERYWHERE

OPENED, DAY = dt.date(2010, 3, 21), dt.date(2022, 1, 1)
FACTS = Facts("f1", FacilityKind.HOSPITAL, 2, "بیمارستان مولوی", beds=120, opened_on=OPENED)


@pytest.fixture
def hospital(country: Country) -> Facility:
    return facilities.create_facility(actor=None, area=country.tehran_city, facts=FACTS)


def test_a_facility_lies_where_its_area_lies(country: Country, hospital: Facility) -> None:
    assert hospital.area_path == country.tehran_city.path
    assert hospital.province == "23"
    assert list(queries.facilities_in(EVERYWHERE, country.tehran, DAY)) == [hospital]
    assert Event.objects.get(action="places.create_facility").object_id == str(hospital.id)


def test_a_moved_facility_keeps_its_code(country: Country, hospital: Facility) -> None:
    facts = replace(FACTS, code="f2", beds=150)

    facilities.update_facility(actor=None, facility=hospital, area=country.khorramabad, facts=facts)

    hospital.refresh_from_db()
    assert (hospital.code, hospital.beds, hospital.province) == ("f1", 150, "15")
    assert hospital.area_path == country.khorramabad.path


def test_a_closed_facility_is_listed_up_to_its_last_day(hospital: Facility) -> None:
    facilities.close_facility(actor=None, facility=hospital, on=DAY)

    assert hospital in queries.facilities(EVERYWHERE, DAY - dt.timedelta(1))
    assert hospital not in queries.facilities(EVERYWHERE, DAY)


def test_a_facility_is_not_listed_before_it_opens(hospital: Facility) -> None:
    assert hospital not in queries.facilities(EVERYWHERE, OPENED - dt.timedelta(1))
    assert hospital in queries.facilities(EVERYWHERE, OPENED)


def test_a_facility_closes_once(hospital: Facility) -> None:
    facilities.close_facility(actor=None, facility=hospital, on=DAY)

    with pytest.raises(Invalid) as refused:
        facilities.close_facility(actor=None, facility=hospital, on=DAY)

    assert refused.value.code == "facility.closed"


def test_a_facility_does_not_close_before_it_opened(hospital: Facility) -> None:
    with pytest.raises(Invalid) as refused:
        facilities.close_facility(actor=None, facility=hospital, on=OPENED)

    assert refused.value.code == "places.dates"


def test_the_database_refuses_closing_before_opening(hospital: Facility) -> None:
    with pytest.raises(IntegrityError, match="facility_closes"), transaction.atomic():
        Facility.objects.filter(pk=hospital.pk).update(closed_on=OPENED)


@pytest.mark.parametrize(
    ("change", "area", "error"),
    [
        ({}, "tehran_city", "facility.taken"),
        ({"code": "f 2"}, "tehran_city", "facility.code"),
        ({"code": "f2", "name_fa": " "}, "tehran_city", "facility.name"),
        ({"code": "f2", "level": 4}, "tehran_city", "facility.level"),
        ({"code": "f2"}, "tehran", "facility.area"),
        ({"code": "f2", "closed_on": OPENED}, "tehran_city", "places.dates"),
    ],
)
def test_a_facility_is_refused(
    country: Country, hospital: Facility, change: dict[str, object], area: str, error: str
) -> None:
    facts = replace(FACTS, **change)  # type: ignore[arg-type]

    with pytest.raises(Invalid) as refused:
        facilities.create_facility(actor=None, area=getattr(country, area), facts=facts)

    assert refused.value.code == error
    assert Facility.objects.count() == 1
