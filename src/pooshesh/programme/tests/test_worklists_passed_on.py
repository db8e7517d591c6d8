"""An item that touches a record outside one's area waits for somebody who reaches both."""

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from pooshesh import demo
from pooshesh.access.models import Grant, User
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.people.models import Identifier, Person
from pooshesh.programme.models import Campaign, CampaignRow, WorkItem, WorkKind
from pooshesh.programme.tests.worklists import answer
from pooshesh.programme.worklists import queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def apart(known_before: Campaign, country: Country) -> WorkItem:
    """A misused number whose holder lives in Lorestan by now."""
    item = WorkItem.objects.get(campaign=known_before)
    place = country.falak_ol_din
    assert item.holder_id is not None
    Person.objects.filter(pk=item.holder_id).update(area=place, area_path=place.path, province="15")
    return item


@pytest.fixture
def national_clerk(cast: Cast, country: Country) -> User:
    Grant.objects.create(
        user=cast.outsider, role="clerk", area=country.nation, valid=DateRange(None, None)
    )
    return cast.outsider


def address(page: str, item: WorkItem) -> str:
    return reverse(f"programme:{page}", args=[item.id])


def test_a_number_is_not_taken_from_somebody_outside_ones_area(apart: WorkItem, cast: Cast) -> None:
    with pytest.raises(Invalid, match="Pass the item on"):
        answer(cast.tehran_clerk, WorkKind.ID_MISUSE, 1, choice="this", note="saw the card")

    assert not Identifier.objects.filter(replaced_at__isnull=False).exists()


def test_that_the_number_is_the_others_needs_nobody_else(apart: WorkItem, cast: Cast) -> None:
    answer(cast.tehran_clerk, WorkKind.ID_MISUSE, 1, choice="other", note="asked the office")

    row = CampaignRow.objects.get(campaign=apart.campaign)
    assert row.decision == "needs_identity"


def test_the_page_offers_to_pass_the_item_on(apart: WorkItem, cast: Cast, as_user: SignIn) -> None:
    page = as_user(cast.tehran_clerk).get(address("work_item", apart)).content.decode()

    assert address("pass_on", apart) in page


def test_what_was_passed_on_waits_for_who_reaches_both(
    apart: WorkItem, cast: Cast, as_user: SignIn, national_clerk: User
) -> None:
    browser = as_user(cast.tehran_clerk)
    browser.get(address("work_item", apart))

    browser.post(address("pass_on", apart))

    assert queue.take(cast.tehran_clerk, WorkKind.ID_MISUSE) is None
    assert queue.take(cast.lorestan_clerk, WorkKind.ID_MISUSE) is None
    assert queue.passed_on(cast.tehran_clerk) == 1
    assert queue.take(national_clerk, WorkKind.ID_MISUSE) == apart
    assert Event.objects.get(action="worklist.pass_on").actor == cast.tehran_clerk.pk


def test_who_reaches_both_takes_the_number_from_whom_it_is_not(
    apart: WorkItem, cast: Cast, national_clerk: User
) -> None:
    queue.hold(cast.tehran_clerk, apart.id)
    queue.pass_on(cast.tehran_clerk, apart.id)

    answer(national_clerk, WorkKind.ID_MISUSE, 1, choice="this", note="saw the card")

    taken = Identifier.objects.get(replaced_at__isnull=False)
    assert taken.person_id == apart.holder_id
    assert CampaignRow.objects.get(campaign=apart.campaign).decision == "enrol_free"


def test_who_passed_it_on_is_told_so_and_does_not_get_it_again(
    apart: WorkItem, cast: Cast, as_user: SignIn
) -> None:
    queue.hold(cast.tehran_clerk, apart.id)
    queue.pass_on(cast.tehran_clerk, apart.id)

    page = as_user(cast.tehran_clerk).get(address("work_item", apart), follow=True)

    assert page.redirect_chain == [(reverse("programme:worklists"), 302)]
    assert "این مورد به دیگری سپرده شده است" in page.content.decode()
    apart.refresh_from_db()
    assert apart.locked_by is None


def test_an_account_of_the_demo_receives_what_was_passed_on(
    apart: WorkItem, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "ACCOUNTS", {"national": demo.ACCOUNTS["national"]})
    demo._open_accounts()
    queue.hold(cast.tehran_clerk, apart.id)
    queue.pass_on(cast.tehran_clerk, apart.id)

    taken = queue.take(User.objects.get(username="national"), WorkKind.ID_MISUSE)

    assert taken == apart


def test_the_list_says_how_many_were_passed_on(
    apart: WorkItem, cast: Cast, as_user: SignIn
) -> None:
    queue.hold(cast.tehran_clerk, apart.id)
    queue.pass_on(cast.tehran_clerk, apart.id)

    page = as_user(cast.tehran_clerk).get(reverse("programme:worklists")).content.decode()

    assert "به فرد دیگری سپرده شده" in page


def test_an_item_one_can_decide_is_not_passed_on(known_before: Campaign, cast: Cast) -> None:
    item = queue.hold(cast.tehran_clerk, WorkItem.objects.get(campaign=known_before).id)

    with pytest.raises(Invalid, match="decide it yourself"):
        queue.pass_on(cast.tehran_clerk, item.id)


def test_somebody_elses_item_is_not_passed_on(apart: WorkItem, cast: Cast) -> None:
    queue.hold(cast.tehran_lead, apart.id)

    with pytest.raises(Invalid, match="nothing was changed"):
        queue.pass_on(cast.tehran_clerk, apart.id)


def test_an_item_outside_ones_area_cannot_be_passed_on(
    apart: WorkItem, cast: Cast, as_user: SignIn
) -> None:
    answered = as_user(cast.lorestan_clerk).post(address("pass_on", apart))

    assert answered.status_code == 404
