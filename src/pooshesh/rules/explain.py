"""Say a traced decision in words: each reason, its law, and what would change it."""

from collections.abc import Iterator
from dataclasses import dataclass

from .pack import Fact, Rule
from .text import ASSUMPTION, Lang, Text, show
from .trace import ParameterUse, Step, Trace, trace
from .tree import Value

# More values than this and trying each one out explains nothing.
MAX_TRIED = 40

_CHANGE = Text("«{value}» اگر {condition}", "“{value}” if {condition}")
_IS = Text("{fact} {values} باشد", "{fact} is {values}")
_HOLDS = Text("«{fact}» برقرار باشد", "“{fact}” holds")
_HOLDS_NOT = Text("«{fact}» برقرار نباشد", "“{fact}” does not hold")
_OR_LOWER = Text("{high} یا کمتر", "{high} or lower")
_OR_HIGHER = Text("{low} یا بیشتر", "{low} or higher")
_BETWEEN = Text("{low} تا {high}", "{low} to {high}")
_ONE = Text("{low}", "{low}")
_OR = Text(" یا ", " or ")


@dataclass(frozen=True)
class Cited:
    """A source: `key` as in the pack and its address, or the word for an assumption."""

    key: str
    address: str


@dataclass(frozen=True)
class Explanation:
    """One reason of a decision in one language.

    `changes` are sentences such as “free if the decile is 5 or lower”, by trying every other value
    of one changeable fact at a time, all else unchanged.
    """

    reason: str
    sentence: str
    law: str
    sources: tuple[Cited, ...]
    notes: tuple[str, ...]
    parameters: tuple[ParameterUse, ...]
    changes: tuple[str, ...]


def explain(traced: Trace, lang: Lang) -> tuple[Explanation, ...]:
    """One explanation per reason, in the order of the decision's reasons."""
    steps = {step.fired.reason: step for step in traced.steps}
    return tuple(_explanation(traced, steps[code], lang) for code in traced.decision.reasons)


def _explanation(traced: Trace, step: Step, lang: Lang) -> Explanation:
    pack = traced.bound.pack
    uses = tuple(_uses(traced, step))
    keys = [*step.citations, *(key for use in uses for key in use.dated.citations)]
    notes = [step.fired.note, *(use.dated.note for use in uses)]
    return Explanation(
        step.fired.reason,
        _sentence(traced, pack.reasons[step.fired.reason].sentence.say(lang), lang),
        pack.laws[step.rule.law].title.say(lang),
        tuple(
            Cited(key, pack.sources.get(key, ASSUMPTION).say(lang)) for key in dict.fromkeys(keys)
        ),
        tuple(dict.fromkeys(note.say(lang) for note in notes if note)),
        uses,
        tuple(_changes(traced, step, lang)),
    )


def _uses(traced: Trace, step: Step) -> Iterator[ParameterUse]:
    """Parameters read by the rule and, before it, by the rules it looked at."""
    earlier = {made.rule.name: made for made in traced.steps}
    for name in step.rules:
        yield from _uses(traced, earlier[name])
    yield from step.parameters


def _sentence(traced: Trace, text: str, lang: Lang) -> str:
    pack = traced.bound.pack
    filled = {name: show(value, lang, pack.facts[name].codes)
              for name, value in traced.facts.items()}  # fmt: skip
    filled |= {s.rule.name: show(s.value, lang, s.rule.codes) for s in traced.steps}
    return text.format(on=show(traced.bound.on, lang), **filled)


def _changes(traced: Trace, step: Step, lang: Lang) -> Iterator[str]:
    """Other values of the rule within reach of one changeable fact."""
    for fact in traced.bound.pack.facts.values():
        others: dict[Value, list[Value]] = {}
        for tried in _domain(fact):
            value = _value(traced, step.rule, fact, tried)
            if value != step.value:
                others.setdefault(value, []).append(tried)
        for value, tries in others.items():
            yield _CHANGE.say(lang).format(
                value=show(value, lang, step.rule.codes),
                condition=_condition(fact, tries, lang),
            )


def _domain(fact: Fact) -> list[Value]:
    of = fact.type
    if not fact.changeable:
        return []
    if of.kind == "int":
        return list(range(of.low, of.high + 1)) if of.high - of.low < MAX_TRIED else []
    return [True, False] if of.kind == "bool" else list(fact.codes)


def _value(traced: Trace, rule: Rule, fact: Fact, tried: Value) -> Value:
    again = trace(traced.bound, {**traced.facts, fact.name: tried})
    return next(step.value for step in again.steps if step.rule.name == rule.name)


def _condition(fact: Fact, tries: list[Value], lang: Lang) -> str:
    """“decile is 3 or lower or 6 to 8”: whole numbers as runs, codes by title, flags as held."""
    title = fact.title.say(lang)
    if fact.type.kind == "bool":
        return (_HOLDS if tries == [True] else _HOLDS_NOT).say(lang).format(fact=title)
    if fact.type.kind == "int":
        named = [_run(fact, low, high, lang) for low, high in _runs(tries)]
    else:
        named = [show(value, lang, fact.codes) for value in tries]
    return _IS.say(lang).format(fact=title, values=_OR.say(lang).join(named))


def _runs(numbers: list[Value]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        assert isinstance(number, int)
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _run(fact: Fact, low: int, high: int, lang: Lang) -> str:
    if low == fact.type.low and high > low:
        words = _OR_LOWER
    elif high == fact.type.high and high > low:
        words = _OR_HIGHER
    else:
        words = _BETWEEN if high > low else _ONE
    return words.say(lang).format(low=show(low, lang), high=show(high, lang))
