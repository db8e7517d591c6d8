"""A clerk judges pairs of records with single keys, also on a telephone."""

import pytest
from playwright.sync_api import expect

from pooshesh.conftest import Cast, Country
from pooshesh.people.models import Link, Verdict
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import DAY, ali, zahra
from pooshesh.programme.models import Campaign, WorkItem, WorkKind
from tests.conftest import Open, serious

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def two_pairs(country: Country) -> None:
    """Zahra and Ali, and each of them once more without a number and with a slip."""
    for rows in (
        [zahra(), ali()],
        [zahra(row=8, household="8", last_name="کریمی نزاد", national_id="", postal_code="")],
        [ali(row=9, household="9", first_name="علي", national_id="")],
    ):
        register_census(rows, area=country.darvazeh_ghar, on=DAY, actor=None)


@pytest.mark.parametrize("width", [1280, 390])
def test_pairs_are_judged_and_taken_back_by_single_keys(
    browse: Open, cast: Cast, two_pairs: None, width: int
) -> None:
    page = browse(cast.tehran_clerk, "/persons/pairs/", width=width)
    page.get_by_role("button", name="آغاز", exact=True).click()
    page.wait_for_url("**/persons/pairs/*-*/")
    first = page.url

    with page.expect_navigation():
        page.keyboard.press("2")
    second = page.url
    with page.expect_navigation():
        page.keyboard.press("z")
    back = page.url
    page.get_by_label("یادداشت").fill("2")

    expect(page.locator(".compare mark").first).to_be_visible()
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert second != first
    assert back == first
    assert set(Link.objects.values_list("verdict", flat=True)) == {Verdict.OPEN}


def test_keys_do_nothing_once_they_are_switched_off(
    browse: Open, cast: Cast, two_pairs: None
) -> None:
    page = browse(cast.tehran_clerk, "/persons/pairs/")
    page.get_by_role("button", name="آغاز", exact=True).click()
    page.wait_for_url("**/persons/pairs/*-*/")

    page.get_by_label("تصمیم با یک کلید").uncheck()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("1")
    page.reload()

    expect(page.get_by_label("تصمیم با یک کلید")).not_to_be_checked()
    assert set(Link.objects.values_list("verdict", flat=True)) == {Verdict.OPEN}


def test_a_possible_match_on_a_worklist_is_judged_with_one_key(
    browse: Open, cast: Cast, doubts: Campaign
) -> None:
    item = WorkItem.objects.get(kind=WorkKind.POSSIBLE_MATCH)
    page = browse(cast.tehran_clerk, f"/worklists/items/{item.id}/", width=390)

    assert serious(page) == []
    with page.expect_navigation():
        page.keyboard.press("2")

    item.refresh_from_db()
    assert item.outcome == "different"
