"""What every installation begins with, and the demo's meetings."""

import pytest

from pooshesh.conftest import Cast, Country
from pooshesh.meetings import demo, queries
from pooshesh.meetings.models import ActionItem, Body, Item, Session
from pooshesh.meetings.seed import seed


@pytest.mark.usefixtures("country")
def test_the_working_group_has_seven_organisations_and_is_set_up_once() -> None:
    seed()
    seed()

    body = Body.objects.get()
    assert len(queries.seats_on(body)) == 7


def test_the_demo_shows_a_meeting_that_was_signed_and_one_that_is_planned(
    country: Country, cast: Cast
) -> None:
    demo.load()
    demo.load()

    first, second = Session.objects.order_by("starts_at")
    assert (first.state, second.state) == ("signed", "planned")
    assert ActionItem.objects.count() == 2
    again = Item.objects.filter(session=second).order_by("position")
    assert [bool(one.action_id) for one in again] == [True, True, False, False, False]


def test_the_demos_member_account_sits_for_the_welfare_organisation(
    country: Country, cast: Cast
) -> None:
    demo.load()
    type(cast.member).objects.filter(pk=cast.member.pk).update(username="member", is_demo=True)

    demo.meet_accounts()

    assert queries.own_member(cast.member, Body.objects.get())
