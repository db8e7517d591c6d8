"""Pages of figures: what they say, to whom, and that a reference holds for good."""

import datetime as dt

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries as Most
from pytest_django import DjangoCaptureOnCommitCallbacks as Now

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.fund.models import PatientFile
from pooshesh.indicators import shipped
from pooshesh.insight import actions, figures
from pooshesh.insight import rows as live
from pooshesh.insight.actions import Due
from pooshesh.insight.models import Reason, Snapshot
from pooshesh.insight.months import code_of, month_of, moved, of_code
from pooshesh.insight.places import place_of
from pooshesh.insight.tests import made
from pooshesh.kernel import audit
from pooshesh.people.models import Person
from pooshesh.places.models import Area

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


@pytest.mark.parametrize(
    "address",
    ["of/applications/?area=p23&month=1401-10", "at/applications/p23/1401-10/1/",
     "book/?area=p23&month=1401-10&q=applications", "at/applications/p23/1401-09..1401-10/1/"],
)  # fmt: skip
def test_a_province_that_covers_for_another_is_told_on_no_page_of_its_own(
    country: Country, cast: Cast, as_user: SignIn, address: str
) -> None:
    for_all: list[made.Given] = [
        ("applications", country.lorestan, 3, {}), ("applications", country.tehran, 917, {}),
    ]  # fmt: skip
    made.month("1401-09", for_all)
    made.month("1401-10", for_all)

    hidden = as_user(cast.welfare_officer).get(f"/figures/{address}").content.decode()
    told = as_user(cast.national_director).get(f"/figures/{address}").content.decode()

    assert "۹۱۷" in told or "۱٬۸۳۴" in told
    assert "۹۱۷" not in hidden
    assert "۱٬۸۳۴" not in hidden
    assert "نشان داده نمی‌شود" in hidden


def test_figures_of_another_province_stand_in_its_book(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    made.month("1401-10", [("applications", country.lorestan, 30, {}),
                           ("applications", country.tehran, 917, {})])  # fmt: skip

    page = as_user(cast.lorestan_director).get("/figures/book/?area=p23").content.decode()

    assert "۹۱۷" in page


def test_a_clerk_has_no_book_of_figures(cast: Cast, as_user: SignIn) -> None:
    assert as_user(cast.lorestan_clerk).get("/figures/book/").status_code == 404


@pytest.fixture
def fund_month(country: Country) -> str:
    """A tag of a patient in Khorramabad, counted last month; the reference of the nation's."""
    person = Person.objects.create(
        area=country.khorramabad, area_path=country.khorramabad.path, province="15", sex="F",
        created_at=EARLY - dt.timedelta(days=300),
    )  # fmt: skip
    file = PatientFile.objects.create(
        person=person, area=person.area, area_path=person.area_path, province="15",
        opened_at=EARLY - dt.timedelta(days=200),
    )  # fmt: skip
    month = moved(month_of(timezone.localdate()), -1)
    actions.build(Due(month, Reason.FIRST, {}), actor=None)
    assert file
    return f"{code_of(month)}/1"


def test_the_rows_behind_are_shown_to_who_works_with_them(
    country: Country, cast: Cast, as_user: SignIn, fund_month: str
) -> None:
    page = as_user(cast.fund_manager).get(f"/figures/at/registered/p15/{fund_month}/rows/")

    file = PatientFile.objects.get()
    assert f"/fund/files/{file.pk}/" in page.content.decode()
    assert page.context["behind"].then == page.context["behind"].now == 1


def test_who_sees_figures_alone_sees_no_rows(
    country: Country, cast: Cast, as_user: SignIn, fund_month: str
) -> None:
    page = as_user(cast.welfare_officer).get(f"/figures/at/registered/p15/{fund_month}/rows/")

    assert page.context["behind"].why == "may"
    assert page.context["hidden"]


def test_every_figure_has_rows_behind_it(country: Country, cast: Cast) -> None:
    made.month("1401-10", facts(country))
    codes, nation = tuple(shipped().indicators), place_of(country.nation)
    found = figures.read(figures.Wanted(codes, (nation,), (of_code("1401-10"),)))

    told = {live.behind(cast.fund_manager, f).why for f in found}

    assert told <= {"", "may"}


def test_rows_behind_a_reach_and_an_opening_add_up_to_what_was_counted(
    country: Country, cast: Cast
) -> None:
    place = country.darvazeh_ghar
    Area.objects.filter(pk=place.pk).update(latitude=35.66, longitude=51.42)
    person = Person.objects.create(
        area=place, area_path=place.path, province="23", sex="F", created_at=EARLY
    )
    audit.record(
        "people.open", actor=cast.tehran_clerk.pk, kind="person", object_id=person.pk,
        persons=[person.pk], area_path=place.path,
    )  # fmt: skip
    month = month_of(timezone.localdate())
    actions.build(Due(month, Reason.FIRST, {}), actor=None)
    wanted = figures.Wanted(
        ("referral_reach", "reads_per_record"), (place_of(country.tehran),), (month,)
    )

    reach, reads = figures.read(wanted)
    located = live.behind(cast.tehran_clerk, reach, denominator=True)
    opened = live.behind(cast.tehran_clerk, reads)

    assert (located.then, located.now, located.rows[0].id) == (1, 1, country.darvazeh_ghar.code)
    assert (opened.then, opened.now, opened.rows[0].id) == (1, 1, str(person.pk))


def test_months_say_why_each_revision_was_made(
    country: Country, cast: Cast, as_user: SignIn, django_assert_max_num_queries: Most
) -> None:
    made.month("1401-10", facts(country))
    made.month("1401-10", facts(country, covered=61))
    browser = as_user(cast.auditor)

    with django_assert_max_num_queries(14):
        page = browser.get("/figures/months/").content.decode()
    one = browser.get("/figures/months/1401-10/").content.decode()

    assert "دی ۱۴۰۱" in page
    assert one.count("ماه به پایان رسید") == 2
    assert "count/" not in one


def test_the_keeper_of_figures_counts_a_month_anew(
    country: Country, cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Now
) -> None:
    code = code_of(moved(month_of(timezone.localdate()), -1))
    browser = as_user(cast.statistician)

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"/figures/months/{code}/count/")
    answer = browser.get(f"/figures/months/{code}/")

    assert Snapshot.objects.get().state == "closed"
    assert "به درخواست کاربر" in answer.content.decode()


def test_who_only_reads_counts_nothing(country: Country, cast: Cast, as_user: SignIn) -> None:
    answer = as_user(cast.auditor).post("/figures/months/1401-10/count/")

    assert answer.status_code == 404
    assert not Snapshot.objects.exists()


def test_a_month_of_the_future_is_refused_in_words(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    code = code_of(moved(month_of(timezone.localdate()), 1))

    answer = as_user(cast.statistician).post(f"/figures/months/{code}/count/", follow=True)

    assert "هنوز آغاز نشده است" in answer.content.decode()
