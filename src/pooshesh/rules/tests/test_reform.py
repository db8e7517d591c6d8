"""Reforms: values written into a law's text, and what they do to a population."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.rules import FactError, PackError, bind, list_packs
from pooshesh.rules.effects import effect
from pooshesh.rules.load import load_files, read_files
from pooshesh.rules.pack import DatedValue, Pack
from pooshesh.rules.reform import Change, Reform, reformed, scenario
from pooshesh.rules.tests import sample
from pooshesh.rules.text import Text

FILES = read_files(list_packs()["iran"])
PACK = load_files("iran", FILES)
DAY = dt.date(2025, 5, 1)  # 1404/02/11


def in_force(pack: Pack, parameter: str, day: dt.date) -> DatedValue:
    value = pack.parameters[parameter].on(day)
    assert value
    return value


def test_a_value_of_a_table_changes_from_the_day_on() -> None:
    reform = Reform(DAY, (Change("share_by_decile", 6, 0),))

    made = scenario(FILES, PACK, reform)

    before = in_force(made, "share_by_decile", DAY - dt.timedelta(1)).value
    assert before == in_force(PACK, "share_by_decile", DAY).value
    after = in_force(made, "share_by_decile", DAY)
    assert after.value == {1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 30, 8: 40, 9: 50, 10: 100}
    assert after.citations == ("assumption",)


def test_a_percentage_is_taken_of_what_is_in_force_and_rounded_as_money() -> None:
    odd = Change("universal_premium", percent=-1)

    made = scenario(FILES, PACK, Reform(DAY, (odd, Change("universal_premium", percent=50))))

    first = (28_296_000 * 99 + 50) // 100
    assert in_force(made, "universal_premium", DAY).value == (first * 150 + 50) // 100


def test_later_values_give_way_to_a_reform() -> None:
    made = scenario(FILES, PACK, Reform(DAY, (Change("universal_premium", percent=0),)))

    assert in_force(made, "universal_premium", dt.date(2030, 1, 1)).value == 28_296_000


def test_the_file_keeps_everything_else() -> None:
    note = Text("به‌جای «نامعلوم»", 'for "unknown"')
    reform = Reform(
        dt.date(2026, 3, 21), (Change("universal_premium", to=40_000_000),), ("S1",), note
    )

    files = reformed(FILES, PACK, reform)

    before = FILES["premium.yaml"].decode().splitlines()
    after = files["premium.yaml"].decode().splitlines()
    added = [line for line in after if line not in before]
    assert added == [
        "      1405/01/01:", "        value: 40000000", "        citation: [S1]",
        f'          fa: "{note.fa}"', r'          en: "for \"unknown\""',
    ]  # fmt: skip
    assert [line for line in before if line not in after] == []
    assert {name for name in FILES if files[name] != FILES[name]} == {"premium.yaml"}
    assert in_force(load_files("iran", files), "universal_premium", reform.since).note == note


def test_a_reform_on_the_first_day_leaves_one_value() -> None:
    first = PACK.parameters["share_by_decile"].values[0].since

    made = scenario(FILES, PACK, Reform(first, (Change("share_by_decile", 4, 0),)))

    assert [one.since for one in made.parameters["share_by_decile"].values] == [first]


@given(value=st.none() | st.integers(-(2**63) + 1, 2**63 - 1), days=st.integers(0, 4_000))
def test_any_value_comes_back_as_it_was_written(value: int | None, days: int) -> None:
    since = dt.date(2021, 3, 21) + dt.timedelta(days)
    reform = Reform(since, (Change("universal_premium", to=value),))

    made = load_files("iran", reformed(FILES, PACK, reform), cases=False)

    assert in_force(made, "universal_premium", since).value == value


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Change("nothing"), "there is no parameter “nothing”"),
        (Change("share_by_decile", 11, 0), "“share_by_decile” has no key “11”"),
        (Change("share_by_decile"), "“share_by_decile” has no key “None”"),
        (Change("universal_premium", 1, 5), "“universal_premium” has no key “1”"),
        (Change("programme_residents_free", percent=5), "no percentage can be taken"),
        (Change("programme_residents_free", to=5), "read “5”; expected flag"),
        (Change("universal_premium", to=True), "read “True”; expected rial"),
        (Change("universal_premium", to=2**63), "expected rial"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(change: Change, sentence: str) -> None:
    with pytest.raises(FactError) as caught:
        reformed(FILES, PACK, Reform(DAY, (change,)))

    assert sentence in caught.value.message("en")


def test_a_percentage_of_the_unknown_is_refused() -> None:
    late = Reform(dt.date(2026, 1, 1), (Change("universal_premium", percent=20),))

    with pytest.raises(FactError, match="no percentage can be taken of “universal_premium”"):
        reformed(FILES, PACK, late)


def test_a_day_before_the_first_value_is_refused() -> None:
    with pytest.raises(FactError, match="“universal_premium” has no value yet"):
        reformed(FILES, PACK, Reform(dt.date(2000, 1, 1), (Change("universal_premium", to=1),)))


def test_a_value_that_makes_a_sum_leave_64_bits_is_refused_before_anything_is_decided() -> None:
    files = {"sample.yaml": sample.TEXT.encode()}
    pack = load_files("sample", files)
    huge = Reform(sample.DAY, (Change("bonus", "worker", 2**62),))

    with pytest.raises(PackError, match="the number can leave 64 bits"):
        scenario(files, pack, huge)


def test_values_in_one_line_are_not_torn_apart() -> None:
    text = sample.changed("values:\n      1402/01/01: {value: 30, citation: S1}",
                          "values: {1402/01/01: {value: 30, citation: S1}}")  # fmt: skip
    files = {"sample.yaml": text.encode()}
    pack = load_files("sample", files)

    with pytest.raises(FactError, match="do not stand on lines of their own"):
        reformed(files, pack, Reform(sample.DAY, (Change("newborn_days", to=7),)))


# --- effects


def people(*rows: tuple[int | None, bool, str]) -> pl.LazyFrame:
    """Citizens with (decile, programme resident, sex), in every other way alike."""
    facts = [
        {
            **{fact.name: fact.example for fact in PACK.facts.values()},
            "outside_principal": False, "decile": decile, "programme_resident": programme,
            "sex": sex, "person_id": number,
        }
        for number, (decile, programme, sex) in enumerate(rows)
    ]  # fmt: skip
    engine = bind(PACK, DAY).plan
    dates = {fact.name: pl.Date for fact in PACK.facts.values() if fact.type.kind == "date"}
    codes = {
        fact.name: pl.Enum(engine.codes) for fact in PACK.facts.values() if fact.type.kind == "code"
    }
    return pl.LazyFrame(facts, schema_overrides={**dates, **codes, "decile": pl.Int64})


def test_an_effect_counts_who_moves_and_what_it_costs() -> None:
    population = people((6, False, "F"), (6, False, "M"), (10, False, "M"), (None, False, "F"))
    after = bind(scenario(FILES, PACK, Reform(DAY, (Change("share_by_decile", 6, 0),))), DAY)

    found = effect(bind(PACK, DAY), after, population, ["decile", "sex"])

    premium = 28_296_000
    assert found.moves == (("pays_share", "enrol_free", 2),)
    assert (found.total.persons, found.total.moved) == (4, 2)
    assert found.total.before.household == premium * 140 // 100
    assert found.total.after.household == premium
    assert found.total.before.state + found.total.before.household == 3 * premium
    assert found.total.after.state == 2 * premium
    assert [(one.value, one.moved) for one in found.by["decile"]] == [(6, 2), (10, 0), (None, 0)]
    assert [(one.value, one.moved) for one in found.by["sex"]] == [("F", 1), ("M", 1)]


def test_a_changed_share_moves_a_person_whose_outcome_stays() -> None:
    after = bind(scenario(FILES, PACK, Reform(DAY, (Change("share_by_decile", 10, 90),))), DAY)

    found = effect(bind(PACK, DAY), after, people((10, False, "M")), ["decile"])

    assert (found.total.moved, found.moves) == (1, ())


def test_a_premium_that_is_not_known_is_counted_and_left_out() -> None:
    late = dt.date(2026, 1, 1)

    found = effect(bind(PACK, late), bind(PACK, late), people((10, False, "M")), [])

    assert (found.total.after.insured, found.total.after.priced) == (1, 0)
    assert (found.total.after.household, found.total.after.state) == (0, 0)


def test_no_premium_is_too_large_to_add_up() -> None:
    huge = Reform(DAY, (Change("universal_premium", to=2**63 - 1),))
    after = bind(scenario(FILES, PACK, huge), DAY)

    found = effect(bind(PACK, DAY), after, people((10, False, "M"), (10, False, "F")), [])

    assert found.total.after.household == 2 * (2**63 - 1)


def test_the_concentration_of_payments_says_who_carries_them() -> None:
    all_pay = tuple(Change("share_by_decile", decile, 50) for decile in range(1, 11))
    even = bind(scenario(FILES, PACK, Reform(DAY, all_pay)), DAY)
    population = people(*((decile, False, "M") for decile in range(1, 11)))

    rich_pay, all_alike = effect(bind(PACK, DAY), even, population, ["decile"]).concentration

    assert rich_pay == pytest.approx(
        2 * (20 * 5.5 + 30 * 6.5 + 40 * 7.5 + 50 * 8.5 + 100 * 9.5) / 2400 - 1
    )
    assert all_alike == pytest.approx(0)


def test_where_nobody_pays_there_is_no_concentration() -> None:
    found = effect(bind(PACK, DAY), bind(PACK, DAY), people((1, False, "M")), ["decile"])

    assert found.concentration == (None, None)
