"""Whether somebody is covered: the pure part."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.eligibility.decide import Cover, Known, Reason, answer

DAY = dt.date(2024, 5, 1)
ONE = dt.timedelta(days=1)


def ours(since: dt.date | None = None, until: dt.date | None = None, **more: object) -> Cover:
    return Cover("ihio", True, "universal", since, until, 0, **more)  # type: ignore[arg-type]


SSO = Cover("sso", False, "", None, None, None)


@pytest.mark.parametrize(
    ("known", "covered", "reasons"),
    [
        (Known((ours(DAY),)), True, [Reason.COVERED]),
        (Known((SSO,)), True, [Reason.COVERED_ELSEWHERE]),
        (Known((SSO, ours(DAY))), True, [Reason.COVERED, Reason.TWICE]),
        (Known((ours(DAY),), died=DAY), True, [Reason.COVERED]),
        (Known((ours(DAY),), died=DAY - ONE), False, [Reason.DEAD]),
        (Known((ours(DAY, suspended_since=DAY),)), False, [Reason.SUSPENDED]),
        (Known((ours(DAY, suspended_since=DAY), SSO)), True, [Reason.COVERED_ELSEWHERE]),
        (Known((ours(DAY + ONE),)), False, [Reason.NOT_YET]),
        (Known((ours(None, DAY),)), False, [Reason.ENDED]),
        (Known((ours(None, DAY),), outcome="enrol_free"), False, [Reason.ENDED, Reason.ENTITLED]),
        (Known(outcome="pays_share"), False, [Reason.NEVER, Reason.ENTITLED]),
        (Known(outcome="needs_decile"), False, [Reason.NEVER]),
    ],
)
def test_the_answer_names_its_reasons(known: Known, covered: bool, reasons: list[Reason]) -> None:
    given = answer([known], DAY)

    assert (given.covered, list(given.reasons)) == (covered, reasons)


def test_nobody_and_several_are_told_apart_from_no_cover() -> None:
    assert answer([], DAY).reasons == (Reason.NOT_FOUND,)
    assert answer([Known((ours(),)), Known()], DAY).reasons == (Reason.SHARED,)


DAYS = st.dates(dt.date(2023, 1, 1), dt.date(2025, 1, 1))
COVERS = st.builds(
    Cover, st.sampled_from(["ihio", "sso"]), st.booleans(), st.just("universal"),
    st.none() | DAYS, st.none() | DAYS, st.none(), st.none() | DAYS,
)  # fmt: skip


@given(st.lists(COVERS, max_size=4), st.none() | DAYS, DAYS)
def test_the_covered_hold_a_spell_of_that_day_and_everybody_else_hears_why(
    covers: list[Cover], died: dt.date | None, on: dt.date
) -> None:
    given = answer([Known(tuple(covers), died)], on)

    paying = [c for c in covers if c.holds(on) and c.suspended_since is None]
    alive = died is None or on <= died
    assert given.covered == bool(paying and alive)
    assert given.reasons
    assert not given.covered or given.cover in paying
