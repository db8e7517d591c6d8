"""The three tables a population is given in, read from Parquet or CSV and checked.

`people`: person_id, household_id and every person fact. `households`: household_id, place_id and
every household fact that is not made from persons. `places`: place_id and every place fact. Keys
are whole numbers or text, of one kind throughout. In CSV a date is ISO (2025-03-21), a flag is true
or false, and nothing stands for a value that is not known. Other columns are left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from .bind import BoundPack, expected
from .errors import FactError
from .expression import MAX_HOUSEHOLD
from .frames import HOUSEHOLD, PERSON, PLACE, PolarsEngine
from .pack import LEVELS, Level
from .tree import Type

KEYS: dict[Level, tuple[str, ...]] = {
    "person": (PERSON, HOUSEHOLD), "household": (HOUSEHOLD, PLACE), "place": (PLACE,),
}  # fmt: skip


@dataclass(frozen=True)
class Tables:
    """The population, not yet read; every column of its declared type."""

    persons: pl.LazyFrame
    households: pl.LazyFrame
    places: pl.LazyFrame


def scan(path: Path) -> tuple[pl.LazyFrame, bool]:
    """The file, and whether it is CSV, where all is text. Errors: `FactError`."""
    try:
        if path.suffix == ".csv":
            frame = pl.scan_csv(path, infer_schema=False, glob=False)
        else:
            frame = pl.scan_parquet(path, glob=False)
        frame.collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FactError("not_a_file", file=path.name) from error
    return frame, path.suffix == ".csv"


def open_tables(bound: BoundPack, people: Path, households: Path, places: Path) -> Tables:
    """The checked tables of a population.

    Errors: `FactError` for a file that is none, a column that is missing or of another type, a
    value outside its fact's declaration, a key that is empty or there twice, a household too large.
    It names the file, the column, the row (counted from 1) and what was read.
    """
    found: dict[Level, pl.LazyFrame] = {}
    kinds: dict[str, pl.DataType] = {}
    for level, path in zip(LEVELS, (people, households, places), strict=True):
        found[level] = _Table(bound, level, path, kinds).checked()
    return Tables(found["person"], found["household"], found["place"])


class _Table:
    """One file being opened. `kinds` remembers the type of each key from table to table."""

    def __init__(
        self, bound: BoundPack, level: Level, path: Path, kinds: dict[str, pl.DataType]
    ) -> None:
        self.level, self.path, self.kinds = level, path, kinds
        self.engine = PolarsEngine(bound.plan)
        self.facts = {fact.name: fact.type for fact in bound.plan.of(level)}
        self.frame, self.is_csv = scan(path)

    def checked(self) -> pl.LazyFrame:
        schema = self.frame.collect_schema()
        for name in (*KEYS[self.level], *self.facts):
            if name not in schema:
                raise FactError("column_missing", file=self.path.name, name=name)
        for name in KEYS[self.level]:
            self._check_key(name, schema[name])
        for name, of in self.facts.items():
            if not self.is_csv and not self._suits(schema[name], of):
                raise FactError(
                    "column_type", file=self.path.name, name=name, found=schema[name],
                    expected=of.kind,
                )  # fmt: skip
        read = [self._read(name, of).alias(name) for name, of in self.facts.items()]
        return self._check().select(*KEYS[self.level], *read)

    def _check_key(self, name: str, kind: pl.DataType) -> None:
        wanted = self.kinds.setdefault(name, kind)
        if not (kind.is_integer() or kind == pl.String) or kind != wanted:
            raise FactError(
                "column_type", file=self.path.name, name=name, found=kind, expected=wanted
            )

    @staticmethod
    def _suits(kind: pl.DataType, of: Type) -> bool:
        suits = {
            "int": kind.is_integer(),
            "bool": kind == pl.Boolean,
            "date": kind == pl.Date,
            "code": kind in (pl.String, pl.Categorical, pl.Enum),
        }
        return suits[of.kind] or kind == pl.Null

    def _read(self, name: str, of: Type) -> pl.Expr:
        """The column as its type; null where it cannot be read so."""
        column = pl.col(name)
        if self.is_csv and of.kind == "bool":
            return column.replace_strict({"true": True, "false": False}, default=None)
        if self.is_csv and of.kind == "date":
            return column.str.to_date("%Y-%m-%d", strict=False)
        return column.cast(self.engine.dtype(of), strict=False)

    def _wrong(self, name: str, of: Type) -> pl.Expr:
        """Whether the value is not one of the fact's."""
        if of.kind == "code":  # of this fact, not of the whole pack
            read = pl.col(name).cast(pl.Enum(sorted(of.codes)), strict=False)
        else:
            read = self._read(name, of)
        wrong = read.is_null() & pl.col(name).is_not_null() if of.nullable else read.is_null()
        if of.kind == "int":
            wrong |= read.is_not_null() & ~read.is_between(of.low, of.high)
        return wrong

    def _check(self) -> pl.LazyFrame:
        """The frame, told to be sorted by household where it is: joins are cheaper then."""
        key, *_ = keys = KEYS[self.level]
        counts = self._one_row(
            *(self._wrong(name, of).any().alias(name) for name, of in self.facts.items()),
            *((pl.col(name).null_count() > 0).alias(f".{name}") for name in keys),
            (pl.col(key) > pl.col(key).shift(1)).all().alias("rising"),
            (pl.col(keys[-1]) >= pl.col(keys[-1]).shift(1)).all().alias("sorted"),
        )
        rising, is_sorted = counts.pop("rising"), counts.pop("sorted")
        for name, found in counts.items():
            if found:
                self._refuse(name)
        if not rising and self._one_row(twice=pl.col(key).n_unique() < pl.len())["twice"]:
            rows = self._rows(pl.col(key).is_duplicated(), key)
            raise FactError("key_twice", file=self.path.name, name=key, found=next(rows)[1])
        if self.level == "person":
            self._check_households(is_sorted)
        if HOUSEHOLD in keys and (is_sorted if key == PERSON else rising):
            return self.frame.set_sorted(HOUSEHOLD)
        return self.frame

    def _one_row(self, *columns: pl.Expr, **named: pl.Expr) -> dict[str, bool]:
        return self.frame.select(*columns, **named).collect(engine="streaming").row(0, named=True)

    def _check_households(self, is_sorted: bool) -> None:
        """No aggregate can leave the bounds that were proven for it."""
        if is_sorted:
            sizes = self.frame.select(pl.col(HOUSEHOLD).rle().struct.field("len").max())
        else:
            sizes = self.frame.group_by(HOUSEHOLD).len().select(pl.col("len").max())
        largest = sizes.collect(engine="streaming").item() or 0
        if largest > MAX_HOUSEHOLD:
            raise FactError("household_too_large", found=largest, limit=MAX_HOUSEHOLD)

    def _refuse(self, name: str) -> None:
        if name.startswith("."):
            row, _ = next(self._rows(pl.col(name[1:]).is_null(), name[1:]))
            raise FactError("key_empty", file=self.path.name, name=name[1:], row=row)
        of = self.facts[name]
        row, found = next(self._rows(self._wrong(name, of), name))
        raise FactError(
            "cell_wrong", file=self.path.name, row=row, name=name, found=found,
            expected=expected(of),
        )  # fmt: skip

    def _rows(self, wrong: pl.Expr, name: str) -> Iterator[tuple[int, object]]:
        rows = self.frame.with_row_index(".row", 1).filter(wrong).select(".row", name)
        yield from rows.head(1).collect().iter_rows()
