"""The form of a made-up person: every fact of a pack goes in and comes back, bad ones do not."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh import rules
from pooshesh.policy.forms import DaysForm, PersonForm, default, raw
from pooshesh.rules.tests import sample
from pooshesh.rules.tree import Value

PACK = rules.load_pack(rules.list_packs()["iran"])
BOUND = rules.bind(PACK, dt.date(2025, 3, 21))


def values(fact: rules.Fact) -> st.SearchStrategy[Value]:
    """Every value a fact may have; dates of the years that can be written."""
    by_kind: dict[str, st.SearchStrategy[Value]] = {
        "bool": st.booleans(),
        "code": st.sampled_from(sorted(fact.codes) or [""]),
        "date": st.dates(dt.date(1990, 1, 1), dt.date(2050, 1, 1)),
        "int": st.integers(fact.type.low, fact.type.high),
    }
    return st.none() | by_kind[fact.type.kind] if fact.type.nullable else by_kind[fact.type.kind]


@given(st.fixed_dictionaries({name: values(fact) for name, fact in PACK.facts.items()}))
def test_every_person_comes_back_from_the_form(facts: dict[str, Value]) -> None:
    alone = facts["other_insurer_principal"]

    person = PersonForm(PACK, {name: raw(value) for name, value in facts.items()})

    assert person.is_valid(), person.errors
    expected = facts | {"outside_principal": facts["outside_principal"] or alone}
    assert person.facts(BOUND) == expected


def test_what_is_not_said_is_as_in_the_examples() -> None:
    person = PersonForm(PACK, {})

    assert person.is_valid()
    assert person.cleaned_data == {name: default(fact) for name, fact in PACK.facts.items()}


def test_facts_stand_under_person_household_and_place() -> None:
    groups = PersonForm(PACK, {}).groups()

    names = [[field.name for field in fields] for _title, fields in groups]
    assert names[1:] == [["outside_principal", "decile", "decile_date"], ["programme_resident"]]
    assert names[0][0] == "nationality"


@pytest.mark.parametrize("typed", ["5", "۵", "٥", " 5 "])
def test_three_digit_sets_are_read(typed: str) -> None:
    person = PersonForm(PACK, {"decile": typed})

    assert person.is_valid()
    assert person.cleaned_data["decile"] == 5


@pytest.mark.parametrize("typed", ["0", "11", "5.5", "five", "<b>5</b>", "-1"])
def test_what_is_no_decile_is_refused(typed: str) -> None:
    person = PersonForm(PACK, {"decile": typed})

    assert list(person.errors) == ["decile"]
    assert str(person.errors["decile"][0]).count("«") == 1


@pytest.mark.parametrize("name", ["nationality", "relation", "programme_resident"])
def test_what_must_be_known_may_not_be_empty(name: str) -> None:
    person = PersonForm(PACK, {name: ""})

    assert list(person.errors) == [name]


def test_a_household_has_at_least_the_person(tmp_path: Path) -> None:
    pack = sample.load(tmp_path)
    bound = rules.bind(pack, sample.DAY)
    alone = PersonForm(pack, {"status": "student", "age": "۲۰"})
    among = PersonForm(pack, {"status": "student", "age": "20", "size": "4", "earners": "2"})

    assert alone.is_valid()
    assert among.is_valid()
    names = ("size", "earners", "has_student", "years_together")
    assert [alone.facts(bound)[name] for name in names] == [1, 0, True, 20]
    assert [among.facts(bound)[name] for name in names] == [4, 2, True, 20]


def test_days_are_two_unless_said_otherwise() -> None:
    days = DaysForm({})

    assert days.is_valid()
    assert list(days.cleaned_data.values()) == [dt.date(2022, 12, 22), dt.date(2025, 3, 21)]


def test_the_second_day_may_be_left_out_and_the_first_may_not() -> None:
    one, none = DaysForm({"on-second": ""}), DaysForm({"on-first": ""})

    assert one.is_valid()
    assert one.cleaned_data["second"] is None
    assert list(none.errors) == ["first"]
