"""The console of neighbourhoods and the sponsors' scorecards."""

import datetime as dt

import pytest
from django.utils import timezone

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.money import Rial
from pooshesh.kernel.time import from_day, from_now
from pooshesh.neighbourhoods import queries
from pooshesh.neighbourhoods.scorecard import LEAST, Card, placed
from pooshesh.network import actions as network
from pooshesh.network.models import Finder, GapKind, Severity
from pooshesh.places.models import Area, AreaKind, AreaSet, AreaSetMember
from pooshesh.programme.campaign.figures import Share
from pooshesh.programme.counts.models import AreaCount
from pooshesh.programme.places import join, open_programme

TODAY = timezone.localdate()


@pytest.fixture
def programme(country: Country, cast: Cast) -> None:
    """Three neighbourhoods, one of which nobody answers for, with people and a gap in one."""
    open_programme(code="2020", name_fa="طرح ۲۰۲۰", name_en="2020", declared=2020, actor=None)
    join(
        code="2020", neighbourhoods=["n0001", "n0002", "n0003"], since=TODAY, until=None,
        reach=cast.national_director.reach("campaign.read"), actor=None,
    )  # fmt: skip
    AreaCount.objects.create(
        area=country.darvazeh_ghar, area_path=country.darvazeh_ghar.path, province="23",
        persons=12_000, households=3_000, ours=9_000, elsewhere=1_000, day=TODAY,
        counted_at=timezone.now(),
    )  # fmt: skip
    network.report_gap(
        area=country.darvazeh_ghar, kind=GapKind.CLINIC, severity=Severity.HIGH,
        text="درمانگاه ندارد", found_by=Finder.STAFF, actor=None,
    )  # fmt: skip


def test_each_neighbourhood_stands_with_what_is_known_of_it(programme: None, cast: Cast) -> None:
    rows = {row.code: row for row in queries.console(cast.national_director, None)}

    darvazeh = rows["n0001"]
    assert (darvazeh.persons, darvazeh.uncovered, darvazeh.open_gaps) == (12_000, 2_000, 1)
    assert rows["n0002"].sponsor is None
    assert rows["n0003"].persons is None


def test_totals_are_the_sums_of_the_rows(programme: None, cast: Cast) -> None:
    rows = queries.console(cast.national_director, None)

    found = queries.totals(rows)

    assert (found.neighbourhoods, found.sponsored) == (3, 2)
    assert found.uncovered == sum(row.uncovered or 0 for row in rows)


def test_the_page_shows_declared_beside_registered(
    programme: None, as_user: SignIn, cast: Cast
) -> None:
    shown = as_user(cast.programme_head).get("/console/").content.decode()

    assert "۲٬۰۲۰" in shown
    assert "دروازه‌غار" in shown


def test_only_those_nobody_answers_for(programme: None, as_user: SignIn, cast: Cast) -> None:
    shown = as_user(cast.programme_head).get("/console/?only=nobody").content.decode()

    assert "محله بی‌حامی" in shown
    assert "n0001" not in shown


def test_a_sponsor_sees_its_own_neighbourhoods_alone(
    programme: None, as_user: SignIn, cast: Cast
) -> None:
    shown = as_user(cast.welfare_officer).get("/console/").content.decode()

    assert "n0001" in shown
    assert "n0002" not in shown
    assert (
        "n0002" not in as_user(cast.welfare_officer).get("/console/?export=csv").getvalue().decode()
    )


def test_figures_alone_are_shown_to_who_has_figures_alone(
    programme: None, as_user: SignIn, cast: Cast
) -> None:
    assert "n0001" in as_user(cast.mayor_counts).get("/console/").content.decode()


def test_as_many_statements_for_many_neighbourhoods(
    programme: None, as_user: SignIn, cast: Cast, country: Country,
    django_assert_max_num_queries: object,
) -> None:  # fmt: skip
    Area.objects.bulk_create(
        Area(
            code=f"m{n}", kind=AreaKind.NEIGHBOURHOOD, parent=country.tehran_city, province="23",
            path=f"{country.tehran_city.path}.m{n}", name_fa=str(n), sort_key=str(n),
            search_key=str(n), valid=from_day(None),
        )
        for n in range(60)
    )  # fmt: skip
    codes = [f"m{n}" for n in range(60)]
    join(
        code="2020", neighbourhoods=codes, since=TODAY, until=None,
        reach=cast.national_director.reach("campaign.read"), actor=None,
    )  # fmt: skip
    browser = as_user(cast.programme_head)

    with django_assert_max_num_queries(20):  # type: ignore[operator]
        browser.get("/console/")


