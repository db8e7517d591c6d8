"""Expressions: a small subset of Python's syntax, read with `ast` into the typed tree.

    and or not   == != < <= > >= (chained too)   + - *   A if TEST else B   None
    known(x)  active(since, until)  lookup(table, key, default)  clamp(x, low, high)
    percent_of(amount, percent)  days_ago(n)  years_ago(n)
    count([test])  any(test)  sum(number)  (household facts)

Bare words are facts, rules, parameters or codes. Numbers are whole; proven bounds must fit in 64
bits. A nullable value must stand where null has a meaning, or behind `known(...)`.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .errors import ExpressionError
from .tree import (
    BOOL,
    INT64,
    NULL,
    Active,
    Aggregate,
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
    Type,
)

MAX_LENGTH = 2_000
MAX_DEPTH = 40
MAX_HOUSEHOLD = 1_000
MAX_AGO = {"days": 60_000, "years": 150}

_COMPARE = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
FUNCTIONS = {
    "known": 1, "active": 2, "lookup": 3, "clamp": 3, "percent_of": 2, "days_ago": 1,
    "years_ago": 1, "count": 1, "any": 1, "sum": 1,
}  # fmt: skip


@dataclass(frozen=True)
class TableType:
    """A parameter that is a table: what its keys are and what a lookup gives."""

    keys: frozenset[Key]
    value: Type


@dataclass(frozen=True)
class Scope:
    """The words an expression may use."""

    names: Mapping[str, Type]
    parameters: Mapping[str, Type]
    tables: Mapping[str, TableType]
    codes: frozenset[str]


def parse(text: str) -> ast.expr:
    """The syntax tree of an expression. Errors: `ExpressionError`."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError("expression_too_long", limit=MAX_LENGTH)
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError("not_an_expression", text=text) from error


