"""An answer about what holds of somebody decides their household anew."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils.translation import override

from pooshesh.conftest import Cast, Country
from pooshesh.coverage.models import Undo
from pooshesh.kernel.errors import Invalid
from pooshesh.people.models import Household
from pooshesh.policy.models import Decision
from pooshesh.programme.campaign import run
from pooshesh.programme.models import Campaign, WorkItem, WorkKind
from pooshesh.programme.tests.conftest import Prepare
from pooshesh.programme.tests.sheets import PEOPLE, foreign_code, national_id, write_all
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


@pytest.mark.parametrize(
    ("status", "decision", "free"),
    [("refugee_supported", "enrol_free", True), ("refugee", "pays_share", False),
     ("lawful", "value_unknown", False), ("refused", "regularise", False)],
)  # fmt: skip
def test_the_status_the_office_decided_leads_to_its_own_rule(
    campaign: Campaign, cast: Cast, status: str, decision: str, free: bool
) -> None:
    Campaign.objects.update(on=dt.date(2025, 3, 21))  # the table names refugees from 1403/12/07

    answer(
        cast.tehran_clerk, WorkKind.REGULARISE, 8,
        status=status, source="card", since="1400/06/01",
    )  # fmt: skip

    assert (row(8).decision, enrolled(8)) == (decision, free)


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


def test_a_decile_outside_the_programme_leads_to_free_cover_of_the_household(
    prepare: Prepare, cast: Cast
) -> None:
    run.run(prepare(code="n0003").id, lambda *_step: None, None)
    before = (row(4).decision, row(5).decision, enrolled(4))

    item = answer(
        cast.lorestan_clerk, WorkKind.NEEDS_DECILE, 4, decile=3, source="welfare",
        since="1400/01/01",
    )  # fmt: skip

    assert before == ("needs_decile", "needs_decile", False)
    assert item.outcome == "decile 3"
    assert (row(4).decision, row(5).decision) == ("enrol_free", "enrol_free")
    assert (enrolled(4), enrolled(5)) == (True, True)
    assert row(11).decision == "needs_decile"


def test_a_household_that_moved_away_gets_no_decile_from_here(
    prepare: Prepare, cast: Cast, country: Country
) -> None:
    run.run(prepare(code="n0003").id, lambda *_step: None, None)
    Household.objects.update(
        area=country.darvazeh_ghar, area_path=country.darvazeh_ghar.path, province="23"
    )

    with pytest.raises(Invalid, match="may not change"):
        answer(
            cast.lorestan_clerk, WorkKind.NEEDS_DECILE, 4, decile=3, source="w", since="1400/01/01"
        )


def test_who_is_in_no_household_is_decided_alone(
    prepare: Prepare, cast: Cast, tmp_path: Path
) -> None:
    people = [{**one, "household": ""} for one in PEOPLE[:11]]
    run.run(prepare(write_all(tmp_path / "alone", people)).id, lambda *_step: None, None)
    before = Decision.objects.count()

    answer(cast.tehran_clerk, WorkKind.NEEDS_IDENTITY, 10, national_id=national_id(101))

    assert (row(10).decision, enrolled(10)) == ("enrol_free", True)
    assert Decision.objects.count() == before + 1


def test_the_reason_of_an_undo_is_in_the_language_of_the_clerk(
    campaign: Campaign, cast: Cast
) -> None:
    answer(cast.tehran_clerk, WorkKind.DEPENDANT, 2, choice="denied", note="asked the insurer")
    WorkItem.objects.filter(census_row=2).update(state="open")

    with override("fa"):
        answer(cast.tehran_clerk, WorkKind.DEPENDANT, 2, choice="confirmed")

    assert Undo.objects.get().reason.startswith("بیمه‌گر دیگر")
