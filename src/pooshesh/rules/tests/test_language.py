"""What each construct of the language means, on a day, for one person."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pooshesh.rules import BoundPack, FactError, PackError, bind, load_pack, trace
from pooshesh.rules.expression import MAX_HOUSEHOLD
from pooshesh.rules.tree import Type, Value

from .sample import DAY, FACTS, TEXT, bound, changed, line_of, load

AGO_29, AGO_30 = DAY - dt.timedelta(29), DAY - dt.timedelta(30)

# (expression, facts that differ from FACTS, its value on DAY = 1403/03/12)
MEANINGS: list[tuple[str, dict[str, Value], Value]] = [
    ("age == 30 and remote", {}, False),
    ("age == 30 or remote", {}, True),
    ("not remote", {}, True),
    ("age != 30", {}, False),
    ("age < 31", {}, True),
    ("age <= 29", {}, False),
    ("age > 30", {}, False),
    ("age >= 30", {}, True),
    ("1 <= age <= 30", {}, True),
    ("31 <= age <= 40", {}, False),
    ("age + 1", {}, 31),
    ("age - 31", {}, -1),
    ("-age", {}, -30),
    ("age * 3", {}, 90),
    ("1 if remote else 2", {}, 2),
    ("1 if remote else 2", {"remote": True}, 1),
    ("status == worker", {}, True),
    ("status != worker", {}, False),
    ("known(decile)", {}, True),
    ("known(decile)", {"decile": None}, False),
    ("known(decile) and decile > 1", {"decile": None}, False),
    ("not known(decile) or decile > 1", {"decile": None}, True),
    ("decile if known(decile) else 11", {"decile": None}, 11),
    ("known(floor)", {}, True),
    ("active(insured_from, insured_until)", {}, False),
    ("active(insured_from, insured_until)", {"insured_from": DAY}, True),
    ("active(insured_from, insured_until)", {"insured_from": DAY + dt.timedelta(1)}, False),
    ("active(insured_from, insured_until)", {"insured_until": DAY + dt.timedelta(1)}, False),
    (
        "active(insured_from, insured_until)",
        {"insured_from": DAY, "insured_until": DAY + dt.timedelta(1)},
        True,
    ),
    ("active(insured_from, insured_until)", {"insured_from": AGO_30, "insured_until": DAY}, False),
    ("lookup(share, decile, 99)", {}, 15),
    ("lookup(share, decile, 99)", {"decile": 4}, 99),
    ("lookup(share, decile, 99)", {"decile": None}, 99),
    ("lookup(bonus, status, 0)", {"status": "student"}, 2),
    ("lookup(bonus, status, 0)", {"status": "idle"}, 0),
    ("clamp(age, 0, 20)", {}, 20),
    ("clamp(age, 40, 50)", {}, 40),
    ("clamp(age, 0, 100)", {}, 30),
    ("known(born) and born > days_ago(30)", {"born": AGO_29}, True),
    ("known(born) and born > days_ago(newborn_days)", {"born": AGO_30}, False),
    # 1403/03/12 less 3 Jalali years is 1400/03/12
    ("known(born) and born == years_ago(3)", {"born": dt.date(2021, 6, 2)}, True),
    ("percent_of(age, 50)", {}, 15),
    ("percent_of(age, 5)", {}, 2),  # 1.5: a half is rounded upwards
    ("percent_of(age, 4)", {}, 1),  # 1.2
    ("percent_of(age, floor if known(floor) else 0)", {"age": 29}, 1),  # 1.45
    ("percent_of(age, 0)", {}, 0),
    ("percent_of(age, 250)", {"age": 1}, 3),
    ("open_to_all", {}, False),
    ("None if remote else age", {}, 30),
    ("None if remote else age", {"remote": True}, None),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "facts", "expected"), MEANINGS)
def test_an_expression_means(
    tmp_path: Path, expression: str, facts: dict[str, Value], expected: Value
) -> None:
    asked = "  asked: {title: {fa: پرسش, en: asked}, citation: S1, output: true, value: EXPR}\n"
    text = changed("\nrules:\n", "\nrules:\n" + asked.replace("EXPR", f'"{expression}"'))
    pack = bound(tmp_path, text)

    decision = pack.decide(FACTS | facts)

    assert decision.outputs["asked"] == expected
    assert type(decision.outputs["asked"]) is type(expected)


def test_thirty_esfand_less_a_year_is_twenty_nine_esfand(tmp_path: Path) -> None:
    text = changed("born > days_ago(newborn_days) and not born < years_ago(1)",
                   "(born == years_ago(1) or born == days_ago(newborn_days))")  # fmt: skip
    # 1403 is a leap year of the Jalali calendar, 1402 is not
    pack = bound(tmp_path, text, on=dt.date(2025, 3, 20))

    decision = pack.decide(FACTS | {"born": dt.date(2024, 3, 19)})

    assert decision.reasons == ("newborn_or_remote",)


def test_the_first_row_that_holds_wins(tmp_path: Path) -> None:
    pack = bound(tmp_path)

    decision = pack.decide(FACTS | {"insured_from": DAY, "remote": True, "decile": None})

    assert decision.outputs == {"group": "covered", "percent": None}
    assert decision.reasons == ("has_cover",)
    assert decision.reason_mask == 1


def test_a_household_is_decided_together(tmp_path: Path) -> None:
    pack = bound(tmp_path)
    names = ("status", "age", "born", "insured_from", "insured_until", "earns")
    worker = {name: FACTS[name] for name in names} | {"earns": True}
    student = worker | {"status": "student", "earns": False, "age": 20}

    made = pack.aggregates([worker, student])
    decisions = pack.decide_household([worker, student], {"decile": 2}, {"remote": False})

    assert made == {"size": 2, "earners": 1, "has_student": True, "years_together": 50}
    assert [d.outputs["group"] for d in decisions] == ["free", "free"]
    assert [d.outputs["percent"] for d in decisions] == [12, 14]


def test_an_empty_household_has_no_decisions(tmp_path: Path) -> None:
    assert bound(tmp_path).decide_household([], {"decile": 2}, {"remote": False}) == []


# (facts that differ, code, fact named)
WRONG: list[tuple[dict[str, object], str]] = [
    ({"age": 121}, "age"),
    ({"age": -1}, "age"),
    ({"age": None}, "age"),
    ({"age": 30.0}, "age"),
    ({"age": True}, "age"),
    ({"earns": 1}, "earns"),
    ({"status": "retired"}, "status"),
    ({"status": ["worker"]}, "status"),
    ({"born": "1400/01/01"}, "born"),
    ({"born": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "born"),
    ({"decile": 0}, "decile"),
]


@pytest.mark.parametrize(("facts", "name"), WRONG)
def test_a_fact_of_another_type_is_refused(
    tmp_path: Path, facts: dict[str, Value], name: str
) -> None:
    pack = bound(tmp_path)

    with pytest.raises(FactError) as caught:
        pack.decide(FACTS | facts)

    assert (caught.value.code, caught.value.values["name"]) == ("fact_wrong", name)
    assert name in caught.value.message("fa")


def test_a_missing_fact_is_refused_even_if_nullable(tmp_path: Path) -> None:
    facts = {name: value for name, value in FACTS.items() if name != "decile"}

    with pytest.raises(FactError, match="“decile” is not given"):
        bound(tmp_path).decide(facts)


@pytest.mark.parametrize(
    ("person", "message"),
    [({"earns": None}, "“earns”: read “None”"), ({}, "“status” is not given")],
)
def test_a_wrong_person_is_refused_before_the_household_is_summed(
    tmp_path: Path, person: dict[str, Value], message: str
) -> None:
    given = {**FACTS, **person} if person else {}

    with pytest.raises(FactError, match=message):
        bound(tmp_path).decide_household([given], {"decile": 2}, {"remote": False})


def test_a_household_beyond_the_proven_bounds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FactError, match="1001 persons"):
        bound(tmp_path).decide_household([FACTS] * (MAX_HOUSEHOLD + 1), {}, {})


# --- binding


def test_a_day_before_the_first_value_is_refused(tmp_path: Path) -> None:
    pack = load(tmp_path)

    with pytest.raises(PackError) as caught:
        bind(pack, dt.date(2023, 3, 20))

    found = {(d.rule, d.code) for d in caught.value.defects}
    assert found == {(name, "date_before_first") for name in pack.parameters}
    line = line_of(TEXT, "  newborn_days:\n")
    assert f"sample.yaml:{line} newborn_days: there is no value for 2023-03-20" in str(caught.value)


def test_values_change_on_their_day(tmp_path: Path) -> None:
    pack = load(tmp_path)
    days = [dt.date(2024, 3, 18), dt.date(2024, 3, 19), dt.date(2024, 3, 20), dt.date(2024, 3, 21)]

    percents = [bind(pack, day).decide(FACTS).outputs["percent"] for day in days]

    # 1402: 20 + 2, floor unknown; 1403: 15 + 2 - 5
    assert percents == [22, 22, 12, 12]


def test_the_id_changes_with_the_values_in_force_and_not_with_the_day(tmp_path: Path) -> None:
    pack = load(tmp_path)
    days = [dt.date(2024, 3, 18), dt.date(2024, 3, 19), dt.date(2024, 3, 20), dt.date(2030, 1, 1)]

    ids = [bind(pack, day).id for day in days]

    assert ids[0] == ids[1] != ids[2] == ids[3]


# (replaced, replacement, whether the id on DAY stays)
EDITS = [
    ("law:\n", "# a comment\nlaw:\n", True),
    ("{fa: پرداخت, en: pays}", "{fa: سهم, en: pays a share}", True),
    ("2: 20, 3: unknown", "2: 25, 3: unknown", True),
    ("2: 15, 3: 30", "2: 16, 3: 30", False),
    ("decile <= 3 and", "decile <= 2 and", False),
    ('"decile {decile} on {on}"', '"on {on} decile {decile}"', False),
]


@pytest.mark.parametrize(("old", "new", "same"), EDITS)
def test_the_id_covers_what_a_decision_rests_on(
    tmp_path: Path, old: str, new: str, same: bool
) -> None:
    before = bound(tmp_path).id

    after = bound(tmp_path, changed(old, new)).id

    assert (before == after) is same


# --- the compiled function and the rules as written


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> list[BoundPack]:
    folder = tmp_path_factory.mktemp("sample")
    (folder / "sample.yaml").write_text(TEXT, encoding="utf-8")
    pack = load_pack(folder)
    return [bind(pack, DAY), bind(pack, dt.date(2023, 3, 21))]


def values(of: Type) -> st.SearchStrategy[Value]:
    """Any value of a fact's type; dates near the days decided on."""
    known: dict[str, st.SearchStrategy[Value]] = {
        "int": st.integers(of.low, of.high),
        "bool": st.booleans(),
        "date": st.dates(dt.date(2022, 1, 1), dt.date(2025, 1, 1)),
        "code": st.sampled_from(sorted(of.codes) or [""]),
    }
    return st.none() | known[of.kind] if of.nullable else known[of.kind]


@settings(max_examples=150, deadline=None)
@given(data=st.data(), which=st.integers(0, 1))
def test_function_and_trace_agree(packs: list[BoundPack], data: st.DataObject, which: int) -> None:
    pack = packs[which]
    facts = data.draw(
        st.fixed_dictionaries({f.name: values(f.type) for f in pack.pack.facts.values()})
    )

    decision = pack.decide(facts)

    assert trace(pack, facts).decision == decision


def test_a_table_may_hold_flags(tmp_path: Path) -> None:
    text = changed("    unit: flag\n    values:\n      1402/01/01: {value: false,",
                   "    unit: flag\n    keys: [idle]\n    values:\n"
                   "      1402/01/01: {value: {idle: true},")  # fmt: skip
    text = text.replace("or open_to_all or", "or lookup(open_to_all, status, False) or")
    pack = bound(tmp_path, text)

    groups = [
        pack.decide(FACTS | {"status": status}).outputs["group"] for status in ("idle", "worker")
    ]

    assert groups == ["free", "paying"]
