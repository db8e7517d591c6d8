"""The forecast of load on its page, counted from cover."""

import datetime as dt

import pytest
from django.utils import timezone

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.coverage.actions import Enrolment, enrol, record_roll_cover
from pooshesh.coverage.models import Scheme
from pooshesh.kernel import jobs
from pooshesh.network import actions, queries, seed
from pooshesh.network.forecast import month_start
from pooshesh.network.models import Assumption, Intake, Quantity
from pooshesh.people.models import Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import ali, zahra
from pooshesh.places.models import Facility, FacilityKind, name_keys

TODAY = timezone.localdate()
THIS_MONTH = month_start(TODAY)


@pytest.fixture
def persons(country: Country, cast: Cast) -> list[Person]:
    """Zahra, 15–49 or older, and Ali."""
    done = register_census(
        [zahra(), ali()], area=country.darvazeh_ghar, on=TODAY, actor=cast.tehran_clerk.pk
    )
    return [Person.objects.get(pk=done.persons[n]) for n in (1, 2)]


@pytest.fixture
def insured(country: Country, cast: Cast, persons: list[Person]) -> None:
    """Both enrolled this month, and counted."""
    seed.seed()
    enrol(
        [Enrolment(person.pk, Scheme.UNIVERSAL, 0) for person in persons],
        area=country.darvazeh_ghar, on=THIS_MONTH, actor=None,
    )  # fmt: skip
    jobs.start("network.count", actor=None)
    actions.count_newly_insured(lambda *_step: None)


def test_who_became_insured_is_counted_by_month_age_and_sex(
    insured: None, country: Country
) -> None:
    rows = Intake.objects.values_list("area__code", "month", "sex", "persons")

    assert sorted(rows) == [("n0001", THIS_MONTH, "F", 1), ("n0001", THIS_MONTH, "M", 1)]


def test_counting_again_changes_nothing(insured: None) -> None:
    before = list(Intake.objects.order_by("sex").values_list("month", "age_group", "persons"))

    actions.count_newly_insured(lambda *_step: None)

    assert before == list(
        Intake.objects.order_by("sex").values_list("month", "age_group", "persons")
    )


def test_who_was_covered_the_day_before_is_not_new(country: Country, persons: list[Person]) -> None:
    before = THIS_MONTH - dt.timedelta(days=90)
    record_roll_cover("sso", [persons[0].pk], area=country.darvazeh_ghar, on=before, actor=None)
    enrol(
        [Enrolment(person.pk, Scheme.UNIVERSAL, 0) for person in persons],
        area=country.darvazeh_ghar, on=THIS_MONTH, actor=None,
    )  # fmt: skip

    actions.count_newly_insured(lambda *_step: None)

    assert list(Intake.objects.values_list("sex", "persons")) == [("M", 1)]


def test_the_page_shows_need_beside_capacity(
    as_user: SignIn, cast: Cast, country: Country, insured: None
) -> None:
    Facility.objects.create(
        code="f1", kind=FacilityKind.HEALTH_POST, level=1, area=country.darvazeh_ghar,
        area_path=country.darvazeh_ghar.path, province="23", daily_visits=40, name_fa="پایگاه",
        **name_keys("f1", "پایگاه", ""),
    )  # fmt: skip

    made = queries.forecast_of(
        cast.national_director.reach("network.read"), country.tehran_city, THIS_MONTH
    )
    page = as_user(cast.tehran_clerk).get("/load/?area=t230101&start=" + str(TODAY))

    darvazeh = next(p for p in made.places if p.area == country.darvazeh_ghar)
    assert (made.newly, darvazeh.newly, darvazeh.visit_capacity) == (2, 2, 40 * 24)
    assert made.load["visits"][-1] >= 1
    assert page.status_code == 200
    assert "فرض" in page.content.decode()


def test_the_whole_is_at_least_what_its_places_show(
    cast: Cast, country: Country, insured: None
) -> None:
    reach = cast.national_director.reach("network.read")

    nation = queries.forecast_of(reach, country.nation, THIS_MONTH)
    city = queries.forecast_of(reach, country.tehran_city, THIS_MONTH)

    assert nation.load == city.load
    assert sum(p.newly for p in nation.places) == nation.newly


def test_a_forecast_takes_as_many_statements_for_the_nation_as_for_a_city(
    cast: Cast, country: Country, insured: None, django_assert_max_num_queries: object
) -> None:
    reach = cast.national_director.reach("network.read")

    with django_assert_max_num_queries(5):  # type: ignore[operator]
        queries.forecast_of(reach, country.nation, THIS_MONTH)
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        queries.forecast_of(reach, country.tehran_city, THIS_MONTH)


def test_a_price_gives_a_cost_with_bounds(cast: Cast, country: Country, insured: None) -> None:
    reach = cast.national_director.reach("network.read")
    without = queries.forecast_of(reach, country.nation, THIS_MONTH)
    actions.assume(
        Quantity.COST_VISIT, 800_000, citation="تعرفه", since=THIS_MONTH, assumed=False, actor=None
    )

    priced = queries.forecast_of(reach, country.nation, THIS_MONTH)

    assert without.cost is None
    assert priced.cost is not None
    assert 0 < priced.cost[0] < priced.cost[1] < priced.cost[2]
    assert priced.unpriced == ("bed_days", "medicines")


def test_an_area_beyond_reach_is_not_forecast(as_user: SignIn, cast: Cast, insured: None) -> None:
    page = as_user(cast.lorestan_clerk).get("/load/?area=n0001&start=" + str(TODAY))

    assert "دروازه" not in page.content.decode()


def test_numbers_are_changed_from_a_day_on_by_the_nation_alone(
    as_user: SignIn, cast: Cast, db: None
) -> None:
    seed.seed()
    asked = {
        "quantity": "visits", "age_from": "0", "sex": "", "value": "7000", "citation": "پیمایش",
        "since": str(TODAY),
    }  # fmt: skip

    refused = as_user(cast.tehran_clerk).post("/load/numbers/", asked).status_code
    as_user(cast.programme_head).post("/load/numbers/", asked)

    held = Assumption.objects.known().filter(quantity="visits", age_from=0, sex="")
    assert refused == 404
    assert sorted(held.values_list("value", flat=True)) == [6000, 7000]
