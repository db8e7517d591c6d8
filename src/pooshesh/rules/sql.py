"""The engines inside databases: a plan as one query, for PostgreSQL and for Spark."""

import datetime as dt
from collections.abc import Iterable

from .compiler import Compiler, Definition, Plan
from .frames import HOUSEHOLD, PERSON, PLACE
from .tree import Aggregate, Literal, Lookup, Type


class SqlEngine(Compiler[str]):
    """A query over the tables `persons`, `households` and `places`, as PostgreSQL speaks.

    Names of columns come from a pack, where they are plain words; they are quoted all the same.
    """

    kinds = {"int": "bigint", "bool": "boolean", "date": "date", "code": "text"}
    #: Keeps a planner from melting layers into one expression, copied wherever it is used.
    fence = " OFFSET 0"
    any = "bool_or"
    signs = {"==": "=", "!=": "<>", "//": "/"}

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def query(self) -> str:
        """`person_id`, each output and `reasons`, a row for each person whose household is there.

        Inner joins: who has no household or no place is missing in the answer.
        """
        facts = self._facts()
        for number, layer in enumerate(self.plan.layers):
            made = ", ".join(f"{self.definition(one)} AS {self.name(one.name)}" for one in layer)
            facts = f"SELECT *, {made} FROM ({facts}{self.fence}) AS layer{number}"
        outputs = [PERSON, *(one.name for one in self.plan.outputs)]
        return f"SELECT {self._names(outputs)} FROM ({facts}) AS decided"

    def definition(self, one: Definition) -> str:
        """A column, of its declared type even where every row is null."""
        return f"CAST({self.expr(one.value)} AS {self.kinds[one.type.kind]})"

    def _facts(self) -> str:
        """Every fact and aggregate of every person, side by side."""
        columns = [
            f"persons.{self.name(PERSON)}",
            *(f"{level}s.{self.name(fact.name)}" for level in ("person", "household", "place")
              for fact in self.plan.of(level)),
            *(f"made.{self.name(name)}" for name in self.plan.aggregates),
        ]  # fmt: skip
        joins = [self._join("households", "persons", HOUSEHOLD),
                 self._join("places", "households", PLACE)]  # fmt: skip
        if self.plan.aggregates:
            made = ", ".join(
                f"{self._aggregate(one)} AS {self.name(name)}"
                for name, one in self.plan.aggregates.items()
            )
            home = self.name(HOUSEHOLD)
            sums = f"(SELECT {home}, {made} FROM persons GROUP BY {home}) AS made"
            joins.append(self._join("made", "persons", HOUSEHOLD, sums))
        return f"SELECT {', '.join(columns)} FROM persons {' '.join(joins)}"

    def _join(self, right: str, left: str, key: str, source: str = "") -> str:
        key = self.name(key)
        return f"JOIN {source or right} ON {right}.{key} = {left}.{key}"

    def _aggregate(self, made: Aggregate) -> str:
        if made.of is None:
            return "count(*)"
        each = self.expr(made.of)
        if made.op == "any":
            return f"{self.any}({each})"
        number = f"CASE WHEN {each} THEN 1 ELSE 0 END" if made.op == "count" else each
        return f"CAST(sum({number}) AS {self.kinds['int']})"

    def _names(self, names: Iterable[str]) -> str:
        return ", ".join(map(self.name, names))

    # --- what each node is in SQL

    def literal(self, e: Literal) -> str:
        value = e.value
        if value is None:
            return f"CAST(NULL AS {self.kinds[e.type.kind]})" if e.type.kind != "null" else "NULL"
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, dt.date):
            return f"DATE '{value.isoformat()}'"
        return self._whole(value) if isinstance(value, int) else f"'{value}'"

    def _whole(self, value: int) -> str:
        return f"CAST({value} AS {self.kinds['int']})"

    def name(self, name: str) -> str:
        return f'"{name}"'

    def known(self, of: str) -> str:
        return f"({of} IS NOT NULL)"

    def negation(self, of: str) -> str:
        return f"(NOT {of})"

    def logic(self, op: str, parts: list[str]) -> str:
        return "(" + f" {op.upper()} ".join(parts) + ")"

    def infix(self, op: str, left: str, right: str) -> str:
        return f"({left} {self.signs.get(op, op)} {right})"

    def choice(self, test: str, then: str, other: str, of: Type) -> str:
        return f"CASE WHEN {test} THEN {then} ELSE {other} END"

    def lookup(self, e: Lookup, key: str, default: str) -> str:
        pairs = [
            (self.literal(Literal(one, e.key.type)), self.literal(Literal(to, e.type)))
            for one, to in e.entries.items()
        ]
        entries = " ".join(f"WHEN {one} THEN {to}" for one, to in pairs)
        return f"CASE {key} {entries} ELSE {default} END"

    def clamp(self, of: str, low: str, high: str) -> str:
        return f"LEAST(GREATEST({of}, {low}), {high})"


class SparkEngine(SqlEngine):
    """The same query as Spark speaks."""

    kinds = {"int": "BIGINT", "bool": "BOOLEAN", "date": "DATE", "code": "STRING"}
    fence = ""
    signs = {**SqlEngine.signs, "//": "DIV"}

    def name(self, name: str) -> str:
        return f"`{name}`"
