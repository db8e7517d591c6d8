"""Production does not start with the demo's secrets or accounts."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from pooshesh import up
from pooshesh.access.models import User
from pooshesh.kernel.config import Config, config

pytestmark = pytest.mark.django_db

GOOD_KEY = "k" * 64


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings) -> Config:
    """This process believes to be in production, with a home of its own."""
    one = replace(config(), production=True, home=tmp_path)
    monkeypatch.setattr(up, "config", lambda: one)
    monkeypatch.setenv("POOSHESH_DATA_KEY", "1:of-production")
    settings.SECRET_KEY = GOOD_KEY
    return one


def test_it_refuses_to_start_without_a_data_key(
    production: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POOSHESH_DATA_KEY")

    with pytest.raises(SystemExit, match="POOSHESH_DATA_KEY"):
        up.refuse_unsafe_production()


def test_it_starts_with_its_own_secrets_and_accounts(production: Config) -> None:
    User.objects.create_user("real")

    up.refuse_unsafe_production()


def test_it_refuses_a_demo_account(production: Config) -> None:
    User.objects.create_user("clerk", is_demo=True)

    with pytest.raises(SystemExit, match="demo accounts in this database: 1"):
        up.refuse_unsafe_production()


def test_it_refuses_a_short_key(production: Config, settings: Settings) -> None:
    settings.SECRET_KEY = "short"

    with pytest.raises(SystemExit, match="at least 50"):
        up.refuse_unsafe_production()


def test_it_refuses_the_demos_key(production: Config) -> None:
    production.secrets.mkdir()
    (production.secrets / "secret_key").write_text(GOOD_KEY)

    with pytest.raises(SystemExit, match="the demo's"):
        up.refuse_unsafe_production()


@pytest.mark.parametrize("name", ["secret_key", "data_key"])
def test_it_makes_no_key_by_itself(
    production: Config, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(f"POOSHESH_{name.upper()}", raising=False)

    with pytest.raises(SystemExit, match="to be set"):
        production.secret(name)
    assert not (production.secrets / name).exists()


def test_the_demo_may_do_all_that(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.SECRET_KEY = "short"
    User.objects.create_user("clerk", is_demo=True)

    up.refuse_unsafe_production()
