"""Rules in plain language, on a pack that uses the whole language of rules."""

from pathlib import Path

import pytest
from django.utils.translation import override

from pooshesh.policy.reads import reads
from pooshesh.policy.words import RuleWords, key_titles, written
from pooshesh.rules.tests import sample


def lines(folder: Path, rule: str, lang: str) -> list[tuple[list[str], str]]:
    pack = sample.load(folder)
    with override(lang):
        return [(line.conditions, line.value) for line in RuleWords(pack).lines(pack.rules[rule])]


def test_a_decision_table_reads_row_by_row(tmp_path: Path) -> None:
    assert lines(tmp_path, "group", "en") == [
        (["“current cover” holds"], "covered"),
        (
            [
                "“newborn” holds or “open to all” holds or (“remote” holds and"
                " “size” is more than 0 persons and “size” is at most 8 persons)"
            ],
            "free",
        ),
        (["“decile” is not known"], "unclear"),
        (
            [
                "“decile” is at most 3",
                "“earners” is 0 persons or “has a student” holds or"
                " “ages summed” is more than 300 years",
            ],
            "free",
        ),
        ([], "paying"),
    ]


def test_a_choice_becomes_rows(tmp_path: Path) -> None:
    first, second = lines(tmp_path, "percent", "en")

    assert first[0] == ["“share of the decile” is known"]
    assert second == ([], "no value")


def test_a_test_becomes_yes_and_no(tmp_path: Path) -> None:
    assert lines(tmp_path, "newborn", "en") == [
        (
            [
                "“birth” is known",
                "“birth” is more than the day “newborn days” days before",
                "it is not so that “birth” is less than the day 1 years before",
            ],
            "yes",
        ),
        ([], "no"),
    ]


def test_persian_reads_as_clauses_after_if(tmp_path: Path) -> None:
    assert lines(tmp_path, "group", "fa")[3] == (
        [
            "«دهک» دست‌بالا ۳ باشد",
            "«شمار شاغلان» ۰ نفر باشد یا «دانشجو دارد» برقرار باشد یا"
            " «جمع سن» بیشتر از ۳۰۰ سال باشد",
        ],
        "رایگان",
    )


def test_cover_between_two_days_names_both(tmp_path: Path) -> None:
    assert lines(tmp_path, "current", "fa")[0] == (
        ["روز تصمیم از «آغاز» تا پیش از «پایان» باشد"],
        "بله",
    )


def test_a_rule_names_what_it_looks_at(tmp_path: Path) -> None:
    pack = sample.load(tmp_path)

    found = reads(pack, pack.rules["percent"])

    assert [fact.name for fact in found.facts] == ["status"]
    assert [rule.name for rule in found.rules] == ["by_decile"]
    assert [parameter.name for parameter in found.parameters] == ["bonus", "floor"]
    assert [rule.name for rule in reads(pack, pack.rules["by_decile"]).readers] == ["percent"]


def test_keys_of_a_table_are_titled(tmp_path: Path) -> None:
    pack = sample.load(tmp_path)

    assert key_titles(pack, pack.parameters["bonus"].keys) == ["شاغل", "دانشجو"]
    assert key_titles(pack, pack.parameters["share"].keys) == ["۱", "۲", "۳"]


@pytest.mark.parametrize(
    ("value", "unit", "fa", "en"),
    [
        (20, "percent", "۲۰٪", "20%"),
        (14_352_000, "rial", "۱۴٬۳۵۲٬۰۰۰ ریال", "14,352,000 rial"),
        (30, "days", "۳۰ روز", "30 days"),
        (2, "years", "۲ سال", "2 years"),
        (1_000, "persons", "۱٬۰۰۰ نفر", "1,000 persons"),
        (5, "decile", "۵", "5"),
        (True, "flag", "بله", "yes"),
        (None, "percent", "نامعلوم", "unknown"),
    ],
)
def test_values_come_with_their_unit(value: int | None, unit: str, fa: str, en: str) -> None:
    with override("fa"):
        persian = written(value, unit)
    with override("en"):
        english = written(value, unit)

    assert (persian, english) == (fa, en)
