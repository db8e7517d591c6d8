"""The league on screen: who is ranked, what is masked, what an export says."""

from pytest_django import DjangoAssertNumQueries

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.insight.tests import made

RURAL = {"scheme": "rural", "decile": "1", "sex": "F"}
NOBODY = {"scheme": "none", "decile": "2", "sex": "F"}
SHARE = "/figures/league/?indicator=covered_share"


def facts(country: Country, covered: int = 60) -> list[made.Given]:
    return [
        ("persons", country.darvazeh_ghar, covered, {**RURAL, "sponsor": "welfare"}),
        ("persons", country.darvazeh_ghar, 40, {**NOBODY, "sponsor": "welfare"}),
        ("persons", country.falak_ol_din, 300, {**RURAL, "sponsor": "welfare"}),
        ("persons", country.falak_ol_din, 20, {**NOBODY, "sponsor": "welfare"}),
        ("persons", country.unsponsored, 70, RURAL),
        ("persons", country.unsponsored, 30, NOBODY),
    ]


def test_provinces_are_ranked_with_intervals_and_limits_in_a_fixed_number_of_statements(
    country: Country,
    cast: Cast,
    as_user: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    made.month("1400-10", facts(country, 90))
    made.month("1401-10", facts(country))
    client = as_user(cast.national_director)

    with django_assert_max_num_queries(16):
        page = client.get(SHARE).content.decode()

    assert "لرستان" in page
    assert "۹۳٫۸٪" in page


def test_nobody_without_the_permission_sees_it(cast: Cast, as_user: SignIn) -> None:
    assert as_user(cast.lorestan_clerk).get("/figures/league/").status_code == 404
