"""Worklists: nobody gets another's item, and an answer decides anew and is kept."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.coverage.models import Source, Spell, Undo
from pooshesh.kernel.errors import Invalid
from pooshesh.people.models import Identifier, Person
from pooshesh.programme import actions
from pooshesh.programme.campaign import run
from pooshesh.programme.campaign.match import Matches, Question, match
from pooshesh.programme.models import Campaign, CampaignRow, Match, WorkItem, WorkKind
from pooshesh.programme.tests.conftest import Prepare
from pooshesh.programme.tests.sheets import PEOPLE, foreign_code, national_id, write_all
from pooshesh.programme.worklists import answers, cards, forms, queue

pytestmark = pytest.mark.django_db


def doubtful(census: pl.DataFrame, rolls: Mapping[str, pl.DataFrame]) -> Matches:
    """The linkage with two doubts: is row 4 on our roll, are rows 11 and 7 one person?"""
    found = match(census, rolls)
    review = replace(found.rows[4], match=Match.REVIEW, roll="ihio", roll_row=1, score=0.5)
    return Matches(
        {**found.rows, 4: review},
        [
            Question(WorkKind.POSSIBLE_MATCH, 4, None, "ihio", 1),
            Question(WorkKind.POSSIBLE_DOUBLE, 11, 7),
        ],
    )


@pytest.fixture
def doubts(prepare: Prepare, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """The small campaign with an open question of every kind about identity."""
    monkeypatch.setattr(run, "match", doubtful)
    return run.run(prepare().id, lambda *_step: None, None)


def row(number: int) -> CampaignRow:
    return CampaignRow.objects.get(census_row=number)


def enrolled(number: int) -> bool:
    return (
        Spell.objects.known().filter(person=row(number).person_id, source=Source.ENROLMENT).exists()
    )


def answer(user: User, kind: WorkKind, number: int, **given: object) -> WorkItem:
    """Take the item of a row and answer it, as the page does."""
    item = queue.hold(user, WorkItem.objects.get(kind=kind, census_row=number).id)
    form = forms.FORMS[kind]({name: str(value) for name, value in given.items()}, item=item)
    assert form.is_valid(), form.errors
    answers.answer(user, item, form)
    item.refresh_from_db()
    return item


# --- the queue ----------------------------------------------------------------------


def test_a_clerk_goes_from_item_to_item(campaign: Campaign, cast: Cast) -> None:
    first = queue.take(cast.tehran_clerk, WorkKind.DEPENDANT)
    again = queue.take(cast.tehran_clerk, WorkKind.DEPENDANT)
    assert first
    queue.skip(cast.tehran_clerk, first.id)
    second = queue.take(cast.tehran_clerk, WorkKind.DEPENDANT)

    assert again == first
    assert second
    assert second != first


def test_two_clerks_never_get_the_same_item(campaign: Campaign, cast: Cast) -> None:
    mine = queue.take(cast.tehran_clerk, WorkKind.DEPENDANT)
    theirs = queue.take(cast.tehran_lead, WorkKind.DEPENDANT)
    third = queue.take(cast.tehran_clerk, WorkKind.REGULARISE)

    assert mine
    assert theirs
    assert mine != theirs
    assert third
    with pytest.raises(Invalid, match="Another clerk"):
        queue.hold(cast.tehran_clerk, theirs.id)


def test_a_lock_that_ran_out_frees_the_item(campaign: Campaign, cast: Cast) -> None:
    item = queue.take(cast.tehran_lead, WorkKind.REGULARISE)
    assert item
    assert queue.take(cast.tehran_clerk, WorkKind.REGULARISE) is None
    WorkItem.objects.update(locked_until=timezone.now() - dt.timedelta(seconds=1))

    assert queue.take(cast.tehran_clerk, WorkKind.REGULARISE) == item
    with pytest.raises(Invalid, match="ran out"):
        queue.finish(cast.tehran_lead, item.id, "lawful", "")


def test_skipped_items_come_last(campaign: Campaign, cast: Cast) -> None:
    first = queue.take(cast.tehran_clerk, WorkKind.NEEDS_IDENTITY)
    assert first
    queue.skip(cast.tehran_clerk, first.id)
    second = queue.take(cast.tehran_clerk, WorkKind.NEEDS_IDENTITY)
    assert second
    queue.skip(cast.tehran_clerk, second.id)

    assert queue.take(cast.tehran_clerk, WorkKind.NEEDS_IDENTITY) == first


def test_an_item_elsewhere_does_not_exist(campaign: Campaign, cast: Cast) -> None:
    item = WorkItem.objects.first()
    assert item

    assert queue.counts(cast.lorestan_clerk)[WorkKind.DEPENDANT] == (0, 0)
    assert queue.take(cast.lorestan_clerk, WorkKind.DEPENDANT) is None
    with pytest.raises(WorkItem.DoesNotExist):
        queue.hold(cast.lorestan_clerk, item.id)


def test_items_of_a_closed_campaign_are_gone(campaign: Campaign, cast: Cast) -> None:
    item = queue.take(cast.tehran_clerk, WorkKind.DEPENDANT)
    assert item
    actions.close(campaign, None)

    assert queue.take(cast.tehran_clerk, WorkKind.DEPENDANT) is None
    with pytest.raises(WorkItem.DoesNotExist):
        queue.hold(cast.tehran_clerk, item.id)


def test_an_answer_counts_once(campaign: Campaign, cast: Cast) -> None:
    item = queue.take(cast.tehran_clerk, WorkKind.REGULARISE)
    assert item
    queue.finish(cast.tehran_clerk, item.id, "lawful", "")

    with pytest.raises(Invalid, match="decided already"):
        queue.finish(cast.tehran_clerk, item.id, "refused", "")
    item.refresh_from_db()
    assert (item.outcome, item.done_by) == ("lawful", cast.tehran_clerk.id)


# --- answers ------------------------------------------------------------------------


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


def test_doubts_about_who_somebody_is_hold_the_enrolment(doubts: Campaign) -> None:
    assert (row(4).match, row(4).decision, enrolled(4)) == ("review", "possible_match", False)
    assert (row(11).decision, enrolled(11)) == ("possible_double", False)
    assert enrolled(7)


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


@pytest.fixture
def known_before(campaign: Campaign, prepare: Prepare, tmp_path: Path) -> Campaign:
    """A second census in which a stranger bears the national ID of row 4 of the first."""
    stranger = {**PEOPLE[9], "national_id": PEOPLE[3]["national_id"]}
    return run.run(prepare(write_all(tmp_path / "later", [stranger])).id, lambda *_step: None, None)


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
    with pytest.raises(Invalid, match="may not change"):
        answers.answer(cast.tehran_clerk, queue.hold(cast.tehran_clerk, item.id), form)

    assert not any(line.other for line in shown.lines)


# --- what a clerk sees --------------------------------------------------------------


def test_both_records_stand_side_by_side_with_differences_marked(
    doubts: Campaign, cast: Cast
) -> None:
    item = WorkItem.objects.get(kind="possible_match")

    shown = cards.comparison(cast.tehran_clerk, item)

    marks = {str(line.title): line.mark for line in shown.lines}
    assert "1" in shown.other or "۱" in shown.other
    assert set(marks.values()) == {"differs", "same"}  # both are women; all else differs


def test_codes_of_the_household_hint_at_an_identity(campaign: Campaign) -> None:
    item = WorkItem.objects.get(kind="needs_identity", census_row=9)

    (head,) = cards.members(item)

    assert head.codes == [foreign_code(41)]


# --- pages --------------------------------------------------------------------------


def test_a_good_answer_leads_to_the_next_item(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    browser = as_user(cast.tehran_clerk)
    start = browser.post("/worklists/dependant/next/", follow=True)
    address = start.redirect_chain[-1][0]

    page = browser.post(address, {"choice": "confirmed", "note": ""}, follow=True)

    assert page.status_code == 200
    assert page.redirect_chain[-1][0] not in (address, "/worklists/")
    again = browser.post(address, {"choice": "denied", "note": "twice"}, follow=True)
    assert again.status_code == 200
    assert WorkItem.objects.get(census_row=2).outcome == "confirmed"


@pytest.mark.parametrize("kind", [*WorkKind.values])
def test_every_kind_of_item_has_its_page(
    doubts: Campaign, cast: Cast, as_user: SignIn, kind: str
) -> None:
    WorkItem.objects.filter(census_row=2).update(kind=kind)
    item = WorkItem.objects.get(census_row=2)

    page = as_user(cast.tehran_clerk).get(f"/worklists/items/{item.id}/")

    assert page.status_code == 200
    assert "بهرام" in page.content.decode()  # the head of the household
    assert "<script>" not in page.content.decode()


def test_pages_of_worklists_refuse_who_may_not(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    item = WorkItem.objects.filter(kind="dependant").first()
    assert item
    addresses = [f"/worklists/items/{item.id}/", "/worklists/"]

    found = {
        user.username: [as_user(user).get(address).status_code for address in addresses]
        for user in (cast.lorestan_clerk, cast.welfare_officer, cast.auditor, cast.outsider)
    }

    assert found == {
        "lorestan_clerk": [404, 200],
        "welfare_officer": [404, 404],
        "auditor": [404, 404],
        "outsider": [404, 404],
    }


def test_renewing_keeps_ones_own_item_only(campaign: Campaign, cast: Cast, as_user: SignIn) -> None:
    item = queue.take(cast.tehran_clerk, WorkKind.DEPENDANT)
    assert item
    address = f"/worklists/items/{item.id}/renew/"

    assert as_user(cast.tehran_clerk).post(address).status_code == 204
    assert as_user(cast.tehran_lead).post(address).status_code == 409
    assert as_user(cast.lorestan_clerk).post(address).status_code == 404
