"""A pack with a fault is refused, and the fault is named with file, line and rule."""

from pathlib import Path

import pytest

from pooshesh.rules import PackError, load_pack
from pooshesh.rules.errors import Defect
from pooshesh.rules.source import MAX_BYTES

from .sample import TEXT, changed, line_of, load


def defects(folder: Path, text: str) -> tuple[Defect, ...]:
    with pytest.raises(PackError) as caught:
        load(folder, text)
    return caught.value.defects


def test_the_sample_itself_is_accepted(tmp_path: Path) -> None:
    pack = load(tmp_path)

    assert [rule.name for rule in pack.outputs] == ["group", "percent"]


# (passage replaced, its replacement, defect, rule named, passage on the line named)
REFUSALS = {
    # the closed schema
    "unknown section": ("rules:\n", "rulez: 1\nrules:\n", "unknown_key", "", "rulez"),
    "unknown key of a rule": (
        "value: active(", "colour: red\n    value: active(",
        "unknown_key", "current", "colour"),
    "missing citation of a law": (
        "  citation: S1\nsources", "sources", "missing_key", "", "id: sample"),
    "missing citation of a value": (
        "{value: 30, citation: S1}", "{value: 30}", "missing_key", "newborn_days", "{value: 30}"),
    "citation of an undeclared source": (
        "{value: 30, citation: S1}", "{value: 30, citation: S9}",
        "unknown_source", "newborn_days", "citation: S9"),
    "title in one language": (
        "{fa: سن, en: age}", "{en: age}", "missing_key", "age", "{en: age}"),
    "duplicate key": (
        "      unit: years\n", "      unit: years\n      unit: years\n",
        "duplicate_key", "", "unit: years\n      example"),
    "a fact named twice": (
        "  place:\n", "  place:\n    age: {title: {fa: س, en: a}, type: bool, example: true}\n",
        "declared_twice", "", "    age: {title"),
    "a rule named as a fact": (
        "  newborn:\n", "  age:\n", "name_taken", "", "  age:\n    title: {fa: نوزاد"),
    "a code named as a rule": (
        "        idle: ", "        newborn: ", "name_taken", "", "  newborn:\n"),
    "a name that is not one": ("    remote:\n", "    Remote!:\n", "bad_name", "Remote!", "Remote!"),
    "a decimal": ("{value: 30,", "{value: 30.5,", "expected_whole", "newborn_days", "30.5"),
    "a number without range": ("      range: 0..120\n", "", "int_needs_range", "age", "    age:"),
    "a range backwards": ("0..120", "120..0", "expected_range", "age", "120..0"),
    "a range beyond 64 bits": (
        "0..120", "0..9223372036854775808", "overflow", "age", "0..9223372036854775808"),
    "a value beyond 64 bits": (
        "{value: 30,", "{value: -9223372036854775808,",
        "overflow", "newborn_days", "newborn_days:\n"),
    "an unknown unit": ("unit: years", "unit: ages", "expected_one_of", "age", "unit: ages"),
    "an example outside the range": (
        "example: 30", "example: 300", "does_not_fit", "age", "    age:"),
    "an aggregate of a person": (
        "type: bool\n      example: false\n  household",
        "from: any(earns)\n  household", "aggregate_level", "earns", "    earns:"),
    "both table and value": (
        "value: active(", "first: []\n    value: active(",
        "first_or_value", "current", "  current:"),
    # dates
    "not a day": ("2023-03-21:", "2023-13-21:", "expected_day", "bonus", "2023-13-21"),
    "not a Jalali day": (
        "1402/01/01 to 1402/12/29", "1402/01/01 to 1402/12/30",
        "expected_day", "share", "1402/12/30"),
    "a gap between dates": (
        "1402/01/01 to 1402/12/29", "1402/01/01 to 1402/12/28",
        "dates_gap", "share", "1403/01/01: {value: {1"),
    "an overlap of dates": (
        "1402/01/01 to 1402/12/29", "1402/01/01 to 1403/01/01",
        "dates_overlap", "share", "      1403/01/01: {value: {1"),
    "the same day in two calendars": (
        "      1403/01/01: {value: 5,", "      2023-03-21: {value: 5,",
        "dates_overlap", "floor", "2023-03-21: {value: 5"),
    "an end after which nothing holds": (
        "2023-03-21:", "2023-03-21 to 2024-03-19:", "dates_end", "bonus", "to 2024-03-19"),
    "a table of a billion keys": (
        "keys: 1..3", "keys: 1..1000000000", "too_many", "share", "keys: 1..1000000000"),
    # tables
    "a missing table key": (
        "{1: 0, 2: 15, 3: 30}", "{1: 0, 3: 30}", "missing_table_key", "share", "{1: 0, 3"),
    "an extra table key": (
        "{1: 0, 2: 15, 3: 30}", "{1: 0, 2: 15, 3: 30, 4: 40}",
        "extra_table_key", "share", "4: 40"),
    "keys that cannot occur": (
        "keys: [worker, student]\n    values:\n      2023-03-21: {value: {worker: 1, student: 2}",
        "keys: [worker, pupil]\n    values:\n      2023-03-21: {value: {worker: 1, pupil: 2}",
        "foreign_keys", "percent", "    value: >-"),
    "no otherwise": (
        "- otherwise: paying", "- when: decile > 3\n        then: paying",
        "no_otherwise", "group", "- when: decile > 3"),
    "a row after otherwise": (
        "      - when: not known(decile)\n        then: unclear", "      - otherwise: unclear",
        "row_after_otherwise", "group", "- when: decile <= 3"),
    "a row repeated": (
        "newborn or open_to_all or (remote and 0 < size <= 8)", "current",
        "row_repeated", "group", "- when: current\n        then: free"),
    "a row below its like": (
        "not known(decile)\n        then: unclear\n        reason: no_decile\n",
        "not known(decile)\n        then: unclear\n        reason: no_decile\n"
        "      - when: decile <= 6\n        then: paying\n        reason: pays\n",
        "row_unreachable", "group", "- when: decile <= 3"),
    "an output of nothing": (
        "    output: true\n    codes:", "    codes:", "unused", "group", "  group:\n"),
    "missing citation of a rule": (
        "    citation: S1\n    value: active(", "    value: active(",
        "missing_key", "current", "title: {fa: بیمه جاری"),
    "an empty list of citations": (
        "{value: 30, citation: S1}", "{value: 30, citation: []}",
        "expected_list", "newborn_days", "citation: []"),
    "units that differ in a table": (
        "then: unclear\n        reason: no_decile", "then: age\n        reason: no_decile",
        "kinds_differ", "group", "- when: not known(decile)"),
    "a row that never varies": (
        "not known(decile)\n", "True\n", "row_constant", "group", "- when: True"),
    "an output row without reason": (
        "        reason: has_cover\n", "", "row_without_reason", "group", "- when: current"),
    # what is left over
    "a loop": (
        "value: active(insured_from, insured_until)", "value: newborn and not current",
        "loop", "current", "  current:"),
    "an unused fact": (
        " or years_together > 300", "", "unused", "years_together", "years_together"),
    "an unused parameter": (" or open_to_all", "", "unused", "open_to_all", "  open_to_all:"),
    "an unused rule": ("- when: current", "- when: remote", "unused", "current", "  current:"),
    "an unused reason": (
        "reason: low_decile", "reason: pays", "unused", "low_decile", "low_decile: {"),
    "an unknown reason": (
        "reason: low_decile", "reason: lowly", "unknown_reason", "group", "- when: decile <= 3"),
    "an unknown placeholder": (
        'en: "decile {decile} on', 'en: "decile {dcile} on',
        "unknown_placeholder", "low_decile", "low_decile: {"),
    "a broken placeholder": (
        'en: "decile {decile} on', 'en: "decile {decile on',
        "bad_placeholder", "low_decile", "low_decile: {"),
    "a placeholder that pads": (
        'en: "decile {decile} on', 'en: "decile {decile:>999999999} on',
        "bad_placeholder", "low_decile", "low_decile: {"),
    "a code not listed": (
        "      covered: {fa: دارای پوشش, en: covered}\n", "",
        "unknown_name", "group", "- when: current"),
    "a code of another rule": (
        "then: unclear", "then: idle", "undeclared_codes", "group", "  group:"),
    # cases
    "a case with an unknown fact": (
        "{decile: 2, earners: 1}", "{dcile: 2}", "unknown_name", "pays", "{dcile: 2}"),
    "a case outside the range": (
        "{decile: 2, earners: 1}", "{decile: 11}", "does_not_fit", "pays", "{decile: 11}"),
    "a case with an unknown output": (
        "{group: paying, percent: 12}", "{grp: paying}", "unknown_name", "pays", "{grp: paying}"),
    "a case with an unknown reason": (
        "reasons: [pays]", "reasons: [paid]", "unknown_reason", "pays", "- title: {fa: پرداخت"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "code", "rule", "at"), REFUSALS.values(), ids=REFUSALS.keys()
)
def test_a_fault_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, code: str, rule: str, at: str
) -> None:
    text = changed(old, new)

    found = defects(tmp_path, text)

    expected = ("sample.yaml", line_of(text, at), rule, code)
    assert expected in [defect[:4] for defect in found]


