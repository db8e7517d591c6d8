"""Plans: where, by whom, until when, for how much; and what it cost."""

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from pooshesh.access.models import Grant, User
from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.kernel.money import Rial
from pooshesh.programme.models import Campaign
from pooshesh.programme.plans import actions, queries
from pooshesh.programme.plans.models import Cost, CostKind, Plan, PlanPlace, PlanState
from pooshesh.programme.plans.money import meant, per_person

pytestmark = pytest.mark.django_db

FROM, TO = dt.date(2022, 2, 1), dt.date(2022, 3, 20)


def aim(cast: Cast, **changes: object) -> actions.Aim:
    given = {
        "name": "زمستان", "leader": cast.tehran_lead.id, "starts_on": FROM, "ends_on": TO,
        "persons": 9_000, "budget": Rial(9_000_000_000), "workers": [cast.tehran_clerk.id],
    }  # fmt: skip
    return actions.Aim(**{**given, **changes})  # type: ignore[arg-type]


@pytest.fixture
def plan(country: Country, cast: Cast) -> Plan:
    """A plan in Tehran with Darvazeh-Ghar in it."""
    made = actions.make_plan(country.tehran, aim(cast), actor=None)
    actions.add_places(made, ["n0001"], reach=EVERYWHERE, actor=None)
    return made


def test_a_campaign_belongs_to_the_plan_of_its_day(plan: Plan, campaign: Campaign) -> None:
    actions.move_plan(plan, "open", actor=None)

    assert campaign.plan == plan
    assert Event.objects.filter(action="plan.add_places").count() == 1


