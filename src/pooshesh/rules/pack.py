"""What a loaded pack holds. Everything here is immutable and already checked."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import NamedTuple

from .errors import Mark
from .text import Text
from .tree import Aggregate, Expr, Key, Type, Value

Level = OneOf["person", "household", "place"]
LEVELS: tuple[Level, ...] = ("person", "household", "place")


@dataclass(frozen=True)
class Law:
    """One file of a pack: one law or decree."""

    id: str
    title: Text
    citations: tuple[str, ...]
    mark: Mark


@dataclass(frozen=True)
class Fact:
    """An input. `example` stands for it in cases that do not mention it, never in decisions.

    `changeable` facts are tried out when explaining what would change a decision.
    `aggregate` facts are made from the persons of the household by `decide_household`.
    """

    name: str
    level: Level
    type: Type
    title: Text
    codes: Mapping[str, Text]
    example: Value
    changeable: bool
    aggregate: Aggregate | None
    mark: Mark


@dataclass(frozen=True)
class DatedValue:
    """A value from the day `since` until the next. None, alone or in a table, means not known."""

    since: dt.date
    value: int | bool | Mapping[Key, int | None] | None
    citations: tuple[str, ...]
    note: Text | None
    mark: Mark


@dataclass(frozen=True)
class DatedParameter:
    """`keys` is empty for a single value. `values` ascend by day without gap."""

    name: str
    law: str
    title: Text
    unit: str
    keys: tuple[Key, ...]
    values: tuple[DatedValue, ...]
    mark: Mark

    def on(self, day: dt.date) -> DatedValue | None:
        """The value in force on a day; None before the first."""
        for dated in reversed(self.values):
            if dated.since <= day:
                return dated
        return None


@dataclass(frozen=True)
class Row:
    """One row of a decision table; `when` is None for `otherwise` and for a plain value."""

    when: Expr | None
    then: Expr
    reason: str
    citations: tuple[str, ...]
    note: Text | None
    mark: Mark


@dataclass(frozen=True)
class Rule:
    """First row whose `when` holds gives the value. `codes` titles the values of a code rule."""

    name: str
    law: str
    title: Text
    citations: tuple[str, ...]
    output: bool
    codes: Mapping[str, Text]
    type: Type
    rows: tuple[Row, ...]
    mark: Mark


class BoundRule(NamedTuple):
    """A rule on a day: no dates and parameters left in it. `bits` are its rows' reason bits."""

    name: str
    rows: tuple[Row, ...]
    bits: tuple[int, ...]
    output: bool


@dataclass(frozen=True)
class Reason:
    """A sentence with placeholders ({fact}, {rule} or {on}); its place in the pack is its bit."""

    code: str
    law: str
    sentence: Text
    mark: Mark


@dataclass(frozen=True)
class Case:
    """An example that is a test."""

    title: Text
    law: str
    on: dt.date
    facts: Mapping[str, Value]
    outputs: Mapping[str, Value]
    reasons: tuple[str, ...]
    mark: Mark


@dataclass(frozen=True)
class Pack:
    """All laws of a folder. `rules` are in the order they are evaluated; `text` feeds the id."""

    name: str
    laws: Mapping[str, Law]
    sources: Mapping[str, Text]
    facts: Mapping[str, Fact]
    parameters: Mapping[str, DatedParameter]
    rules: Mapping[str, Rule]
    reasons: Mapping[str, Reason]
    cases: tuple[Case, ...]
    text: str

    @property
    def outputs(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules.values() if rule.output)

    def reason_codes(self, mask: int) -> tuple[str, ...]:
        """The reasons of a stored mask, in bit order."""
        return tuple(code for bit, code in enumerate(self.reasons) if mask >> bit & 1)


def required_facts(pack: Pack) -> tuple[Fact, ...]:
    """The facts a caller must supply to `decide_household`: all but the aggregates."""
    return tuple(fact for fact in pack.facts.values() if fact.aggregate is None)
