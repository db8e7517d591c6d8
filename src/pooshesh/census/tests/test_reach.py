"""What a phone, and a lead, must neither learn nor change."""

from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from pooshesh.access.models import Grant, User
from pooshesh.access.reach import EVERYWHERE
from pooshesh.census import actions, receiving, sealing
from pooshesh.census.models import Alley, Aside, Conflict, Device, Entry
from pooshesh.census.receiving import Result
from pooshesh.census.tests.conftest import Field, Receive, content, give, member, sent
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.places.models import Area


def user(name: str, role: str, *areas: Area) -> User:
    made = User.objects.create_user(name, "a long password")
    Grant.objects.bulk_create(
        Grant(user=made, role=role, area=area, valid=DateRange(None, None)) for area in areas
    )
    return made


@pytest.fixture
def colleague(country: Country) -> User:
    """Another worker, here and in the neighbourhood without a sponsor."""
    return user("colleague", "field_worker", country.darvazeh_ghar, country.unsponsored)


@pytest.fixture
def their_phone(colleague: User) -> Device:
    return receiving.register_device(colleague, "گوشی همکار")[0]


@pytest.fixture
def elsewhere(field: Field, country: Country, colleague: User) -> Alley:
    """The colleague's alley in a round of another neighbourhood."""
    round_ = actions.plan_round(
        reach=EVERYWHERE, area=country.unsponsored, name="دور دیگر",
        start=field.round.during.lower, end=field.round.during.lower, programme=None, actor=None,
    )  # fmt: skip
    actions.prolong(round_, field.round.during.upper, uuid4())
    actions.add_zone(round_, "ناحیه", [("کوچه دیگر", 5)], None)
    alley = Alley.objects.get(round=round_)
    give(alley.round, [alley], colleague)
    return alley


@pytest.fixture
def other_lead(country: Country) -> User:
    """Who leads the other neighbourhood alone."""
    return user("other_lead", "campaign_lead", country.unsponsored)


def test_what_is_sent_again_after_the_alley_went_to_another_tells_nothing_of_it(
    field: Field, receive: Receive, colleague: User, their_phone: Device
) -> None:
    one = sent(field.given[0], content(address="پلاک ۱"))
    receive(one)
    give(field.round, field.given[:1], colleague)
    newer = sent(field.given[0], content(address="پلاک ۲"), made=one.id, base=1)
    receive(newer, user=colleague, phone=their_phone)

    again = receive(one)

    assert (again.result, again.revision, again.current) == (Result.KEPT, 1, None)


def test_a_conflict_sent_again_after_the_alley_went_to_another_tells_nothing_of_it(
    field: Field, receive: Receive, cast: Cast, colleague: User
) -> None:
    other_phone = receiving.register_device(cast.field_worker, "گوشی دوم")[0]
    one = sent(field.given[0], content(address="پلاک ۱"))
    receive(one)
    late = sent(field.given[0], content(address="پلاک ۲"), made=one.id, base=0)
    receive(late, phone=other_phone)
    give(field.round, field.given[:1], colleague)

    again = receive(late, phone=other_phone)

    assert Conflict.objects.count() == 1
    assert (again.result, again.current) == (Result.ASIDE, None)


def test_a_household_of_another_round_is_not_changed_by_what_is_let_in_here(
    field: Field, receive: Receive, elsewhere: Alley, colleague: User, their_phone: Device,
    other_lead: User,
) -> None:  # fmt: skip
    one = sent(field.given[0], content(address="پلاک ۱"))
    receive(one)
    receive(sent(elsewhere, content(address="؟"), made=one.id), user=colleague, phone=their_phone)

    with pytest.raises(Invalid) as refused:
        actions.decide_aside(Aside.objects.get(), "accept", "", other_lead.pk)

    assert refused.value.code == "round.other_round"
    assert Entry.objects.get().revision == 1


@pytest.fixture
def across(
    field: Field, receive: Receive, elsewhere: Alley, colleague: User, their_phone: Device
) -> Conflict:
    """A version for the other neighbourhood of a household that is kept in this one."""
    give(field.round, field.given[:1], colleague)
    one = sent(field.given[0], content(address="پلاک ۱"))
    receive(one, user=colleague, phone=their_phone)
    late = sent(elsewhere, content(address="پلاک ۲"), made=one.id)
    receive(late, user=colleague, phone=their_phone)
    return Conflict.objects.get()


