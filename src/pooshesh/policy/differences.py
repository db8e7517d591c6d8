"""What differs between two packs or two days, in the active language, line by line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from django.utils.translation import gettext as _

from pooshesh.policy.words import Line, RuleWords, answered, key_titles, say, written
from pooshesh.rules import Fact, Pack
from pooshesh.rules.diff import Change, Difference, ParameterChange, RuleChange, ValueChange, at
from pooshesh.rules.pack import Case, DatedParameter, DatedValue, Law, Reason, Row, Rule
from pooshesh.rules.text import Text
from pooshesh.rules.tree import Key
from pooshesh.web.format import jdate, number

T = TypeVar("T")
INDENT = "  "


def sentence(line: Line, *, alone: bool) -> str:
    """A row of a table as one sentence; `alone` where the table has no other."""
    if line.conditions:
        given = _("if %(conditions)s") % {"conditions": _(" and ").join(line.conditions)}
    else:
        given = _("always") if alone else _("in every other case")
    ending = [line.reason, _keys([one.key for one in line.sources]), line.note]
    return " — ".join([f"{given}: {line.value}", *filter(None, ending)])


def _keys(citations: Sequence[str]) -> str:
    return f"[{', '.join(citations)}]" if citations else ""


class Differences:
    """Says a `Difference` of these two packs; the same one twice where days are compared."""

    def __init__(self, before: Pack, after: Pack) -> None:
        self.before, self.after = RuleWords(before), RuleWords(after)

    def lines(self, found: Difference) -> Iterator[str]:
        """Headings, under each what was added, removed or changed; deeper lines are indented."""
        yield from self._section(_("Laws"), found.laws, self._law)
        yield from self._section(_("Sources"), found.sources, lambda source, _words: say(source))
        yield from self._section(_("Facts"), found.facts, self._fact)
        if found.parameters:
            yield _("Dated parameters")
        for parameter in found.parameters:
            yield from self._parameter(parameter)
        if found.rules:
            yield _("Rules")
        for rule in found.rules:
            yield from self._rule(rule)
        yield from self._section(_("Reasons"), found.reasons, self._reason)
        yield from self._section(_("Cases"), found.cases, self._case)

    def _section(
        self, heading: str, changes: Sequence[Change[T]], say_it: Callable[[T, RuleWords], str]
    ) -> Iterator[str]:
        if changes:
            yield heading
        for change in changes:
            yield f"{INDENT}{change.name}"
            yield from self._sides(change, say_it, INDENT * 2)

    def _sides(
        self, change: Change[T], say_it: Callable[[T, RuleWords], str], indent: str
    ) -> Iterator[str]:
        was = None if change.before is None else say_it(change.before, self.before)
        now = None if change.after is None else say_it(change.after, self.after)
        yield from _was_and_now(was, now, indent)

    @staticmethod
    def _law(law: Law, _words: RuleWords) -> str:
        return f"{say(law.title)} {_keys(law.citations)}"

    def _fact(self, fact: Fact, words: RuleWords) -> str:
        of = fact.type
        levels = {"person": _("Person"), "household": _("Household"), "place": _("Place")}
        said = [say(fact.title), levels[fact.level]]
        if fact.aggregate:
            made = fact.aggregate
            said.append(f"{made.op}({words.clause(made.of) if made.of else ''})")
        elif of.kind == "int":
            ends = [written(end, of.unit) for end in (of.low, of.high)]
            said.append(_("%(low)s to %(high)s") % {"low": ends[0], "high": ends[1]})
        elif of.kind == "code":
            said += [f"{code}: {say(title)}" for code, title in fact.codes.items()]
        else:
            said.append({"bool": _("yes or no"), "date": _("a day")}[of.kind])
        said += [_("may be unknown")] if of.nullable else []
        said += [_("tried out in explanations")] if fact.changeable else []
        if fact.example is not None:
            example = written(fact.example, of.unit, fact.codes)
            said.append(_("example: %(value)s") % {"value": example})
        return _(", ").join(said)

    def _reason(self, reason: Reason, words: RuleWords) -> str:
        return words.reason(reason)

    def _case(self, case: Case, words: RuleWords) -> str:
        pack = words.pack
        given = [
            f"{say(fact.title)}: {written(case.facts[name], fact.type.unit, fact.codes)}"
            for name, fact in pack.facts.items()
            if name in case.facts and case.facts[name] != fact.example
        ]
        expected = [
            f"{name}: {answered(pack.rules[name], value)}" for name, value in case.outputs.items()
        ]
        return f"{jdate(case.on)}; {', '.join(given)} → {', '.join(expected)} {_keys(case.reasons)}"

    def _parameter(self, change: ParameterChange) -> Iterator[str]:
        shown = change.after or change.before
        assert shown
        yield f"{INDENT}{say(shown.title)} ({change.name})"
        was, now = (self._head(one) for one in (change.before, change.after))
        if was != now:
            yield from _was_and_now(was, now, INDENT * 2)
        for value in change.values:
            yield INDENT * 2 + self._value(value, change)

    @staticmethod
    def _head(parameter: DatedParameter | None) -> str | None:
        if not parameter:
            return None
        keys = [str(key) for key in parameter.keys]
        return _(", ").join([say(parameter.title), parameter.unit, *keys])

    def _value(self, value: ValueChange, change: ParameterChange) -> str:
        said = []
        if value.since:
            days = {"since": jdate(value.since), "until": jdate(value.until)}
            until = _("from %(since)s until before %(until)s")
            said.append((until if value.until else _("from %(since)s")) % days)
        if value.key is not None:
            pack = (self.after if change.after else self.before).pack
            said += key_titles(pack, [value.key])
        sides = [
            self._amount(dated, value.key, of, words.pack)
            for dated, of, words in (
                (value.before, change.before, self.before),
                (value.after, change.after, self.after),
            )
        ]
        if value.cited:
            assert value.before
            assert value.after
            sides = [_source(value.before), _source(value.after)]
        return ": ".join([*said, f"{sides[0]} → {sides[1]}"])

    @staticmethod
    def _amount(
        dated: DatedValue | None, key: Key | None, of: DatedParameter | None, pack: Pack
    ) -> str:
        amounts = at(dated, key)
        if not amounts or dated is None or of is None:
            return _("no value")
        said = [written(amount, of.unit) for amount in amounts]
        if isinstance(dated.value, Mapping) and key is None:
            titles = key_titles(pack, of.keys)
            said = [f"{title} {one}" for title, one in zip(titles, said, strict=True)]
        return f"{', '.join(said)} {_keys(dated.citations)}"

    def _rule(self, change: RuleChange) -> Iterator[str]:
        shown = change.after or change.before
        assert shown
        yield f"{INDENT}{say(shown.title)} ({change.name})"
        if change.head:
            yield from self._sides(change, _rule_head, INDENT * 2)
        for row in change.rows:
            yield f"{INDENT * 2}{_('row')} {number(int(row.name))}"
            yield from _was_and_now(
                self._row(row.before, change.before, self.before),
                self._row(row.after, change.after, self.after),
                INDENT * 3,
            )

    @staticmethod
    def _row(row: Row | None, rule: Rule | None, words: RuleWords) -> str | None:
        if row is None or rule is None:
            return None
        lines = words.lines(replace(rule, rows=(row,)))
        return " / ".join(sentence(line, alone=len(rule.rows) == len(lines) == 1) for line in lines)


def _rule_head(rule: Rule, _words: RuleWords) -> str:
    codes = [f"{code}: {say(title)}" for code, title in rule.codes.items()]
    said = [say(rule.title), *([_("part of the decision")] if rule.output else []), *codes]
    return f"{_(', ').join(said)} {_keys(rule.citations)}"


def _source(dated: DatedValue) -> str:
    """Where a value comes from, and what is said beside it."""
    note: Text | None = dated.note
    return " ".join(filter(None, [_keys(dated.citations), say(note) if note else ""]))


def _was_and_now(was: str | None, now: str | None, indent: str) -> Iterator[str]:
    if was is None:
        yield indent + _("added: %(what)s") % {"what": now}
    elif now is None:
        yield indent + _("removed: %(what)s") % {"what": was}
    else:
        yield indent + _("was: %(what)s") % {"what": was}
        yield indent + _("now: %(what)s") % {"what": now}
