"""A made-up person decided on a day, and what differs between two days and by which citation."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from pooshesh import rules
from pooshesh.policy.forms import PersonForm
from pooshesh.policy.words import lang
from pooshesh.rules.pack import DatedParameter, DatedValue, Rule
from pooshesh.rules.trace import ParameterUse
from pooshesh.rules.tree import Key, Value


@dataclass(frozen=True)
class Trial:
    """A decision with its trace and reasons; without a trace, `defects` say why there is none."""

    on: dt.date
    traced: rules.Trace | None = None
    reasons: tuple[rules.Explanation, ...] = ()
    defects: tuple[rules.Defect, ...] = ()

    def outputs(self) -> list[tuple[Rule, Value]]:
        """(rule, value) of every output, in the pack's order."""
        return (
            [(s.rule, s.value) for s in self.traced.steps if s.rule.output] if self.traced else []
        )


def decide(pack: rules.Pack, person: PersonForm, on: dt.date) -> Trial:
    """`person` is a valid form. Nothing is stored."""
    try:
        bound = rules.bind(pack, on)
    except rules.PackError as error:
        return Trial(on, defects=error.defects)
    traced = rules.trace(bound, person.facts(bound))
    return Trial(on, traced, rules.explain(traced, lang()))


@dataclass(frozen=True)
class OutputChange:
    """An output that differs."""

    rule: Rule
    before: Value
    after: Value


@dataclass(frozen=True)
class ValueChange:
    """A value of a parameter, one of a table's by `key`, that differs."""

    parameter: DatedParameter
    key: Key | None
    before: DatedValue
    after: DatedValue

    def values(self) -> tuple[Value, Value]:
        return _at(self.before, self.key), _at(self.after, self.key)


@dataclass(frozen=True)
class Difference:
    """What two days decide differently, and the values behind it, each with its citation."""

    outputs: list[OutputChange] = field(default_factory=list)
    values: list[ValueChange] = field(default_factory=list)


def difference(before: rules.Trace, after: rules.Trace) -> Difference:
    """Both of the same facts and pack."""
    outputs = [
        OutputChange(one.rule, one.value, other.value)
        for one, other in zip(before.steps, after.steps, strict=True)
        if one.rule.output and one.value != other.value
    ]
    read: dict[tuple[str, Key | None], ValueChange] = {}
    for change in outputs:
        for use in (*_read_by(before, change.rule.name), *_read_by(after, change.rule.name)):
            name = use.parameter.name
            was, now = before.bound.values[name], after.bound.values[name]
            if _at(was, use.key) != _at(now, use.key):
                read[name, use.key] = ValueChange(use.parameter, use.key, was, now)
    return Difference(outputs, list(read.values()))


def _read_by(traced: rules.Trace, name: str) -> Iterator[ParameterUse]:
    """What a rule read, and the rules it looked at."""
    step = next(step for step in traced.steps if step.rule.name == name)
    yield from step.parameters
    for inner in step.rules:
        yield from _read_by(traced, inner)


def _at(dated: DatedValue, key: Key | None) -> int | bool | None:
    if isinstance(dated.value, int) or dated.value is None:
        return dated.value
    return dated.value[key] if key is not None else None
