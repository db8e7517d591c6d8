"""Emergency access: one record beyond one's area, for an hour, with a reason that is kept."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from pooshesh.access.models import BrokenGlass, Grant, User
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.models import Event
from pooshesh.people import actions
from pooshesh.people.models import Person
from pooshesh.people.tests.conftest import OTHER_ID, ZAHRA_ID
from pooshesh.people.tests.test_pages import person_page, text

REASON = "بیمار بی‌هوش در اورژانس است"


def test_breaking_the_glass_opens_one_record_and_is_written_down(
    as_user: SignIn, cast: Cast, household: tuple[Person, Person]
) -> None:
    client = as_user(cast.lorestan_clerk)

    sent = client.post(
        reverse("people:break_glass"), {"identifier": "۰۰۱۲۳۴۵۶۷۹", "reason": REASON}
    )
    opened = person_page(client, household[0])
    other = person_page(client, household[1])

    glass = BrokenGlass.objects.get()
    assert sent.headers["Location"] == reverse("people:person", args=[household[0].pk])
    assert "زهرا" in text(opened)
    assert "علی رضایی" not in text(opened)
    assert other.status_code == 404  # type: ignore[attr-defined]
    assert glass.ends_at - glass.began_at == dt.timedelta(minutes=60)
    assert set(Event.objects.values_list("action", flat=True)) >= {
        "people.break_glass", "people.open",
    }  # fmt: skip
    assert REASON in Event.objects.get(action="people.open").purpose


def test_a_broken_glass_allows_no_change(as_user: SignIn, cast: Cast, person: Person) -> None:
    client = as_user(cast.lorestan_clerk)
    client.post(reverse("people:break_glass"), {"identifier": ZAHRA_ID, "reason": REASON})

    response = client.get(reverse("people:rename", args=[person.pk]))

    assert response.status_code == 404


def test_a_broken_glass_closes_again(as_user: SignIn, cast: Cast, person: Person) -> None:
    now = timezone.now()
    BrokenGlass.objects.create(
        user=cast.lorestan_clerk, person_id=person.pk, reason=REASON,
        began_at=now - dt.timedelta(hours=2), ends_at=now - dt.timedelta(hours=1),
    )  # fmt: skip

    response = person_page(as_user(cast.lorestan_clerk), person)

    assert response.status_code == 404  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("identifier", "reason", "said"),
    [(ZAHRA_ID, "فوری", "دست‌کم"), (OTHER_ID, REASON, "ثبت نشده"), ("زهرا", REASON, "ثبت نشده")],
)
def test_an_emergency_needs_a_reason_and_a_number(
    as_user: SignIn, cast: Cast, person: Person, identifier: str, reason: str, said: str
) -> None:
    response = as_user(cast.lorestan_clerk).post(
        reverse("people:break_glass"), {"identifier": identifier, "reason": reason}
    )

    assert said in text(response)
    assert not BrokenGlass.objects.exists()


@pytest.mark.parametrize("who", ["field_worker", "national_director", "outsider"])
def test_emergency_access_is_not_there_for_who_may_not_have_it(
    as_user: SignIn, cast: Cast, who: str
) -> None:
    response = as_user(getattr(cast, who)).get(reverse("people:break_glass"))

    assert response.status_code == 404


@pytest.fixture
def counting_clerk(cast: Cast, country: Country) -> User:
    """A clerk of Lorestan who sees counts only."""
    Grant.objects.create(
        user=cast.outsider, role="clerk", area=country.lorestan, counts_only=True,
        valid=DateRange(None, None),
    )  # fmt: skip
    return cast.outsider


def test_who_sees_counts_only_cannot_break_the_glass(
    as_user: SignIn, counting_clerk: User, person: Person
) -> None:
    client = as_user(counting_clerk)
    sent = {"identifier": ZAHRA_ID, "reason": REASON}

    page = client.get(reverse("people:break_glass"))
    posted = client.post(reverse("people:break_glass"), sent)

    assert (page.status_code, posted.status_code) == (404, 404)
    assert not BrokenGlass.objects.exists()


def test_the_action_refuses_the_glass_to_who_sees_counts_only(
    counting_clerk: User, person: Person
) -> None:
    with pytest.raises(PermissionDenied):
        actions.break_glass(counting_clerk, ZAHRA_ID, REASON)


def test_an_emergency_look_up_that_finds_nobody_leaves_a_trace(
    as_user: SignIn, cast: Cast, person: Person
) -> None:
    as_user(cast.lorestan_clerk).post(
        reverse("people:break_glass"), {"identifier": OTHER_ID, "reason": REASON}
    )

    event = Event.objects.get(action="people.emergency_miss")
    assert (event.actor, event.purpose) == (cast.lorestan_clerk.pk, REASON)


def test_without_a_reason_an_emergency_does_not_tell_who_is_registered(
    as_user: SignIn, cast: Cast, person: Person
) -> None:
    client = as_user(cast.lorestan_clerk)

    held, free = (
        text(client.post(reverse("people:break_glass"), {"identifier": number, "reason": "فوری"}))
        for number in (ZAHRA_ID, OTHER_ID)
    )

    assert "ثبت نشده" not in held + free
