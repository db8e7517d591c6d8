"""Tables of transitions."""

import pytest

from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.transitions import Machine, Transition

STATES = {"found": "Found", "identified": "Identified", "insured": "Insured", "closed": "Closed"}
TRANSITIONS = [
    Transition("identify", ("found",), "identified", "Identify", "cases.identify"),
    Transition("insure", ("identified",), "insured", "Insure"),
    Transition("close", ("found", "identified"), "closed", "Close"),
]


@pytest.fixture
def machine() -> Machine:
    return Machine(STATES, TRANSITIONS)


def test_a_verb_leads_to_the_next_state(machine: Machine) -> None:
    assert machine.initial == "found"
    assert machine.next("found", "identify") == "identified"
    assert machine.next("identified", "close") == "closed"


def test_a_transition_tells_the_permission_it_needs(machine: Machine) -> None:
    assert machine.transition("found", "identify").permission == "cases.identify"


def test_verbs_are_listed_in_the_order_of_the_table(machine: Machine) -> None:
    assert machine.verbs("identified") == ["insure", "close"]
    assert machine.verbs("closed") == []


def test_an_impossible_verb_names_the_state_and_what_is_possible(machine: Machine) -> None:
    with pytest.raises(Invalid) as refusal:
        machine.next("found", "insure")

    assert refusal.value.code == "transition.refused"
    assert "“Insure” is not possible in the state “Found”" in str(refusal.value)
    assert "Identify, Close" in str(refusal.value)


def test_nothing_leaves_a_final_state(machine: Machine) -> None:
    with pytest.raises(Invalid) as refusal:
        machine.next("closed", "identify")

    assert refusal.value.code == "transition.final"


@pytest.mark.parametrize("ask", ["next", "transition"])
def test_a_state_outside_the_table_is_our_own_mistake(machine: Machine, ask: str) -> None:
    with pytest.raises(KeyError):
        getattr(machine, ask)("lost", "identify")


def test_the_table_documents_itself(machine: Machine) -> None:
    rows = machine.table()

    assert rows[2] == ("close", "Close", ("Found", "Identified"), "Closed", "")
    assert [row.verb for row in rows] == ["identify", "insure", "close"]


@pytest.mark.parametrize(
    ("extra", "complaint"),
    [
        (Transition("identify", ("found",), "closed", "Identify"), "two ways out of found"),
        (Transition("pay", ("insured",), "paid", "Pay"), "unknown states"),
        (Transition("pay", ("paid",), "insured", "Pay"), "unknown states"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(extra: Transition, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Machine(STATES, [*TRANSITIONS, extra])


def test_a_state_that_nothing_leads_to_is_refused() -> None:
    with pytest.raises(ValueError, match="lost"):
        Machine({**STATES, "lost": "Lost"}, TRANSITIONS)
