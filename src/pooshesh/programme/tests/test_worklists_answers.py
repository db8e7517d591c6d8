"""An answer about what holds of somebody decides their household anew."""

import pytest

from pooshesh.conftest import Cast
from pooshesh.kernel.errors import Invalid
from pooshesh.programme.models import Campaign, WorkItem, WorkKind
from pooshesh.programme.tests.sheets import PEOPLE, foreign_code, national_id
from pooshesh.programme.tests.worklists import answer, enrolled, row

pytestmark = pytest.mark.django_db


def test_an_identity_that_is_given_leads_to_free_cover(campaign: Campaign, cast: Cast) -> None:
    item = answer(
        cast.tehran_clerk, WorkKind.NEEDS_IDENTITY, 10, national_id=national_id(101), note="card"
    )

    assert (item.outcome, item.note, item.done_by) == ("given", "card", cast.tehran_clerk.id)
    assert (row(10).decision, row(10).reasons) == ("enrol_free", "programme_resident")
    assert enrolled(10)


def test_a_foreign_code_that_is_given_leads_to_regularisation(
    campaign: Campaign, cast: Cast
) -> None:
    answer(cast.tehran_clerk, WorkKind.NEEDS_IDENTITY, 9, foreign_code=foreign_code(42))

    assert row(9).decision == "regularise"
    assert WorkItem.objects.filter(kind="regularise", census_row=9, state="open").exists()


def test_who_has_no_identity_is_asked_once(campaign: Campaign, cast: Cast) -> None:
    item = answer(cast.tehran_clerk, WorkKind.NEEDS_IDENTITY, 10, none="on")

    assert (item.outcome, row(10).decision) == ("none", "needs_identity")
    assert not WorkItem.objects.filter(census_row=10, state="open").exists()


def test_an_identity_that_somebody_holds_is_refused_and_nothing_is_kept(
    campaign: Campaign, cast: Cast
) -> None:
    with pytest.raises(Invalid):
        answer(cast.tehran_clerk, WorkKind.NEEDS_IDENTITY, 10, national_id=PEOPLE[3]["national_id"])

    assert WorkItem.objects.get(census_row=10).state == "open"


def test_a_dependant_who_is_none_is_decided_here(campaign: Campaign, cast: Cast) -> None:
    answer(cast.tehran_clerk, WorkKind.DEPENDANT, 2, choice="denied", note="asked the insurer")

    assert (row(2).decision, enrolled(2)) == ("enrol_free", True)
    assert (row(3).decision, enrolled(3)) == ("dependant_worklist", False)


def test_a_confirmed_dependant_is_not_enrolled_nor_asked_again(
    campaign: Campaign, cast: Cast
) -> None:
    answer(cast.tehran_clerk, WorkKind.DEPENDANT, 3, choice="confirmed")

    assert (row(3).decision, enrolled(3)) == ("dependant_worklist", False)
    assert not WorkItem.objects.filter(census_row=3, state="open").exists()


def test_a_regularised_person_is_decided_by_the_rules_for_foreign_nationals(
    campaign: Campaign, cast: Cast
) -> None:
    answer(
        cast.tehran_clerk, WorkKind.REGULARISE, 8, status="lawful", nationality="AF",
        source="card", since="1400/01/01",
    )  # fmt: skip

    assert (row(8).decision, row(8).reasons) == ("value_unknown", "foreign_share_unknown")
    assert WorkItem.objects.filter(kind="value_unknown", census_row=8, state="open").exists()


def test_an_end_before_a_start_is_refused(campaign: Campaign, cast: Cast) -> None:
    with pytest.raises(Invalid, match="not after the start"):
        answer(
            cast.tehran_clerk, WorkKind.REGULARISE, 8, status="lawful", source="card",
            since="1400/06/01", until="1400/01/01",
        )  # fmt: skip

    assert row(8).decision == "regularise"


def test_a_value_that_stays_unknown_is_left_open(campaign: Campaign, cast: Cast) -> None:
    answer(
        cast.tehran_clerk, WorkKind.REGULARISE, 8, status="lawful", source="c", since="1400/01/01"
    )

    with pytest.raises(Invalid, match="still does not know"):
        answer(cast.tehran_clerk, WorkKind.VALUE_UNKNOWN, 8, choice="again")
    left = answer(cast.tehran_clerk, WorkKind.VALUE_UNKNOWN, 8, choice="left")

    assert left.outcome == "left"
