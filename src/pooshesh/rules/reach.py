"""Rows of a table that can never fire, as far as comparisons with constants show.

Each fact or rule is tried at a handful of values that stand for all: every constant it is compared
with, one beside it on either side, its bounds, its codes, null. A condition splits at `and` into
parts about one name, which those values decide exactly, and parts that are only compared as a
whole. So `decile <= 5` below `decile <= 6` is found, and a row that the rows above exhaust; what
depends on parameters or on several names at once is never called unreachable wrongly.
"""

import datetime as dt
import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from .tree import Compare, Expr, Known, Literal, Logic, Name, Not, Type, Value

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}

Values = frozenset[Value]


@dataclass(frozen=True)
class _Condition:
    """A conjunction: the values of each name that it allows, and the parts about more than one."""

    allowed: dict[str, Values]
    others: tuple[Expr, ...]

    def implies(self, other: "_Condition") -> bool:
        return all(part in self.others for part in other.others) and all(
            name in self.allowed and self.allowed[name] <= values
            for name, values in other.allowed.items()
        )


def unreachable(conditions: list[Expr]) -> tuple[int, ...]:
    """The places, from 0, of the rows that never fire; the row after the last is `otherwise`."""
    tried = _tried(conditions)
    left = dict(tried)  # what the rows above leave of each name
    above: list[_Condition] = []
    found = []
    for place, condition in enumerate([*map(_parts, conditions), ()]):
        row = _condition(condition, tried, left)
        if not all(row.allowed.values()) or any(map(row.implies, above)) or not all(left.values()):
            found.append(place)
            continue
        above.append(row)
        if len(row.allowed) == 1 and not row.others:
            ((name, values),) = row.allowed.items()
            left[name] -= values
    return tuple(found)


def _condition(
    parts: tuple[Expr, ...], tried: dict[str, Values], left: dict[str, Values]
) -> _Condition:
    allowed: dict[str, Values] = {}
    others: list[Expr] = []
    for part in parts:
        name = _about(part)
        if name is None:
            others.append(part)
        else:
            still = allowed.get(name, left[name])
            allowed[name] = frozenset(value for value in still if _holds(part, value))
    return _Condition(allowed, tuple(others))


def _parts(condition: Expr) -> tuple[Expr, ...]:
    if isinstance(condition, Logic) and condition.op == "and":
        return tuple(part for one in condition.parts for part in _parts(one))
    return (condition,)


def _about(e: Expr) -> str | None:
    """The one name that a condition is about, if it only compares that with constants."""
    match e:
        case Name(name, Type("bool")) | Known(Name(name)):
            return name
        case Compare(_, Name(name), Literal()) | Compare(_, Literal(), Name(name)):
            return name
        case Not(of):
            return _about(of)
        case Logic(_, parts):
            about = {_about(part) for part in parts}
            return about.pop() if len(about) == 1 else None
    return None


def _holds(e: Expr, value: Value) -> bool:
    match e:
        case Known():
            return value is not None
        case Not(of):
            return not _holds(of, value)
        case Logic(op, parts):
            each = (_holds(part, value) for part in parts)
            return all(each) if op == "and" else any(each)
        case Compare(op, left, right):
            forward = isinstance(left, Name)
            sign, constant = (op, right) if forward else (_MIRRORED.get(op, op), left)
            # The typing of expressions keeps null from ever coming here.
            assert isinstance(constant, Literal)
            return value is not None and bool(_OPERATORS[sign](value, constant.value))
    return value is True


def _tried(conditions: Iterable[Expr]) -> dict[str, Values]:
    types: dict[str, Type] = {}
    constants: dict[str, set[Value]] = {}
    nullable: set[str] = set()
    for e in (part for condition in conditions for part in _all(condition)):
        match e:
            case Name(name, of):
                types[name] = of
            case Known(Name(name)):
                nullable.add(name)
            case Compare(_, Name(name), Literal(value)) | Compare(_, Literal(value), Name(name)):
                constants.setdefault(name, set()).add(value)
    return {
        name: _values(of, constants.get(name, set()), name in nullable)
        for name, of in types.items()
    }


def _values(of: Type, constants: set[Value], nullable: bool) -> Values:
    found: set[Value] = {None} if nullable else set()
    if of.kind == "int":
        beside = {c + step for c in constants if isinstance(c, int) for step in (-1, 0, 1)}
        found |= {value for value in beside | {of.low, of.high} if of.low <= value <= of.high}
    elif of.kind == "code":
        found |= of.codes
    elif of.kind == "bool":
        found |= {True, False}
    else:
        found.add(dt.date.min)  # dates meet no constants: any day stands for all
    return frozenset(found)


def _all(e: Expr) -> Iterator[Expr]:
    yield e
    for part in fields(e):
        item = getattr(e, part.name)
        for one in item if isinstance(item, tuple) else (item,):
            if isinstance(one, Expr):
                yield from _all(one)
