"""Commands of the lake."""

import sys
import time
from argparse import Namespace
from pathlib import Path

import polars as pl

from pooshesh.insight.months import of_code
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.verbs import arg, verb
from pooshesh.lake import proving, reading, writing


@verb(
    "lake export",
    "Write the facts of closed months as Parquet, by province and month.",
    arg("folder", type=Path, help="made when it is not there; what it holds already stays"),
    arg("--months", default="", metavar="MONTH", help="1401-10, or 1400-10..1401-12; all without"),
)
def export(options: Namespace) -> int:
    """Says how many rows each month has."""
    first, _dots, last = options.months.partition("..")
    began = time.monotonic()
    made = writing.export(
        options.folder,
        first=of_code(first) if first else None,
        last=of_code(last or first) if first else None,
    )
    for code, rows in writing.rows_of(made).items():
        sys.stdout.write(f"{code}\t{rows}\n")
    sys.stdout.write(f"{len(made.months)} months, {time.monotonic() - began:.1f} s\n")
    return 0


@verb(
    "lake prove",
    "Work every figure out of a lake and compare it with the product's; status 1 when one differs.",
    arg("folder", type=Path),
)
def prove(options: Namespace) -> int:
    """Names months that differ."""
    faults = list(proving.prove(options.folder))
    for one in faults:
        sys.stdout.write(f"{one.month}: {'all' if one.values < 0 else one.values} values differ\n")
    sys.stdout.write(f"{len(faults)} differences\n" if faults else "The lake says the same.\n")
    return 1 if faults else 0


@verb(
    "lake figure",
    "Read one figure out of a lake, without the database.",
    arg("folder", type=Path),
    arg("indicator", help="its code, such as covered_share"),
    arg("area", help="its code, such as p15"),
    arg("month", help="such as 1401-10"),
    database=False,
)
def figure(options: Namespace) -> int:
    """Prints numerator and denominator of the month alone."""
    month = reading.month_of(options.folder, options.month)
    if options.indicator not in reading.book(options.folder, month).indicators:
        raise Invalid("insight.indicator", read=options.indicator)
    areas = pl.read_parquet(options.folder / "areas.parquet").filter(code=options.area)
    if not areas.height:
        raise Invalid("lake.area", read=options.area)
    found = reading.values(options.folder, month).filter(
        indicator=options.indicator, path=areas["path"][0], dimension=""
    )
    numerator, denominator = found.row(0)[-2:] if found.height else (0, 0)
    sys.stdout.write(f"{numerator}\t{'' if denominator is None else denominator}\n")
    return 0
