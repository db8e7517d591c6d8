"""One rule, every engine: populations decided alike to the last bit."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pooshesh.policy.batch import in_postgres
from pooshesh.rules import BoundPack, Pack, bind, list_packs, load_pack
from pooshesh.rules.batch import Engine, decide_tables, digest, in_polars
from pooshesh.rules.population import draw
from pooshesh.rules.tables import Tables, open_tables
from pooshesh.rules.tests import sample

IRAN = load_pack(list_packs()["iran"])
DAY = dt.timedelta(1)


def days_of_change(pack: Pack) -> list[dt.date]:
    """The day before, at and after every change of a parameter, from the first common day on."""
    turns = {value.since for one in pack.parameters.values() for value in one.values}
    first = max(one.values[0].since for one in pack.parameters.values())
    return sorted(
        {day + step for day in turns for step in (-DAY, 0 * DAY, DAY) if day + step >= first}
    )


def written(folder: Path, pack: Pack, on: dt.date, seed: int, nulls: float) -> Tables:
    """The tables of a random population, on disk, as `decide` reads them."""
    names = ("people", "households", "places")
    paths = [folder / f"{name}.parquet" for name in names]
    for frame, path in zip(draw(pack, 300, on=on, seed=seed, nulls=nulls), paths, strict=True):
        frame.write_parquet(path)
    return open_tables(bind(pack, on), *paths)


def one_by_one(bound: BoundPack, tables: Tables, scratch: Path) -> pl.LazyFrame:
    """The Python function, as an engine."""
    places = {row.pop("place_id"): row for row in tables.places.collect().to_dicts()}
    homes = {row.pop("household_id"): row for row in tables.households.collect().to_dicts()}
    rows = []
    for (home,), people in tables.persons.collect().group_by(["household_id"]):
        facts = people.to_dicts()
        decided = bound.decide_household(facts, homes[home], places[homes[home]["place_id"]])
        rows += [
            {"person_id": fact["person_id"], **one.outputs, "reasons": one.reason_mask}
            for fact, one in zip(facts, decided, strict=True)
        ]
    return pl.LazyFrame(rows, infer_schema_length=None)


def digests(folder: Path, bound: BoundPack, tables: Tables, engines: list[Engine]) -> set[str]:
    """What the engines write, hashed."""
    found = set()
    for engine in engines:
        decide_tables(bound, tables, folder / "out.parquet", engine=engine)
        found.add(digest(folder / "out.parquet"))
    return found


ALL: list[Engine] = [one_by_one, in_polars, in_postgres]


@pytest.mark.django_db
@pytest.mark.parametrize("on", days_of_change(IRAN), ids=str)
def test_engines_agree_around_every_change_of_a_value(tmp_path: Path, on: dt.date) -> None:
    tables = written(tmp_path, IRAN, on, seed=7, nulls=0.3)

    found = digests(tmp_path, bind(IRAN, on), tables, ALL)

    assert len(found) == 1


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 2**32),
    nulls=st.sampled_from([0.0, 0.3, 1.0]),
    on=st.dates(dt.date(2024, 3, 20), dt.date(2027, 1, 1)),
)
def test_engines_agree_on_the_whole_language(
    tmp_path_factory: pytest.TempPathFactory, seed: int, nulls: float, on: dt.date
) -> None:
    folder = tmp_path_factory.mktemp("population")
    pack = sample.load(tmp_path_factory.mktemp("pack"))
    tables = written(folder, pack, on, seed, nulls)

    found = digests(folder, bind(pack, on), tables, ALL)

    assert len(found) == 1


@pytest.mark.django_db
def test_engines_agree_when_nothing_is_known(tmp_path: Path) -> None:
    on = dt.date(2025, 3, 21)
    tables = written(tmp_path, IRAN, on, seed=1, nulls=1.0)

    found = digests(tmp_path, bind(IRAN, on), tables, ALL)

    assert len(found) == 1
