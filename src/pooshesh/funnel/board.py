"""The funnel as its page shows it, from counted cells: by unit, by province, persons step by step.

Every number here is a sum of cells, so that what stands on one screen adds up to another's.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pooshesh.fund.models import State as ApplicationState
from pooshesh.funnel.models import Step, Unit
from pooshesh.funnel.queries import AGES, Cell, ages, totals
from pooshesh.kernel.money import Rial
from pooshesh.ledger.models import VoucherState
from pooshesh.requests.models import State as RequestState

Text = str | Promise

#: The states of a unit in the order of the work.
STATES: Mapping[str, Sequence[str]] = {
    Unit.PERSON: [step.value for step in Step],
    Unit.APPLICATION: [*(state.value for state in ApplicationState), "died"],
    Unit.REQUEST: [state.value for state in RequestState if state != RequestState.DRAFT],
    Unit.APPROVAL: [state.value for state in RequestState if state != RequestState.DRAFT],
    Unit.PAYMENT: [state.value for state in VoucherState],
}
_TITLES: Mapping[str, Mapping[str, Text]] = {
    Unit.PERSON: {step.value: step.label for step in Step},
    Unit.APPLICATION: {
        **{state.value: state.label for state in ApplicationState},
        "died": _("Closed: the patient died"),
    },
    Unit.REQUEST: {state.value: state.label for state in RequestState},
    Unit.APPROVAL: {state.value: state.label for state in RequestState},
    Unit.PAYMENT: {state.value: state.label for state in VoucherState},
}
AGE_TITLES = (
    _("This month"), _("1–2 months"), _("3–5 months"), _("6–11 months"), _("A year or more"),
)  # fmt: skip

#: How far a person has come at least: step → states that are as far.
_ORDER = [step.value for step in Step]
REACHED: Sequence[tuple[str, Text, frozenset[str]]] = (
    ("registered", _("Registered"), frozenset(_ORDER)),
    ("tagged", _("Tagged"), frozenset(_ORDER[_ORDER.index(Step.TAGGED) :])),
    ("asked", _("Asked for money"), frozenset(_ORDER[_ORDER.index(Step.REJECTED) :])),
    ("approved", _("Approved"), frozenset(_ORDER[_ORDER.index(Step.APPROVED) :])),
    ("paid", _("Paid"), frozenset([Step.PAID.value])),
)


def title(unit: str, state: str) -> Text:
    """What a state is called; the code itself for one that went out of use."""
    return _TITLES[unit].get(state, state)


@dataclass(frozen=True)
class Line:
    """A state of a unit: how many, their rial, and how many stand there for each of the ages."""

    unit: str
    state: str
    title: Text
    number: int
    amount: Rial | None
    ages: Sequence[int]

    @property
    def aged(self) -> list[tuple[Text, int]]:
        """(for how long, how many)."""
        return list(zip(AGE_TITLES, self.ages, strict=True))


@dataclass(frozen=True)
class Block:
    """A unit with its states; `number` is their sum."""

    unit: str
    title: Text
    number: int
    amount: Rial | None
    lines: Sequence[Line]


def blocks(found: Sequence[Cell], today: dt.date) -> list[Block]:
    """Every unit with every state somebody or something stands in, in the order of the work."""
    sums = totals(found, "unit", "state")
    old = ages(found, today)
    made = []
    for unit in Unit:
        known = [state for state in STATES[unit] if (unit, state) in sums]
        others = sorted(state for of, state in sums if of == unit and state not in known)
        priced = unit not in (Unit.PERSON, Unit.APPLICATION)
        lines = [
            Line(
                unit.value, state, title(unit, state), sums[unit, state][0],
                Rial(sums[unit, state][1]) if priced else None,
                old.get((unit, state), [0] * len(AGES)),
            )
            for state in (*known, *others)
        ]  # fmt: skip
        made.append(
            Block(
                unit.value, unit.label, sum(line.number for line in lines),
                Rial(sum(sums[unit, line.state][1] for line in lines)) if priced else None, lines,
            )
        )  # fmt: skip
    return made


def reached(found: Iterable[Cell]) -> dict[str, int]:
    """Step → persons who came as far at least; `REACHED` in its order."""
    persons = [cell for cell in found if cell.unit == Unit.PERSON]
    return {
        code: sum(cell.number for cell in persons if cell.state in states)
        for code, _title, states in REACHED
    }


@dataclass(frozen=True)
class Province:
    """Persons of a province by how far they came, requests that wait, and what was paid."""

    province: str
    name: str
    registered: int
    tagged: int
    asked: int
    approved: int
    paid: int
    waiting: int  # requests
    paid_rial: Rial

    @property
    def no_request(self) -> int:
        """Registered persons who have not asked for money, whatever the reason."""
        return self.registered - self.asked


WAITING = ("submitted", "in_committee", "deferred")


def provinces(found: Sequence[Cell], names: Mapping[str, str]) -> list[Province]:
    """The same totals by province; `names` by its code."""
    by_province: dict[str, list[Cell]] = defaultdict(list)
    for cell in found:
        by_province[cell.province].append(cell)
    made = []
    for code, here in sorted(by_province.items()):
        steps = reached(here)
        waiting = sum(
            cell.number for cell in here if cell.unit == Unit.REQUEST and cell.state in WAITING
        )
        paid = sum(
            cell.amount for cell in here if cell.unit == Unit.PAYMENT and cell.state == "paid"
        )
        made.append(
            Province(
                code, names.get(code, code), steps["registered"], steps["tagged"],
                steps["asked"], steps["approved"], steps["paid"], waiting, Rial(paid),
            )
        )  # fmt: skip
    return made