# --- scorecards ---------------------------------------------------------------------------------


def card(code: str, insured: int, uninsured: int) -> Card:
    return Card(
        code, code, 1, 1, insured, Share(insured, uninsured), Rial(10_000_000), 30, 10,
        Share(0, 0), Share(1, 2),
    )  # fmt: skip


def test_sponsors_are_placed_by_share_and_equal_ones_share_a_place() -> None:
    found = placed([card("a", 50, 100), card("b", 90, 100), card("c", 45, 90)])

    assert [(place, c.code) for place, c in found] == [(1, "b"), (2, "a"), (2, "c")]


def test_too_few_get_no_place() -> None:
    found = placed([card("a", LEAST - 1, LEAST - 1), card("b", 1, 100)])

    assert [(place, c.code) for place, c in found] == [(1, "b"), (None, "a")]


def test_nothing_is_no_zero() -> None:
    empty = card("a", 0, 0)

    assert (empty.covered.value, empty.cost_per_person, empty.gaps.value) == (None, None, None)


def test_every_sponsor_that_answers_for_somewhere_has_a_card(
    programme: None, cast: Cast, country: Country
) -> None:
    cards = queries.scorecards(cast.programme_head, TODAY - dt.timedelta(days=30), TODAY)

    assert [(c.code, c.neighbourhoods, c.gaps.whole) for c in cards] == [("welfare", 2, 0)]


def test_scorecards_take_as_many_statements_for_many_sponsors(
    programme: None, cast: Cast, country: Country, django_assert_max_num_queries: object
) -> None:
    for n in range(5):
        one = AreaSet.objects.create(kind="sponsor", code=f"s{n}", name_fa=str(n))
        area = Area.objects.create(
            code=f"k{n}", kind=AreaKind.NEIGHBOURHOOD, parent=country.tehran_city, province="23",
            path=f"{country.tehran_city.path}.k{n}", name_fa=str(n), sort_key=str(n),
            search_key=str(n), valid=from_day(None),
        )  # fmt: skip
        AreaSetMember.objects.create(
            area_set=one, kind="sponsor", area=area, valid=from_day(None), recorded=from_now()
        )

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        queries.scorecards(cast.programme_head, TODAY - dt.timedelta(days=30), TODAY)


def test_the_scorecards_are_shown_and_exported(
    programme: None, as_user: SignIn, cast: Cast
) -> None:
    browser = as_user(cast.programme_head)

    shown = browser.get("/scorecards/").content.decode()
    sheet = browser.get("/scorecards/?export=csv").getvalue().decode()

    assert "سازمان بهزیستی" in shown
    assert "سازمان بهزیستی" in sheet


def test_an_outsider_finds_neither(as_user: SignIn, cast: Cast) -> None:
    browser = as_user(cast.outsider)

    assert browser.get("/console/").status_code == 404
    assert browser.get("/scorecards/").status_code == 404


def test_figures_lead_to_rows_for_who_may_see_them(
    programme: None, as_user: SignIn, cast: Cast
) -> None:
    head = as_user(cast.programme_head).get("/console/?only=gaps").content.decode()
    auditor = as_user(cast.auditor).get("/console/?only=gaps").content.decode()

    assert 'href="/programmes/2020/?step=sponsored#table-members"' in head
    assert 'href="?only=late#table-console"' in head
    assert "/gaps/?state=open&amp;area=n0001" in head
    assert "/gaps/" not in auditor.partition("<main")[2]


def test_only_those_a_sponsor_answers_for(programme: None, as_user: SignIn, cast: Cast) -> None:
    shown = as_user(cast.programme_head).get("/console/?only=sponsored")

    assert {row.code for row in shown.context["table"].rows} == {"n0001", "n0003"}
