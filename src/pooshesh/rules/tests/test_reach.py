"""Rows of a table that can never fire, and rows that only look so."""

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pooshesh.rules import PackError
from pooshesh.rules.errors import Mark
from pooshesh.rules.expression import Reader, Scope, parse
from pooshesh.rules.pack import BoundRule, Row
from pooshesh.rules.python import PythonEngine
from pooshesh.rules.reach import unreachable
from pooshesh.rules.tree import BOOL, Literal, Type

from .sample import changed, line_of, load


def table(*conditions: str) -> str:
    """TEXT with another rule, whose rows have these conditions, that `group` looks at."""
    rows = "".join(f'      - {{when: "{one}", then: {n}}}\n' for n, one in enumerate(conditions))
    rule = (
        "  asked:\n    title: {fa: پرسش, en: asked}\n    citation: S1\n"
        f"    first:\n{rows}      - {{otherwise: 99}}\n"
    )
    text = changed("\nrules:\n", f"\nrules:\n{rule}")
    return text.replace("(earners == 0 or", "(asked == 0 or earners == 0 or")


# (conditions in order, the first row that is never reached; the last is `otherwise`)
NEVER = [
    (["not known(decile)", "decile <= 6", "decile <= 5"], 2),
    (["age >= 18", "age == 40"], 1),
    (["age > 17", "18 <= age < 65"], 1),
    (["30 < age", "40 <= age"], 1),
    (["age < 18", "age >= 18", "remote"], 2),
    (["age < 18", "age > 17"], 2),
    (["age > 120"], 0),
    (["age >= 0", "remote"], 1),
    (["status == worker or status == idle", "status == idle"], 1),
    (["status == worker", "status != student", "status == student"], 3),
    (["status != worker", "status == student and remote"], 1),
    (["remote", "not remote"], 2),
    (["not remote", "age > 10 and not remote"], 1),
    (["known(born)", "known(born) and remote"], 1),
    (["known(decile) and decile <= 6", "remote and known(decile) and decile <= 5"], 1),
    (["remote and age > 10", "age > 20 and remote and earns"], 1),
    (["age > 10 and age < 5"], 0),
]  # fmt: skip
REACHED = [
    ["not known(decile)", "decile <= 5", "decile <= 6"],
    ["age >= 18 and remote", "age >= 18"],
    ["age < 18", "age > 18"],
    ["remote and age > 10", "age > 20 and earns"],
    ["known(decile) and decile > 5", "known(decile)", "remote"],
    ["known(floor)", "remote"],
    ["known(born)", "active(born, insured_until)", "active(insured_from, insured_until)"],
    ["status == worker", "status == idle", "remote"],
    ["age > 30 or remote", "age > 30 and earns or not earns"],
]


@pytest.mark.parametrize(("conditions", "row"), NEVER)
def test_a_row_that_the_rows_above_exclude_is_refused(
    tmp_path: Path, conditions: list[str], row: int
) -> None:
    text = table(*conditions)

    with pytest.raises(PackError) as caught:
        load(tmp_path, text)

    line = line_of(text, "  asked:\n") + 4 + row
    assert caught.value.defects[0][:4] == ("sample.yaml", line, "asked", "row_unreachable")


@pytest.mark.parametrize("conditions", REACHED)
def test_a_row_that_can_fire_is_kept(tmp_path: Path, conditions: list[str]) -> None:
    pack = load(tmp_path, table(*conditions))

    assert len(pack.rules["asked"].rows) == len(conditions) + 1


FACTS = {
    "age": Type("int", low=0, high=9),
    "decile": Type("int", nullable=True, low=1, high=6),
    "status": Type("code", codes=frozenset({"worker", "idle", "student"})),
    "remote": BOOL,
}
PEOPLE = list(
    product(range(10), [None, *range(1, 7)], ["worker", "idle", "student"], [True, False])
)
SIMPLE = st.sampled_from(
    ["remote", "not remote", "known(decile)", "not known(decile)", "status != worker"]
    + [f"status == {code}" for code in ("worker", "idle", "student")]
    + [f"age {sign} {n}" for sign in ("<", ">=", "==") for n in (0, 3, 4, 8)]
    + [f"(known(decile) and decile {sign} {n})" for sign in ("<=", ">", "!=") for n in (2, 5)]
)
CONDITIONS = st.recursive(
    SIMPLE,
    lambda inner: st.tuples(inner, st.sampled_from([" and ", " or "]), inner).map(
        lambda parts: f"({''.join(parts)})"
    ),
    max_leaves=3,
)


@settings(max_examples=300, deadline=None)
@given(conditions=st.lists(CONDITIONS, min_size=1, max_size=5))
def test_what_is_called_unreachable_is_reached_by_nobody(conditions: list[str]) -> None:
    reader = Reader(Scope(FACTS, {}, {}, FACTS["status"].codes))
    tests = [reader.test(parse(one), frozenset()) for one in conditions]
    whole = Type("int", high=len(tests))
    rows = tuple(
        Row(test, Literal(place, whole), "", (), None, Mark("", 1))
        for place, test in enumerate([*tests, None])
    )
    engine = PythonEngine(FACTS, [BoundRule("fired", rows, (0,) * len(rows), True)], {})

    fired = {engine.decide(*person)[0]["fired"] for person in PEOPLE}

    assert not fired & {*unreachable(tests)}
