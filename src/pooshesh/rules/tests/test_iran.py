"""The shipped pack `iran`: its own cases, its order of precedence, its dates."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pooshesh.kernel.calendar import from_jalali
from pooshesh.rules import (
    CaseResult,
    bind,
    explain,
    list_packs,
    load_pack,
    required_facts,
    run_cases,
    trace,
)
from pooshesh.rules.tree import Value

from .test_language import values

PACK = load_pack(list_packs()["iran"])

CITIZEN: dict[str, Value] = {
    "nationality": "citizen",
    "foreign_status": "none",
    "lawful_from": None,
    "lawful_until": None,
    "other_insurer_code": None,
    "other_insurer_principal": False,
    "relation": "head",
    "outside_principal": False,
    "programme_resident": False,
    "decile": None,
    "decile_date": None,
}
LAWFUL: dict[str, Value] = {
    "nationality": "foreign",
    "foreign_status": "regularised",
    "lawful_from": from_jalali(1399, 1, 1),
}


def decide(jalali: tuple[int, int, int], **facts: Value) -> tuple[Value, Value, Value]:
    outputs = bind(PACK, from_jalali(*jalali)).decide(CITIZEN | facts).outputs
    return outputs["decision"], outputs["scheme"], outputs["premium_percent"]


@pytest.mark.parametrize("result", run_cases(PACK), ids=lambda result: result.case.title.en)
def test_the_cases_of_the_pack_hold(result: CaseResult) -> None:
    assert result.passed, result


def test_every_reason_has_a_case() -> None:
    shown = {reason for case in PACK.cases for reason in case.reasons}

    assert shown == set(PACK.reasons)


def test_the_facts_a_caller_supplies() -> None:
    assert {fact.name for fact in required_facts(PACK)} == CITIZEN.keys() - {"outside_principal"}


# decile → decision and share, before Mordad 1402 and from it
SHARES = [
    (1, ("enrol_free", 0), ("enrol_free", 0)),
    (2, ("enrol_free", 0), ("enrol_free", 0)),
    (3, ("enrol_free", 0), ("enrol_free", 0)),
    (4, ("value_unknown", None), ("enrol_free", 0)),
    (5, ("value_unknown", None), ("enrol_free", 0)),
    (6, ("pays_share", 30), ("pays_share", 20)),
    (7, ("pays_share", 40), ("pays_share", 30)),
    (8, ("pays_share", 60), ("pays_share", 40)),
    (9, ("pays_share", 80), ("pays_share", 50)),
    (10, ("pays_share", 100), ("pays_share", 100)),
]


@pytest.mark.parametrize("day", [(1400, 1, 1), (1401, 12, 29), (1402, 1, 1), (1402, 4, 31)])
@pytest.mark.parametrize(("decile", "before", "_after"), SHARES)
def test_shares_before_mordad_1402(
    day: tuple[int, int, int], decile: int, before: tuple[str, int], _after: object
) -> None:
    decision, _, percent = decide(day, decile=decile)

    assert (decision, percent) == before


@pytest.mark.parametrize("day", [(1402, 5, 1), (1402, 5, 2), (1404, 1, 1)])
@pytest.mark.parametrize(("decile", "_before", "after"), SHARES)
def test_shares_from_mordad_1402(
    day: tuple[int, int, int], decile: int, _before: object, after: tuple[str, int]
) -> None:
    decision, _, percent = decide(day, decile=decile)

    assert (decision, percent) == after


# Everything that could decide at once; each line takes the winner of the line above away.
PRECEDENCE: list[tuple[dict[str, Value], str]] = [
    ({}, "not_ours"),
    ({"other_insurer_code": None}, "dependant_worklist"),
    ({"other_insurer_code": None, "outside_principal": False}, "regularise"),
    ({"other_insurer_code": None, "outside_principal": False, **LAWFUL}, "value_unknown"),
    (
        {"other_insurer_code": None, "outside_principal": False, "nationality": "citizen"},
        "enrol_free",
    ),
    (
        {
            "other_insurer_code": None,
            "outside_principal": False,
            "nationality": "citizen",
            "programme_resident": False,
        },
        "pays_share",
    ),
    (
        {
            "other_insurer_code": None,
            "outside_principal": False,
            "nationality": "citizen",
            "programme_resident": False,
            "decile": None,
        },
        "needs_decile",
    ),
]


@pytest.mark.parametrize(("facts", "expected"), PRECEDENCE)
def test_the_first_match_wins(facts: dict[str, Value], expected: str) -> None:
    everything: dict[str, Value] = {
        "other_insurer_code": "sso",
        "outside_principal": True,
        "relation": "child",
        "nationality": "foreign",
        "programme_resident": True,
        "decile": 7,
    }

    decision, _, _ = decide((1400, 11, 22), **{**everything, **facts})

    assert decision == expected


@pytest.mark.parametrize("relation", ["spouse", "child"])
def test_the_family_of_an_outside_principal_goes_to_the_worklist(relation: str) -> None:
    bound = bind(PACK, from_jalali(1400, 11, 22))
    names = [fact.name for fact in required_facts(PACK) if fact.level == "person"]
    person = {name: CITIZEN[name] for name in names}
    principal = person | {"other_insurer_code": "sso", "other_insurer_principal": True}

    decisions = bound.decide_household(
        [principal, person | {"relation": relation}, person | {"relation": "parent"}],
        {"decile": 2, "decile_date": None},
        {"programme_resident": True},
    )

    assert [decision.outputs["decision"] for decision in decisions] == [
        "not_ours",
        "dependant_worklist",
        "enrol_free",
    ]


# S35: Amayesh holders in the year 25 February 2025 – 24 February 2026
@pytest.mark.parametrize(
    ("status", "during"),
    [
        ("refugee_supported", ("enrol_free", "foreign_nationals", 0)),
        ("refugee", ("pays_share", "foreign_nationals", 100)),
        ("regularised", ("value_unknown", "none", None)),
    ],
)
def test_the_premium_of_lawful_foreigners_is_known_for_one_year_only(
    status: str, during: tuple[Value, Value, Value]
) -> None:
    days = [(1403, 12, 6), (1403, 12, 7), (1404, 12, 5), (1404, 12, 6)]

    decided = [decide(day, **{**LAWFUL, "foreign_status": status}) for day in days]

    unknown = ("value_unknown", "none", None)
    assert decided == [unknown, during, during, unknown]


@pytest.mark.parametrize(
    ("facts", "decision"),
    [
        ({"lawful_from": from_jalali(1400, 11, 22)}, "value_unknown"),
        ({"lawful_from": from_jalali(1400, 11, 23)}, "regularise"),
        ({"lawful_from": None}, "regularise"),
        ({"lawful_until": from_jalali(1400, 11, 23)}, "value_unknown"),
        ({"lawful_until": from_jalali(1400, 11, 22)}, "regularise"),
        ({"foreign_status": "identified"}, "regularise"),
    ],
)
def test_lawful_residence_must_be_proven_on_the_day(facts: dict[str, Value], decision: str) -> None:
    assert decide((1400, 11, 22), **{**LAWFUL, **facts})[0] == decision


# The day before and the day of each change
PREMIUMS = [
    ((1401, 12, 29), None),
    ((1402, 1, 1), 14_352_000),
    ((1402, 12, 29), 14_352_000),
    ((1403, 1, 1), 19_380_000),
    ((1403, 12, 30), 19_380_000),
    ((1404, 1, 1), 28_296_000),
    ((1404, 3, 31), 28_296_000),
    ((1404, 4, 1), None),
]


@pytest.mark.parametrize(("day", "rial"), PREMIUMS)
def test_the_yearly_premium_by_date(day: tuple[int, int, int], rial: int | None) -> None:
    outputs = bind(PACK, from_jalali(*day)).decide(CITIZEN | {"decile": 6}).outputs

    assert outputs["premium_rial"] == rial


def test_the_same_person_on_two_days_shows_the_change_and_its_source() -> None:
    before, after = (
        explain(trace(bind(PACK, from_jalali(*day)), CITIZEN | {"decile": 5}), "fa")[0]
        for day in ((1401, 10, 1), (1404, 1, 1))
    )

    assert before.sentence == "سهم دهک ۵ در ۱۴۰۱/۱۰/۰۱ معلوم نیست."
    assert before.changes[-1] == "«بیمه با پرداخت سهم» اگر دهک خانوار ۶ یا بیشتر باشد"
    assert before.parameters[0].value is None
    assert "پیش از مرداد ۱۴۰۲ یافت نشد" in before.notes[0]
    assert after.sentence == "دهک ۵ (تاریخ دهک: نامعلوم) در ۱۴۰۴/۰۱/۰۱ رایگان است."
    assert after.parameters[0].dated.since == from_jalali(1402, 5, 1)
    assert {"S2", "S3", "S5"} <= {cited.key for cited in after.sources}


def test_a_higher_decile_is_told_when_it_would_be_free() -> None:
    bound = bind(PACK, from_jalali(1404, 1, 1))

    (found,) = explain(trace(bound, CITIZEN | {"decile": 7}), "en")

    assert found.changes == (
        "“free insurance” if “residence in a programme neighbourhood” holds",
        "“free insurance” if the household's decile is 5 or lower",
    )


CHANGES = {value.since for item in PACK.parameters.values() for value in item.values}
AROUND = {day + dt.timedelta(step) for day in CHANGES for step in (-1, 0, 1)}
BOUND = {day: bind(PACK, day) for day in AROUND if day >= min(CHANGES)}


@settings(max_examples=200, deadline=None)
@given(
    day=st.sampled_from(sorted(BOUND)),
    facts=st.fixed_dictionaries({f.name: values(f.type) for f in PACK.facts.values()}),
)
def test_function_and_trace_agree_around_every_change(
    day: dt.date, facts: dict[str, Value]
) -> None:
    decision = BOUND[day].decide(facts)

    assert trace(BOUND[day], facts).decision == decision
    assert len(decision.reasons) == 1
