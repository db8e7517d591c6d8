"""What differs between two packs, or between two days of one: for a reader, a page or a test.

Only meaning counts: lines, layout, order of keys and what follows from other changes (a type that
a fact's range narrows) are no difference of their own.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from itertools import pairwise, zip_longest
from typing import Any, Generic, TypeVar

from .errors import Mark
from .pack import Case, DatedParameter, DatedValue, Fact, Law, Pack, Reason, Row, Rule
from .text import Text
from .tree import Aggregate, Expr, Key, Type

T = TypeVar("T")

_NOWHERE = Mark("", 0)
_LAST = dt.date.max


@dataclass(frozen=True)
class Change(Generic[T]):
    """Something by its name. `before` is None for what was added, `after` for what was removed."""

    name: str
    before: T | None
    after: T | None


@dataclass(frozen=True)
class ValueChange:
    """A value that differs from the day `since` until before `until` (None: without end).

    `key` is that of a table; `before` and `after` are in force then (None: no value yet). `cited`
    tells that the value is the same and only its citations or note differ. Where two days are
    compared there is no span: both are None.
    """

    since: dt.date | None
    until: dt.date | None
    key: Key | None
    before: DatedValue | None
    after: DatedValue | None
    cited: bool = False


@dataclass(frozen=True)
class ParameterChange(Change[DatedParameter]):
    """`values` in order of day and key; empty where only title, unit or law differ."""

    values: tuple[ValueChange, ...]


@dataclass(frozen=True)
class RuleChange(Change[Rule]):
    """`rows` in the order of the table, `head`: its title, citations, codes or output differ."""

    rows: tuple[Change[Row], ...]
    head: bool


@dataclass(frozen=True)
class Difference:
    """All that differs; false when nothing does."""

    laws: tuple[Change[Law], ...] = ()
    sources: tuple[Change[Text], ...] = ()
    facts: tuple[Change[Fact], ...] = ()
    parameters: tuple[ParameterChange, ...] = ()
    rules: tuple[RuleChange, ...] = ()
    reasons: tuple[Change[Reason], ...] = ()
    cases: tuple[Change[Case], ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


def compare(before: Pack, after: Pack) -> Difference:
    """What the pack `after` says that `before` does not, and the other way round."""
    return Difference(
        tuple(_changes(before.laws, after.laws, _unmarked)),
        tuple(_changes(before.sources, after.sources, str)),
        tuple(_changes(before.facts, after.facts, _fact)),
        tuple(
            ParameterChange(one.name, one.before, one.after, tuple(_values(one.before, one.after)))
            for one in _changes(before.parameters, after.parameters, _unmarked)
        ),
        tuple(
            RuleChange(
                one.name, one.before, one.after, tuple(_rows(one.before, one.after)),
                one.before is None or one.after is None or _head(one.before) != _head(one.after),
            )
            for one in _changes(before.rules, after.rules, _rule)
        ),
        tuple(_changes(before.reasons, after.reasons, _unmarked)),
        tuple(_changes(_cases(before), _cases(after), _unmarked)),
    )  # fmt: skip


def compare_days(pack: Pack, before: dt.date, after: dt.date) -> Difference:
    """The values of one pack that differ between two days."""
    found = []
    for parameter in pack.parameters.values():
        was, now = parameter.on(before), parameter.on(after)
        changes = tuple(_between(was, now, None, None, parameter.keys))
        if changes:
            found.append(ParameterChange(parameter.name, parameter, parameter, changes))
    return Difference(parameters=tuple(found))


def _changes(
    before: Mapping[str, T], after: Mapping[str, T], meaning: Callable[[T], object]
) -> Iterator[Change[T]]:
    """By name, in the order of `after`; what was removed comes last."""
    for name in [*after, *(name for name in before if name not in after)]:
        was, now = before.get(name), after.get(name)
        if was is None or now is None or meaning(was) != meaning(now):
            yield Change(name, was, now)


def _unmarked(item: Any) -> object:
    """The same item wherever it stands in its file."""
    item = replace(item, mark=_NOWHERE)
    if isinstance(item, DatedParameter):
        values = tuple(replace(one, mark=_NOWHERE) for one in item.values)
        return replace(item, values=values)
    return item


def _fact(fact: Fact) -> object:
    made = _bare(fact.aggregate) if fact.aggregate else fact.type
    return replace(fact, mark=_NOWHERE, aggregate=None, type=Type("null")), made


def _rule(rule: Rule) -> object:
    return _head(rule), [_row(row) for row in rule.rows]


def _head(rule: Rule) -> object:
    return rule.law, rule.title, rule.citations, rule.output, tuple(rule.codes.items())


def _row(row: Row) -> tuple[object, ...]:
    when = _bare(row.when) if row.when else None
    return when, _bare(row.then), row.reason, row.citations, row.note


def _bare(e: Expr | Aggregate) -> tuple[object, ...]:
    """An expression without its types, which follow from what it names."""
    parts = (getattr(e, field.name) for field in fields(e) if field.name not in ("type", "entries"))
    return type(e).__name__, *map(_part, parts)


def _part(part: object) -> object:
    if isinstance(part, tuple):
        return tuple(map(_part, part))
    return _bare(part) if isinstance(part, Expr) else (type(part).__name__, part)


def _rows(before: Rule | None, after: Rule | None) -> Iterator[Change[Row]]:
    """Rows that differ, each with its place (counted from 1) in the rule that still has it."""
    was, now = (rule.rows if rule else () for rule in (before, after))
    matcher = SequenceMatcher(None, [*map(_row, was)], [*map(_row, now)], autojunk=False)
    for kind, start, end, from_, to in matcher.get_opcodes():
        pairs = zip_longest(range(start, end), range(from_, to)) if kind != "equal" else ()
        for old, new in pairs:
            place = old if new is None else new
            yield Change(
                str(place + 1),
                None if old is None else was[old],
                None if new is None else now[new],
            )


def _cases(pack: Pack) -> dict[str, Case]:
    """By law and title; of equal ones the later are told apart by number."""
    found: dict[str, Case] = {}
    for case in pack.cases:
        name = base = f"{case.law}: {case.title.en}"
        number = 1
        while name in found:
            number += 1
            name = f"{base} {number}"
        found[name] = case
    return found


def _values(before: DatedParameter | None, after: DatedParameter | None) -> Iterator[ValueChange]:
    """Spans of days in which the values differ, those that follow on each other joined."""
    sides = [one for one in (before, after) if one]
    days = sorted({dated.since for one in sides for dated in one.values})
    keys = tuple(dict.fromkeys(key for one in sides for key in one.keys))
    found: list[ValueChange] = []
    for since, end in pairwise([*days, _LAST]):
        until = None if end == _LAST else end
        was, now = (one.on(since) if one else None for one in (before, after))
        for change in _between(was, now, since, until, keys):
            place = next((n for n, one in enumerate(found) if _continues(one, change)), None)
            if place is None:
                found.append(change)
            else:
                found[place] = replace(found[place], until=until)
    yield from found


def _between(
    was: DatedValue | None,
    now: DatedValue | None,
    since: dt.date | None,
    until: dt.date | None,
    keys: Sequence[Key],
) -> Iterator[ValueChange]:
    """What differs between two values in force."""
    if was is now:
        return
    differing = [key for key in keys or (None,) if at(was, key) != at(now, key)]
    for key in differing:
        yield ValueChange(since, until, key, was, now)
    if not differing and was and now and (was.citations, was.note) != (now.citations, now.note):
        yield ValueChange(since, until, None, was, now, cited=True)


def _continues(one: ValueChange, next_: ValueChange) -> bool:
    """Whether the next span says the same of the same key."""

    def said(change: ValueChange) -> object:
        return change.key, change.cited, *(
            (at(dated, change.key), dated.citations, dated.note) if dated else None
            for dated in (change.before, change.after)
        )  # fmt: skip

    return one.until == next_.since and said(one) == said(next_)


def at(dated: DatedValue | None, key: Key | None) -> tuple[int | bool | None, ...]:
    """The one value in force for a key of a table, or all of it; () where there is none."""
    if dated is None:
        return ()
    if not isinstance(dated.value, Mapping):
        return (dated.value,)
    if key is None:
        return tuple(dated.value.values())
    return (dated.value[key],) if key in dated.value else ()
