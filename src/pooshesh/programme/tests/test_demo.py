"""The demo's programme and campaign, and what the person page says of them."""

from pathlib import Path

import pytest

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.programme import demo
from pooshesh.programme.calls.models import Call
from pooshesh.programme.models import (
    Campaign,
    CampaignRow,
    Programme,
    ProgrammePlace,
)
from pooshesh.programme.plans.models import Plan
from pooshesh.programme.tests.sheets import write_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(country: Country, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """The demo in the small country."""
    monkeypatch.setattr(demo, "NEIGHBOURHOOD", "n0001")
    demo.load(write_all(tmp_path / "demo"))
    return Campaign.objects.get()


def test_it_works(loaded: Campaign) -> None:
    assert (loaded.state, loaded.synthetic) == ("done", True)
    assert Programme.objects.get(code="2020").declared_neighbourhoods == 2_020
    assert ProgrammePlace.objects.filter(programme__code="2020").count() == 3
    assert loaded.plan is not None
    assert Call.objects.exclude(outcome="").count() == 4


def test_loading_twice_changes_nothing(loaded: Campaign, tmp_path: Path) -> None:
    demo.load(tmp_path / "demo")

    assert Campaign.objects.count() == 1
    assert ProgrammePlace.objects.count() == 5
    assert Plan.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [(4, "ساکنان محلات برنامه رایگان بیمه می‌شوند"), (8, "نخست ساماندهی"), (6, "دروازه‌غار")],
)
def test_the_person_page_says_what_was_decided_and_why(
    loaded: Campaign, cast: Cast, as_user: SignIn, row: int, said: str
) -> None:
    person = CampaignRow.objects.get(census_row=row).person_id

    page = as_user(cast.tehran_clerk).get(f"/persons/{person}/")

    assert said in page.content.decode()


def test_who_sees_no_cover_is_not_told_what_was_decided(
    loaded: Campaign, cast: Cast, as_user: SignIn
) -> None:
    person = CampaignRow.objects.get(census_row=4).person_id

    page = as_user(cast.field_worker).get(f"/persons/{person}/")

    assert page.status_code == 200
    assert "ساکنان محلات برنامه رایگان بیمه می‌شوند" not in page.content.decode()
