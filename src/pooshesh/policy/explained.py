"""A stored decision with all that stands behind it, for a page, a letter and a program."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pooshesh import rules
from pooshesh.policy import facts, queries, words
from pooshesh.policy.models import Decision
from pooshesh.rules.explain import Cited
from pooshesh.rules.pack import Rule
from pooshesh.rules.trace import Step
from pooshesh.rules.tree import Key, Value

OUTCOME = "decision"


@dataclass(frozen=True)
class Fired:
    """A rule with the value it gave, its law, and where both are written."""

    rule: Rule
    law: str
    value: Value
    said: str
    row: int
    sources: list[Cited]


@dataclass(frozen=True)
class Known:
    """A fact that was looked at, and the part of the product that knows it."""

    name: str
    title: str
    value: Value
    said: str
    known_by: str


@dataclass(frozen=True)
class Used:
    """A value of the law that was read, since when it holds, and where it is written."""

    name: str
    key: Key | None
    title: str
    value: int | bool | None
    said: str
    since: Any
    sources: list[Cited]


@dataclass(frozen=True)
class Explained:
    """A decision made once more by the pack as it was, in the active language."""

    decision: Decision

    @cached_property
    def traced(self) -> rules.Trace:
        return queries.traced(self.decision)

    @property
    def pack(self) -> rules.Pack:
        return self.traced.bound.pack

    @cached_property
    def reasons(self) -> tuple[rules.Explanation, ...]:
        return rules.explain(self.traced, words.lang())

    @property
    def outcome(self) -> str:
        title = self.pack.rules[OUTCOME].codes.get(self.decision.outcome)
        return words.say(title) if title else self.decision.outcome

    def fired(self) -> list[Fired]:
        """Every rule in the order it was applied."""
        return [self._fired(step) for step in self.traced.steps]

    def _fired(self, step: Step) -> Fired:
        rule = step.rule
        return Fired(
            rule,
            words.say(self.pack.laws[rule.law].title),
            step.value,
            words.answered(rule, step.value),
            step.row,
            words.cited(self.pack, step.fired.citations or rule.citations),
        )

    def facts(self) -> list[Known]:
        """What was looked at, in the pack's order."""
        read = {name for step in self.traced.steps for name in step.facts}
        return [
            Known(
                name, words.say(fact.title), value := self.traced.facts[name],
                words.written(value, fact.type.unit, fact.codes), str(facts.source_of(name) or ""),
            )
            for name, fact in self.pack.facts.items()
            if name in read
        ]  # fmt: skip

    def values(self) -> list[Used]:
        """The values of the law that were read, each once."""
        used = {
            (use.parameter.name, use.key): use
            for step in self.traced.steps
            for use in step.parameters
        }
        return [
            Used(
                name, key, self._value_title(use.parameter, key), use.value,
                words.written(use.value, use.parameter.unit), use.dated.since,
                words.cited(self.pack, use.dated.citations),
            )
            for (name, key), use in used.items()
        ]  # fmt: skip

    def _value_title(self, parameter: Any, key: Key | None) -> str:
        title = words.say(parameter.title)
        if key is None:
            return title
        said = dict(zip(parameter.keys, words.key_titles(self.pack, parameter.keys), strict=True))
        return f"{title} ({said[key]})"

    def plain(self) -> Mapping[str, Any]:
        """For programs: codes and days as they are, words in the active language beside them."""
        made = self.decision
        return {
            "id": str(made.pk),
            "person": str(made.person_id),
            "on": made.on.isoformat(),
            "decided_at": made.decided_at.isoformat(),
            "pack": {"name": self.pack.name, "id": made.pack_id},
            "outcome": {"code": made.outcome, "title": self.outcome},
            "scheme": made.scheme,
            "premium_percent": made.premium_percent,
            "reasons": [
                {
                    "code": one.reason, "sentence": one.sentence, "law": one.law,
                    "notes": one.notes, "would_change": one.changes,
                    "sources": [_source(source) for source in one.sources],
                }
                for one in self.reasons
            ],
            "rules": [
                {
                    "rule": one.rule.name, "title": words.say(one.rule.title), "law": one.law,
                    "value": _value(one.value), "said": one.said, "row": one.row,
                    "sources": [_source(source) for source in one.sources],
                }
                for one in self.fired()
            ],
            "facts": [
                {
                    "fact": one.name, "title": one.title, "value": _value(one.value),
                    "said": one.said, "known_by": one.known_by,
                }
                for one in self.facts()
            ],
            "values": [
                {
                    "parameter": one.name, "key": one.key, "title": one.title, "value": one.value,
                    "said": one.said, "since": one.since.isoformat(),
                    "sources": [_source(source) for source in one.sources],
                }
                for one in self.values()
            ],
        }  # fmt: skip


def _value(value: Value) -> object:
    return value if value is None or isinstance(value, int | str) else value.isoformat()


def _source(cited: Cited) -> dict[str, str]:
    return {"key": cited.key, "address": cited.address}
