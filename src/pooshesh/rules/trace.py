"""Decide once more, slowly, keeping what happened: the record behind an explanation.

It walks the rules as written, not the bound tree, so it also checks the compiled function:
`trace(bound, facts).decision == bound.decide(facts)` for all facts.
"""

import datetime as dt
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .bind import BoundPack, Decision, ago
from .pack import DatedParameter, DatedValue, Row, Rule
from .tree import (
    Active,
    Ago,
    Arithmetic,
    Choose,
    Clamp,
    Compare,
    Expr,
    Key,
    Known,
    Literal,
    Logic,
    Lookup,
    Name,
    Not,
    Parameter,
    PercentOf,
    Value,
)

_OPERATORS = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip


@dataclass(frozen=True)
class ParameterUse:
    """A parameter that was read: `key` in a table, the `value` found and where it comes from."""

    parameter: DatedParameter
    key: Key | None
    value: int | bool | None
    dated: DatedValue


@dataclass(frozen=True)
class Step:
    """One rule: the value it gave, the row that fired (counted from 1) and what was looked at."""

    rule: Rule
    value: Value
    row: int
    facts: Mapping[str, Value]
    rules: Mapping[str, Value]
    parameters: tuple[ParameterUse, ...]

    @property
    def fired(self) -> Row:
        return self.rule.rows[self.row - 1]

    @property
    def citations(self) -> tuple[str, ...]:
        """Keys of the pack's sources: the fired row's, else the rule's, then those of values."""
        keys = [*(self.fired.citations or self.rule.citations)]
        keys += [key for use in self.parameters for key in use.dated.citations]
        return tuple(dict.fromkeys(keys))


@dataclass(frozen=True)
class Trace:
    """Every rule in the order it was evaluated, and the decision they make."""

    bound: BoundPack
    facts: Mapping[str, Value]
    steps: tuple[Step, ...]
    decision: Decision


def trace(bound: BoundPack, facts: Mapping[str, Value]) -> Trace:
    """Errors: `FactError`, as `BoundPack.decide`."""
    bound.check(facts)
    values: dict[str, Value] = {name: facts[name] for name in bound.pack.facts}
    steps: list[Step] = []
    for rule in bound.pack.rules.values():
        step = _Evaluation(bound, values).step(rule)
        values[rule.name] = step.value
        steps.append(step)
    codes = {step.fired.reason for step in steps}
    fired = [(bit, code) for bit, code in enumerate(bound.pack.reasons) if code in codes]
    decision = Decision(
        {step.rule.name: step.value for step in steps if step.rule.output},
        tuple(code for _, code in fired),
        sum(1 << bit for bit, _ in fired),
        bound.id,
    )
    return Trace(bound, {name: facts[name] for name in bound.pack.facts}, tuple(steps), decision)


class _Evaluation:
    """Evaluates one rule, noting what it reads."""

    def __init__(self, bound: BoundPack, values: Mapping[str, Value]) -> None:
        self.bound, self.values = bound, values
        self.read: dict[str, Value] = {}
        self.uses: dict[tuple[str, Key | None], ParameterUse] = {}

    def step(self, rule: Rule) -> Step:
        for place, row in enumerate(rule.rows, 1):
            if row.when is None or self.value(row.when):
                value = self.value(row.then)
                is_fact = self.bound.pack.facts.__contains__
                facts = {name: given for name, given in self.read.items() if is_fact(name)}
                rules = {name: made for name, made in self.read.items() if not is_fact(name)}
                return Step(rule, value, place, facts, rules, tuple(self.uses.values()))
        raise AssertionError(f"{rule.name} has no last row")

    def value(self, e: Expr) -> Any:
        """The value of an expression, looking no further than the compiled function does."""
        value = self.value
        match e:
            case Literal(found):
                return found
            case Name(name):
                return self._named(name)
            case Parameter(name):
                return self._parameter(name)
            case Known(of):
                return value(of) is not None
            case Not(of):
                return not value(of)
            case Logic(op, parts):
                return all(map(value, parts)) if op == "and" else any(map(value, parts))
            case Compare(op, left, right) | Arithmetic(op, left, right):
                return _OPERATORS[op](value(left), value(right))
            case PercentOf(of, percent):
                return (value(of) * value(percent) + 50) // 100
            case Choose(test, then, other):
                return value(then) if value(test) else value(other)
            case Lookup(table, key, default):
                return self._parameter(table, value(key), default)
            case Clamp(of, low, high):
                return min(max(value(of), value(low)), value(high))
            case Active(since, until):
                start, end = value(since), value(until)
                return start is not None and start <= self.bound.on < (end or dt.date.max)
            case Ago(unit, count):
                return ago(self.bound.on, unit, value(count))

    def _named(self, name: str) -> Value:
        self.read[name] = self.values[name]
        return self.values[name]

    def _parameter(self, name: str, key: Key | None = None, default: Expr | None = None) -> Any:
        dated = self.bound.values[name]
        found = dated.value
        if isinstance(found, Mapping):
            if key is None or key not in found:
                return self.value(default) if default else None
            found = found[key]
        parameter = self.bound.pack.parameters[name]
        self.uses[name, key] = ParameterUse(parameter, key, found, dated)
        return found
