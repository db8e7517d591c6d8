"""The league on screen: who is ranked, what is masked, what an export says."""

import datetime as dt
import xml.etree.ElementTree as ET

from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.insight.tests import made
from pooshesh.kernel.time import from_now
from pooshesh.places.models import Area, Figure

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


def census(area: Area, people: int) -> None:
    Figure.objects.create(
        area=area, name="population", value=people, source="سرشماری ۱۳۹۵",
        valid=DateRange(dt.date(2016, 9, 24), None), recorded=from_now(),
    )  # fmt: skip


def test_provinces_are_ranked_with_intervals_limits_and_trends(
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

    assert "۹۳٫۸٪" in page
    assert "۹۰٫۵٪ تا ۹۵٫۹٪" in page  # Wilson of 300 of 320
    assert "/figures/at/covered_share/p15/1401-10/1/" in page
    assert "بالاتر از حد ۹۹٫۸ درصد" in page
    assert "<polyline" in page
    assert "پایین‌تر" in page


def test_an_export_names_both_parts_and_never_writes_a_zero_for_nobody(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    made.month("1401-10", facts(country)[2:4])

    got = as_user(cast.national_director).get(f"{SHARE}&export=csv")

    lines = b"".join(got).decode().splitlines()
    assert lines[1].startswith("1,لرستان,0.9375,1 – 1,")
    assert lines[1].endswith(",0.905441 – 0.95918,300,320")
    assert lines[2] == ",تهران,,,,,,,0,0"


def test_lorestans_share_of_registrations_is_pointed_at_as_an_outlier(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    census(country.nation, 79_926_270)
    census(country.lorestan, 1_760_649)
    census(country.tehran, 78_165_621)  # everybody else
    made.month(
        "1401-10",
        [
            ("applications", country.lorestan, 12_450, {}),
            ("applications", country.tehran, 53_252 - 12_450, {}),
        ],
    )

    page = as_user(cast.auditor).get(
        "/figures/league/?indicator=applications&per=people"
    ).content.decode()  # fmt: skip

    assert "لرستان: ۲۳٫۴٪ از" in page
    assert "۲٫۲٪ از جمعیت: ۱۰٫۶ برابر" in page
    assert "نه مدال" in page


def test_a_count_over_the_insured_is_made_of_two_figures_exactly(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    made.month("1401-10", [*facts(country), ("applications", country.lorestan, 12, {})])

    got = as_user(cast.auditor).get(
        "/figures/league/?indicator=applications&per=insured&export=csv&sort=name"
    )

    lines = b"".join(got).decode().splitlines()
    assert any(line.startswith("1,لرستان,40,") and line.endswith(",12,300") for line in lines)


def test_a_small_province_takes_another_with_it_and_is_not_exported(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    made.month(
        "1401-10",
        [("applications", country.lorestan, 3, {}), ("applications", country.tehran, 900, {})],
    )

    got = as_user(cast.lorestan_director).get(
        "/figures/league/?indicator=applications&export=csv&sort=name"
    )

    lines = b"".join(got).decode().splitlines()
    assert {line.split(",")[0] + line.split(",")[2] for line in lines[1:]} == {""}


def test_a_province_that_covers_for_another_does_not_follow_from_its_neighbourhoods(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    made.month(
        "1401-10",
        [
            ("applications", country.falak_ol_din, 3, {}),
            ("applications", country.darvazeh_ghar, 40, {}),
            ("applications", country.unsponsored, 60, {}),
        ],
    )

    got = as_user(cast.auditor).get(
        "/figures/league/?indicator=applications&of=neighbourhood&within=p23&export=csv&sort=name"
    )

    lines = b"".join(got).decode().splitlines()
    assert {line.split(",")[1]: line.split(",")[2] for line in lines[1:]}["دروازه‌غار"] == ""


def test_a_sum_of_months_is_hidden_where_one_of_them_is(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    many: made.Given = ("applications", country.lorestan, 900, {})
    made.month("1401-09", [("applications", country.tehran, 3, {}), many])
    made.month("1401-10", [("applications", country.tehran, 90, {}), many])
    asked = "/figures/league/?indicator=applications&month=1401-10&export=csv&sort=name"
    browser = as_user(cast.lorestan_director)

    alone = b"".join(browser.get(asked)).decode().splitlines()
    year = b"".join(browser.get(f"{asked}&span=year")).decode().splitlines()

    assert {line.split(",")[1]: line.split(",")[2] for line in alone[1:]}["تهران"] == "90"
    assert {line.split(",")[1]: line.split(",")[2] for line in year[1:]}["تهران"] == ""


def test_sponsors_stand_side_by_side(country: Country, cast: Cast, as_user: SignIn) -> None:
    made.month("1401-10", facts(country))

    page = as_user(cast.auditor).get(f"{SHARE}&of=sponsor").content.decode()

    assert "سازمان بهزیستی" in page
    assert "بدون نهاد حامی" in page


def test_neighbourhoods_of_ones_own_area_alone(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    made.month("1401-10", facts(country))

    page = as_user(cast.lorestan_director).get(f"{SHARE}&of=neighbourhood").content.decode()

    assert "فلک‌الدین" in page
    assert "دروازه‌غار" not in page


def test_a_county_narrows_neighbourhoods_but_not_what_masks_them(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    made.month("1401-10", facts(country))

    got = as_user(cast.auditor).get(
        f"{SHARE}&of=neighbourhood&within=p23&county=c2301&export=csv"
    )  # fmt: skip

    assert len(b"".join(got).decode().splitlines()) == 3


def test_the_plot_is_a_file_of_its_own(country: Country, cast: Cast, as_user: SignIn) -> None:
    made.month("1401-10", facts(country))

    got = as_user(cast.auditor).get(f"{SHARE}&export=svg")

    assert got["Content-Type"].startswith("image/svg+xml")
    assert b"var(--" not in got.content


def test_before_anything_was_counted_the_page_says_so(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    page = as_user(cast.auditor).get("/figures/league/").content.decode()

    assert "هنوز هیچ ماهی شمارش نشده است" in page


def test_nobody_without_the_permission_sees_it(cast: Cast, as_user: SignIn) -> None:
    assert as_user(cast.lorestan_clerk).get("/figures/league/").status_code == 404


def test_the_map_shades_provinces_and_leads_to_the_figures(
    country: Country,
    cast: Cast,
    as_user: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    made.month("1401-10", facts(country))
    client = as_user(cast.auditor)

    with django_assert_max_num_queries(12):
        page = client.get("/figures/map/?indicator=covered_share").content.decode()

    assert "لرستان: ۹۳٫۸٪" in page
    assert "class-0" in page  # who counted nothing is no zero


def test_neighbourhoods_are_points_where_they_lie(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    Area.objects.filter(pk=country.darvazeh_ghar.pk).update(latitude=35.66, longitude=51.42)
    made.month("1401-10", facts(country))

    page = as_user(cast.auditor).get(
        "/figures/map/?indicator=covered_share&of=neighbourhood&within=p23"
    ).content.decode()  # fmt: skip

    assert '<circle class="mark class-' in page
    assert "دروازه‌غار: ۶۰٫۰٪" in page


def test_months_stand_side_by_side_in_one_scale(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    made.month("1401-09", facts(country, 90))
    made.month("1401-10", facts(country))

    page = as_user(cast.auditor).get(
        "/figures/map/?indicator=covered_share&of=months"
    ).content.decode()  # fmt: skip

    assert "لرستان, آذر ۱۴۰۱: ۹۳٫۸٪" in page
    assert "of=province&amp;month=1401-09" in page


def test_a_map_is_downloaded_with_its_title_and_legend_or_as_a_sheet(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    made.month("1401-10", facts(country))
    client = as_user(cast.auditor)

    svg = client.get("/figures/map/?indicator=covered_share&export=svg").content.decode()
    sheet = client.get("/figures/map/?indicator=covered_share&export=xlsx")

    assert ET.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
    assert "سهم بیمه‌شدگان" in svg
    assert sheet["Content-Disposition"].endswith('.xlsx"')


def test_a_director_sees_counties_of_their_own_province_alone(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    made.month("1401-10", facts(country))

    got = as_user(cast.lorestan_director).get(
        "/figures/map/?indicator=covered_share&of=county&export=csv"
    )

    assert b"".join(got).decode().count("\n") == 2
