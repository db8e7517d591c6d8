"""The seeded country and the demo country."""

import datetime as dt

import pytest
from django.db.models import Sum
from django.test import TestCase

from pooshesh.places import demo, queries
from pooshesh.places.models import (
    Area,
    AreaKind,
    AreaSetMember,
    Facility,
    FacilityKind,
    Figure,
    SetKind,
)
from pooshesh.places.queries import EVERYWHERE
from pooshesh.places.seed import seed_country

TODAY = dt.date(2024, 1, 1)


@pytest.fixture
def seeded(db: None) -> None:
    seed_country()


def test_the_seed_lays_31_provinces_with_their_census(seeded: None) -> None:
    lorestan = Area.objects.get(code="p15")
    population = queries.figure(lorestan, "population", TODAY)

    assert Area.objects.filter(kind=AreaKind.PROVINCE).count() == 31
    assert population is not None
    assert population.value == 1_760_649


def test_the_nations_figure_is_the_sum_of_its_provinces(seeded: None) -> None:
    figures = Figure.objects.filter(name="population")

    total = figures.filter(area__kind=AreaKind.PROVINCE).aggregate(Sum("value"))["value__sum"]

    assert total == figures.get(area__code="ir").value == 79_926_270


def test_seeding_twice_lays_one_country(seeded: None) -> None:
    assert seed_country() is False
    assert Area.objects.count() == 32


def test_a_seeded_country_says_what_is_still_missing(seeded: None) -> None:
    found = queries.completeness(EVERYWHERE, TODAY)

    assert (found.whole.declared, found.whole.registered, found.whole.missing) == (2020, 0, 2020)


class TheDemoCountry(TestCase):
    """Loaded once for all its tests."""

    @classmethod
    def setUpTestData(cls) -> None:
        seed_country()
        demo.load()

    def test_the_demo_has_the_sponsors_as_reported(self) -> None:
        found = queries.completeness(EVERYWHERE, TODAY)

        assert {s.code: (s.declared, s.registered, s.about) for s in found.sponsors} == {
            "setad": (440, 440, False),
            "relief": (318, 318, False),
            "red_crescent": (215, 215, False),
            "welfare": (900, 900, True),
        }
        assert (found.whole.registered, found.assigned, found.unassigned) == (2020, 1873, 147)
        assert (found.declared_by_sponsor, found.declared_unassigned) == (1873, 147)

    def test_the_demo_has_260_neighbourhoods_in_tehran(self) -> None:
        by_province = queries.numbers_by_province(EVERYWHERE, "neighbourhoods", TODAY)

        assert by_province["23"] == 260
        assert len(by_province) == 31
        assert sum(by_province.values()) == 2020

    def test_the_demo_has_19_85_million_residents(self) -> None:
        residents = queries.numbers_by_province(EVERYWHERE, "residents", TODAY)

        assert sum(residents.values()) == 19_850_000

    def test_darvazeh_ghar_lies_in_tehran_and_has_a_sponsor(self) -> None:
        area = queries.area(EVERYWHERE, "darvazeh_ghar")

        assert [above.name_fa for above in queries.above(area)] == [
            "ایران",
            "تهران",
            "تهران",
            "تهران",
        ]
        assert queries.accountable_sponsor(area, TODAY) is not None

    def test_darvazeh_ghar_lies_in_district_12(self) -> None:
        area = queries.area(EVERYWHERE, "darvazeh_ghar")

        assert area.latitude is not None
        assert area.longitude is not None
        assert 35.66 <= area.latitude <= 35.67
        assert 51.41 <= area.longitude <= 51.43

    def test_tehran_city_lies_in_three_catchments(self) -> None:
        tehran = queries.area(EVERYWHERE, "t230101")

        assert {c.code for c in queries.catchments(tehran, TODAY)} == {"tums", "iums", "sbmu"}

    def test_every_neighbourhood_lies_in_one_catchment(self) -> None:
        members = AreaSetMember.objects.on(TODAY).filter(
            kind=SetKind.CATCHMENT, area__kind=AreaKind.NEIGHBOURHOOD
        )

        assert members.count() == 2020

    def test_some_areas_of_iran_university_have_no_hospital(self) -> None:
        (iums,) = queries.area_sets(SetKind.CATCHMENT).filter(code="iums")
        cities = queries.in_set(queries.areas(EVERYWHERE, TODAY), "iums").filter(kind=AreaKind.CITY)
        hospitals = Facility.objects.filter(kind=FacilityKind.HOSPITAL, area__in=cities)

        assert iums.name_fa == "دانشگاه علوم پزشکی ایران"
        assert 0 < hospitals.count() < cities.count()

    def test_some_neighbourhoods_were_handed_over(self) -> None:
        handed_over = queries.area(EVERYWHERE, "n0040")

        history = list(queries.membership(handed_over, SetKind.SPONSOR))

        assert len(history) == 2
        assert history[0].valid.lower == history[1].valid.upper

    def test_the_demo_is_the_same_every_time(self) -> None:
        area = queries.area(EVERYWHERE, "n0002")
        population = queries.figure(area, "population", TODAY)

        assert demo.load() is False
        assert population is not None
        assert (area.name_fa, population.value) == ("خوشسرا", 8484)
