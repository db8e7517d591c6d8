"""PostgreSQL as an engine for populations: the same tables, the same answer, in the database."""

from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection, transaction

from pooshesh.rules import BoundPack
from pooshesh.rules.frames import PERSON
from pooshesh.rules.sql import SqlEngine
from pooshesh.rules.tables import Tables

_BLOCK = 1 << 20  # bytes


@transaction.atomic
def in_postgres(bound: BoundPack, tables: Tables, scratch: Path) -> pl.LazyFrame:
    """An `Engine` of `rules.batch`: its tables are temporary, gone when the answer is written."""
    given = {"persons": tables.persons, "households": tables.households, "places": tables.places}
    answer = scratch / "answer.csv"
    with connection.cursor() as cursor:
        for name, frame in given.items():
            columns = frame.collect_schema().items()
            cursor.execute(
                f"CREATE TEMP TABLE {name} ("
                + ", ".join(f'"{column}" {_kind(of)}' for column, of in columns)
                + ") ON COMMIT DROP"
            )
            sheet = scratch / f"{name}.csv"
            frame.sink_csv(sheet, include_header=False)
            _copy_in(cursor, name, sheet)
            cursor.execute(f"ANALYZE {name}")
        _copy_out(cursor, SqlEngine(bound.plan).query(), answer)
        for name in given:
            cursor.execute(f"DROP TABLE {name}")
    flags = [one.name for one in bound.plan.outputs if one.type.kind == "bool"]
    return pl.scan_csv(answer, infer_schema=False).with_columns(
        pl.col(flags).replace_strict({"t": True, "f": False}, default=None),
        pl.col(PERSON).cast(tables.persons.collect_schema()[PERSON]),
    )


def _kind(of: pl.DataType) -> str:
    if of.is_integer():
        return "bigint"
    return "boolean" if of == pl.Boolean else "date" if of == pl.Date else "text"


def _copy_in(cursor: Any, table: str, sheet: Path) -> None:
    with sheet.open("rb") as file, cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy:
        while block := file.read(_BLOCK):
            copy.write(block)
    sheet.unlink()


def _copy_out(cursor: Any, query: str, sheet: Path) -> None:
    with (
        sheet.open("wb") as file,
        cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)") as copy,
    ):
        for block in copy:
            file.write(block)