def test_a_conflict_is_for_the_lead_of_the_neighbourhood_where_the_household_is_kept(
    across: Conflict, field: Field, elsewhere: Alley, cast: Cast, other_lead: User,
    as_user: SignIn,
) -> None:  # fmt: skip
    Grant.objects.filter(user=cast.tehran_lead).update(area=field.round.area)

    foreign = as_user(other_lead)
    refused = foreign.get(f"/census/conflicts/{across.id}/").status_code
    listed = foreign.get(f"/census/{elsewhere.round_id}/conflicts/").content.decode()
    own = as_user(cast.tehran_lead)
    shown = own.get(f"/census/conflicts/{across.id}/").status_code
    waiting = own.get(f"/census/{field.round.id}/conflicts/").content.decode()

    assert (refused, shown) == (404, 200)
    assert str(across.id) not in listed
    assert str(across.id) in waiting


def test_a_household_that_moves_to_another_province_leaves_the_first_ones_sight(
    field: Field, receive: Receive, country: Country, elsewhere: Alley, colleague: User,
    their_phone: Device,
) -> None:  # fmt: skip
    give(field.round, field.given[:1], colleague)
    one = sent(field.given[0], content())
    receive(one, user=colleague, phone=their_phone)
    Entry.objects.update(province="15")  # as if the first alley lay there

    receive(sent(elsewhere, content(), made=one.id, base=1), user=colleague, phone=their_phone)

    moved = Entry.objects.get()
    assert (moved.alley_id, moved.province) == (elsewhere.id, "23")


@pytest.mark.parametrize(
    ("outcome", "consent"), [("refused", False), ("absent", False), ("refused", True)]
)
def test_nobodys_data_are_kept_of_a_household_that_did_not_consent(
    field: Field, receive: Receive, outcome: str, consent: bool
) -> None:
    receive(sent(field.given[0], content(outcome=outcome, consent=consent)))

    kept = sealing.open_(Entry.objects.get().content)
    assert kept is not None
    assert (kept["members"], kept["address"], kept["consent"]) == ([], "پلاک ۱۲", False)


def test_what_is_too_long_is_refused_whatever_the_outcome(field: Field, receive: Receive) -> None:
    crowd = [member(first_name="ب" * 121), *(member() for _ in range(30))]

    answer = receive(sent(field.given[0], content(*crowd, outcome="absent")))

    assert answer.result == Result.FAULTY
    assert {fault.error.code for fault in answer.faults} == {"field.long", "field.many_members"}


def test_a_moment_no_clock_shows_is_refused(
    field: Field, device: Device, cast: Cast, as_user: SignIn
) -> None:
    one = {
        "id": str(uuid4()), "alley": str(field.given[0].id), "base": 0, "content": content(),
        "entered_at": "0001-01-01T00:00:00+14:00",
    }  # fmt: skip

    answer = as_user(cast.field_worker).post(
        "/field/sync/", {"device": str(device.id), "households": [one]},
        content_type="application/json",
    )  # fmt: skip

    assert answer.status_code == 400
    assert answer.json()["code"] == "field.request"


def signed_in(user: User) -> Client:
    """A browser in which somebody signed in by hand."""
    made = Client()
    made.post("/accounts/login/", {"login": user.username, "password": "a long password"})
    return made


def test_a_lost_phone_is_signed_out_and_cannot_set_itself_up_anew(
    device: Device, cast: Cast
) -> None:
    phone, elsewhere = signed_in(cast.field_worker), signed_in(cast.tehran_lead)
    before = phone.get("/field/state/").status_code

    actions.revoke(device, cast.tehran_lead.pk)

    again = phone.post("/field/devices/", {"name": "گوشی"}, content_type="application/json")
    assert (before, again.status_code) == (200, 302)
    assert again.headers["Location"].startswith("/accounts/login/")
    assert Device.objects.count() == 1
    assert elsewhere.get("/census/").status_code == 200
