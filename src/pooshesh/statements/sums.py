"""What reconciliations compute: sums and tests over names, read with `ast`. Pure.

    + - * /   whole numbers   < > (surely)   == != (as they were said)
    and or not   apart(a, b): no number can be both   True

A name that has no number makes what is computed with it unknown: None, never zero.
"""

import ast
from collections.abc import Callable, Mapping

from pooshesh.statements.bounds import Bounds, apart, exactly, surely_less

Names = Mapping[str, Bounds | None]

_SUMS: dict[type[ast.operator], Callable[[Bounds, Bounds], Bounds]] = {
    ast.Add: Bounds.__add__, ast.Sub: Bounds.__sub__, ast.Mult: Bounds.__mul__,
    ast.Div: Bounds.__truediv__,
}  # fmt: skip
_TESTS: dict[type[ast.cmpop], Callable[[Bounds, Bounds], bool]] = {
    ast.Lt: surely_less, ast.Gt: lambda one, other: surely_less(other, one),
    ast.Eq: lambda one, other: one.value == other.value,
    ast.NotEq: lambda one, other: one.value != other.value,
}  # fmt: skip


class SumError(ValueError):
    """A sum or a test that cannot be read; the message says which part."""


def parse(text: object) -> ast.expr:
    """The tree of a sum or test. Errors: SumError."""
    try:
        return ast.parse(str(text).strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise SumError(f"cannot be read: {text!r}") from error


def words(tree: ast.expr) -> set[str]:
    """The names a sum or test needs."""
    return {part.id for part in ast.walk(tree) if isinstance(part, ast.Name)} - {"apart"}


def check_sum(tree: ast.expr) -> None:
    """Errors: SumError where there is anything but sums of names and whole numbers."""
    match tree:
        case ast.Name() | ast.Constant(value=int()) if not _truth(tree):
            return
        case ast.BinOp(left, op, right) if type(op) in _SUMS:
            check_sum(left)
            check_sum(right)
        case _:
            raise SumError(f"is no sum: {ast.unparse(tree)}")


def check_test(tree: ast.expr) -> None:
    """Errors: SumError where there is anything but tests of sums."""
    match tree:
        case ast.Constant(value=True):
            return
        case ast.BoolOp(values=values):
            for value in values:
                check_test(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            check_test(operand)
        case ast.Compare(left, [op], [right]) if type(op) in _TESTS:
            check_sum(left)
            check_sum(right)
        case ast.Call(ast.Name("apart"), [left, right], []):
            check_sum(left)
            check_sum(right)
        case _:
            raise SumError(f"is no test: {ast.unparse(tree)}")


def total(tree: ast.expr, names: Names) -> Bounds | None:
    """A checked sum; None where a name is not known, or what is divided by may be nothing."""
    match tree:
        case ast.Name(id=name):
            return names[name]
        case ast.Constant(value=int(value)):
            return exactly(value)
        case ast.BinOp(left, op, right):
            one, other = total(left, names), total(right, names)
            if one is None or other is None:
                return None
            try:
                return _SUMS[type(op)](one, other)
            except ZeroDivisionError:
                return None
    raise SumError(f"is no sum: {ast.unparse(tree)}")


def holds(tree: ast.expr, names: Names) -> bool | None:
    """A checked test; None where that depends on what is not known."""
    match tree:
        case ast.Constant(value=True):
            return True
        case ast.UnaryOp(operand=operand):
            known = holds(operand, names)
            return None if known is None else not known
        case ast.BoolOp(op, values):
            return _joined(isinstance(op, ast.And), [holds(one, names) for one in values])
        case ast.Compare(left, [op], [right]):
            return _both(_TESTS[type(op)], left, right, names)
        case ast.Call(args=[left, right]):
            return _both(apart, left, right, names)
    raise SumError(f"is no test: {ast.unparse(tree)}")


def _joined(every: bool, found: list[bool | None]) -> bool | None:
    if (not every) in found:
        return not every
    return None if None in found else every


def _both(
    test: Callable[[Bounds, Bounds], bool], left: ast.expr, right: ast.expr, names: Names
) -> bool | None:
    one, other = total(left, names), total(right, names)
    return None if one is None or other is None else test(one, other)


def _truth(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Constant) and isinstance(tree.value, bool)