def words(node: ast.expr) -> set[str]:
    """Every bare word of an expression: what it may depend on."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def proves(test: Expr, outcome: bool) -> frozenset[str]:
    """Names shown to be known by `test` coming out as `outcome`."""
    if isinstance(test, Known):
        return frozenset({test.of.name}) if outcome else frozenset()
    if isinstance(test, Active):
        return frozenset({test.since.name}) if outcome else frozenset()
    if isinstance(test, Not):
        return proves(test.of, not outcome)
    if isinstance(test, Logic):
        each = [proves(part, outcome) for part in test.parts]
        all_hold = outcome == (test.op == "and")
        return frozenset.union(*each) if all_hold else frozenset.intersection(*each)
    return frozenset()


def aggregate(text: str, scope: Scope) -> Aggregate:
    """`count()`, `count(test)`, `any(test)` or `sum(number)` over the persons of a household."""
    node = parse(text)
    call = node if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
    op = call.func.id if call and isinstance(call.func, ast.Name) else ""
    if call is None or op not in ("count", "any", "sum") or call.keywords:
        raise ExpressionError("not_an_aggregate", text=text)
    if op == "count" and not call.args:
        return Aggregate("count", None, Type("int", high=MAX_HOUSEHOLD, unit="persons"))
    if len(call.args) != 1:
        raise ExpressionError("argument_count", function=op, expected=1)
    reader = Reader(scope)
    if op == "sum":
        of = reader.number(call.args[0], frozenset(), 1)
        low, high = of.type.low * MAX_HOUSEHOLD, of.type.high * MAX_HOUSEHOLD
        return Aggregate("sum", of, _bounded(Type("int", low=min(low, 0), high=max(high, 0),
                                                  unit=of.type.unit)))  # fmt: skip
    test = reader.test(call.args[0], frozenset(), 1)
    if op == "any":
        return Aggregate("any", test, BOOL)
    return Aggregate("count", test, Type("int", high=MAX_HOUSEHOLD, unit="persons"))


def _bounded(of: Type) -> Type:
    if max(abs(of.low), abs(of.high)) > INT64:
        raise ExpressionError("overflow")
    return of


def _same_unit(left: Type, right: Type) -> str:
    if left.unit and right.unit and left.unit != right.unit:
        raise ExpressionError("units_differ", left=left.unit, right=right.unit)
    return left.unit or right.unit


def merge(left: Type, right: Type) -> Type:
    """The type of a value that is sometimes `left`, sometimes `right`."""
    if left.kind == "null":
        return replace(right, nullable=True)
    if right.kind == "null":
        return replace(left, nullable=True)
    if left.kind != right.kind:
        raise ExpressionError("kinds_differ", left=left.kind, right=right.kind)
    return Type(
        left.kind,
        left.nullable or right.nullable,
        min(left.low, right.low),
        max(left.high, right.high),
        left.codes | right.codes,
        _same_unit(left, right),
    )


class Reader:
    """Turns syntax into the typed tree. `known` holds the names proven not null at that point."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def expr(self, node: ast.expr, known: frozenset[str] = frozenset(), depth: int = 1) -> Expr:
        """The tree of `node`, possibly nullable. Errors: `ExpressionError`."""
        if depth > MAX_DEPTH:
            raise ExpressionError("expression_too_deep", limit=MAX_DEPTH)
        depth += 1
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node.id, known)
            case ast.BoolOp():
                return self._logic(node, known, depth)
            case ast.UnaryOp(op=ast.Not()):
                return Not(self.test(node.operand, known, depth))
            case ast.UnaryOp(op=ast.USub()):
                zero = Literal(0, Type("int"))
                return self._arithmetic("-", zero, self.number(node.operand, known, depth))
            case ast.Compare():
                return self._compare(node, known, depth)
            case ast.BinOp():
                if (op := _ARITHMETIC.get(type(node.op))) is None:
                    raise ExpressionError("not_allowed", text=ast.unparse(node))
                left = self.number(node.left, known, depth)
                return self._arithmetic(op, left, self.number(node.right, known, depth))
            case ast.IfExp():
                test = self.test(node.test, known, depth)
                then = self.expr(node.body, known | proves(test, True), depth)
                other = self.expr(node.orelse, known | proves(test, False), depth)
                return Choose(test, then, other, merge(then.type, other.type))
            case ast.Call(func=ast.Name(), keywords=[]):
                return self._call(node, known, depth)
        raise ExpressionError("not_allowed", text=ast.unparse(node))

    def definite(self, node: ast.expr, known: frozenset[str], depth: int) -> Expr:
        """As `expr`, refusing what may be null."""
        found = self.expr(node, known, depth)
        if found.type.nullable:
            raise ExpressionError("maybe_null", text=ast.unparse(node))
        return found

    def test(self, node: ast.expr, known: frozenset[str], depth: int = 1) -> Expr:
        return self._of_kind("bool", node, known, depth)

    def number(self, node: ast.expr, known: frozenset[str], depth: int) -> Expr:
        return self._of_kind("int", node, known, depth)

    def _of_kind(self, kind: str, node: ast.expr, known: frozenset[str], depth: int) -> Expr:
        found = self.definite(node, known, depth)
        if found.type.kind != kind:
            raise ExpressionError(
                "wrong_kind", text=ast.unparse(node), expected=kind, found=found.type.kind
            )
        return found

    def _constant(self, node: ast.Constant) -> Expr:
        value = node.value
        if value is None:
            return Literal(None, NULL)
        if isinstance(value, bool):
            return Literal(value, BOOL)
        if isinstance(value, int):
            return Literal(value, _bounded(Type("int", low=value, high=value)))
        raise ExpressionError("not_a_whole_number", text=ast.unparse(node))

    def _name(self, name: str, known: frozenset[str]) -> Expr:
        for kind, types in ((Name, self.scope.names), (Parameter, self.scope.parameters)):
            if name in types:
                found = types[name]
                return kind(name, replace(found, nullable=found.nullable and name not in known))
        if name in self.scope.codes:
            return Literal(name, Type("code", codes=frozenset({name})))
        if name in self.scope.tables:
            raise ExpressionError("table_outside_lookup", name=name)
        raise ExpressionError("unknown_name", name=name)

    def _logic(self, node: ast.BoolOp, known: frozenset[str], depth: int) -> Expr:
        is_and = isinstance(node.op, ast.And)
        parts: list[Expr] = []
        for value in node.values:
            parts.append(self.test(value, known, depth))
            known |= proves(parts[-1], is_and)
        return Logic("and" if is_and else "or", tuple(parts))

    def _compare(self, node: ast.Compare, known: frozenset[str], depth: int) -> Expr:
        sides = [self.definite(side, known, depth) for side in (node.left, *node.comparators)]
        pairs = tuple(
            self._pair(node, op, left, right)
            for op, left, right in zip(node.ops, sides, sides[1:], strict=False)
        )
        return pairs[0] if len(pairs) == 1 else Logic("and", pairs)

    def _pair(self, node: ast.Compare, op: ast.cmpop, left: Expr, right: Expr) -> Expr:
        text = ast.unparse(node)
        if (sign := _COMPARE.get(type(op))) is None:
            raise ExpressionError("not_allowed", text=text)
        if left.type.kind != right.type.kind:
            raise ExpressionError("kinds_differ", left=left.type.kind, right=right.type.kind)
        _same_unit(left.type, right.type)
        if left.type.kind == "code" and not left.type.codes & right.type.codes:
            raise ExpressionError("never_equal", text=text)
        if left.type.kind in ("code", "bool") and sign not in ("==", "!="):
            raise ExpressionError("no_order", text=text)
        return Compare(sign, left, right)  # type: ignore[arg-type]  # signs of _COMPARE

    def _arithmetic(self, op: str, left: Expr, right: Expr) -> Expr:
        a, b = left.type, right.type
        if op == "+":
            ends, unit = [a.low + b.low, a.high + b.high], _same_unit(a, b)
        elif op == "-":
            ends, unit = [a.low - b.high, a.high - b.low], _same_unit(a, b)
        else:
            if a.unit and b.unit:
                raise ExpressionError("units_multiplied", left=a.unit, right=b.unit)
            ends = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
            unit = a.unit or b.unit
        made = _bounded(Type("int", low=min(ends), high=max(ends), unit=unit))
        return Arithmetic(op, left, right, made)  # type: ignore[arg-type]  # signs of _ARITHMETIC

    def _call(self, node: ast.Call, known: frozenset[str], depth: int) -> Expr:
        assert isinstance(node.func, ast.Name)
        function, args = node.func.id, node.args
        if function not in FUNCTIONS:
            raise ExpressionError("unknown_function", name=function)
        if function in ("count", "any", "sum"):
            raise ExpressionError("aggregate_in_rule", name=function)
        if len(args) != FUNCTIONS[function]:
            raise ExpressionError("argument_count", function=function, expected=FUNCTIONS[function])
        if function == "known":
            return self._known(args[0])
        if function == "active":
            return Active(self._date_fact(args[0]), self._date_fact(args[1]))
        if function == "lookup":
            return self._lookup(node, known, depth)
        if function == "clamp":
            of, low, high = (self.number(arg, known, depth) for arg in args)
            unit = _same_unit(of.type, low.type) or _same_unit(of.type, high.type)
            bounds = Type("int", low=low.type.low, high=high.type.high, unit=unit)
            if low.type.high > high.type.low:
                raise ExpressionError("clamp_crossed", text=ast.unparse(node))
            return Clamp(of, low, high, bounds)
        if function == "percent_of":
            return self._percent_of(node, known, depth)
        return self._ago(node, function.removesuffix("_ago"))

    def _percent_of(self, node: ast.Call, known: frozenset[str], depth: int) -> PercentOf:
        of, percent = (self.number(arg, known, depth) for arg in node.args)
        _same_unit(percent.type, Type("int", unit="percent"))
        if min(of.type.low, percent.type.low) < 0:
            raise ExpressionError("percent_negative", text=ast.unparse(node))
        # What engines compute is (of × percent + 50) ÷ 100: nothing on the way may overflow.
        _bounded(Type("int", high=of.type.high * percent.type.high + 50))
        low, high = (
            (amount * share + 50) // 100
            for amount, share in (
                (of.type.low, percent.type.low),
                (of.type.high, percent.type.high),
            )
        )
        return PercentOf(of, percent, Type("int", low=low, high=high, unit=of.type.unit))

    def _known(self, node: ast.expr) -> Known:
        found = self._name(node.id, frozenset()) if isinstance(node, ast.Name) else None
        if not isinstance(found, Name | Parameter) or not found.type.nullable:
            raise ExpressionError("never_null", text=ast.unparse(node))
        return Known(found)

    def _date_fact(self, node: ast.expr) -> Name:
        found = self._name(node.id, frozenset()) if isinstance(node, ast.Name) else None
        if not isinstance(found, Name) or found.type.kind != "date":
            raise ExpressionError("active_needs_dates", text=ast.unparse(node))
        return found

    def _lookup(self, node: ast.Call, known: frozenset[str], depth: int) -> Expr:
        table, key_node, default_node = node.args
        found = self.scope.tables.get(table.id) if isinstance(table, ast.Name) else None
        if found is None:
            raise ExpressionError("not_a_table", text=ast.unparse(table))
        assert isinstance(table, ast.Name)
        key = self.expr(key_node, known, depth)
        wanted = "int" if all(isinstance(item, int) for item in found.keys) else "code"
        if key.type.kind != wanted:
            raise ExpressionError(
                "wrong_kind", text=ast.unparse(key_node), expected=wanted, found=key.type.kind
            )
        if wanted == "code" and not found.keys <= key.type.codes:
            extra = sorted(str(item) for item in found.keys - key.type.codes)
            raise ExpressionError("foreign_keys", table=table.id, keys=", ".join(extra))
        default = self.expr(default_node, known, depth)
        return Lookup(table.id, key, default, merge(found.value, default.type), {})

    def _ago(self, node: ast.Call, unit: str) -> Expr:
        count = self.number(node.args[0], frozenset(), 1)
        if not isinstance(count, Parameter | Literal):
            raise ExpressionError("ago_not_constant", text=ast.unparse(node))
        if count.type.low < 0 or count.type.high > MAX_AGO[unit]:
            raise ExpressionError("ago_out_of_range", unit=unit, limit=MAX_AGO[unit])
        _same_unit(count.type, Type("int", unit=unit))
        return Ago(unit, count)  # type: ignore[arg-type]  # "days" or "years"
