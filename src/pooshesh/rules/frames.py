"""The engine for populations: a plan as Polars expressions over whole columns."""

import datetime as dt
import operator
from collections.abc import Callable, Mapping
from functools import reduce

import polars as pl

from .compiler import Compiler, Plan
from .tree import Aggregate, Key, Literal, Lookup, Type, Value

PERSON, HOUSEHOLD, PLACE = "person_id", "household_id", "place_id"

_INFIX: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "+": operator.add, "-": operator.sub, "*": operator.mul,
    "//": operator.floordiv,
}  # fmt: skip


class PolarsEngine(Compiler[pl.Expr]):
    """Columns of facts in, columns of outputs out; never a row at a time.

    Numbers are 64-bit; codes are numbered the same way in every column of a pack.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.codes = pl.Enum(plan.codes)
        self._number = {code: place for place, code in enumerate(plan.codes)}

    def decide(
        self, persons: pl.LazyFrame, households: pl.LazyFrame, places: pl.LazyFrame
    ) -> pl.LazyFrame:
        """`person_id`, each output and `reasons`, a row for each person whose household is there.

        Every table holds its key, the key of the next, and the facts of its level.
        """
        persons = persons.select(PERSON, HOUSEHOLD, *self._facts("person"))
        homes = households.select(HOUSEHOLD, PLACE, *self._facts("household"))
        if self.plan.aggregates:
            homes = homes.join(self._sums(persons), on=HOUSEHOLD, how="inner")
        homes = homes.join(
            places.select(PLACE, *self._facts("place")), on=PLACE, how="inner"
        ).drop(PLACE)  # fmt: skip
        return self.columns(persons.join(homes, on=HOUSEHOLD, how="inner"))

    def with_aggregates(self, facts: pl.LazyFrame) -> pl.LazyFrame:
        """The facts of whole households, with what the pack makes of each household's persons."""
        if not self.plan.aggregates:
            return facts
        return facts.join(self._sums(facts), on=HOUSEHOLD, how="left")

    def _sums(self, persons: pl.LazyFrame) -> pl.LazyFrame:
        made = {name: self._aggregate(one) for name, one in self.plan.aggregates.items()}
        return persons.group_by(HOUSEHOLD).agg(**made)

    def columns(self, facts: pl.LazyFrame) -> pl.LazyFrame:
        """`person_id` and the outputs, from a frame that holds every fact and aggregate."""
        for layer in self.plan.layers:
            facts = facts.with_columns(
                self.expr(one.value).cast(self.dtype(one.type)).alias(one.name) for one in layer
            )
        return facts.select(PERSON, *(one.name for one in self.plan.outputs))

    def dtype(self, of: Type) -> pl.DataType:
        """The column type of a value."""
        kinds = {"int": pl.Int64(), "bool": pl.Boolean(), "date": pl.Date(), "code": self.codes}
        return kinds[of.kind]

    def _facts(self, level: str) -> list[pl.Expr]:
        return [pl.col(fact.name).cast(self.dtype(fact.type)) for fact in self.plan.of(level)]

    def _aggregate(self, made: Aggregate) -> pl.Expr:
        if made.of is None:
            return pl.len().cast(pl.Int64)
        each = self.expr(made.of)
        return each.any() if made.op == "any" else each.cast(pl.Int64).sum()

    # --- what each node is in Polars

    def literal(self, e: Literal) -> pl.Expr:
        if isinstance(e.value, str):
            return pl.lit(e.value, self.codes)
        if isinstance(e.value, bool | dt.date) or e.value is None:
            return pl.lit(e.value)
        return pl.lit(e.value, pl.Int64)

    def name(self, name: str) -> pl.Expr:
        return pl.col(name)

    def known(self, of: pl.Expr) -> pl.Expr:
        return of.is_not_null()

    def negation(self, of: pl.Expr) -> pl.Expr:
        return ~of

    def logic(self, op: str, parts: list[pl.Expr]) -> pl.Expr:
        return reduce(operator.and_ if op == "and" else operator.or_, parts)

    def infix(self, op: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
        return _INFIX[op](left, right)

    def choice(self, test: pl.Expr, then: pl.Expr, other: pl.Expr, of: Type) -> pl.Expr:
        return pl.when(test).then(then).otherwise(other)

    def lookup(self, e: Lookup, key: pl.Expr, default: pl.Expr) -> pl.Expr:
        of = self.dtype(e.type)
        keys: Mapping[Key, Value] = e.entries
        return key.replace_strict(
            pl.Series(list(keys), dtype=self.dtype(e.key.type)),
            pl.Series(list(keys.values()), dtype=of),
            default=default.cast(of), return_dtype=of,
        )  # fmt: skip

    def clamp(self, of: pl.Expr, low: pl.Expr, high: pl.Expr) -> pl.Expr:
        return pl.min_horizontal(pl.max_horizontal(of, low), high)
