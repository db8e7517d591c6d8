"""Nobody sees anything unless a live grant says so, and never beyond its scope."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from pooshesh.access.models import Grant, User
from pooshesh.access.queries import countable, visible
from pooshesh.access.reach import EVERYWHERE, NOWHERE, Reach, join
from pooshesh.conftest import Cast, Country
from pooshesh.places.models import Area

PEOPLE = "people.read"


def reached(reach: Reach) -> set[str]:
    return set(
        reach.limit(Area.objects.all(), path="path", area="id").values_list("code", flat=True)
    )


def test_a_province_clerk_sees_the_province_and_nothing_else(cast: Cast) -> None:
    seen = reached(visible(cast.lorestan_clerk, PEOPLE))

    assert seen == {"p15", "c1501", "t150101", "n0003"}


def test_a_national_director_sees_everything(cast: Cast) -> None:
    assert visible(cast.national_director, PEOPLE) == EVERYWHERE


def test_a_field_worker_sees_one_neighbourhood(cast: Cast) -> None:
    assert reached(visible(cast.field_worker, PEOPLE)) == {"n0001"}


def test_a_sponsor_sees_its_own_neighbourhoods(cast: Cast) -> None:
    assert reached(visible(cast.welfare_officer, "campaign.read")) == {"n0001", "n0003"}


def test_a_university_sees_its_catchment(cast: Cast) -> None:
    assert reached(visible(cast.iums_officer, "places.read")) == {"n0001"}


def test_counts_only_shows_figures_but_no_names(cast: Cast) -> None:
    assert visible(cast.mayor_counts, PEOPLE) == NOWHERE
    assert "n0001" in reached(countable(cast.mayor_counts, PEOPLE))


@pytest.mark.parametrize("permission", ["people.read", "campaign.run", "audit.read", "no.such"])
def test_without_a_grant_nothing_is_visible(cast: Cast, permission: str) -> None:
    assert visible(cast.outsider, permission) == NOWHERE


def test_somebody_not_signed_in_sees_nothing(country: Country) -> None:
    assert visible(AnonymousUser(), PEOPLE) == NOWHERE


def test_a_role_shows_only_what_it_permits(cast: Cast) -> None:
    assert visible(cast.auditor, PEOPLE) == NOWHERE


def test_a_grant_that_has_ended_shows_nothing(country: Country) -> None:
    user = User.objects.create_user("past", "a long password")
    Grant.objects.create(
        user=user, role="clerk", area=country.tehran,
        valid=DateRange(dt.date(2020, 1, 1), dt.date(2021, 1, 1)),
    )  # fmt: skip

    assert visible(user, PEOPLE) == NOWHERE


def test_an_inactive_user_sees_nothing(cast: Cast) -> None:
    cast.tehran_clerk.is_active = False

    assert visible(cast.tehran_clerk, PEOPLE) == NOWHERE


def test_everywhere_joined_with_another_condition_is_still_everywhere(country: Country) -> None:
    joined = Q(pk__in=[]) | EVERYWHERE.q()

    assert Area.objects.filter(joined).count() == Area.objects.count() > 0


def test_a_wider_reach_swallows_the_narrower() -> None:
    joined = join([Reach(subtrees=("ir.p23.c2301",)), Reach(provinces=("23",))])

    assert joined == Reach(provinces=("23",))


@pytest.mark.parametrize(
    ("path", "within"),
    [("ir.p15.c1501", True), ("ir.p23.c2301", False), ("ir", False), ("ir.p155", False)],
)
def test_covers_knows_single_areas(path: str, within: bool) -> None:
    assert Reach(provinces=("15",)).covers(path) is within
