"""People are found by any identifier and by name with typos, never outside one's area."""

import pytest

from pooshesh.conftest import Cast, Country
from pooshesh.people import queries
from pooshesh.people.models import Person
from pooshesh.people.names import slips, words_of
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import DAY, ZAHRA_ID, zahra


def found(viewer: object, text: str) -> set[str]:
    hits = queries.find(viewer, text).hits  # type: ignore[arg-type]
    return {f"{hit.first_name} {hit.last_name}" for hit in hits}


@pytest.mark.parametrize(
    "text",
    [
        "زهرا کریمی‌نژاد",
        "كريمي نژاد",  # Arabic letters, a space for the joiner
        "کریمینژاد زهرا",
        "زهرا کریمی نزاد",  # ژ typed ز
        "زهرا کرمی‌نژاد",  # a letter lost
        "زحرا کریمی",
        "زهرا کریم",
        "Zahra Kariminejad",
        "zahra karimi nezhad",
        "KARIMI NEZHAD",
    ],
)
def test_a_name_is_found_however_it_is_typed(
    household: tuple[Person, Person], cast: Cast, text: str
) -> None:
    assert found(cast.tehran_clerk, text) == {"زهرا کریمی‌نژاد"}


@pytest.mark.parametrize(
    "text", [ZAHRA_ID, "۰۰۱۲۳۴۵۶۷۹", "٠٠١٢٣٤٥٦٧٩", "001-234567-9", "12345679", "09121234567",
             "+98 912 123 4567"],
)  # fmt: skip
def test_any_identifier_in_any_digits_is_found(person: Person, cast: Cast, text: str) -> None:
    assert found(cast.tehran_clerk, text) == {"زهرا کریمی‌نژاد"}


@pytest.mark.parametrize(
    "text", ["", "   ", "!!", "؟", "‌", "گشتاسب", "0499370898", "۰۹۱۲", "'; --"]
)
def test_nothing_is_found_by_what_nobody_has(person: Person, cast: Cast, text: str) -> None:
    assert found(cast.tehran_clerk, text) == set()


@pytest.mark.parametrize("text", ["زهرا", ZAHRA_ID, "09121234567", "zahra"])
def test_a_lorestan_clerk_does_not_find_a_tehran_person(
    person: Person, cast: Cast, text: str
) -> None:
    assert found(cast.lorestan_clerk, text) == set()


@pytest.mark.parametrize("who", ["mayor_counts", "outsider", "auditor", "welfare_officer"])
def test_who_may_not_see_names_finds_nobody(person: Person, cast: Cast, who: str) -> None:
    assert found(getattr(cast, who), "زهرا") == set()


def test_the_nearest_name_comes_first(country: Country, cast: Cast) -> None:
    rows = [
        zahra(row=n, household="", national_id="", last_name=last)
        for n, last in enumerate(["کریمیان", "کریمی", "کرمی"])
    ]
    register_census(rows, area=country.darvazeh_ghar, on=DAY, actor=None)

    hits = queries.find(cast.tehran_clerk, "زهرا کریمی").hits

    assert [hit.last_name for hit in hits] == ["کریمی", "کرمی", "کریمیان"]


def test_a_long_list_says_that_there_are_more(country: Country, cast: Cast) -> None:
    rows = [zahra(row=n, household="", national_id="") for n in range(6)]
    register_census(rows, area=country.darvazeh_ghar, on=DAY, actor=None)

    result = queries.find(cast.tehran_clerk, "زهرا", limit=5)

    assert len(result.hits) == 5
    assert result.more


def test_a_search_takes_a_fixed_number_of_statements(
    person: Person, cast: Cast, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        queries.find(cast.tehran_clerk, "زهرا کریمی")


def test_words_of_a_name_are_found_apart_and_joined() -> None:
    assert words_of("محمد رضا", "کریمی‌نژاد") == sorted(
        ["محمد", "رضا", "محمدرضا", "کریمی", "نژاد", "کریمینژاد"]
    )


@pytest.mark.parametrize(
    ("one", "other"), [("کریمی", "کرمی"), ("رضا", "رصا"), ("حسن", "حسین"), ("علی", "عیل")]
)
def test_two_words_one_slip_apart_meet(one: str, other: str) -> None:
    assert set(slips(one, one)) & set(slips(other, other))
