"""The packs nested in `iran`: their cases, their dates, and what holds for everybody."""

import datetime as dt
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pooshesh.kernel.calendar import from_jalali
from pooshesh.rules import (
    BoundPack,
    CaseResult,
    Decision,
    Pack,
    bind,
    explain,
    list_packs,
    load_pack,
    run_cases,
    trace,
)
from pooshesh.rules.tree import Value

from .test_language import values

PACKS = {name: load_pack(path) for name, path in list_packs().items() if "." in name}
# Packages are known to be defined or not known at all: none is yet known to lack one.
WITHOUT_CASE = {"package_not_defined"}
DAY = dt.timedelta(1)


def own_reasons(pack: Pack) -> set[str]:
    return {code for code, reason in pack.reasons.items() if "/" in reason.mark.file}


def days(pack: Pack) -> list[dt.date]:
    """The day before, of and after every change of a value, from the first day on."""
    turns = {value.since for one in pack.parameters.values() for value in one.values}
    return sorted({d + s for d in turns for s in (-DAY, 0 * DAY, DAY) if d + s >= min(turns)})


@cache
def bound(name: str, day: dt.date) -> BoundPack:
    return bind(PACKS[name], day)


def decide(name: str, jalali: tuple[int, int, int], **facts: Value) -> Decision:
    """Somebody as in the examples, unless told otherwise."""
    examples = {fact.name: fact.example for fact in PACKS[name].facts.values()}
    return bound(name, from_jalali(*jalali)).decide(examples | facts)


@pytest.mark.parametrize(
    "result",
    [result for pack in PACKS.values() for result in run_cases(pack)],
    ids=lambda result: result.case.title.en,
)
def test_the_cases_of_the_packs_hold(result: CaseResult) -> None:
    assert result.passed, result


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_every_reason_of_its_own_has_a_case(pack: Pack) -> None:
    shown = {reason for case in pack.cases for reason in case.reasons}

    assert own_reasons(pack) - shown <= WITHOUT_CASE


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_every_change_of_its_own_values_has_a_case_before_and_on_its_day(pack: Pack) -> None:
    own = [one for one in pack.parameters.values() if "/" in one.mark.file]
    turns = {value.since for one in own for value in one.values[1:]}
    tried = {case.on for case in pack.cases}

    assert {day + step for day in turns for step in (-DAY, 0 * DAY)} <= tried


FACTS = {name: st.fixed_dictionaries({f.name: values(f.type) for f in pack.facts.values()})
         for name, pack in PACKS.items()}  # fmt: skip


@pytest.mark.parametrize("name", PACKS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_function_and_trace_agree_around_every_change(name: str, data: st.DataObject) -> None:
    on = data.draw(st.sampled_from(days(PACKS[name])))
    facts = data.draw(FACTS[name])

    decision = bound(name, on).decide(facts)

    assert trace(bound(name, on), facts).decision == decision


@settings(max_examples=200, deadline=None)
@given(facts=FACTS["iran.copayment"], on=st.sampled_from(days(PACKS["iran.copayment"])))
def test_patient_and_insurer_pay_the_tariff_between_them(
    facts: dict[str, Value], on: dt.date
) -> None:
    outputs = bound("iran.copayment", on).decide(facts | {"tariff_rial": 999_999_999_999}).outputs

    paid = [outputs["copay_rial"], outputs["insurer_rial"]]

    assert paid == [None, None] or sum(one for one in paid if isinstance(one, int)) == 10**12 - 1


@settings(max_examples=200, deadline=None)
@given(facts=FACTS["iran.fund"], on=st.sampled_from(days(PACKS["iran.fund"])))
def test_the_fund_never_pays_more_than_was_asked_or_is_left(
    facts: dict[str, Value], on: dt.date
) -> None:
    outputs = bound("iran.fund", on).decide(facts).outputs
    paid, rest = outputs["fund_pays_rial"] or 0, outputs["fund_rest_rial"]

    assert isinstance(paid, int)
    assert isinstance(facts["asked_rial"], int)
    assert 0 <= paid <= facts["asked_rial"]
    assert paid == 0 or (isinstance(rest, int) and paid <= rest)


def test_the_sentence_of_the_fund_names_decile_percent_and_amount() -> None:
    pack = bound("iran.fund", from_jalali(1404, 6, 1))
    examples = {fact.name: fact.example for fact in PACKS["iran.fund"].facts.values()}
    facts = examples | {"decile": 6, "tag_from": from_jalali(1401, 1, 1)}

    *_, said = explain(trace(pack, facts), "fa")

    assert said.sentence == "صندوق به دهک ۶ ۸۰ درصد مبلغ درخواست (۸۰٬۰۰۰٬۰۰۰ ریال) را می‌پردازد."
    assert {"S12"} <= {cited.key for cited in said.sources}
    assert "دهک ۱۰" in said.notes[0]


def test_a_referral_lasts_thirty_days() -> None:
    referred = from_jalali(1404, 2, 1)

    bases = [
        decide("iran.copayment", day, insured_in="rural", referred_on=referred).outputs[
            "copay_basis"
        ]
        for day in ((1404, 1, 31), (1404, 2, 1), (1404, 2, 31), (1404, 3, 1))
    ]

    assert bases == ["whole_tariff", "outpatient_rate", "outpatient_rate", "whole_tariff"]
