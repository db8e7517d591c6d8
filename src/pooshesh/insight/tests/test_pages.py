"""Pages of figures: what they say, to whom, and that a reference holds for good."""

import datetime as dt

import pytest

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.insight.tests import made

EARLY = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
RURAL = {"scheme": "rural", "decile": "1", "sex": "F"}
NOBODY = {"scheme": "none", "decile": "2", "sex": "F"}


def facts(country: Country, covered: int = 60) -> list[made.Given]:
    return [
        ("persons", country.darvazeh_ghar, covered, RURAL),
        ("persons", country.darvazeh_ghar, 40, NOBODY),
        ("persons", country.falak_ol_din, 30, {**RURAL, "sex": "M"}),
        ("persons", country.falak_ol_din, 2, NOBODY),
    ]


def test_the_book_lists_every_indicator_with_its_figure(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    made.month("1401-10", facts(country))

    page = as_user(cast.national_director).get("/figures/book/").content.decode()

    assert "سهم بیمه‌شدگان" in page
    assert "۶۸٫۲٪" in page


def test_an_indicator_is_shown_by_area_and_by_dimension(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    made.month("1401-10", facts(country))

    page = as_user(cast.national_director).get("/figures/of/covered_share/").content.decode()

    assert "تهران" in page
    assert "لرستان" in page
    assert "۶۰ نفر از ۱۰۰ نفر" in page


def test_a_figure_keeps_its_address_when_its_month_is_counted_anew(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    made.month("1401-10", facts(country), at=EARLY)
    made.month("1401-10", facts(country, covered=99), at=EARLY + dt.timedelta(days=1))

    browser = as_user(cast.national_director)

    assert "۶۰٫۰٪" in browser.get("/figures/at/covered_share/p23/1401-10/1/").content.decode()
    assert "۷۱٫۲٪" in browser.get("/figures/at/covered_share/p23/1401-10/2/").content.decode()


@pytest.mark.parametrize(
    "reference",
    ["covered_share/n0001/1401-10/1", "covered_share/p23/1401-10/9", "x/p23/1401-10/1",
     "covered_share/p23/1401-13/1", "covered_share/p23", "covered_share/nowhere/1401-10/1"],
)  # fmt: skip
def test_what_is_out_of_reach_or_was_never_counted_is_not_found(
    country: Country, cast: Cast, as_user: SignIn, reference: str
) -> None:
    made.month("1401-10", facts(country))

    answer = as_user(cast.lorestan_director).get(f"/figures/at/{reference}/")

    assert answer.status_code == 404


def test_few_people_of_another_province_are_masked_and_ones_own_are_not(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    made.month("1401-10", [("persons", country.darvazeh_ghar, 3, RURAL)])

    page = as_user(cast.lorestan_director).get("/figures/of/covered_share/?area=p23")

    assert "کمتر از ۵" in page.content.decode()


def test_a_clerk_has_no_book_of_figures(cast: Cast, as_user: SignIn) -> None:
    assert as_user(cast.lorestan_clerk).get("/figures/book/").status_code == 404
