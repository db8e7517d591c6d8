"""Give every expression of a pack its type, order the rules, and find what is left over."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from string import Formatter

from .declare import RawFact, RawPack, RawRow, RawRule
from .errors import Defects, ExpressionError, Mark
from .expression import Reader, Scope, TableType, aggregate, merge, parse, proves, words
from .forms import Forms
from .pack import Case, DatedParameter, Fact, Pack, Row, Rule
from .reach import unreachable
from .source import Table
from .tree import BOOL, INT64, NULL, Expr, Literal, Type, Value, fits


@dataclass(frozen=True)
class _Parsed:
    """A rule whose rows are (raw row, `when` syntax or None, `then` syntax)."""

    raw: RawRule
    rows: list[tuple[RawRow, ast.expr | None, ast.expr]]
    words: set[str]


class Resolver:
    """One use: `pack()` turns a `RawPack` into a `Pack`, noting defects on the way."""

    def __init__(self, raw: RawPack, defects: Defects) -> None:
        self.raw, self.defects = raw, defects
        self.names: dict[str, Type] = {}
        self.parameters: dict[str, Type] = {}
        self.tables: dict[str, TableType] = {}
        self.scope = Scope(self.names, self.parameters, self.tables, raw.codes)
        self.used: set[str] = set()

    def pack(self, name: str, text: str) -> Pack:
        raw = self.raw
        for parameter in raw.parameters.values():
            with self.defects.item(parameter.mark, parameter.name):
                self._declare(parameter)
        facts = self._facts()
        rules = self._rules()
        self._check_reasons()
        cases: tuple[Case, ...] = ()
        if not self.defects.found:  # beside a broken rule all would seem unused or unknown
            self._check_unused()
            cases = tuple(self._cases(facts, rules))
        return Pack(
            name, raw.laws, raw.sources, facts, raw.parameters, rules, raw.reasons, cases, text
        )

    # --- facts and parameters

    def _declare(self, parameter: DatedParameter) -> None:
        numbers: list[int | bool | None] = []
        for dated in parameter.values:
            value = dated.value
            numbers += value.values() if isinstance(value, Mapping) else [value]
        known = [number for number in numbers if number is not None]
        nullable = len(known) < len(numbers)
        low, high = min(known, default=0), max(known, default=0)
        if max(abs(low), abs(high)) > INT64:
            raise ExpressionError("overflow")
        of = Type("int", nullable, low, high, unit=parameter.unit)
        if parameter.unit == "flag":
            of = replace(BOOL, nullable=nullable)
        if parameter.keys:
            self.tables[parameter.name] = TableType(frozenset(parameter.keys), of)
        else:
            self.parameters[parameter.name] = of

    def _facts(self) -> dict[str, Fact]:
        """Facts in declared order. Aggregates are typed last: they see persons' facts only."""
        raw = self.raw.facts
        persons = {
            fact.name: fact.type for fact in raw.values() if fact.type and fact.level == "person"
        }
        scope = Scope(persons, self.parameters, self.tables, self.raw.codes)
        facts = {}
        for item in raw.values():
            with self.defects.item(item.mark, item.name):
                facts[item.name] = fact = self._fact(item, scope)
                self.names[item.name] = fact.type
                if not fits(fact.example, fact.type):
                    self.defects.fail(item.mark, "does_not_fit", value=item.example)
        return facts

    def _fact(self, item: RawFact, scope: Scope) -> Fact:
        made, of, example = None, item.type, item.example
        if of is None:
            made = aggregate(item.aggregate, scope)
            of, example = made.type, False if made.type.kind == "bool" else 0
            self.used |= words(parse(item.aggregate))
        return Fact(
            item.name, item.level, of, item.title, item.codes, example, item.changeable, made,
            item.mark,
        )  # fmt: skip

    # --- rules

    def _rules(self) -> dict[str, Rule]:
        """Typed rules in the order they are evaluated; those that lean on a broken one are left."""
        parsed = {}
        for rule in self.raw.rules.values():
            with self.defects.item(rule.mark, rule.name):
                parsed[rule.name] = self._parse(rule)
        needs = {name: item.words & self.raw.rules.keys() for name, item in parsed.items()}
        try:
            order = list(TopologicalSorter(needs).static_order())
        except CycleError as error:
            path: list[str] = error.args[1]
            mark = self.raw.rules[path[0]].mark
            with self.defects.item(mark, path[0]):
                self.defects.fail(mark, "loop", path=" → ".join(path))
        else:
            rules: dict[str, Rule] = {}
            for name in order:
                if name in parsed and needs[name] <= rules.keys():
                    with self.defects.item(parsed[name].raw.mark, name):
                        rules[name] = self._rule(parsed[name])
                        self.names[name] = rules[name].type
            return rules
        return {}

    def _parse(self, rule: RawRule) -> _Parsed:
        rows = []
        for row in rule.rows:
            with self.defects.item(row.mark):
                rows.append((row, parse(row.when) if row.when else None, parse(row.then)))
        found = {word for _, when, then in rows for node in (when, then) if node
                 for word in words(node)}  # fmt: skip
        self.used |= found
        return _Parsed(rule, rows, found)

    def _rule(self, parsed: _Parsed) -> Rule:
        raw, of, known = parsed.raw, NULL, frozenset[str]()
        reader = Reader(self.scope)
        rows: list[Row] = []
        for row, when_node, then_node in parsed.rows:
            with self.defects.item(row.mark):
                when = reader.test(when_node, known) if when_node else None
                proven = known | (proves(when, True) if when else known)
                then = reader.expr(then_node, proven)
                of = merge(of, then.type) if rows else then.type
                self._check_reachable(when, rows, row)
                rows.append(Row(when, then, row.reason, row.citations, row.note, row.mark))
                known |= proves(when, False) if when else known
        if len(rows) < len(raw.rows):
            self.defects.give_up()
        for place in unreachable([row.when for row in rows if row.when]):
            self.defects.note(rows[place].mark, "row_unreachable")
        if of.kind == "null":
            self.defects.fail(raw.mark, "always_unknown")
        if (of.kind == "code") != bool(raw.codes):
            self.defects.fail(raw.mark, "codes_needed" if of.kind == "code" else "codes_unused")
        if extra := of.codes - raw.codes.keys():
            self.defects.fail(raw.mark, "undeclared_codes", codes=", ".join(sorted(extra)))
        return Rule(
            raw.name, raw.law, raw.title, raw.citations, raw.output, raw.codes,
            replace(of, codes=frozenset(raw.codes)), tuple(rows), raw.mark,
        )  # fmt: skip

    def _check_reachable(self, when: Expr | None, rows: list[Row], row: RawRow) -> None:
        if isinstance(when, Literal):
            self.defects.fail(row.mark, "row_constant")
        if when and any(when == earlier.when for earlier in rows):
            self.defects.fail(row.mark, "row_repeated")

    # --- what is left over

    def _check_reasons(self) -> None:
        reasons, wanted = self.raw.reasons, set[str]()
        for rule in self.raw.rules.values():
            for row in rule.rows:
                wanted |= {row.reason} - {""}
                if row.reason and row.reason not in reasons:
                    with self.defects.item(row.mark, rule.name):
                        self.defects.fail(row.mark, "unknown_reason", name=row.reason)
        for reason in reasons.values():
            with self.defects.item(reason.mark, reason.code):
                if reason.code not in wanted:
                    self.defects.note(reason.mark, "unused", name=reason.code)
                for text in reason.sentence:
                    self._check_placeholders(reason.mark, text)

    def _check_placeholders(self, mark: Mark, text: str) -> None:
        try:
            places = [place[1:] for place in Formatter().parse(text) if place[1] is not None]
        except ValueError:
            self.defects.fail(mark, "bad_placeholder", text=text)
        if any(spec or conversion for _, spec, conversion in places):
            self.defects.fail(mark, "bad_placeholder", text=text)
        names = [name or "" for name, _, _ in places]
        for name in names:
            if name not in {"on", *self.raw.facts, *self.raw.rules}:
                self.defects.fail(mark, "unknown_placeholder", name=name)
        self.used |= set(names)

    def _check_unused(self) -> None:
        """Nothing is declared for nothing. A rule is of use as an output or to another rule."""
        outputs = {name for name, rule in self.raw.rules.items() if rule.output}
        for group in (self.raw.facts, self.raw.parameters, self.raw.rules):
            for name, item in group.items():
                if name not in self.used | outputs:
                    with self.defects.item(item.mark, name):
                        self.defects.fail(item.mark, "unused", name=name)

    # --- cases

    def _cases(self, facts: dict[str, Fact], rules: dict[str, Rule]) -> Iterator[Case]:
        outputs = {name: rule.type for name, rule in rules.items() if rule.output}
        inputs = {name: fact.type for name, fact in facts.items()}
        for raw in self.raw.cases:
            with self.defects.item(raw.mark, raw.title.en):
                given = {name: fact.example for name, fact in facts.items()}
                given |= self._values(raw.facts, inputs)
                if unknown := set(raw.reasons) - self.raw.reasons.keys():
                    self.defects.fail(raw.mark, "unknown_reason", name=sorted(unknown)[0])
                expected = self._values(raw.outputs, outputs)
                yield Case(
                    raw.title, raw.law, raw.on, given, expected, raw.reasons, raw.mark
                )  # fmt: skip

    def _values(self, table: Table, types: dict[str, Type]) -> dict[str, Value]:
        forms, values = Forms(self.defects), {}
        for name, node in table.items.items():
            mark = table.keys[name]
            if name not in types:
                self.defects.fail(mark, "unknown_name", name=name)
            values[name] = forms.value(node, types[name].kind)
            if not fits(values[name], types[name]):
                self.defects.fail(mark, "does_not_fit", value=values[name])
        return values
