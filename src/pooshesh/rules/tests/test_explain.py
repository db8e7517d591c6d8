"""A decision can be followed rule by rule and said in both languages."""

import datetime as dt
from pathlib import Path

import pytest

from pooshesh.rules import FactError, explain, run_cases, trace
from pooshesh.rules.text import Lang
from pooshesh.rules.tree import Value

from .sample import FACTS, TEXT, bound, changed, line_of, load


def test_a_trace_shows_every_rule_with_what_it_looked_at(tmp_path: Path) -> None:
    traced = trace(bound(tmp_path), FACTS)

    steps = {step.rule.name: step for step in traced.steps}
    group, percent = steps["group"], steps["percent"]
    assert set(steps) == {"current", "newborn", "by_decile", "percent", "group"}
    assert (group.value, group.row, group.fired.reason) == ("paying", 5, "pays")
    assert group.fired.mark.line == line_of(TEXT, "- otherwise: paying")
    assert group.facts == {"remote": False, "decile": 2, "earners": 1, "has_student": False,
                           "years_together": 60}  # fmt: skip
    assert group.rules == {"current": False, "newborn": False}
    assert percent.value == 12


def test_a_trace_shows_the_parameter_its_day_and_its_source(tmp_path: Path) -> None:
    traced = trace(bound(tmp_path), FACTS)

    step = next(step for step in traced.steps if step.rule.name == "by_decile")
    use = step.parameters[0]
    assert (use.parameter.name, use.key, use.value) == ("share", 2, 15)
    assert use.dated.since == dt.date(2024, 3, 20)
    assert step.citations == ("S1", "assumption")


def test_a_trace_refuses_wrong_facts(tmp_path: Path) -> None:
    with pytest.raises(FactError):
        trace(bound(tmp_path), FACTS | {"decile": 11})


SENTENCES: list[tuple[Lang, dict[str, Value], str]] = [
    ("en", {}, "12 percent, at work"),
    ("fa", {}, "۱۲ درصد، شاغل"),
    ("en", {"decile": 3, "earners": 0}, "decile 3 on 2024-06-01"),
    ("fa", {"decile": 3, "earners": 0}, "دهک ۳ در ۱۴۰۳/۰۳/۱۲"),
    ("en", {"decile": None}, "decile not known"),
]


@pytest.mark.parametrize(("lang", "facts", "sentence"), SENTENCES)
def test_a_reason_is_a_sentence(
    tmp_path: Path, lang: Lang, facts: dict[str, Value], sentence: str
) -> None:
    explained = explain(trace(bound(tmp_path), FACTS | facts), lang)

    assert [item.sentence for item in explained] == [sentence]


def test_the_law_and_the_notes_stand_beside_the_sentence(tmp_path: Path) -> None:
    (explained,) = explain(trace(bound(tmp_path), FACTS | {"earners": 0}), "en")

    assert explained.law == "Sample"
    assert [(cited.key, cited.address) for cited in explained.sources] == [
        ("S1", "example.org/law")
    ]
    assert explained.notes == ("as the council sees it",)


def test_an_assumption_is_called_one(tmp_path: Path) -> None:
    (explained,) = explain(trace(bound(tmp_path), FACTS | {"remote": True}), "en")

    assert explained.sources[0].address == "assumption (no source found)"


CHANGES: list[tuple[dict[str, Value], list[str]]] = [
    ({}, []),
    ({"earners": 0, "decile": 7}, ["“free” if decile is 3 or lower"]),
    ({"earners": 0}, ["“paying” if decile is 4 or higher"]),
    (
        {"earners": 0, "decile": None},
        ["“free” if decile is 3 or lower", "“paying” if decile is 4 or higher"],
    ),
]


@pytest.mark.parametrize(("facts", "changes"), CHANGES)
def test_what_would_change_a_decision_is_found_by_trying(
    tmp_path: Path, facts: dict[str, Value], changes: list[str]
) -> None:
    (explained,) = explain(trace(bound(tmp_path), FACTS | facts), "en")

    assert list(explained.changes) == changes


def test_changes_name_runs_single_values_and_codes(tmp_path: Path) -> None:
    text = changed(
        "decile <= 3 and (earners == 0 or has_student or years_together > 300)",
        "decile == 3 or 5 <= decile <= 6 or status == student"
        " or earners > 900 or years_together > 999 or has_student",
    )

    (explained,) = explain(trace(bound(tmp_path, text), FACTS), "fa")

    assert explained.changes == (
        "«رایگان» اگر وضع دانشجو باشد",
        "«رایگان» اگر دهک ۳ یا ۵ تا ۶ باشد",
    )


def test_the_cases_of_a_pack_are_run(tmp_path: Path) -> None:
    (result,) = run_cases(load(tmp_path))

    assert result.passed
    assert result.case.title.en == "pays"


WRONG_CASES = [
    ("percent: 12}", "percent: 13}", {"percent": (13, 12)}),
    ("reasons: [pays]", "reasons: [no_decile]", {}),
]


@pytest.mark.parametrize(("old", "new", "wrong"), WRONG_CASES)
def test_a_case_that_differs_fails(
    tmp_path: Path, old: str, new: str, wrong: dict[str, object]
) -> None:
    (result,) = run_cases(load(tmp_path, changed(old, new)))

    assert not result.passed
    assert result.wrong == wrong


def test_a_case_before_the_first_value_fails_with_the_error(tmp_path: Path) -> None:
    (result,) = run_cases(load(tmp_path, changed("on: 1403/03/12", "on: 1399/01/01")))

    assert not result.passed
    assert result.error is not None


def test_a_source_in_words_is_said_in_the_readers_language(tmp_path: Path) -> None:
    text = changed("S1: example.org/law", "S1: {fa: قانون نمونه, en: the sample law}")
    traced = trace(bound(tmp_path, text), FACTS)

    said: list[tuple[Lang, str]] = [("fa", "قانون نمونه"), ("en", "the sample law")]
    assert [(lang, explain(traced, lang)[0].sources[0].address) for lang, _ in said] == said