# (expression put in place of `active(insured_from, insured_until)`, defect)
EXPRESSIONS = {
    "float": ("age > 1.5", "not_a_whole_number"),
    "quoted text": ("status == 'worker'", "not_a_whole_number"),
    "attribute": ("age.real > 1", "not_allowed"),
    "subscript": ("age[0] > 1", "not_allowed"),
    "lambda": ("(lambda: True)()", "not_allowed"),
    "comprehension": ("[x for x in age]", "not_allowed"),
    "division": ("age / 2 > 1", "not_allowed"),
    "power": ("age ** 2 > 1", "not_allowed"),
    "membership": ("age in age", "not_allowed"),
    "keyword argument": ("known(of=born)", "not_allowed"),
    "import": ("__import__(age)", "unknown_function"),
    "not Python": ("age >", "not_an_expression"),
    "unknown name": ("ages > 1", "unknown_name"),
    "aggregate in a rule": ("any(earns)", "aggregate_in_rule"),
    "argument count": ("known(born, born)", "argument_count"),
    "table outside lookup": ("share > 1", "table_outside_lookup"),
    "lookup of no table": ("lookup(floor, decile, 0) > 1", "not_a_table"),
    "lookup by another kind": ("lookup(share, status, 0) > 1", "wrong_kind"),
    "unguarded nullable": ("decile <= 3", "maybe_null"),
    "unguarded unknown value": ("floor > 1", "maybe_null"),
    "guard on the wrong side": ("decile <= 3 and known(decile)", "maybe_null"),
    "guard by or": ("known(decile) or decile <= 3", "maybe_null"),
    "guard of one branch": ("decile <= 3 if not known(decile) else remote", "maybe_null"),
    "comparison with None": ("age == None", "maybe_null"),
    "known of the never null": ("known(age)", "never_null"),
    "known of an expression": ("known(decile + 1)", "never_null"),
    "active of numbers": ("active(age, age)", "active_needs_dates"),
    "number as test": ("age and remote", "wrong_kind"),
    "code against number": ("status == 3", "kinds_differ"),
    "order of codes": ("status < worker", "no_order"),
    "codes that never meet": ("status == paying", "never_equal"),
    "branches of two kinds": ("(age if remote else born) == 1", "kinds_differ"),
    "units compared": ("age > size", "units_differ"),
    "units multiplied": ("age * size > 1", "units_multiplied"),
    "bounds crossed": ("clamp(age, 10, 0) > 1", "clamp_crossed"),
    "literal overflow": ("age < 9223372036854775808", "overflow"),
    "product overflow": ("age * 9223372036854775807 > 1", "overflow"),
    "sum overflow": ("age + 9223372036854775807 > 1", "overflow"),
    "percent of the negative": ("percent_of(age - 40, 50) > 1", "percent_negative"),
    "percent below 0": ("percent_of(age, 0 - 5) > 1", "percent_negative"),
    "percent in other units": ("percent_of(age, size) > 1", "units_differ"),
    "percent beyond 64 bits": ("percent_of(age * 1000000000000000, 100) > 1", "overflow"),
    "percent of the unknown": ("percent_of(decile, 5) > 1", "maybe_null"),
    "percent of a flag": ("percent_of(remote, 5) > 1", "wrong_kind"),
    "ago not constant": ("days_ago(age) == days_ago(1)", "ago_not_constant"),
    "ago too far": ("years_ago(151) == days_ago(1)", "ago_out_of_range"),
    "ago in other units": ("years_ago(newborn_days) == days_ago(1)", "units_differ"),
    "too long": ("remote" + " or remote" * 300, "expression_too_long"),
    "too deep": ("not " * 60 + "remote", "expression_too_deep"),
    "deep brackets": ("(" * 900 + "remote" + ")" * 900, "not_an_expression"),
}


