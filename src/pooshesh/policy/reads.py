"""Which facts, rules and parameters a rule looks at, read from how it is written."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from pooshesh.rules import CaseResult, Fact, Pack
from pooshesh.rules.pack import DatedParameter, Rule
from pooshesh.rules.tree import Expr, Lookup, Name, Parameter


@dataclass(frozen=True)
class Reads:
    """What one rule looks at, each in the pack's order, and the rules that look at it."""

    facts: list[Fact]
    rules: list[Rule]
    parameters: list[DatedParameter]
    readers: list[Rule]


def reads(pack: Pack, rule: Rule) -> Reads:
    """Itself only, not what the rules it looks at read in turn."""
    names = _names(rule)
    return Reads(
        [fact for name, fact in pack.facts.items() if name in names],
        [other for name, other in pack.rules.items() if name in names],
        [parameter for name, parameter in pack.parameters.items() if name in names],
        [other for other in pack.rules.values() if rule.name in _names(other)],
    )


def cases_of(rule: Rule, results: tuple[CaseResult, ...]) -> list[CaseResult]:
    """Cases that expect something of an output; for an inner rule, those of its law."""
    if rule.output:
        return [result for result in results if rule.name in result.case.outputs]
    return [result for result in results if result.case.law == rule.law]


def _names(rule: Rule) -> set[str]:
    return {name for row in rule.rows for e in (row.when, row.then) if e for name in _in(e)}


def _in(e: Expr) -> Iterator[str]:
    if isinstance(e, Name | Parameter):
        yield e.name
    if isinstance(e, Lookup):
        yield e.table
    for field in fields(e):
        item = getattr(e, field.name)
        for part in item if isinstance(item, tuple) else (item,):
            if isinstance(part, Expr):
                yield from _in(part)
