"""What differs between two packs and between two days, and what does not count as different."""

import datetime as dt
from pathlib import Path

import pytest

from pooshesh.rules.diff import Difference, at, compare, compare_days
from pooshesh.rules.format import format_law
from pooshesh.rules.load import load_files
from pooshesh.rules.tests import sample


def difference(old: str, new: str) -> Difference:
    """Of the sample and the sample with one passage replaced."""
    packs = [
        load_files("sample", {"sample.yaml": text.encode()})
        for text in (sample.TEXT, sample.changed(old, new))
    ]
    return compare(*packs)


def test_a_value_of_one_key_is_told_with_its_days() -> None:
    found = difference("{1: 0, 2: 15, 3: 30}", "{1: 0, 2: 16, 3: 30}")

    (parameter,) = found.parameters
    (value,) = parameter.values
    assert parameter.name == "share"
    assert (value.since, value.until, value.key) == (dt.date(2024, 3, 20), None, 2)
    assert (at(value.before, 2), at(value.after, 2)) == ((15,), (16,))
    assert found == Difference(parameters=found.parameters)


def test_a_value_that_begins_later_differs_only_in_between() -> None:
    found = difference(
        "1403/01/01: {value: 5, citation: S1,", "1403/07/01: {value: 5, citation: S1,"
    )

    (value,) = found.parameters[0].values
    assert (value.since, value.until) == (dt.date(2024, 3, 20), dt.date(2024, 9, 22))
    assert (at(value.before, None), at(value.after, None)) == ((5,), (None,))


def test_spans_that_say_the_same_are_one() -> None:
    found = difference(
        "1402/01/01: {value: 30, citation: S1}",
        "1402/01/01 to 1402/12/29: {value: 31, citation: S1}\n      1403/01/01: {value: 31, citation: S1}",  # noqa: E501
    )

    (value,) = found.parameters[0].values
    assert (value.since, value.until) == (dt.date(2023, 3, 21), None)


def test_another_citation_of_the_same_value_is_told() -> None:
    found = difference("{value: 30, citation: S1}", "{value: 30, citation: assumption}")

    (value,) = found.parameters[0].values
    assert value.cited
    assert value.after
    assert value.after.citations == ("assumption",)


def test_rows_are_compared_one_by_one() -> None:
    found = difference("      - when: not known(decile)\n", "      - when: not known(decile) # x\n")
    inserted = difference(
        "      - when: current\n",
        "      - when: earns\n        then: paying\n        reason: pays\n      - when: current\n",
    )
    changed = difference("when: decile <= 3 and", "when: decile <= 4 and")

    assert not found
    assert [(row.name, row.before is None) for row in inserted.rules[0].rows] == [("1", True)]
    assert [(row.name, bool(row.before and row.after)) for row in changed.rules[0].rows] == [
        ("4", True)
    ]
    assert not changed.rules[0].head


def test_what_only_follows_from_a_fact_is_no_difference_of_rules() -> None:
    found = difference("range: 0..120", "range: 0..130")

    assert [change.name for change in found.facts] == ["age"]
    assert found == Difference(facts=found.facts)


@pytest.mark.parametrize(
    ("section", "old", "new", "name"),
    [
        ("laws", "en: Sample}", "en: Example}", "sample"),
        ("sources", "example.org/law", "example.org/laws", "S1"),
        ("facts", "from: count(earns)", "from: count(not earns)", "earners"),
        ("reasons", "en: covered already}", "en: covered}", "has_cover"),
        ("cases", "facts: {decile: 2, earners: 1}", "facts: {decile: 2, earners: 2}",
         "sample: pays"),
        ("rules", "title: {fa: درصد, en: percent}", "title: {fa: درصد, en: share}", "percent"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_its_section(section: str, old: str, new: str, name: str) -> None:
    found = difference(old, new)

    changes = getattr(found, section)
    assert [change.name for change in changes] == [name]
    assert found == Difference(**{section: changes})


def test_what_is_added_one_way_is_removed_the_other(tmp_path: Path) -> None:
    pack = sample.load(tmp_path)
    more = load_files(
        pack.name,
        {"sample.yaml": sample.changed(
            "rules:\n",
            "rules:\n  extra:\n    title: {fa: بیشتر, en: extra}\n    citation: S1\n"
            "    output: true\n    value: earns\n",
        ).encode()},
    )  # fmt: skip

    (added,), (removed,) = compare(pack, more).rules, compare(more, pack).rules

    assert (added.name, added.before, removed.after) == ("extra", None, None)
    assert added.after == removed.before == more.rules["extra"]


def test_layout_is_no_difference() -> None:
    text = sample.TEXT.encode()

    packs = [
        load_files("sample", {"sample.yaml": one})
        for one in (text, format_law("sample.yaml", text))
    ]

    assert not compare(*packs)


def test_two_days_differ_by_the_values_in_force(tmp_path: Path) -> None:
    pack = sample.load(tmp_path)

    found = compare_days(pack, dt.date(2024, 3, 19), dt.date(2024, 3, 20))

    told = [(p.name, value.key) for p in found.parameters for value in p.values]
    assert told == [("share", 1), ("share", 2), ("share", 3), ("floor", None)]
    assert not compare_days(pack, dt.date(2024, 3, 20), dt.date(2024, 6, 1))
