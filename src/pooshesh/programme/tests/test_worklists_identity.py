"""An answer about who somebody is: doubles, matches on a roll, identifiers of two people."""

from pathlib import Path

import pytest

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.coverage.models import Source, Spell, Undo
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event, Subject
from pooshesh.people.models import Identifier, Person
from pooshesh.programme.campaign import run
from pooshesh.programme.models import Campaign, CampaignRow, WorkItem, WorkKind, WorkState
from pooshesh.programme.tests.conftest import Prepare
from pooshesh.programme.tests.sheets import PEOPLE, write_all
from pooshesh.programme.tests.worklists import answer, ask, enrolled, row
from pooshesh.programme.worklists import answers, cards, forms, queue

pytestmark = pytest.mark.django_db


def test_doubts_about_who_somebody_is_hold_the_enrolment(doubts: Campaign) -> None:
    assert (row(4).match, row(4).decision, enrolled(4)) == ("review", "possible_match", False)
    assert (row(11).decision, enrolled(11)) == ("possible_double", False)
    assert enrolled(7)


def test_a_number_that_somebody_else_holds_is_refused_and_the_question_noted(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    item = WorkItem.objects.get(kind=WorkKind.NEEDS_IDENTITY, census_row=10)

    page = as_user(cast.tehran_clerk).post(
        f"/worklists/items/{item.id}/", {"national_id": PEOPLE[3]["national_id"]}
    )

    asked = Event.objects.get(action="people.look_up")
    assert "شماره" in str(page.context["form"].non_field_errors())
    assert asked.actor == cast.tehran_clerk.id
    assert Subject.objects.get(event=asked).person_id == row(4).person_id
    assert WorkItem.objects.get(id=item.id).state == WorkState.OPEN


def test_a_possible_match_that_is_none_is_uninsured(doubts: Campaign, cast: Cast) -> None:
    answer(cast.tehran_clerk, WorkKind.POSSIBLE_MATCH, 4, choice="different")

    assert (row(4).match, row(4).roll, row(4).roll_row) == ("uninsured", "", None)
    assert (row(4).decision, enrolled(4)) == ("enrol_free", True)


def test_a_possible_match_that_is_one_is_covered(doubts: Campaign, cast: Cast) -> None:
    answer(cast.tehran_clerk, WorkKind.POSSIBLE_MATCH, 4, choice="same")

    assert (row(4).match, row(4).roll, row(4).roll_row) == ("insured", "ihio", 1)
    assert (row(4).decision, enrolled(4)) == ("covered", False)
    assert Spell.objects.filter(person=row(4).person_id, source=Source.ROLL).count() == 1


def test_a_possible_double_that_is_one_becomes_a_duplicate(doubts: Campaign, cast: Cast) -> None:
    answer(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE, 11, choice="same")

    rows = CampaignRow.objects.filter(census_row__in=[11, 12])
    assert set(rows.values_list("match", "duplicate_of", "person_id", "decision")) == {
        ("duplicate", 7, row(7).person_id, "enrol_free")
    }


def test_a_possible_double_that_is_none_is_decided(doubts: Campaign, cast: Cast) -> None:
    answer(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE, 11, choice="different")

    assert (row(11).decision, enrolled(11)) == ("enrol_free", True)


def test_a_double_on_a_roll_takes_back_what_was_given(doubts: Campaign, cast: Cast) -> None:
    CampaignRow.objects.filter(census_row=11).update(match="insured", roll="sso", roll_row=2)

    answer(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE, 11, choice="same")

    assert (row(7).match, row(7).roll, row(7).decision) == ("insured", "sso", "not_ours")
    assert not enrolled(7)
    assert Undo.objects.get().actor == cast.tehran_clerk.id


@pytest.mark.parametrize(("choice", "free"), [("this", [10]), ("other", [4]), ("neither", [])])
def test_who_holds_a_misused_id_is_decided_and_the_other_needs_one(
    prepare: Prepare, cast: Cast, tmp_path: Path, choice: str, free: list[int]
) -> None:
    stranger = {**PEOPLE[9], "national_id": PEOPLE[3]["national_id"]}
    people = [*PEOPLE[:9], stranger]
    run.run(prepare(write_all(tmp_path / "misuse", people)).id, lambda *_step: None, None)

    answer(cast.tehran_clerk, WorkKind.ID_MISUSE, 10, choice=choice, note="saw both cards")

    both = CampaignRow.objects.filter(census_row__in=[4, 10]).order_by("census_row")
    assert [one.census_row for one in both if one.decision == "enrol_free"] == free
    assert [one.census_row for one in both if one.decision == "needs_identity"] == [
        number for number in (4, 10) if number not in free
    ]
    assert Identifier.objects.filter(replaced_at__isnull=False).count() == 2 - len(free)


def test_an_id_that_somebody_registered_before_holds_is_a_question(
    known_before: Campaign, campaign: Campaign
) -> None:
    item = WorkItem.objects.get(campaign=known_before)
    first = CampaignRow.objects.get(campaign=campaign, census_row=4)

    assert (item.kind, item.holder_id) == ("id_misuse", first.person_id)
    assert CampaignRow.objects.get(campaign=known_before).decision == "id_misuse"


@pytest.mark.parametrize(
    ("choice", "decision"), [("this", "enrol_free"), ("other", "needs_identity")]
)
def test_the_answer_takes_the_number_from_whom_it_is_not(
    known_before: Campaign, cast: Cast, choice: str, decision: str
) -> None:
    item = queue.hold(cast.tehran_clerk, WorkItem.objects.get(campaign=known_before).id)
    form = forms.MisuseAnswer({"choice": choice, "note": "saw the card"}, item=item)
    assert form.is_valid()

    answers.answer(cast.tehran_clerk, item, form)

    assert CampaignRow.objects.get(campaign=known_before).decision == decision
    assert Identifier.objects.filter(replaced_at__isnull=False).count() == 1


def test_a_holder_outside_the_clerks_area_is_neither_shown_nor_changed(
    known_before: Campaign, cast: Cast, country: Country
) -> None:
    item = WorkItem.objects.get(campaign=known_before)
    assert item.holder
    Person.objects.filter(id=item.holder.id).update(
        area=country.falak_ol_din, area_path=country.falak_ol_din.path, province="15"
    )
    form = forms.MisuseAnswer({"choice": "this", "note": "saw the card"}, item=item)
    assert form.is_valid()

    shown = cards.comparison(cast.tehran_clerk, item)
    with pytest.raises(Invalid, match="outside your area"):
        answers.answer(cast.tehran_clerk, queue.hold(cast.tehran_clerk, item.id), form)

    assert not any(line.other for line in shown.lines)


@pytest.fixture
def double_with_a_match(doubts: Campaign) -> WorkItem:
    """Row 11, perhaps the double of row 7, is perhaps on our roll as well."""
    CampaignRow.objects.filter(census_row=11).update(match="review", roll="ihio", roll_row=1)
    return ask(doubts, WorkKind.POSSIBLE_MATCH, 11)


@pytest.mark.parametrize(
    ("choice", "match", "roll", "decision", "free"),
    [
        ("same", "insured", "ihio", "covered", False),
        ("different", "uninsured", "", "enrol_free", True),
    ],
)
def test_whether_a_double_is_on_a_roll_is_asked_of_its_original(
    double_with_a_match: WorkItem, cast: Cast, choice: str, match: str, roll: str, decision: str,
    free: bool,
) -> None:  # fmt: skip
    answer(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE, 11, choice="same")

    answer(cast.tehran_clerk, WorkKind.POSSIBLE_MATCH, 7, choice=choice)

    assert (row(7).match, row(7).roll, row(7).decision, enrolled(7)) == (
        match, roll, decision, free,
    )  # fmt: skip
    assert (row(11).match, row(11).duplicate_of, row(11).roll) == ("duplicate", 7, roll)


def test_a_double_has_no_open_questions_left(doubts: Campaign, cast: Cast) -> None:
    ask(doubts, WorkKind.NEEDS_IDENTITY, 11)

    answer(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE, 11, choice="same")

    assert not WorkItem.objects.filter(census_row=11, state="open").exists()
    assert WorkItem.objects.get(census_row=11, kind="needs_identity").outcome == "void"


@pytest.mark.parametrize("order", [(11, 7), (7, 11)])
def test_a_chain_of_doubles_ends_at_one_original(
    doubts: Campaign, cast: Cast, order: tuple[int, int]
) -> None:
    ask(doubts, WorkKind.POSSIBLE_DOUBLE, 7, other_row=4)

    first, second = order
    answer(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE, first, choice="same")
    answer(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE, second, choice="same")

    doubles = CampaignRow.objects.filter(census_row__in=[7, 11, 12])
    assert set(doubles.values_list("match", "duplicate_of", "person_id")) == {
        ("duplicate", 4, row(4).person_id)
    }


def test_whose_an_identifier_is_comes_before_doubles(doubts: Campaign, cast: Cast) -> None:
    ask(doubts, WorkKind.ID_MISUSE, 11, other_row=4)

    with pytest.raises(Invalid, match="whose the identifier"):
        answer(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE, 11, choice="same")

    assert row(11).match == "uninsured"
