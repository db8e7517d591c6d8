"""The typed tree of expressions: what rules mean, apart from any engine that runs them.

`Parameter`, `Active` and `Ago` exist only before a pack is bound to a day; an engine sees the rest.
A nullable value reaches only `Known`, `Active`, a `Lookup` key and the result of a rule, so no
engine ever compares or adds a null (proved in `expression.py`).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal as OneOf

Kind = OneOf["int", "bool", "date", "code", "null"]
Value = int | bool | str | dt.date | None
Key = int | str

INT64 = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Type:
    """Kind of a value; whole numbers carry proven bounds and unit, codes their possible values."""

    kind: Kind
    nullable: bool = False
    low: int = 0
    high: int = 0
    codes: frozenset[str] = frozenset()
    unit: str = ""


BOOL = Type("bool")
DATE = Type("date")
NULL = Type("null", nullable=True)


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Name:
    """A fact or another rule."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated parameter with one value."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Lookup:
    """`default` for a null or absent key. `entries` is empty until bound."""

    table: str
    key: "Expr"
    default: "Expr"
    type: Type
    entries: Mapping[Key, Value]


@dataclass(frozen=True, slots=True)
class Logic:
    op: OneOf["and", "or"]
    parts: tuple["Expr", ...]
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Not:
    of: "Expr"
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Compare:
    op: OneOf["==", "!=", "<", "<=", ">", ">="]
    left: "Expr"
    right: "Expr"
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Arithmetic:
    op: OneOf["+", "-", "*"]
    left: "Expr"
    right: "Expr"
    type: Type


@dataclass(frozen=True, slots=True)
class PercentOf:
    """`percent` per cent of `of`, neither below 0, to the nearest whole, a half upwards."""

    of: "Expr"
    percent: "Expr"
    type: Type


@dataclass(frozen=True, slots=True)
class Choose:
    test: "Expr"
    then: "Expr"
    other: "Expr"
    type: Type


@dataclass(frozen=True, slots=True)
class Known:
    of: "Name | Parameter"
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Clamp:
    of: "Expr"
    low: "Expr"
    high: "Expr"
    type: Type


@dataclass(frozen=True, slots=True)
class Active:
    """The day decided on lies in [since, until); an unknown start is not active."""

    since: Name
    until: Name
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Ago:
    """A day before the day decided on; years are solar Hijri years."""

    unit: OneOf["days", "years"]
    count: "Parameter | Literal"
    type: Type = DATE


Expr = (
    Literal | Name | Parameter | Lookup | Logic | Not | Compare | Arithmetic | PercentOf | Choose
    | Known | Clamp | Active | Ago
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A household fact made from its persons' facts; `of` is None for a plain head count."""

    op: OneOf["count", "any", "sum"]
    of: Expr | None
    type: Type


def fits(value: object, of: Type) -> bool:
    """Whether a value given from outside is one of this type (a datetime is not a date)."""
    if value is None:
        return of.nullable
    if of.kind == "int":
        return type(value) is int and of.low <= value <= of.high
    if of.kind == "bool":
        return type(value) is bool
    if of.kind == "date":
        return type(value) is dt.date
    return isinstance(value, str) and value in of.codes


def names(e: Expr) -> frozenset[str]:
    """The facts and rules an expression looks at."""
    if isinstance(e, Name):
        return frozenset({e.name})
    found: frozenset[str] = frozenset()
    for field in fields(e):
        item = getattr(e, field.name)
        for part in item if isinstance(item, tuple) else (item,):
            found |= names(part) if isinstance(part, Expr) else frozenset()
    return found
