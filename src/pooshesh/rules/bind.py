"""Bind a pack to a day: parameters and date arithmetic become constants, rules become a function.

A bound pack is immutable. Its id is a SHA-256 over the laws' facts, rules, reasons and sentences
and over every parameter value in force. The day is not in it: all days between two parameter
changes share one id, so a stored decision needs (id, day) to be repeated, and the id changes
exactly when a law's text or a value in force does.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pooshesh.kernel.calendar import from_jalali, month_days, to_jalali

from .compiler import Plan, plan
from .errors import Defects, FactError
from .expression import MAX_HOUSEHOLD
from .pack import LEVELS, BoundRule, DatedValue, Level, Pack, Row
from .python import PythonEngine
from .tree import (
    DATE,
    Active,
    Ago,
    Arithmetic,
    Choose,
    Clamp,
    Compare,
    Expr,
    Known,
    Literal,
    Logic,
    Lookup,
    Not,
    Parameter,
    PercentOf,
    Type,
    Value,
    fits,
)


class Decision(NamedTuple):
    """`reasons` are codes in bit order of `reason_mask`; bit i is the pack's i-th reason."""

    outputs: dict[str, Value]
    reasons: tuple[str, ...]
    reason_mask: int
    pack_id: str


class _Decoder(dict[int, tuple[str, ...]]):
    """Reason codes by mask, each mask decoded once."""

    def __init__(self, pack: Pack) -> None:
        super().__init__()
        self.pack = pack

    def __missing__(self, mask: int) -> tuple[str, ...]:
        self[mask] = codes = self.pack.reason_codes(mask)
        return codes


@dataclass(frozen=True)
class BoundPack:
    """A pack on a day; make one with `bind`."""

    pack: Pack
    on: dt.date
    id: str
    values: Mapping[str, DatedValue]
    rules: tuple[BoundRule, ...]
    plan: Plan
    engine: PythonEngine
    _decoder: _Decoder

    def decide(self, facts: Mapping[str, Value]) -> Decision:
        """Decide one person. `facts` holds every fact of the pack, aggregates too; None = unknown.

        Errors: `FactError` for a fact that is missing or not of its declared type.
        """
        try:
            outputs, mask = self.engine.decide(*map(facts.__getitem__, self.engine.slots))
        except (KeyError, self.engine.Refused):
            self.check(facts)
            raise
        return Decision(outputs, self._decoder[mask], mask, self.id)

    def decide_household(
        self,
        persons: Sequence[Mapping[str, Value]],
        household: Mapping[str, Value],
        place: Mapping[str, Value],
    ) -> list[Decision]:
        """Decide every person of a household, in order. Aggregates are made from `persons`.

        Errors: `FactError`, also for more persons than the bounds of aggregates were proven for.
        """
        shared = {**place, **household, **self.aggregates(persons)}
        return [self.decide({**shared, **person}) for person in persons]

    def aggregates(self, persons: Sequence[Mapping[str, Value]]) -> dict[str, Value]:
        """The household facts that the pack makes from persons' facts."""
        if len(persons) > MAX_HOUSEHOLD:
            raise FactError("household_too_large", found=len(persons), limit=MAX_HOUSEHOLD)
        try:
            return {name: make(persons) for name, make in self.engine.aggregates.items()}
        except (KeyError, self.engine.Refused):
            for person in persons:
                self.check(person, ("person",))
            raise

    def check(self, facts: Mapping[str, Value], levels: Sequence[Level] = LEVELS) -> None:
        """Raise `FactError` for the first fact of these levels that is missing or wrong."""
        for name, fact in self.pack.facts.items():
            if fact.level not in levels:
                continue
            if name not in facts:
                raise FactError("fact_missing", name=name)
            if not fits(facts[name], fact.type):
                raise FactError(
                    "fact_wrong", name=name, found=facts[name], expected=expected(fact.type)
                )


def expected(of: Type) -> str:
    """The values of a type, in words of the language."""
    if of.kind == "int":
        domain = f"{of.low}..{of.high}"
    elif of.kind == "code":
        domain = ", ".join(sorted(of.codes))
    else:
        domain = "True, False" if of.kind == "bool" else "datetime.date"
    return f"{domain}, None" if of.nullable else domain