def test_a_plan_shows_its_work_beside_its_target(
    plan: Plan, campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    actions.write_cost(campaign, CostKind.WAGES, Rial(4_000_000), campaign.on, "", actor=None)

    page = as_user(cast.tehran_lead).get(f"/campaigns/plans/{plan.id}/").content.decode()

    assert "۱٬۰۰۰٬۰۰۰ ریال" in page  # for each of four persons
    assert 'class="line aim"' in page
    assert cast.tehran_clerk.full_name in page


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_on": dt.date(2022, 1, 1)}, "plan.order"),
        ({"budget": Rial(90_000_000)}, "plan.budget"),
        ({"budget": Rial(900_000_000_000)}, "plan.budget"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    country: Country, cast: Cast, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        actions.make_plan(country.tehran, aim(cast, **changes), actor=None)

    assert caught.value.code == code
    assert not Plan.objects.exists()


def test_an_odd_budget_may_be_confirmed(country: Country, cast: Cast) -> None:
    made = actions.make_plan(
        country.tehran, aim(cast, budget=Rial(900_000_000_000), sure=True), actor=None
    )

    assert made.budget == 900_000_000_000


@pytest.mark.parametrize(
    ("amount", "guess"), [(900_000_000, None), (9_000_000, Rial(90_000_000)), (9_000_000_000, None)]
)
def test_a_budget_ten_times_off_is_questioned(amount: int, guess: Rial | None) -> None:
    assert meant(Rial(amount), 900) == guess


def test_cost_per_person_is_rounded_to_the_rial() -> None:
    assert (per_person(Rial(10), 3), per_person(Rial(10), 0)) == (Rial(3), None)


@pytest.mark.parametrize("code", ["n0003", "p23", "nowhere"])
def test_a_code_outside_the_plan_refuses_the_list(plan: Plan, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        actions.add_places(plan, ["n0002", code], reach=EVERYWHERE, actor=None)

    assert caught.value.code == "plan.no_neighbourhood"
    assert PlanPlace.objects.filter(plan=plan).count() == 1


def test_a_neighbourhood_is_in_one_plan_at_a_time(plan: Plan, country: Country, cast: Cast) -> None:
    other = actions.make_plan(country.tehran_city, aim(cast), actor=None)

    with pytest.raises(Invalid) as caught:
        actions.add_places(other, ["n0001"], reach=EVERYWHERE, actor=None)

    assert caught.value.code == "plan.taken"


def test_a_dropped_plan_lets_its_neighbourhoods_go(
    plan: Plan, country: Country, cast: Cast
) -> None:
    actions.move_plan(plan, "drop", actor=None)
    other = actions.make_plan(country.tehran_city, aim(cast), actor=None)

    assert actions.add_places(other, ["n0001"], reach=EVERYWHERE, actor=None) == 1


def test_a_neighbourhood_with_a_campaign_stays(plan: Plan, campaign: Campaign) -> None:
    with pytest.raises(Invalid) as caught:
        actions.take_out(plan, campaign.area, actor=None)

    assert caught.value.code == "plan.has_campaign"


def test_a_plan_keeps_the_days_of_its_campaigns(plan: Plan, campaign: Campaign, cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        actions.change_plan(plan, aim(cast, ends_on=FROM), actor=None)

    assert caught.value.code == "plan.holds_days"


def test_a_plan_without_neighbourhoods_does_not_begin(country: Country, cast: Cast) -> None:
    empty = actions.make_plan(country.tehran, aim(cast), actor=None)

    with pytest.raises(Invalid) as caught:
        actions.move_plan(empty, "open", actor=None)

    assert caught.value.code == "plan.no_places"


def test_a_plan_is_made_and_begun_in_the_browser(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    browser = as_user(cast.tehran_lead)

    browser.post(
        "/campaigns/plans/new/?area=p23",
        {"name": "زمستان", "leader": cast.tehran_lead.id, "starts_on": "۱۴۰۰/۱۱/۱۲",
         "ends_on": "1400/12/29", "persons": "9000", "budget": "۹٬۰۰۰٬۰۰۰٬۰۰۰"},
    )  # fmt: skip
    plan = Plan.objects.get()
    browser.post(f"/campaigns/plans/{plan.id}/places/", {"codes": "n0001, N0002"})
    browser.post(f"/campaigns/plans/{plan.id}/open/")

    plan.refresh_from_db()
    assert (plan.state, plan.budget) == (PlanState.OPEN, 9_000_000_000)
    assert PlanPlace.objects.filter(plan=plan).count() == 2


def test_who_sees_a_neighbourhood_sees_its_plan_but_not_the_others(
    plan: Plan, country: Country, cast: Cast, as_user: SignIn
) -> None:
    actions.add_places(plan, ["n0002"], reach=EVERYWHERE, actor=None)

    page = as_user(cast.welfare_officer).get(f"/campaigns/plans/{plan.id}/").content.decode()

    assert "n0001" in page
    assert "n0002" not in page


@pytest.mark.parametrize("page", ["", "change/", "places/", "costs/"])
def test_a_plan_of_another_province_does_not_exist(
    plan: Plan, cast: Cast, as_user: SignIn, page: str
) -> None:
    answer = as_user(cast.lorestan_clerk).get(f"/campaigns/plans/{plan.id}/{page}")

    assert answer.status_code == 404


def test_who_may_not_run_changes_no_plan(plan: Plan, cast: Cast, as_user: SignIn) -> None:
    browser = as_user(cast.programme_head)

    assert browser.get(f"/campaigns/plans/{plan.id}/").status_code == 200
    assert browser.post(f"/campaigns/plans/{plan.id}/drop/").status_code == 404
    assert browser.post(f"/campaigns/plans/{plan.id}/costs/", {"kind": "wages"}).status_code == 404


def test_the_page_of_a_plan_asks_a_fixed_number_of_statements(
    plan: Plan, campaign: Campaign, cast: Cast, as_user: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    browser = as_user(cast.tehran_lead)

    with django_assert_max_num_queries(24):
        browser.get(f"/campaigns/plans/{plan.id}/")


def test_a_withdrawn_cost_counts_no_longer_and_stays_in_sight(
    plan: Plan, cast: Cast, as_user: SignIn
) -> None:
    browser = as_user(cast.tehran_lead)
    browser.post(
        f"/campaigns/plans/{plan.id}/costs/",
        {"kind": "travel", "amount": "1,000,000", "on": "1400/11/20", "note": "taxi"},
    )
    cost = Cost.objects.get()

    browser.post(f"/campaigns/costs/{cost.id}/withdraw/", {"reason": "written down twice"})
    page = browser.get(f"/campaigns/plans/{plan.id}/costs/").content.decode()

    assert "۰ ریال" in page
    assert "written down twice" in page
    with pytest.raises(Invalid):
        actions.withdraw_cost(cost, "written down twice", actor=None)


def test_money_of_tomorrow_or_in_toman_is_refused(plan: Plan, cast: Cast, as_user: SignIn) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    with pytest.raises(Invalid) as caught:
        actions.write_cost(plan, CostKind.TRAVEL, Rial(1), tomorrow, "", actor=None)

    page = as_user(cast.tehran_lead).post(
        f"/campaigns/plans/{plan.id}/costs/",
        {"kind": "travel", "amount": "1000 تومان", "on": "1400/11/20"},
    )

    assert caught.value.code == "cost.future"
    assert "تومان" in page.content.decode()
    assert not Cost.objects.exists()


def test_a_cost_of_another_area_is_not_withdrawn(plan: Plan, cast: Cast, as_user: SignIn) -> None:
    cost = actions.write_cost(plan, CostKind.OTHER, Rial(5), FROM, "", actor=None)

    page = as_user(cast.lorestan_clerk).get(f"/campaigns/costs/{cost.id}/withdraw/")

    assert page.status_code == 404


def test_codes_beyond_ones_reach_are_no_neighbourhoods(plan: Plan) -> None:
    with pytest.raises(Invalid):
        actions.add_places(plan, ["n0002"], reach=Reach(provinces=("15",)), actor=None)


def test_who_works_for_a_set_of_areas_is_offered_only_where_one_of_them_lies(
    country: Country, cast: Cast
) -> None:
    collector = User.objects.create_user("iums_lead", "a long password")
    Grant.objects.create(
        user=collector, role="campaign_lead", area_set=country.iums, valid=DateRange(None, None)
    )

    tehran = queries.candidates(country.tehran, {"campaign.run"})
    lorestan = queries.candidates(country.lorestan, {"campaign.run"})

    assert set(tehran) == {cast.tehran_lead, collector}
    assert set(lorestan) == set()
