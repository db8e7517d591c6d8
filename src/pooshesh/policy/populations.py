"""Decide populations from files to a file, in any engine: what `./pooshesh decide` does."""

import contextlib
import datetime as dt
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pooshesh import rules
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.verbs import database
from pooshesh.policy import spark
from pooshesh.policy.batch import in_postgres
from pooshesh.policy.words import lang
from pooshesh.rules.batch import Engine, decide_tables, in_polars
from pooshesh.rules.tables import open_tables

explain(
    {
        "decide.kind": gettext_noop("“%(file)s” must end in .parquet or .csv."),
        "decide.onto_itself": gettext_noop(
            "“%(file)s” is one of the tables to read; write to another file."
        ),
        "decide.refused": gettext_noop("Nothing was decided: %(words)s."),
    }
)


@dataclass(frozen=True)
class Runs:
    """An engine and what must be there while it works."""

    engine: Engine
    within: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext


ENGINES = {
    "polars": Runs(in_polars),
    "postgres": Runs(in_postgres, database),
    "spark": Runs(spark.in_spark, spark.session),
}


@dataclass(frozen=True)
class Decided:
    """How many persons were decided, in how many seconds, by which bound pack."""

    persons: int
    seconds: float
    pack_id: str


def decide_files(
    pack: rules.Pack, on: dt.date, tables: tuple[Path, Path, Path], out: Path, runs: Runs,
    *, codes: bool = False,
) -> Decided:  # fmt: skip
    """Decide the people, households and places of `tables` into `out`; see `rules.batch`.

    Errors: `PackError` for a day before the first value; `Invalid` and `OSError` for files that
    cannot be used. `out` is then not there, or as it was.
    """
    started = time.monotonic()
    bound = rules.bind(pack, on)
    _check(tables, out)
    try:
        with runs.within():
            count = decide_tables(
                bound, open_tables(bound, *tables), out, engine=runs.engine, codes=codes
            )
    except rules.FactError as error:
        raise Invalid("decide.refused", words=error.message(lang())) from error
    except pl.exceptions.PolarsError as error:
        raise Invalid("decide.refused", words=str(error).partition("\n")[0]) from error
    return Decided(count, time.monotonic() - started, bound.id)


def _check(tables: tuple[Path, Path, Path], out: Path) -> None:
    """Say what is wrong with the names before anything long begins."""
    for path in (*tables, out):
        if path.suffix not in (".parquet", ".csv"):
            raise Invalid("decide.kind", file=str(path))
    for path in tables:
        path.open("rb").close()
        if out.exists() and out.samefile(path):
            raise Invalid("decide.onto_itself", file=str(out))
    if out.is_dir():
        raise Invalid("verb.folder", file=str(out))
    if not out.parent.is_dir():
        raise Invalid("verb.no_folder", file=str(out.parent))
    if not os.access(out.parent, os.W_OK | os.X_OK):
        raise Invalid("verb.forbidden", file=str(out))