@pytest.mark.parametrize(("expression", "code"), EXPRESSIONS.values(), ids=EXPRESSIONS.keys())
def test_an_expression_outside_the_language_is_refused(
    tmp_path: Path, expression: str, code: str
) -> None:
    text = changed("value: active(insured_from, insured_until)", f"value: >-\n      {expression}")

    found = defects(tmp_path, text)

    line = line_of(text, "citation: S1\n    value: >-") + 1
    assert ("sample.yaml", line, "current", code) in [defect[:4] for defect in found]


# (whole text, defect, line)
FILES = {
    "empty": ("", "not_a_mapping", 1),
    "a list": ("- a\n", "not_a_mapping", 1),
    "alias": ("a: &x [1]\nb: *x\n", "anchor", 1),
    "bomb": ("a: &a [z, z]\nb: &b [*a, *a]\nc: [*b, *b]\n", "anchor", 1),
    "tag": ("law: 1\na: !!python/object/apply:os.system [ls]\n", "tag", 2),
    "second document": ("law: 1\n---\nlaw: 2\n", "second_document", 2),
    "too deep": ("a: " + "[" * 500 + "]" * 500, "too_deep", 1),
    "key not text": ("? [a]\n: 1\n", "key_not_text", 1),
    "not YAML": ("law:\n  id: [a\n", "not_yaml", 3),
    "no law": ("rules: {}\n", "missing_key", 1),
    "too large": ("# " + "x" * MAX_BYTES, "file_too_large", 1),
}


