"""Tags of rule packs: `{% load policy %}`."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from pooshesh import rules
from pooshesh.policy import words
from pooshesh.policy.forms import default, raw
from pooshesh.rules.pack import Case, DatedParameter, DatedValue, Fact
from pooshesh.rules.trace import Step
from pooshesh.rules.tree import Key, Value
from pooshesh.web.format import number

register = template.Library()

register.filter("say", words.say)
register.simple_tag(words.answered, name="answered")


@register.simple_tag
def fact_value(fact: Fact, value: Value) -> str:
    """`{% fact_value fact value %}`: the value with its unit or title."""
    return words.written(value, fact.type.unit, fact.codes)


@register.simple_tag
def parameter_value(parameter: DatedParameter, value: int | bool | None) -> str:
    """`{% parameter_value parameter value %}`: the value with its unit."""
    return words.written(value, parameter.unit)


@register.simple_tag
def key_title(pack: rules.Pack, parameter: DatedParameter, key: Key) -> str:
    """`{% key_title pack parameter key %}`: one key of a table in words."""
    return words.key_titles(pack, parameter.keys)[parameter.keys.index(key)]


@register.simple_tag
def case_address(pack: rules.Pack, case: Case) -> str:
    """`{% case_address pack case %}`: the page that decides the case's person on its day."""
    facts = {name: raw(case.facts[name]) for name in _said(pack, case)}
    query = urlencode({**facts, "on-first": raw(case.on), "on-second": ""})
    return f"{reverse('policy:try', args=[pack.name])}?{query}"


def _said(pack: rules.Pack, case: Case) -> list[str]:
    return [name for name, fact in pack.facts.items() if case.facts[name] != default(fact)]


@register.inclusion_tag("policy/citations.html")
def citations(pack: rules.Pack, keys: Sequence[str]) -> dict[str, object]:
    """`{% citations pack keys %}`: sources with their addresses; an assumption says so."""
    return {"sources": words.cited(pack, keys)}


@register.inclusion_tag("policy/citations.html")
def reason_citations(pack: rules.Pack, reason: rules.Explanation) -> dict[str, object]:
    """`{% reason_citations pack reason %}`: the law and every value behind a reason."""
    return {"sources": words.cited(pack, [source.key for source in reason.sources])}


@register.inclusion_tag("policy/looked_at.html")
def looked_at(pack: rules.Pack, step: Step) -> dict[str, object]:
    """`{% looked_at pack step %}`: facts, earlier rules and values that a step read."""
    return {
        "pack": pack,
        "facts": [(pack.facts[name], value) for name, value in step.facts.items()],
        "rules": [(pack.rules[name], value) for name, value in step.rules.items()],
        "parameters": step.parameters,
    }


@register.inclusion_tag("policy/parameter.html")
def parameter(pack: rules.Pack, one: DatedParameter, on: dt.date | None) -> dict[str, object]:
    """`{% parameter pack one on %}`: every value by date, the one in force on a day marked."""
    titles = words.key_titles(pack, one.keys) or [words.say(one.title)]
    return {
        "pack": pack,
        "parameter": one,
        "titles": titles,
        "rows": list(_dated_rows(one, titles)),
        "in_force": one.on(on) if on else None,
    }


def _dated_rows(
    one: DatedParameter, titles: Sequence[str]
) -> Iterator[tuple[DatedValue, list[tuple[str, str, bool]]]]:
    """(dated value, (title, text, differs from the row above) of each key)."""
    above: Sequence[Value] | None = None
    for dated in one.values:
        values = list(dated.value.values()) if isinstance(dated.value, Mapping) else [dated.value]
        before = values if above is None else above
        yield (
            dated,
            [
                (title, words.written(value, one.unit), value != was)
                for title, value, was in zip(titles, values, before, strict=True)
            ],
        )
        above = values


@register.inclusion_tag("policy/cases.html")
def cases(pack: rules.Pack, results: Sequence[rules.CaseResult]) -> dict[str, object]:
    """`{% cases pack results %}`: examples with what was expected and what came out."""
    return {"pack": pack, "rows": [_case_row(pack, result) for result in results]}


def _case_row(pack: rules.Pack, result: rules.CaseResult) -> dict[str, Any]:
    case = result.case
    return {
        "result": result,
        "facts": [(pack.facts[name], case.facts[name]) for name in _said(pack, case)],
        "expected": [(pack.rules[name], value) for name, value in case.outputs.items()],
        "wrong": [(pack.rules[name], decided) for name, (_, decided) in result.wrong.items()],
        "reasons": [
            words.RuleWords(pack).reason(pack.reasons[code])
            for code in sorted({*result.reasons} - {*case.reasons})
        ],
        "messages": result.error.messages(words.lang()) if result.error else [],
    }


@register.inclusion_tag("policy/defects.html")
def defects(found: Sequence[rules.Defect]) -> dict[str, object]:
    """`{% defects found %}`: file and line, rule, sentence."""
    # A defect's message is “file:line rule: sentence”; the columns already say where.
    return {
        "rows": [(one, one.message(words.lang()).partition(": ")[2]) for one in found],
    }


@register.simple_tag
def unit(name: str) -> str:
    """`{% unit parameter.unit %}`: what a value counts, in words."""
    return {
        "percent": _("percent"), "rial": _("rial"), "days": _("days"), "years": _("years"),
        "persons": _("persons"), "flag": _("yes or no"),
    }.get(name, name)  # fmt: skip


@register.simple_tag
def cell_title(titles: Sequence[str], place: int) -> str:
    """`{% cell_title titles place %}`: the column head that a cell repeats on a narrow screen."""
    return titles[place]


@register.simple_tag
def became(was: int, now: int) -> str:
    """`{% became was now %}`: a number before and after, in the reading direction."""
    arrow = "←" if get_language_bidi() else "→"
    return f"{number(was)} {arrow} {number(now)}"
