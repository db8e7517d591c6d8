"""What a check answers about a number: the pure part."""

import pytest

from pooshesh.coverage.models import Reason
from pooshesh.eligibility.decide import Known, answer
from pooshesh.eligibility.sentences import SENTENCES

COVERED = Known(True, ("covered",))
NEVER = Known(False, ("never_covered",))


def test_one_holder_gets_their_own_answer() -> None:
    given = answer([COVERED], by_card=False)

    assert (given.covered, given.reasons) == (True, ("covered",))


@pytest.mark.parametrize(("by_card", "reason"), [(False, "not_found"), (True, "unknown_card")])
def test_a_number_nobody_holds_is_told_apart_from_no_cover(by_card: bool, reason: str) -> None:
    assert answer([], by_card=by_card).reasons == (reason,)


def test_of_several_holders_nothing_is_told() -> None:
    given = answer([COVERED, NEVER], by_card=False)

    assert (given.covered, given.reasons, given.cover) == (False, ("shared",), None)


def test_a_card_past_its_day_tells_nothing() -> None:
    given = answer([Known(True, ("covered",), card="gone")], by_card=True)

    assert (given.covered, given.reasons) == (False, ("card_gone",))


@pytest.mark.parametrize("reason", ["ended", "never_covered"])
@pytest.mark.parametrize("outcome", ["enrol_free", "pays_share"])
def test_who_may_be_insured_is_told_so(reason: str, outcome: str) -> None:
    given = answer([Known(False, (reason,), outcome=outcome)], by_card=False)

    assert given.reasons == (reason, "entitled")


@pytest.mark.parametrize(
    "known",
    [
        Known(False, ("dead",), outcome="enrol_free"),
        Known(False, ("suspended", "arrears"), outcome="enrol_free"),
        Known(False, ("never_covered",), outcome="needs_decile"),
        Known(True, ("covered",), outcome="enrol_free"),
    ],
)
def test_enrolling_is_offered_only_where_it_helps(known: Known) -> None:
    assert "entitled" not in answer([known], by_card=False).reasons


def test_every_reason_of_a_suspension_has_words() -> None:
    assert set(Reason.values) <= set(SENTENCES)
