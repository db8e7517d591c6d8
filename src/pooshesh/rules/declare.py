"""Read the sections of one law file. Expressions stay text here; `load` gives them types."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from .errors import Mark
from .forms import UNITS, Forms, day
from .pack import LEVELS, DatedParameter, DatedValue, Law, Level, Reason
from .source import Node, Scalar, Table
from .text import Text
from .tree import BOOL, DATE, Key, Type, Value

MAX_ROWS = 100
MAX_KEYS = 1_000
_KINDS = frozenset({"int", "bool", "date", "code"})


@dataclass(frozen=True)
class RawFact:
    name: str
    level: Level
    type: Type | None  # None for an aggregate, whose type its expression gives
    title: Text
    codes: Mapping[str, Text]
    example: Value
    changeable: bool
    aggregate: str
    mark: Mark


@dataclass(frozen=True)
class RawRow:
    when: str
    then: str
    reason: str
    citations: tuple[str, ...]
    note: Text | None
    mark: Mark


@dataclass(frozen=True)
class RawRule:
    name: str
    law: str
    title: Text
    citations: tuple[str, ...]
    output: bool
    codes: Mapping[str, Text]
    rows: tuple[RawRow, ...]
    mark: Mark


@dataclass(frozen=True)
class RawCase:
    title: Text
    law: str
    on: dt.date
    facts: Table
    outputs: Table
    reasons: tuple[str, ...]
    mark: Mark


@dataclass
class RawLaw:
    """What one file declares; sections that could not be read are empty."""

    law: Law | None = None
    sources: dict[str, Text] = field(default_factory=dict)
    facts: list[RawFact] = field(default_factory=list)
    parameters: dict[str, DatedParameter] = field(default_factory=dict)
    rules: dict[str, RawRule] = field(default_factory=dict)
    reasons: dict[str, Reason] = field(default_factory=dict)
    cases: list[RawCase] = field(default_factory=list)


@dataclass(frozen=True)
class RawPack:
    """All laws joined; a word means one thing throughout."""

    laws: dict[str, Law]
    sources: dict[str, Text]
    facts: dict[str, RawFact]
    parameters: dict[str, DatedParameter]
    rules: dict[str, RawRule]
    reasons: dict[str, Reason]
    cases: list[RawCase]

    @property
    def codes(self) -> frozenset[str]:
        """Every code of every fact and rule: words with no other meaning."""
        titled: list[RawFact | RawRule] = [*self.facts.values(), *self.rules.values()]
        return frozenset(code for item in titled for code in item.codes)


class Declaration:
    """Reads one file's sections through `forms`, noting every fault."""

    def __init__(self, forms: Forms) -> None:
        self.forms, self.defects = forms, forms.defects

    def law(self, root: Table) -> RawLaw:
        raw, forms = RawLaw(), self.forms
        with self.defects.item():
            sections = forms.record(root, "law", "sources facts parameters rules reasons cases")
            head_mark = root.keys["law"]
            head = forms.record(sections["law"], "id title citation")
            raw.law = Law(
                forms.text(head["id"]),
                forms.bilingual(head["title"]),
                forms.citations(head["citation"]),
                head_mark,
            )
            law = raw.law.id
            if "sources" in sections:
                table = forms.table(sections["sources"])
                raw.sources = {key: forms.spoken(value) for key, value in table.items.items()}
            if "facts" in sections:
                levels = forms.record(sections["facts"], "", " ".join(LEVELS))
                for level in LEVELS:
                    if level in levels:
                        read = partial(self.fact, level)
                        raw.facts += forms.each(levels[level], read).values()
            if "parameters" in sections:
                raw.parameters = forms.each(sections["parameters"], partial(self.parameter, law))
            if "rules" in sections:
                raw.rules = forms.each(sections["rules"], partial(self.rule, law))
            if "reasons" in sections:
                raw.reasons = forms.each(
                    sections["reasons"],
                    lambda code, mark, node: Reason(code, law, forms.bilingual(node), mark),
                )
            if "cases" in sections:
                for node in forms.listing(sections["cases"]):
                    with self.defects.item():
                        raw.cases.append(self.case(law, node))
        return raw

    def fact(self, level: Level, name: str, mark: Mark, node: Node) -> RawFact:
        forms = self.forms
        fields = forms.record(
            node, "title", "type range unit nullable codes example changeable from"
        )
        title = forms.bilingual(fields["title"])
        if "from" in fields:
            forms.record(node, "title from")
            if level != "household":
                self.defects.fail(mark, "aggregate_level")
            made = forms.text(fields["from"])
            return RawFact(name, level, None, title, {}, None, False, made, mark)
        if "type" not in fields:
            self.defects.fail(mark, "missing_key", key="type")
        kind = forms.one_of(fields["type"], _KINDS)
        nullable = forms.flag(fields.get("nullable"))
        codes: dict[str, Text] = {}
        if kind == "int":
            if "range" not in fields or "unit" not in fields:
                self.defects.fail(mark, "int_needs_range")
            low, high = forms.span(fields["range"])
            of = Type("int", nullable, low, high, unit=forms.one_of(fields["unit"], UNITS))
        elif kind == "code":
            if "codes" not in fields:
                self.defects.fail(mark, "missing_key", key="codes")
            codes = self.codes(fields["codes"])
            of = Type("code", nullable, codes=frozenset(codes))
        else:
            of = replace(BOOL if kind == "bool" else DATE, nullable=nullable)
        if not nullable and "example" not in fields:
            self.defects.fail(mark, "missing_key", key="example")
        example = forms.value(fields["example"], kind) if "example" in fields else None
        changeable = forms.flag(fields.get("changeable"))
        return RawFact(name, level, of, title, codes, example, changeable, "", mark)

    def codes(self, node: Node) -> dict[str, Text]:
        return self.forms.each(node, lambda _code, _mark, title: self.forms.bilingual(title))

    def parameter(self, law: str, name: str, mark: Mark, node: Node) -> DatedParameter:
        forms = self.forms
        fields = forms.record(node, "title unit values", "keys")
        unit = forms.one_of(fields["unit"], UNITS)
        keys: tuple[Key, ...] = ()
        if isinstance(listed := fields.get("keys"), Scalar):
            low, high = forms.span(listed)
            if high - low >= MAX_KEYS:
                self.defects.fail(listed.mark, "too_many", what="keys", limit=MAX_KEYS)
            keys = tuple(range(low, high + 1))
        elif listed is not None:
            keys = tuple(forms.text(item) for item in forms.listing(listed))
        values = self.dated_values(forms.table(fields["values"]), unit, keys)
        title = forms.bilingual(fields["title"])
        return DatedParameter(name, law, title, unit, keys, values, mark)

    def dated_values(
        self, table: Table, unit: str, keys: tuple[Key, ...]
    ) -> tuple[DatedValue, ...]:
        """Values in order of day: each starts where the one before ends, the last has no end."""
        if not table.items:
            self.defects.fail(table.mark, "expected_mapping")
        values: list[DatedValue] = []
        until: dt.date | None = None
        for text, node in table.items.items():
            mark = table.keys[text]
            first, _, last = text.partition(" to ")
            since, end = day(first), day(last) if last else None
            if since is None or (last and end is None) or (end and end < since):
                self.defects.fail(mark, "expected_day", found=text)
            if (values and since <= values[-1].since) or (until and since <= until):
                self.defects.fail(mark, "dates_overlap", day=since)
            if until and since != until + dt.timedelta(1):
                self.defects.fail(mark, "dates_gap", day=until)
            until = end
            values.append(self.dated_value(since, mark, node, unit, keys))
        if until:
            self.defects.fail(mark, "dates_end", day=until)
        return tuple(values)

    def dated_value(
        self, since: dt.date, mark: Mark, node: Node, unit: str, keys: tuple[Key, ...]
    ) -> DatedValue:
        forms = self.forms
        fields = forms.record(node, "value citation", "note")
        value: int | bool | dict[Key, int | None] | None
        is_flag = unit == "flag"
        if keys:
            value = self.entries(forms.table(fields["value"]), keys, is_flag)
        else:
            value = self.amount(fields["value"], is_flag)
        note = forms.bilingual(fields["note"]) if "note" in fields else None
        return DatedValue(since, value, forms.citations(fields["citation"]), note, mark)

    def entries(self, table: Table, keys: tuple[Key, ...], is_flag: bool) -> dict[Key, int | None]:
        named = {str(key): key for key in keys}
        if missing := [text for text in named if text not in table.items]:
            self.defects.fail(table.mark, "missing_table_key", keys=", ".join(missing))
        if extra := [text for text in table.items if text not in named]:
            self.defects.fail(table.keys[extra[0]], "extra_table_key", keys=", ".join(extra))
        return {key: self.amount(table.items[text], is_flag) for text, key in named.items()}

    def amount(self, node: Node, is_flag: bool) -> int | bool | None:
        if self.forms.text(node) == "unknown":
            return None
        return self.forms.flag(node) if is_flag else self.forms.whole(node)

    def rule(self, law: str, name: str, mark: Mark, node: Node) -> RawRule:
        forms = self.forms
        fields = forms.record(node, "title citation", "output codes first value")
        if ("first" in fields) == ("value" in fields):
            self.defects.fail(mark, "first_or_value")
        output = forms.flag(fields.get("output"))
        if "value" in fields:
            value = fields["value"]
            rows = [RawRow("", self.expression(value), "", (), None, value.mark)]
        else:
            listed = forms.listing(fields["first"])
            if len(listed) > MAX_ROWS:
                self.defects.fail(mark, "too_many", what="rows", limit=MAX_ROWS)
            rows = [self.row(item) for item in listed]
            self.check_rows(rows, output)
        codes = self.codes(fields["codes"]) if "codes" in fields else {}
        return RawRule(
            name, law, forms.bilingual(fields["title"]), forms.citations(fields["citation"]),
            output, codes, tuple(rows), mark,
        )  # fmt: skip

    def row(self, node: Node) -> RawRow:
        forms = self.forms
        is_last = "otherwise" in forms.table(node).items
        fields = forms.record(node, "otherwise" if is_last else "when then", "reason citation note")
        return RawRow(
            "" if is_last else self.expression(fields["when"]),
            self.expression(fields["otherwise" if is_last else "then"]),
            forms.text(fields["reason"]) if "reason" in fields else "",
            forms.citations(fields["citation"]) if "citation" in fields else (),
            forms.bilingual(fields["note"]) if "note" in fields else None,
            node.mark,
        )

    def check_rows(self, rows: list[RawRow], output: bool) -> None:
        """Shape of a table: one `otherwise`, last; output rows say why."""
        for row in rows:
            if output and not row.reason:
                self.defects.note(row.mark, "row_without_reason")
        ends = [place for place, row in enumerate(rows, 1) if not row.when]
        if not ends:
            self.defects.note(rows[-1].mark, "no_otherwise")
        elif ends[0] != len(rows):
            self.defects.note(rows[ends[0]].mark, "row_after_otherwise")

    def expression(self, node: Node) -> str:
        scalar = self.forms.scalar(node)
        return "None" if scalar.empty else self.forms.text(node)

    def case(self, law: str, node: Node) -> RawCase:
        forms = self.forms
        fields = forms.record(node, "title on facts expect", "reasons")
        return RawCase(
            forms.bilingual(fields["title"]),
            law,
            forms.day(fields["on"]),
            forms.table(fields["facts"]),
            forms.table(fields["expect"]),
            forms.citations(fields["reasons"]) if "reasons" in fields else (),
            node.mark,
        )
