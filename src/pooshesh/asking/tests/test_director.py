"""The director's home: what moved and why, what is late, within one's reach."""

from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from pooshesh.asking import home
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.insight.months import code_of, month_of, moved, of_code
from pooshesh.insight.places import place_of
from pooshesh.insight.tests import made
from pooshesh.places.models import Area

LAST = of_code("1401-10")
RURAL = {"scheme": "rural", "decile": "1", "sex": "F"}
NOBODY = {"scheme": "none", "decile": "2", "sex": "F"}


def history(country: Country, last: list[made.Given], months: int = 9) -> None:
    """Months that hardly move, then `last`."""
    for back in range(months - 1, 0, -1):
        _month(back, people(country.darvazeh_ghar, 600 + back % 2, 400)
                     + people(country.falak_ol_din, 300, 200))  # fmt: skip
    _month(0, last)


def people(area: Area, covered: int, others: int) -> list[made.Given]:
    return [("persons", area, covered, RURAL), ("persons", area, others, NOBODY)]


def better(country: Country) -> list[made.Given]:
    """Tehran covers a tenth more."""
    return people(country.darvazeh_ghar, 700, 300) + people(country.falak_ol_din, 300, 200)


def _month(back: int, facts: list[made.Given]) -> None:
    made.month(code_of(moved(LAST, -back)), facts)


def test_the_figure_that_moved_stands_with_the_areas_that_moved_it(
    country: Country, cast: Cast
) -> None:
    history(country, better(country))

    found = home.most_moved(cast.national_director, place_of(country.nation), LAST, home.MONTH)

    share = next(one for one in found if one.now.indicator.code == "covered_share")
    assert [cause.place and cause.place.code for cause in share.causes] == ["p23", "p15"]
    assert sum(cause.total for cause in share.causes) == share.movement.change


def test_the_page_is_told_in_a_fixed_number_of_statements(
    country: Country, cast: Cast, as_user: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    history(country, better(country))
    browser = as_user(cast.national_director)

    with django_assert_max_num_queries(34):
        page = browser.get("/figures/").content.decode()

    assert "سهم بیمه‌شدگان" in page
    assert "واحد درصد" in page


def test_a_director_of_a_province_begins_with_that_province(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    history(country, people(country.falak_ol_din, 360, 140))

    page = as_user(cast.lorestan_director).get("/figures/").content.decode()

    assert "لرستان" in page
    assert "خرم‌آباد" in page


def test_another_provinces_neighbourhood_is_not_found(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    answer = as_user(cast.lorestan_director).get("/figures/?area=n0001")

    assert answer.status_code == 404


def test_without_a_month_the_page_says_so(cast: Cast, as_user: SignIn) -> None:
    page = as_user(cast.national_director).get("/figures/").content.decode()

    assert "هنوز هیچ ماهی شمرده نشده است" in page


def test_a_month_that_runs_is_not_set_beside_whole_ones(country: Country) -> None:
    this = month_of(timezone.localdate())

    made.month(code_of(this), people(country.falak_ol_din, 300, 200))

    assert home.last_whole_month() == moved(this, -1)


def test_a_clerk_has_no_such_page(cast: Cast, as_user: SignIn) -> None:
    assert as_user(cast.lorestan_clerk).get("/figures/").status_code == 404


def test_what_moved_stands_on_the_home_page_too(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    history(country, people(country.falak_ol_din, 360, 140))

    page = as_user(cast.lorestan_director).get("/").content.decode()

    assert home.last_whole_month() == LAST
    assert "سهم بیمه‌شدگان" in page
