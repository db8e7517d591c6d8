"""Campaigns to test with. Insurers come with the migrations of coverage."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from pooshesh.access.reach import EVERYWHERE
from pooshesh.conftest import Country
from pooshesh.kernel import config
from pooshesh.kernel.time import from_day
from pooshesh.programme import actions
from pooshesh.programme.campaign import run
from pooshesh.programme.models import Campaign, FileRole, Programme, ProgrammePlace
from pooshesh.programme.tests.sheets import PEOPLE, write_all
from pooshesh.programme.tests.worklists import doubtful

ON = dt.date(2022, 2, 11)  # 22 Bahman 1400

Prepare = Callable[..., Campaign]


@pytest.fixture(autouse=True)
def _own_uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Sealed files of a test lie in its own folder."""
    home = config.config()
    monkeypatch.setattr(
        "pooshesh.programme.campaign.vault.config",
        lambda: type(home)(**{**vars(home), "home": tmp_path / "home"}),
    )


@pytest.fixture
def programme(country: Country) -> Programme:
    """A programme with Darvazeh-Ghar in it; Falak-ol-Din has a sponsor but is outside."""
    made = Programme.objects.create(code="2020", name_fa="۲۰۲۰", name_en="2020")
    ProgrammePlace.objects.create(
        programme=made, area=country.darvazeh_ghar, valid=from_day(dt.date(2021, 9, 23))
    )
    return made


@pytest.fixture
def prepare(programme: Programme, tmp_path: Path) -> Prepare:
    """`prepare(folder)` brings, maps and checks the sheets of a folder."""

    def checked(folder: Path | None = None, code: str = "n0001") -> Campaign:
        sheets = folder or write_all(tmp_path / "sheets")
        draft = actions.open_campaign(
            reach=EVERYWHERE, code=code, pack="iran", on=ON, actor=None, synthetic=True
        )
        for role, insurer, name in (
            (FileRole.CENSUS, "", "census.csv"),
            (FileRole.ROLL, "ihio", "roll_ihio.csv"),
            (FileRole.ROLL, "sso", "roll_sso.csv"),
        ):
            with (sheets / name).open("rb") as source:
                actions.bring_file(draft, role, name, source, insurer=insurer)
        campaign = actions.map_columns(draft, {}, actor=None)
        actions.check(campaign, actor=None)
        return campaign

    return checked


@pytest.fixture
def campaign(prepare: Prepare) -> Campaign:
    """The small neighbourhood's campaign, run."""
    return run.run(prepare().id, lambda *_step: None, None)


@pytest.fixture
def doubts(prepare: Prepare, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """The small campaign with an open question of every kind about identity."""
    monkeypatch.setattr(run, "match", doubtful)
    return run.run(prepare().id, lambda *_step: None, None)


@pytest.fixture
def known_before(campaign: Campaign, prepare: Prepare, tmp_path: Path) -> Campaign:
    """A second census in which a stranger bears the national ID of row 4 of the first."""
    stranger = {**PEOPLE[9], "national_id": PEOPLE[3]["national_id"]}
    return run.run(prepare(write_all(tmp_path / "later", [stranger])).id, lambda *_step: None, None)
