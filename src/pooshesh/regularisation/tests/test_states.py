"""Where a case stands follows from what is known, and no step is taken that is not allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.regularisation.differences import differs
from pooshesh.regularisation.models import CLOSED, CaseState, DifferenceKind
from pooshesh.regularisation.queries import FEW, Line, hide_few
from pooshesh.regularisation.states import CASE, COVERING, following, of_municipality

OUTCOMES = ["", *COVERING, "value_unknown", "regularise", "needs_decile", "not_ours"]
WORLD = {
    "identified": st.booleans(), "lawful": st.booleans(), "outcome": st.sampled_from(OUTCOMES),
    "covered": st.booleans(),
}  # fmt: skip
FOUND, IDENTIFIED, REGULARISED, ELIGIBLE, INSURED, REFUSED, *_OVER = CaseState.values


def after(state: str, **world: object) -> str:
    known = {"identified": False, "lawful": False, "outcome": "", "covered": False} | world
    for verb in following(state, **known):  # type: ignore[arg-type]
        state = CASE.next(state, verb)
    return state


@given(state=st.sampled_from(CaseState.values), world=st.fixed_dictionaries(WORLD))
def test_following_comes_to_rest_by_allowed_steps(state: str, world: dict[str, object]) -> None:
    rest = after(state, **world)

    assert list(following(rest, **world)) == []  # type: ignore[arg-type]


@given(state=st.sampled_from(CLOSED), world=st.fixed_dictionaries(WORLD))
def test_a_closed_case_follows_nothing(state: str, world: dict[str, object]) -> None:
    assert after(state, **world) == state


@given(state=st.sampled_from(CaseState.values), world=st.fixed_dictionaries(WORLD))
def test_an_unknown_value_takes_nothing_away(state: str, world: dict[str, object]) -> None:
    known = world | {"lawful": True, "outcome": "value_unknown", "covered": True}

    assert after(INSURED, **known) == INSURED
    assert after(ELIGIBLE, **known) == INSURED


@pytest.mark.parametrize(
    ("state", "world", "rest"),
    [
        (FOUND, {}, FOUND),
        (FOUND, {"identified": True}, IDENTIFIED),
        (FOUND, {"lawful": True}, REGULARISED),
        (IDENTIFIED, {"lawful": True, "outcome": "pays_share"}, ELIGIBLE),
        (IDENTIFIED, {"lawful": True, "outcome": "enrol_free", "covered": True}, INSURED),
        (REGULARISED, {"lawful": True, "outcome": "value_unknown"}, REGULARISED),
        (ELIGIBLE, {"lawful": True, "outcome": "not_ours"}, REGULARISED),
        (INSURED, {"identified": True, "outcome": "regularise", "covered": True}, IDENTIFIED),
        (INSURED, {"lawful": True, "outcome": "enrol_free"}, ELIGIBLE),
    ],
)
def test_a_case_stands_where_the_facts_put_it(
    state: str, world: dict[str, object], rest: str
) -> None:
    assert after(state, **world) == rest


@given(state=st.sampled_from(CaseState.values), reached=st.sampled_from(CaseState.values[:5]))
def test_a_municipality_is_told_no_further_than_regularised(state: str, reached: str) -> None:
    assert of_municipality(state, reached) in (FOUND, IDENTIFIED, REGULARISED)


@pytest.mark.parametrize(
    ("cover", "decided", "kind"),
    [
        (("foreign_nationals", 0), ("enrol_free", "foreign_nationals", 0), None),
        (("foreign_nationals", 0), ("value_unknown", "none", None), None),
        (("foreign_nationals", 0), ("regularise", "none", None), DifferenceKind.ENDS),
        (("universal", 20), ("pays_share", "universal", 30), DifferenceKind.MOVES),
        (("universal", 20), ("pays_share", "foreign_nationals", 20), DifferenceKind.MOVES),
    ],
)
def test_cover_differs_only_from_what_the_rules_say(
    cover: tuple[str, int], decided: tuple[str, str, int | None], kind: DifferenceKind | None
) -> None:
    scheme, percent = cover
    outcome, fund, share = decided

    assert differs(scheme, percent, outcome, fund, share) == kind


COUNTS = st.dictionaries(st.sampled_from([FOUND, IDENTIFIED, REGULARISED]), st.integers(0, 12))


@given(st.lists(COUNTS, min_size=1, max_size=4))
def test_no_count_of_fewer_than_five_can_be_worked_out(places: list[dict[str, int]]) -> None:
    steps = {at for counts in places for at in counts}
    whole = {at: sum(counts.get(at, 0) for counts in places) for at in steps}
    lines = [Line(str(number), dict(counts)) for number, counts in enumerate(places)]

    shown, total = hide_few(lines, Line("", dict(whole)))

    told = [count for line in (*shown, total) for count in line.counts.values()]
    hidden = {at for line in shown for at, count in line.counts.items() if count is None}
    assert all(count is None or count == 0 or count >= FEW for count in told)
    assert hidden == {at for at, count in total.counts.items() if count is None}
    assert all(line.total is None for line in shown if None in line.counts.values())
