"""The engine for single decisions: a bound pack as one Python function over positional slots."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .compiler import Compiler
from .pack import BoundRule
from .tree import Aggregate, Literal, Lookup, Type, Value, names

People = Sequence[Mapping[str, Value]]


class PythonEngine(Compiler[str]):
    """`decide(*slots)` → (outputs, reason mask); `aggregates` make household facts from persons.

    `slots` are fact names in the order of the arguments. A value that is not of its fact's type
    raises `Refused`, before any rule sees it.
    """

    class Refused(Exception):
        """Some fact is not of its declared type."""

    def __init__(
        self,
        facts: Mapping[str, Type],
        rules: Sequence[BoundRule],
        aggregates: Mapping[str, Aggregate],
    ) -> None:
        self.slots = tuple(facts)
        # Names from a pack never enter the source: facts are f0…, rules r0…, constants c0….
        self._words = {name: f"f{place}" for place, name in enumerate(facts)}
        self._words |= {rule.name: f"r{place}" for place, rule in enumerate(rules)}
        self._constants: dict[str, Any] = {"Refused": self.Refused, "date": dt.date}
        self.source = self._source(facts, rules)
        self.decide: Callable[..., tuple[dict[str, Value], int]] = self._run("decide", self.source)
        self.aggregates = {name: self._aggregate(made, facts) for name, made in aggregates.items()}

    def _run(self, name: str, source: str) -> Any:
        scope = dict(self._constants)
        exec(compile(source, "<bound pack>", "exec"), scope)  # noqa: S102 - our own source
        return scope[name]

    def _source(self, facts: Mapping[str, Type], rules: Sequence[BoundRule]) -> str:
        lines = [f"def decide({', '.join(self._words[name] for name in facts)}):"]
        fit = " and ".join(self._fits(self._words[name], of) for name, of in facts.items())
        lines += [f" if not ({fit}): raise Refused", " m = 0"]
        for rule in rules:
            for place, (row, bit) in enumerate(zip(rule.rows, rule.bits, strict=True)):
                set_value = f"{self._words[rule.name]} = {self.expr(row.then)}"
                body = set_value + (f"; m |= {bit}" if bit else "")
                if row.when:
                    head = "if" if place == 0 else "elif"
                    lines.append(f" {head} {self.expr(row.when)}: {body}")
                else:
                    lines.append(f" else: {body}" if place else f" {body}")
        outputs = ", ".join(f"{r.name!r}: {self._words[r.name]}" for r in rules if r.output)
        lines.append(f" return {{{outputs}}}, m")
        return "\n".join(lines)

    def _fits(self, slot: str, of: Type) -> str:
        """`tree.fits` for one slot, as source."""
        if of.kind == "int":
            test = f"type({slot}) is int and {of.low} <= {slot} <= {of.high}"
        elif of.kind == "bool":
            test = f"({slot} is True or {slot} is False)"
        elif of.kind == "date":
            test = f"type({slot}) is date"
        else:
            test = f"type({slot}) is str and {slot} in {self._constant(of.codes)}"
        return f"({slot} is None or {test})" if of.nullable else f"({test})"

    def _aggregate(self, made: Aggregate, facts: Mapping[str, Type]) -> Callable[[People], Value]:
        if made.of is None:
            return len
        total = "any" if made.op == "any" else "sum"
        each = self.expr(made.of)
        looked_at = names(made.of)
        used = {name: of for name, of in facts.items() if name in looked_at}
        slots = ", ".join(self._words[name] for name in used)
        fit = " and ".join(self._fits(self._words[name], of) for name, of in used.items())
        given = ", ".join(f"p[{name!r}]" for name in used)
        run: Callable[[People], Value] = self._run(
            "make",
            f"def each({slots}):\n if not ({fit or True}): raise Refused\n return {each}\n"
            f"def make(persons): return {total}([each({given}) for p in persons])",
        )
        return run

    def _constant(self, value: object) -> str:
        name = f"c{len(self._constants)}"
        self._constants[name] = value
        return name

    def literal(self, e: Literal) -> str:
        return self._constant(e.value) if isinstance(e.value, dt.date) else repr(e.value)

    def name(self, name: str) -> str:
        return self._words[name]

    def known(self, of: str) -> str:
        return f"({of} is not None)"

    def negation(self, of: str) -> str:
        return f"(not {of})"

    def logic(self, op: str, parts: list[str]) -> str:
        return "(" + f" {op} ".join(parts) + ")"

    def infix(self, op: str, left: str, right: str) -> str:
        return f"({left} {op} {right})"

    def choice(self, test: str, then: str, other: str, of: Type) -> str:
        return f"({then} if {test} else {other})"

    def lookup(self, e: Lookup, key: str, default: str) -> str:
        return f"{self._constant(e.entries)}.get({key}, {default})"

    def clamp(self, of: str, low: str, high: str) -> str:
        return f"min(max({of}, {low}), {high})"
