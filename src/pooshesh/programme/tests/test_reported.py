"""What follows from published figures, beside what is computed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.places.actions import record_figure
from pooshesh.places.models import Area
from pooshesh.programme.models import Campaign
from pooshesh.programme.reported import (
    INSURED,
    PERCENT,
    Range,
    insured_without_cover,
    residents_if_all_insured,
)


def publish(area: Area, name: str, value: int, *, about: bool = False) -> None:
    record_figure(
        actor=None, area=area, name=name, value=value, about=about, source="گزارش",
        since=dt.date(2022, 1, 1),
    )  # fmt: skip


def test_nine_thousand_at_75_percent_are_12000_residents() -> None:
    assert residents_if_all_insured(9_000, 75, about=True) == Range(11_258, 12_000, 12_752)


def test_or_6750_of_the_insured_had_no_cover() -> None:
    assert insured_without_cover(9_000, 75, about=True) == Range(6_332, 6_750, 7_173)


@given(st.integers(0, 10**8), st.integers(1, 100), st.booleans())
def test_the_value_lies_between_the_least_and_the_most(
    insured: int, percent: int, about: bool
) -> None:
    residents = residents_if_all_insured(insured, percent, about=about)
    bare = insured_without_cover(insured, percent, about=about)

    assert residents.low <= residents.value <= residents.high
    assert bare.low <= bare.value <= bare.high
    assert bare.value <= insured <= residents.value


@given(st.integers(0, 10**8), st.integers(1, 100))
def test_the_share_of_the_residents_gives_the_insured_back(insured: int, percent: int) -> None:
    residents = residents_if_all_insured(insured, percent, about=False).value

    assert abs(residents * percent - insured * 100) <= percent / 2


@given(st.integers(1, 10**8), st.integers(1, 100))
def test_about_widens_and_never_narrows(insured: int, percent: int) -> None:
    exact = residents_if_all_insured(insured, percent, about=False)
    about = residents_if_all_insured(insured, percent, about=True)

    assert about.low <= exact.low <= exact.high <= about.high


@pytest.mark.parametrize("percent", [0, 101])
def test_no_share_is_refused(percent: int) -> None:
    with pytest.raises(Invalid):
        residents_if_all_insured(1, percent, about=False)


@pytest.mark.django_db
def test_published_figures_stand_beside_the_computed(
    campaign: Campaign, country: Country, cast: Cast, as_user: SignIn
) -> None:
    publish(country.darvazeh_ghar, INSURED, 9_000, about=True)
    publish(country.darvazeh_ghar, PERCENT, 75)

    page = as_user(cast.tehran_lead).get(f"/campaigns/{campaign.id}/").content.decode()

    assert "حدود ۹٬۰۰۰ نفر بیمه شدند، ۷۵٪" in page
    assert "۱۲٬۰۰۰" in page
    assert "۱۱٬۲۵۸" in page
