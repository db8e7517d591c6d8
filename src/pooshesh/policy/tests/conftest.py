"""What the tests of policy share."""

import datetime as dt
from pathlib import Path
from uuid import UUID

import pytest

from pooshesh.conftest import Cast, Country
from pooshesh.kernel import config
from pooshesh.people.models import Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import ali, zahra
from pooshesh.policy import facts, queries
from pooshesh.policy.actions import Made, keep_decisions

DAY = dt.date(2022, 2, 11)  # 1400/11/22


@pytest.fixture(autouse=True)
def _own_populations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Populations that a test counts lie in its own folder."""
    home = config.config()
    monkeypatch.setattr(
        "pooshesh.policy.effects.config",
        lambda: type(home)(**{**vars(home), "home": tmp_path / "home"}),
    )


@pytest.fixture
def family(country: Country, cast: Cast) -> tuple[Person, Person]:
    """Zahra and Ali of a neighbourhood in no programme, decided about in 1400."""
    done = register_census(
        [zahra(), ali()], area=country.unsponsored, on=DAY, actor=cast.tehran_clerk.pk
    )
    pack = queries.bound_pack("iran", DAY)
    known = facts.of_persons(pack, list(done.persons.values()))
    rows = known.drop("province", "sex").to_dicts()
    made = [Made(UUID(row.pop("person_id")), row, pack.decide(row)) for row in rows]
    keep_decisions(pack, made, actor=None)
    return Person.objects.get(pk=done.persons[1]), Person.objects.get(pk=done.persons[2])