@pytest.mark.parametrize(("text", "code", "line"), FILES.values(), ids=FILES.keys())
def test_a_file_that_is_no_law_is_refused(tmp_path: Path, text: str, code: str, line: int) -> None:
    found = defects(tmp_path, text)

    assert ("sample.yaml", line, code) in [(d.file, d.line, d.code) for d in found]


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    (tmp_path / "sample.yaml").write_bytes(TEXT.encode("cp1256", errors="replace"))

    with pytest.raises(PackError) as caught:
        load_pack(tmp_path)

    assert caught.value.defects[0].code == "not_utf8"


def test_a_folder_without_laws_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        load_pack(tmp_path)

    assert caught.value.defects[0].code == "no_files"


@pytest.mark.parametrize(
    ("count", "code"), [(10_000, "file_too_large"), (1_001, "too_many")], ids=["bytes", "rules"]
)
def test_a_flood_of_rules_is_refused(tmp_path: Path, count: int, code: str) -> None:
    rule = "  r{}: {{title: {{fa: آ, en: a}}, citation: S1, value: age + 1}}\n"
    flood = "".join(rule.format(number) for number in range(count))

    found = defects(tmp_path, changed("\nrules:\n", f"\nrules:\n{flood}"))

    assert code in [defect.code for defect in found]


def test_ten_thousand_rules_are_refused_where_they_begin_to_be_too_many(tmp_path: Path) -> None:
    rule = "  r{}: {{title: {{fa: آ, en: a}}, citation: S1, value: age + 1}}\n"
    law = "law: {{id: l{}, title: {{fa: ب, en: b}}, citation: S1}}\nrules:\n"
    for file in range(10):
        rules = "".join(rule.format(number) for number in range(file * 1000, (file + 1) * 1000))
        (tmp_path / f"law{file}.yaml").write_text(law.format(file) + rules, encoding="utf-8")

    found = defects(tmp_path, TEXT)

    assert [d[:4] for d in found] == [("law1.yaml", 3, "", "too_many")]


def test_every_fault_is_reported_in_order(tmp_path: Path) -> None:
    text = changed("0..120", "old").replace("{value: 30,", "{value: 1e3,").replace("fa: سهم,", "")

    found = defects(tmp_path, text)

    assert [d.rule for d in found] == ["age", "share", "newborn_days"]


def test_a_law_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "again.yaml").write_text(TEXT, encoding="utf-8")

    found = defects(tmp_path, TEXT)

    assert {d.code for d in found} == {"declared_twice"}


def test_a_source_has_one_address(tmp_path: Path) -> None:
    other = "law: {id: b, title: {fa: ب, en: b}, citation: S1}\nsources: {S1: elsewhere.org}\n"
    (tmp_path / "other.yaml").write_text(other, encoding="utf-8")

    found = defects(tmp_path, TEXT)

    assert [(d.file, d.code) for d in found] == [("sample.yaml", "source_differs")]


def test_the_message_is_a_sentence_in_both_languages(tmp_path: Path) -> None:
    found = defects(tmp_path, changed("0..120", "old"))[0]

    line = line_of(TEXT, "0..120")
    assert found.message() == (
        f"sample.yaml:{line} age: read “old”; expected a range such as 1..10"
    )
    assert found.message("fa") == (
        f"sample.yaml:{line} age: «old» خوانده شد؛ بازه‌ای مانند 1..10 لازم است"
    )
