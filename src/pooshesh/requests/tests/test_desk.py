"""What one clerk has in hand at the desk, another neither decides nor sends back."""

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from pooshesh.access.models import Grant, User
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.fund import desk
from pooshesh.requests import ending
from pooshesh.requests.models import Doubt, Request, State
from pooshesh.requests.tests.conftest import MILLION, Bring, line

pytestmark = pytest.mark.django_db
HELD = "کارشناس دیگری روی این پرونده کار می‌کند"


@pytest.fixture
def second(cast: Cast, country: Country) -> User:
    """Another fund clerk of Lorestan."""
    made = User.objects.create_user("second_clerk", "a long password", full_name="second")
    Grant.objects.create(
        user=made, role="fund_clerk", area=country.lorestan, valid=DateRange(None, None)
    )
    return made


@pytest.mark.parametrize("verb", ["return", "propose", "withdraw", "document"])
def test_no_step_moves_a_request_that_another_clerk_holds(
    as_user: SignIn, cast: Cast, second: User, bring: Bring, verb: str
) -> None:
    request = bring(line(5 * MILLION, "other"))
    desk.take(cast.fund_clerk, "request_screen")

    answer = as_user(second).post(
        reverse("requests:act", args=[request.pk]),
        {"verb": verb, "why": "a good reason", "amount": "1000000"}, follow=True,
    )  # fmt: skip

    assert HELD in answer.content.decode()
    request.refresh_from_db()
    assert (request.state, request.proposed) == (State.IN_COMMITTEE, None)


def test_a_doubt_that_another_clerk_holds_is_theirs_with_its_request(
    as_user: SignIn, cast: Cast, second: User, bring: Bring
) -> None:
    bring(line(invoice="120345"))
    request = bring(line(invoice="123045"), line(2 * MILLION, "visit"))
    doubt, client = Doubt.objects.get(), as_user(second)
    desk.take(cast.fund_clerk, "request_doubt")

    answered = client.post(
        reverse("requests:doubt", args=[doubt.pk]), {"same": "same", "why": "یکی است"}
    )
    moved = client.post(
        reverse("requests:act", args=[request.pk]), {"verb": "withdraw", "why": "نه"}, follow=True
    )

    assert HELD in answered.content.decode()
    assert HELD in moved.content.decode()
    assert Request.objects.get(pk=request.pk).state == State.SUBMITTED


def test_what_a_clerk_sent_back_is_in_nobodys_hands(
    as_user: SignIn, cast: Cast, second: User, bring: Bring
) -> None:
    request = bring(line(5 * MILLION, "other"))
    desk.take(cast.fund_clerk, "request_screen")
    ending.send_back(request, why="a good reason", actor=cast.fund_clerk.pk)

    as_user(second).post(
        reverse("requests:act", args=[request.pk]), {"verb": "withdraw", "why": "a good reason"}
    )

    assert Request.objects.get(pk=request.pk).state == State.WITHDRAWN
