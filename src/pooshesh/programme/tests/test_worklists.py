"""Worklists: nobody gets another's item, and items lead from one to the next."""

import datetime as dt

import pytest
from django.utils import timezone

from pooshesh.conftest import Cast, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.programme import actions
from pooshesh.programme.models import Campaign, WorkItem, WorkKind
from pooshesh.programme.worklists import queue

pytestmark = pytest.mark.django_db


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
