"""Pairs on worklists: judged with one key, kept as judged, taken back."""

import pytest
from django.urls import reverse

from pooshesh.conftest import Cast, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.people.models import Link, LinkOrigin, Verdict
from pooshesh.programme.models import Campaign, WorkItem, WorkKind, WorkState
from pooshesh.programme.tests.worklists import answer, enrolled, row
from pooshesh.programme.worklists import answers

pytestmark = pytest.mark.django_db


def test_letters_that_differ_are_marked_and_each_answer_has_a_key(
    doubts: Campaign, cast: Cast, as_user: SignIn
) -> None:
    item = WorkItem.objects.get(kind="possible_match")

    page = as_user(cast.tehran_clerk).get(f"/worklists/items/{item.id}/").content.decode()

    assert "<mark>" in page
    assert page.count("data-key=") == 4
    assert 'type="radio"' not in page


@pytest.mark.parametrize(("choice", "verdict"), [("same", "same"), ("different", "different")])
def test_an_answer_about_two_persons_is_kept_as_a_judgement(
    doubts: Campaign, cast: Cast, choice: str, verdict: str
) -> None:
    answer(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE, 11, choice=choice)

    link = Link.objects.get()
    assert (link.origin, link.verdict) == (LinkOrigin.CAMPAIGN, verdict)


def test_telling_two_apart_is_taken_back(doubts: Campaign, cast: Cast) -> None:
    item = answer(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE, 11, choice="different")

    again = answers.undo_last(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE)

    assert (again.id, again.state, again.locked_by) == (
        item.id, WorkState.OPEN, cast.tehran_clerk.id,
    )  # fmt: skip
    assert Link.objects.get().verdict == Verdict.OPEN


def test_a_candidate_told_apart_by_mistake_waits_again_and_loses_what_was_given(
    doubts: Campaign, cast: Cast
) -> None:
    before = (row(4).match, row(4).roll, row(4).roll_row, row(4).decision)
    answer(cast.tehran_clerk, WorkKind.POSSIBLE_MATCH, 4, choice="different")
    given = enrolled(4)

    answers.undo_last(cast.tehran_clerk, WorkKind.POSSIBLE_MATCH)

    assert given
    assert not enrolled(4)
    assert (row(4).match, row(4).roll, row(4).roll_row, row(4).decision) == before


def test_that_two_are_one_is_not_taken_back_here(
    doubts: Campaign, cast: Cast, as_user: SignIn
) -> None:
    answer(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE, 11, choice="same")

    with pytest.raises(Invalid, match="page of the person"):
        answers.undo_last(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE)

    page = as_user(cast.tehran_clerk).post(
        reverse("programme:undo_answer", args=["possible_double"])
    )
    assert page.status_code == 302
