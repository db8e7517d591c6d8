"""Figures out of the lake: Polars over Parquet with the product's own definitions.

Nothing here asks the database, so whoever was given the folder gets the same numbers.
"""

from pathlib import Path

import polars as pl

from pooshesh.indicators import Book, load_book
from pooshesh.insight.closing import FACTS, digest_of, values_of
from pooshesh.kernel.errors import Invalid
from pooshesh.lake.layout import Manifest, Month, read_manifest


def manifest_of(folder: Path) -> Manifest:
    """What the lake holds. Errors: Invalid where there is none."""
    found = read_manifest(folder)
    if found is None:
        raise Invalid("lake.none", folder=str(folder))
    return found


def month_of(folder: Path, code: str) -> Month:
    """A month of the lake. Errors: Invalid for one it does not hold."""
    found = manifest_of(folder).months.get(code)
    if found is None:
        raise Invalid("lake.month", month=code)
    return found


def facts(folder: Path, month: Month) -> pl.DataFrame:
    """The facts of a month. Errors: Invalid when they are not those it closed with."""
    frames = []
    for name in month.files:
        try:
            frames.append(pl.read_parquet(folder / name, columns=list(FACTS)))
        except (OSError, pl.exceptions.PolarsError) as error:
            raise Invalid("lake.broken", file=name) from error
    schema = {name: pl.Int64 if name == "value" else pl.String for name in FACTS}
    found = pl.concat(frames) if frames else pl.DataFrame(schema=schema)
    if digest_of(found) != month.digest:
        raise Invalid("lake.broken", file=month.month)
    return found


def book(folder: Path, month: Month) -> Book:
    """The definitions a month closed with, as they lie in the lake."""
    shelf = folder / "book" / month.definitions
    return load_book({path.name: path.read_text("utf-8") for path in shelf.glob("*.yaml")})


def values(folder: Path, month: Month) -> pl.DataFrame:
    """(indicator, path, dimension, key, numerator, denominator) of a month; as the product's."""
    return values_of(facts(folder, month), book(folder, month))