def bind(pack: Pack, on: dt.date) -> BoundPack:
    """Errors: `PackError` when a parameter has no value yet on that day."""
    values: dict[str, DatedValue] = {}
    defects = Defects()
    for name, parameter in pack.parameters.items():
        with defects.item(parameter.mark, name):
            dated = parameter.on(on)
            if dated is None:
                first = parameter.values[0].since
                defects.fail(parameter.mark, "date_before_first", on=on, first=first)
            values[name] = dated
    defects.check()
    fold = _Folder(values, on)
    bits = {code: 1 << place for place, code in enumerate(pack.reasons)} | {"": 0}
    rules = tuple(
        BoundRule(
            rule.name,
            tuple(fold.row(row) for row in rule.rows),
            tuple(bits[row.reason] for row in rule.rows),
            rule.output,
        )
        for rule in pack.rules.values()
    )
    aggregates = {
        fact.name: replace(fact.aggregate, of=fold.expr(fact.aggregate.of))
        if fact.aggregate.of
        else fact.aggregate
        for fact in pack.facts.values()
        if fact.aggregate
    }
    engine = PythonEngine({name: f.type for name, f in pack.facts.items()}, rules, aggregates)
    columns = plan(pack, rules, aggregates)
    return BoundPack(pack, on, _id(pack, values), values, rules, columns, engine,
                     _Decoder(pack))  # fmt: skip


def _id(pack: Pack, values: Mapping[str, DatedValue]) -> str:
    in_force = {
        name: [
            dated.since.isoformat(),
            {str(key): item for key, item in dated.value.items()}
            if isinstance(dated.value, Mapping)
            else dated.value,
            dated.citations,
        ]
        for name, dated in values.items()
    }
    text = json.dumps([pack.name, pack.text, in_force], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def ago(on: dt.date, unit: str, count: int) -> dt.date:
    """The day `count` days or solar Hijri years before; 30 Esfand falls back to 29."""
    if unit == "days":
        return on - dt.timedelta(count)
    year, month, day = to_jalali(on)
    return from_jalali(year - count, month, min(day, month_days(year - count, month)))


class _Folder:
    """Replaces what depends on the day by constants."""

    def __init__(self, values: Mapping[str, DatedValue], on: dt.date) -> None:
        self.values, self.on = values, on

    def row(self, row: Row) -> Row:
        when = self.expr(row.when) if row.when else None
        return replace(row, when=when, then=self.expr(row.then))

    def expr(self, e: Expr) -> Expr:
        fold = self.expr
        match e:
            case Parameter(name, of):
                return Literal(self._single(name), of)
            case Known(Parameter(name)):
                return Literal(self._single(name) is not None, e.type)
            case Lookup(table, key, default):
                entries = self.values[table].value
                assert isinstance(entries, Mapping)
                return replace(e, key=fold(key), default=fold(default), entries=entries)
            case Active(since, until):
                day = Literal(self.on, DATE)
                ended = Logic("and", (Known(until), Compare("<=", until, day)))
                return Logic("and", (Known(since), Compare("<=", since, day), Not(ended)))
            case Ago(unit, count):
                number = fold(count)
                assert isinstance(number, Literal)
                assert isinstance(number.value, int)
                return Literal(ago(self.on, unit, number.value), DATE)
            case Logic(_, parts):
                return replace(e, parts=tuple(map(fold, parts)))
            case Not(of_):
                return Not(fold(of_))
            case Compare(_, left, right) | Arithmetic(_, left, right):
                return replace(e, left=fold(left), right=fold(right))
            case PercentOf(of_, percent):
                return replace(e, of=fold(of_), percent=fold(percent))
            case Choose(test, then, other):
                return replace(e, test=fold(test), then=fold(then), other=fold(other))
            case Clamp(of_, low, high):
                return replace(e, of=fold(of_), low=fold(low), high=fold(high))
        return e

    def _single(self, name: str) -> int | bool | None:
        value = self.values[name].value
        assert not isinstance(value, Mapping)
        return value
