"""One rule, every engine: populations decided alike to the last bit."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pooshesh.policy.batch import in_postgres
from pooshesh.rules import BoundPack, Pack, bind, list_packs, load_pack
from pooshesh.rules.batch import Engine, decide_tables, digest, in_polars
from pooshesh.rules.load import load_files
from pooshesh.rules.population import draw
from pooshesh.rules.tables import Tables, open_tables
from pooshesh.rules.tests import sample

PACKS = {name: load_pack(path) for name, path in list_packs().items()}
IRAN = PACKS["iran"]
BILLS = """\
law: {id: bills, title: {fa: صورت‌حساب‌ها, en: Bills}, citation: assumption}
facts:
  person:
    bill: {title: {fa: مبلغ, en: amount}, type: int, range: 0..LARGEST, unit: rial, example: 0}
    share: {title: {fa: سهم, en: share}, type: int, range: 0..100, unit: percent, nullable: true}
rules:
  paid:
    title: {fa: پرداخت, en: paid}
    citation: assumption
    output: true
    value: percent_of(bill, share) if known(share) else None
"""
LARGEST = ((1 << 63) - 1 - 50) // 100  # of a bill, whose percentage is proven to fit in 64 bits
DAY = dt.timedelta(1)


def days_of_change(pack: Pack) -> list[dt.date]:
    """The day before, at and after every change of a parameter, from the first common day on."""
    turns = {value.since for one in pack.parameters.values() for value in one.values}
    first = max(one.values[0].since for one in pack.parameters.values())
    return sorted(
        {day + step for day in turns for step in (-DAY, 0 * DAY, DAY) if day + step >= first}
    )


def own_days(name: str, pack: Pack) -> list[dt.date]:
    """Those of a pack's own values: its parent's are tried with the parent."""
    depth = name.count(".")
    turns = {
        value.since
        for one in pack.parameters.values()
        for value in one.values
        if one.mark.file.count("/") == depth
    }
    return [day for day in days_of_change(pack) if {day - DAY, day, day + DAY} & turns]


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
@pytest.mark.parametrize(
    ("name", "on"),
    [(name, on) for name, pack in PACKS.items() for on in own_days(name, pack)],
    ids=str,
)
def test_engines_agree_around_every_change_of_a_value(
    tmp_path: Path, name: str, on: dt.date
) -> None:
    tables = written(tmp_path, PACKS[name], on, seed=7, nulls=0.3)

    found = digests(tmp_path, bind(PACKS[name], on), tables, ALL)

    assert len(found) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("bill", [0, 1, 49, 50, 51, 149, 150, 10**15 + 1, LARGEST - 1, LARGEST])
def test_engines_agree_on_percentages_to_the_rial(tmp_path: Path, bill: int) -> None:
    law = BILLS.replace("LARGEST", str(LARGEST)).encode()
    pack = load_files("bills", {"bills.yaml": law})
    tables = written(tmp_path, pack, sample.DAY, seed=7, nulls=0.1)
    people = tables.persons.with_columns(bill=pl.lit(bill, pl.Int64))
    tables = replace(tables, persons=people)

    found = digests(tmp_path, bind(pack, sample.DAY), tables, ALL)

    paid = pl.read_parquet(tmp_path / "out.parquet").join(people.collect(), on="person_id")
    assert len(found) == 1
    assert paid["paid"].to_list() == [
        None if share is None else (bill * share + 50) // 100 for share in paid["share"]
    ]


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


@pytest.mark.django_db
def test_every_engine_names_the_reasons(tmp_path: Path) -> None:
    on = dt.date(2025, 3, 21)
    tables, bound = written(tmp_path, IRAN, on, seed=1, nulls=0.3), bind(IRAN, on)

    decide_tables(bound, tables, tmp_path / "a.parquet", engine=in_polars, codes=True)
    decide_tables(bound, tables, tmp_path / "b.parquet", engine=in_postgres, codes=True)

    named = [
        pl.read_parquet(tmp_path / name).sort("person_id") for name in ("a.parquet", "b.parquet")
    ]
    assert named[0]["reason_codes"].to_list() == named[1]["reason_codes"].to_list()
