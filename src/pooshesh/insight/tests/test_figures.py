"""Reading figures: kept values and facts say the same, and a moment's figures stay."""

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from pooshesh.access.reach import Reach
from pooshesh.conftest import Country
from pooshesh.indicators import shipped
from pooshesh.insight import cells, figures
from pooshesh.insight.figures import Wanted
from pooshesh.insight.months import between, code_of, moved, of_code
from pooshesh.insight.places import place_of
from pooshesh.insight.tests import made
from pooshesh.kernel.errors import Invalid

AUTUMN = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
RURAL = {"scheme": "rural", "decile": "1", "sex": "f"}
NOBODY = {"scheme": "none", "decile": "2", "sex": "f"}


def facts(country: Country, covered: int = 60) -> list[made.Given]:
    return [
        ("persons", country.darvazeh_ghar, covered, RURAL),
        ("persons", country.darvazeh_ghar, 40, NOBODY),
        ("persons", country.falak_ol_din, 30, {**RURAL, "sex": "m"}),
        ("applications", country.falak_ol_din, 12, {"disease": "SMA"}),
    ]


def wanted(country: Country, *codes: str, **more: Any) -> Wanted:
    areas = (country.nation, country.tehran, country.lorestan, country.darvazeh_ghar)
    return Wanted(
        ("covered_share",), tuple(map(place_of, areas)),
        tuple(map(of_code, codes)) or (of_code("1401-10"),), **more,
    )  # fmt: skip


def test_a_share_is_read_for_every_level_in_a_constant_number_of_statements(
    country: Country, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made.month("1401-10", facts(country))

    with django_assert_num_queries(2):
        found = figures.read(wanted(country))

    assert [(f.place.code, f.numerator, f.denominator) for f in found] == [
        ("ir", 90, 130), ("p23", 60, 100), ("p15", 30, 30), ("n0001", 60, 100),
    ]  # fmt: skip
    assert found[1].value == Fraction(60, 100)
    assert found[1].reference == "covered_share/p23/1401-10/1"


def test_kept_values_say_what_the_facts_say(country: Country) -> None:
    snapshot = made.month("1401-10", facts(country))
    places = [place_of(area) for area in (country.nation, country.tehran, country.lorestan)]
    one, months = shipped().indicators["covered_share"], {snapshot.id: snapshot.month}

    kept = cells.of(one, ["decile"], {}, places, months)
    summed = cells._from_facts(one, ["decile"], {}, places, months)

    assert sorted(kept) == sorted(summed)


def test_two_dimensions_of_a_neighbourhood_are_summed_from_facts(country: Country) -> None:
    made.month("1401-10", facts(country))
    asked = Wanted(
        ("covered_share",), (place_of(country.darvazeh_ghar),), (of_code("1401-10"),),
        by=("decile", "sex"),
    )  # fmt: skip

    found = figures.read(asked)

    assert [(f.group, f.value) for f in found] == [
        ((("decile", "1"), ("sex", "f")), Fraction(1)),
        ((("decile", "2"), ("sex", "f")), Fraction(0)),
    ]  # fmt: skip


def test_what_was_read_as_of_a_day_is_read_again_after_new_data(country: Country) -> None:
    made.month("1401-10", facts(country), at=AUTUMN)
    before = figures.read(wanted(country))

    made.month("1401-10", facts(country, covered=99), at=AUTUMN + dt.timedelta(days=3))

    assert figures.read(wanted(country, as_of=AUTUMN + dt.timedelta(days=1))) == before
    assert figures.read(wanted(country))[0].numerator == 129


def test_a_month_nobody_counted_has_no_value_and_is_no_zero(country: Country) -> None:
    found = figures.read(wanted(country, "1401-11"))

    assert [f.value for f in found] == [None, None, None, None]


def test_an_area_without_people_has_an_empty_share_and_is_no_zero(country: Country) -> None:
    made.month("1401-10", facts(country))
    asked = Wanted(("covered_share",), (place_of(country.unsponsored),), (of_code("1401-10"),))

    (found,) = figures.read(asked)

    assert (found.numerator, found.denominator, found.value) == (0, 0, None)


def test_neighbourhoods_outside_ones_reach_are_left_out(country: Country) -> None:
    made.month("1401-10", facts(country))

    found = figures.read(wanted(country), Reach(provinces=("15",)))

    assert [f.place.code for f in found] == ["ir", "p23", "p15"]


@pytest.mark.parametrize("asked", [{"by": ("disease",)}, {"where": {"disease": "SMA"}}])
def test_a_dimension_that_is_not_counted_is_refused(
    country: Country, asked: dict[str, object]
) -> None:
    with pytest.raises(Invalid) as refused:
        figures.read(wanted(country, **asked))

    assert refused.value.code == "insight.dimension"


def test_months_are_named_by_year_and_number() -> None:
    found = [code_of(month) for month in between(of_code("1400-11"), of_code("1401-02"))]

    assert found == ["1400-11", "1400-12", "1401-01", "1401-02"]
    assert moved(of_code("1401-01"), -13) == of_code("1399-12")
