"""Decide a population file to file: the same answer from every engine, all of it or none."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl

from .bind import BoundPack
from .compiler import REASONS
from .errors import FactError
from .frames import HOUSEHOLD, PERSON, PLACE, PolarsEngine
from .pack import Pack
from .tables import Tables, scan

PACK, CODES = "pack_id", "reason_codes"
#: Gives `person_id`, every output and `reasons`; its files may lie in the folder given to it.
Engine = Callable[[BoundPack, Tables, Path], pl.LazyFrame]


def in_polars(bound: BoundPack, tables: Tables, scratch: Path) -> pl.LazyFrame:
    """This process, streaming: more persons than fit in memory are no matter."""
    return PolarsEngine(bound.plan).decide(tables.persons, tables.households, tables.places)


def decide_tables(
    bound: BoundPack, tables: Tables, out: Path, *, engine: Engine = in_polars, codes: bool = False
) -> int:
    """Write one row a person to `out` (.parquet or .csv); how many.

    Columns: person_id, every output of the pack, `reasons` (bit mask), `pack_id`, and with `codes`
    the list `reason_codes`. Errors: `FactError` when a person's household or place is not given;
    then, as after any other failure, `out` is not there or as it was.
    """
    dtype = PolarsEngine(bound.plan).dtype
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as scratch:
        partial = Path(scratch) / out.name
        decided = engine(bound, tables, Path(scratch)).with_columns(
            *(pl.col(one.name).cast(dtype(one.type)) for one in bound.plan.outputs),
            pl.lit(bound.id).alias(PACK),
        )
        if codes:
            decided = decided.with_columns(_codes(bound.pack).alias(CODES))
        if out.suffix == ".csv":
            decided.with_columns(pl.selectors.list().list.join(" ")).sink_csv(partial)
        else:
            decided.sink_parquet(partial)
        count = _rows(scan(partial)[0])
        if count != _rows(tables.persons):
            raise _homeless(tables)
        partial.replace(out)
    return count


def _rows(frame: pl.LazyFrame) -> int:
    return int(frame.select(pl.len()).collect(engine="streaming").item())


def _homeless(tables: Tables) -> FactError:
    homes = tables.households.join(tables.places, on=PLACE, how="semi")
    left = tables.persons.join(homes, on=HOUSEHOLD, how="anti").select(PERSON).collect()
    return FactError("household_unknown", count=left.height, found=left.item(0, 0))


def _codes(pack: Pack) -> pl.Expr:
    """The codes of a mask, in bit order; each mask is decoded once."""

    def decode(masks: pl.Series) -> pl.Series:
        known = masks.unique().sort()
        codes = [list(pack.reason_codes(mask)) for mask in known]
        return pl.Series(codes, dtype=pl.List(pl.String)).gather(known.search_sorted(masks))

    return pl.col(REASONS).map_batches(decode, pl.List(pl.String), is_elementwise=True)


def digest(path: Path) -> str:
    """A hash of a file of decisions, the same for every engine and order of rows."""
    frame, _ = scan(path)
    columns = [name for name in frame.collect_schema() if name != CODES]
    text = pl.concat_str(pl.col(columns).cast(pl.String).fill_null("\x00"), separator="\x1f")
    parts = frame.select(text.hash(seed=1).cast(pl.Decimal(38)).sum(), rows=pl.len())
    total, rows = parts.collect(engine="streaming").row(0)
    return f"{int(total):x}-{rows}"
