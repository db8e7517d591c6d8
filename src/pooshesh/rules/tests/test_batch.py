"""Populations from file to file: what is written, and what is refused with nothing written."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from pooshesh.rules import BoundPack, FactError, bind, list_packs, load_pack
from pooshesh.rules.batch import decide_tables, digest
from pooshesh.rules.population import draw
from pooshesh.rules.tables import open_tables

ON = dt.date(2025, 3, 21)
NAMES = ("people", "households", "places")


@pytest.fixture(scope="module")
def iran() -> BoundPack:
    return bind(load_pack(list_packs()["iran"]), ON)


@pytest.fixture
def folder(iran: BoundPack, tmp_path: Path) -> Path:
    """A population of 200 in Parquet."""
    for name, frame in zip(NAMES, draw(iran.pack, 200, on=ON), strict=True):
        frame.write_parquet(tmp_path / f"{name}.parquet")
    return tmp_path


def change(folder: Path, name: str, *columns: pl.Expr) -> None:
    """Rewrite one table with other columns."""
    path = folder / f"{name}.parquet"
    pl.read_parquet(path).with_columns(*columns).write_parquet(path)


def decide(iran: BoundPack, folder: Path, kind: str = "parquet", out: str = "out.parquet") -> int:
    tables = open_tables(iran, *(folder / f"{name}.{kind}" for name in NAMES))
    return decide_tables(iran, tables, folder / out, codes=True)


def first(column: str, value: object) -> pl.Expr:
    """The column with another value in its third row."""
    return pl.when(pl.int_range(pl.len()) == 2).then(pl.lit(value)).otherwise(column).alias(column)


def refusal(iran: BoundPack, folder: Path, kind: str = "parquet") -> str:
    """The sentence of a refused run, which leaves nothing behind."""
    before = sorted(folder.iterdir())
    with pytest.raises(FactError) as caught:
        decide(iran, folder, kind)
    assert sorted(folder.iterdir()) == before
    return caught.value.message("en")


def test_every_person_gets_one_row_with_reasons_and_the_pack(iran: BoundPack, folder: Path) -> None:
    count = decide(iran, folder)

    decided = pl.read_parquet(folder / "out.parquet")
    assert count == decided.height == decided["person_id"].n_unique() == 200
    assert decided.columns == [
        "person_id", *(rule.name for rule in iran.pack.outputs), "reasons", "pack_id",
        "reason_codes",
    ]  # fmt: skip
    assert decided["pack_id"].unique().to_list() == [iran.id]
    assert decided["reason_codes"].to_list() == [
        list(iran.pack.reason_codes(mask)) for mask in decided["reasons"]
    ]


def test_sheets_decide_as_parquet_does(iran: BoundPack, folder: Path) -> None:
    people, households, places = (pl.read_parquet(folder / f"{name}.parquet") for name in NAMES)
    people.write_csv(folder / "people.csv")
    households.write_csv(folder / "households.csv")
    places.write_csv(folder / "places.csv")

    decide(iran, folder)
    decide(iran, folder, "csv", "out.csv")

    assert digest(folder / "out.csv") == digest(folder / "out.parquet")


def test_the_order_of_rows_does_not_matter(iran: BoundPack, folder: Path) -> None:
    decide(iran, folder)
    before = digest(folder / "out.parquet")
    shuffled = pl.read_parquet(folder / "people.parquet").sample(fraction=1, shuffle=True, seed=3)
    shuffled.write_parquet(folder / "people.parquet")

    decide(iran, folder)

    assert digest(folder / "out.parquet") == before


def test_a_digest_sees_one_changed_value(iran: BoundPack, folder: Path) -> None:
    decide(iran, folder)
    before = digest(folder / "out.parquet")

    change(folder, "out", first("reasons", 1 << 40))

    assert digest(folder / "out.parquet") != before


def test_an_old_answer_survives_a_refusal(iran: BoundPack, folder: Path) -> None:
    decide(iran, folder)
    before = digest(folder / "out.parquet")
    change(folder, "people", first("relation", "cousin"))

    refusal(iran, folder)

    assert digest(folder / "out.parquet") == before


@pytest.mark.parametrize(
    ("table", "column", "sentence"),
    [
        ("people", first("relation", "cousin"),
         "“people.parquet” row 3, column “relation”: read “cousin”; "
         "expected child, head, other, parent, spouse"),
        ("people", first("nationality", None),
         "“people.parquet” row 3, column “nationality”: read “None”; expected citizen, foreign"),
        ("households", first("decile", 11),
         "“households.parquet” row 3, column “decile”: read “11”; expected 1..10, None"),
        ("people", pl.col("relation").cast(pl.Categorical).to_physical().alias("relation"),
         "column “relation” of “people.parquet”: read type UInt32; expected code"),
        ("people", pl.col("lawful_from").cast(pl.Datetime),
         "column “lawful_from” of “people.parquet”: read type Datetime"),
        ("people", first("person_id", 7), "“7” stands twice in column “person_id”"),
        ("people", first("person_id", None), "“people.parquet” row 3: “person_id” is empty"),
        ("households", first("household_id", 1), "“1” stands twice in column “household_id”"),
        ("people", first("household_id", 9_999),
         "1 persons have a household or place that is not given; the first: 2"),
        ("people", pl.lit(5).alias("household_id").cast(pl.String),
         "column “household_id” of “households.parquet”: read type Int64; expected String"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_refused(
    iran: BoundPack, folder: Path, table: str, column: pl.Expr, sentence: str
) -> None:
    change(folder, table, column)

    assert sentence in refusal(iran, folder)


def test_a_missing_column_is_refused(iran: BoundPack, folder: Path) -> None:
    pl.read_parquet(folder / "people.parquet").drop("relation").write_parquet(
        folder / "people.parquet"
    )

    assert refusal(iran, folder) == "“people.parquet” has no column “relation”"


@pytest.mark.parametrize(
    ("column", "typed"),
    [("lawful_from", "1403/01/01"), ("other_insurer_principal", "yes"), ("nationality", "")],
)
def test_a_cell_of_a_sheet_that_cannot_be_read_is_refused(
    iran: BoundPack, folder: Path, column: str, typed: str
) -> None:
    people, households, places = (pl.read_parquet(folder / f"{name}.parquet") for name in NAMES)
    people.cast({column: pl.String}).with_columns(first(column, typed)).write_csv(
        folder / "people.csv"
    )
    households.write_csv(folder / "households.csv")
    places.write_csv(folder / "places.csv")

    assert f"row 3, column “{column}”: read “{typed}”" in refusal(iran, folder, "csv")


def test_a_file_that_is_no_table_is_refused(iran: BoundPack, folder: Path) -> None:
    (folder / "people.parquet").write_bytes(b"PAR1 not really")

    assert "“people.parquet” cannot be read" in refusal(iran, folder)


def test_a_household_larger_than_was_proven_for_is_refused(iran: BoundPack, folder: Path) -> None:
    for_all = draw(iran.pack, 1_100, on=ON)[0].with_columns(household_id=pl.lit(0, pl.Int64))
    for_all.write_parquet(folder / "people.parquet")

    assert "the household has 1100 persons; the limit is 1000" in refusal(iran, folder)
