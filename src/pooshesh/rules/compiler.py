"""What every engine shares: one walk over the bound tree, one plan of what to compute when.

An engine is a small class: a `Compiler` that says what each node is in its own language. It sees no
dates to compute, no parameters and, by the typing of `expression.py`, no null where null has no
meaning. Engines that work on columns compute a `Plan` layer by layer.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from .pack import BoundRule, Fact, Pack, Rule
from .tree import (
    BOOL,
    INT64,
    NULL,
    Aggregate,
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
    PercentOf,
    Type,
    Value,
    names,
)

T = TypeVar("T")

REASONS = "reasons"  # the output that holds the mask of reasons
_ROW = ".row"  # no name of a pack holds a dot


class Compiler(ABC, Generic[T]):
    """Says a bound expression in the language of an engine."""

    def expr(self, e: Expr) -> T:
        """A bound expression, its parts said first."""
        s = self.expr
        match e:
            case Literal():
                return self.literal(e)
            case Name(name):
                return self.name(name)
            case Known(Name(name)):
                return self.known(self.name(name))
            case Not(of):
                return self.negation(s(of))
            case Logic(op, parts):
                return self.logic(op, [s(part) for part in parts])
            case Compare(op, left, right) | Arithmetic(op, left, right):
                return self.infix(op, s(left), s(right))
            case PercentOf(of, percent):
                return self._percent_of(s(of), s(percent))
            case Choose(test, then, other):
                return self.choice(s(test), s(then), s(other), e.type)
            case Lookup(key=key, default=default):
                return self.lookup(e, s(key), s(default))
            case Clamp(of, low, high):
                return self.clamp(s(of), s(low), s(high))
        raise TypeError(f"{type(e).__name__} is not part of a bound tree")

    def _percent_of(self, of: T, percent: T) -> T:
        """Nothing is below 0, so that every engine's division of whole numbers is the same."""
        half, whole = (self.literal(Literal(n, _whole(n))) for n in (50, 100))
        return self.infix("//", self.infix("+", self.infix("*", of, percent), half), whole)

    @abstractmethod
    def literal(self, e: Literal) -> T: ...
    @abstractmethod
    def name(self, name: str) -> T: ...
    @abstractmethod
    def known(self, of: T) -> T: ...
    @abstractmethod
    def negation(self, of: T) -> T: ...
    @abstractmethod
    def logic(self, op: str, parts: list[T]) -> T: ...
    @abstractmethod
    def infix(self, op: str, left: T, right: T) -> T:
        """One of == != < <= > >= + - * // on values that are not null; // on none below 0."""

    @abstractmethod
    def choice(self, test: T, then: T, other: T, of: Type) -> T: ...
    @abstractmethod
    def lookup(self, e: Lookup, key: T, default: T) -> T:
        """The entry of a key; `default` where the key is null or absent."""

    @abstractmethod
    def clamp(self, of: T, low: T, high: T) -> T: ...


class Definition(NamedTuple):
    """A column to compute, from facts and from columns of earlier layers."""

    name: str
    value: Expr
    type: Type


@dataclass(frozen=True)
class Plan:
    """What a column engine computes.

    `facts` are read from the three tables; `aggregates` are columns of households made from their
    persons; the definitions of a layer look only at facts, aggregates and earlier layers. `outputs`
    are the columns to keep, the last being the mask `reasons`.
    """

    facts: Mapping[str, Fact]
    aggregates: Mapping[str, Aggregate]
    layers: tuple[tuple[Definition, ...], ...]
    outputs: tuple[Definition, ...]
    codes: tuple[str, ...]  # every code of the pack, sorted: one numbering for all columns

    def of(self, level: str) -> list[Fact]:
        """The facts that the table of this level brings."""
        return [f for f in self.facts.values() if f.level == level and f.aggregate is None]


def plan(pack: Pack, rules: Sequence[BoundRule], aggregates: Mapping[str, Aggregate]) -> Plan:
    """The columns of a bound pack, in layers."""
    wanted: list[Definition] = []
    for rule in rules:
        wanted += _columns(rule, pack.rules[rule.name].type)
    mask: Expr = Literal(0, _whole(0))
    for rule in rules:
        if any(rule.bits):
            at = Name(rule.name + _ROW, _row_type(rule))
            entries: dict[Key, Value] = dict(enumerate(rule.bits))
            bit = Lookup("", at, Literal(0, _whole(0)), _whole(INT64), entries)
            mask = Arithmetic("+", mask, bit, _whole(INT64))
    reasons = Definition(REASONS, mask, _whole(INT64))
    titled: list[Fact | Rule] = [*pack.facts.values(), *pack.rules.values()]
    return Plan(
        pack.facts,
        aggregates,
        _layers([*wanted, reasons]),
        (*(Definition(r.name, Name(r.name, r.type), r.type) for r in pack.outputs), reasons),
        tuple(sorted({code for item in titled for code in item.codes})),
    )


def _whole(high: int) -> Type:
    return Type("int", low=0, high=high)


def _row_type(rule: BoundRule) -> Type:
    return _whole(len(rule.rows) - 1)


def _columns(rule: BoundRule, of: Type) -> Iterable[Definition]:
    """A table becomes two columns, so that its conditions are computed once.

    The first is the place of the row that fires; value and reason are looked up by it.
    """
    if len(rule.rows) == 1 and not rule.bits[0]:
        yield Definition(rule.name, rule.rows[0].then, of)
        return
    whole = _row_type(rule)
    fired: Expr = Literal(len(rule.rows) - 1, whole)
    for place, row in reversed(list(enumerate(rule.rows[:-1]))):
        assert row.when is not None
        fired = Choose(row.when, Literal(place, whole), fired, whole)
    yield Definition(rule.name + _ROW, fired, whole)
    at = Name(rule.name + _ROW, whole)
    given = [row.then for row in rule.rows]
    if all(isinstance(then, Literal) for then in given):
        entries: dict[Key, Value] = {place: then.value for place, then in enumerate(given)
                   if isinstance(then, Literal)}  # fmt: skip
        yield Definition(rule.name, Lookup("", at, Literal(None, NULL), of, entries), of)
        return
    value = given[-1]
    for place, then in reversed(list(enumerate(given[:-1]))):
        here = Compare("==", at, Literal(place, whole), BOOL)
        value = Choose(here, then, value, of)
    yield Definition(rule.name, value, of)


def _layers(wanted: Sequence[Definition]) -> tuple[tuple[Definition, ...], ...]:
    """Each definition in the first layer that comes after all it looks at."""
    depth: dict[str, int] = {}
    for one in wanted:  # rules come in the order they are evaluated
        depth[one.name] = 1 + max((depth.get(name, 0) for name in names(one.value)), default=0)
    made = [
        tuple(one for one in wanted if depth[one.name] == level)
        for level in range(1, max(depth.values()) + 1)
    ]
    return tuple(made)
