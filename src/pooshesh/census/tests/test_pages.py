"""The lead's pages: what is shown to whom, and what each refuses."""

import io
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from pooshesh.access.models import Grant
from pooshesh.census import actions, feeding, queries, sealing
from pooshesh.census.models import (
    Alley,
    Assignment,
    Device,
    Entry,
    EntryState,
    Feed,
    Round,
    RoundState,
    Zone,
)
from pooshesh.census.tests.conftest import (
    Field,
    Receive,
    content,
    member,
    sent,
)
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.programme.models import Campaign, CampaignFile, Programme
from pooshesh.programme.tests.sheets import ROLL, SSO, national_id, write_sheet


@pytest.fixture
def lead(cast: Cast, as_user: SignIn) -> Client:
    return as_user(cast.tehran_lead)


@pytest.fixture
def entry(field: Field, receive: Receive) -> Entry:
    """A household of two."""
    child = member(relation="child", first_name="سهراب", number=national_id(13), birth="1385")
    one = sent(field.given[0], content(member(), child))
    receive(one)
    return Entry.objects.get(id=one.id)


def test_a_lead_plans_a_round_adds_a_zone_and_gives_its_alleys(
    lead: Client, country: Country, cast: Cast
) -> None:
    lead.post("/census/new/", {
        "neighbourhood": "n0001", "name": "دور نخست", "start": "۱۴۰۵/۰۹/۰۱", "end": "1405/09/30",
    })  # fmt: skip
    round_ = Round.objects.get()
    lead.post(f"/census/{round_.id}/", {
        "name": "ناحیه ۱", "alleys": "کوچه یاس، ۳۸\nکوچه سرو, 40",
    })  # fmt: skip
    zone = Zone.objects.get()
    shown = lead.get(f"/census/zones/{zone.id}/")
    alleys = list(Alley.objects.filter(zone=zone))

    lead.post(f"/census/zones/{zone.id}/", {
        "alleys": [str(a.id) for a in alleys], "worker": str(cast.field_worker.pk),
        "start": "1405/09/01",
    })  # fmt: skip

    assert sorted((a.name, a.expected) for a in alleys) == [("کوچه سرو", 40), ("کوچه یاس", 38)]
    assert "field_worker" in shown.content.decode()
    assert Assignment.objects.filter(user_id=cast.field_worker.pk).count() == 2


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"alleys": "کوچه یاس"}, "کوچه یاس"),
        ({"alleys": "\n".join(f"کوچه {n}، 40" for n in range(13))}, "۱۳"),
        ({"alleys": "کوچه یاس،3\nکوچه یاس،4"}, "کوچه یاس"),
        ({"name": "ناحیه ۱", "alleys": "کوچه یاس،3"}, "ناحیه ۱"),
    ],
)
def test_a_zone_that_cannot_be_is_refused_with_a_sentence(
    lead: Client, field: Field, said: dict[str, str], sentence: str
) -> None:
    answer = lead.post(f"/census/{field.round.id}/", {"name": "ناحیه ۲", **said})

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert Zone.objects.count() == 1


def test_two_rounds_of_one_neighbourhood_never_overlap(lead: Client, field: Field) -> None:
    days = {"start": "1390/01/01", "end": "1499/01/01"}
    asked = {"neighbourhood": "n0001", "name": "دور دوم", **days}

    answer = lead.post("/census/new/", asked)

    assert answer.status_code == 200
    assert Round.objects.count() == 1


def test_alleys_are_given_only_to_who_takes_the_census_there(field: Field, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        actions.give(
            field.round, field.alleys, cast.outsider.pk, field.round.during.lower, None, None,
            frozenset(user.pk for user in queries.workers(field.round.area)),
        )  # fmt: skip

    assert refused.value.code == "round.no_worker"
    assert [user.username for user in queries.workers(field.round.area)] == ["field_worker"]


@pytest.mark.parametrize("path", ["", "households/", "conflicts/", "aside/", "phones/", "feed/"])
def test_another_provinces_round_does_not_exist(
    field: Field, cast: Cast, country: Country, as_user: SignIn, path: str
) -> None:
    Grant.objects.filter(user=cast.tehran_lead).update(area=country.lorestan)

    answer = as_user(cast.tehran_lead).get(f"/census/{field.round.id}/{path}")

    assert answer.status_code == 404


def test_pages_of_one_household_do_not_exist_elsewhere(
    entry: Entry, field: Field, cast: Cast, country: Country, as_user: SignIn
) -> None:
    Grant.objects.filter(user=cast.tehran_lead).update(area=country.lorestan)
    client = as_user(cast.tehran_lead)

    answers = [
        client.get(f"/census/households/{entry.id}/").status_code,
        client.get(f"/census/zones/{field.given[0].zone_id}/").status_code,
    ]

    assert answers == [404, 404]


def test_the_pages_of_a_round_cost_a_fixed_number_of_queries(
    lead: Client, field: Field, receive: Receive, django_assert_max_num_queries: Any
) -> None:
    assert len([receive(sent(field.given[n % 3], content())) for n in range(12)]) == 12

    with django_assert_max_num_queries(20):
        lead.get(f"/census/{field.round.id}/")
    with django_assert_max_num_queries(16):
        listed = lead.get(f"/census/{field.round.id}/households/")

    assert "بهرام کاظمی" in listed.content.decode()


def test_households_are_found_by_a_name_that_lies_sealed(
    lead: Client, field: Field, entry: Entry, receive: Receive
) -> None:
    receive(sent(field.given[1], content(member(first_name="نرگس", last_name="موسوی"))))

    found = lead.get(f"/census/{field.round.id}/households/", {"q": "موسوي"}).content.decode()

    assert "نرگس موسوی" in found
    assert "بهرام کاظمی" not in found


def accept_all_shown(lead: Client, field: Field, seen: str = "") -> None:
    """Press the button of the list as it was shown."""
    here = f"/census/{field.round.id}/households/"
    moment = lead.get(here).context["seen"].isoformat()
    lead.post(here, {"seen": seen or moment})


def test_what_comes_after_the_list_was_shown_is_not_accepted_with_it(
    lead: Client, field: Field, entry: Entry, receive: Receive
) -> None:
    here = f"/census/{field.round.id}/households/"
    seen = lead.get(here).context["seen"].isoformat()
    late = receive(sent(field.given[1], content()))

    lead.post(here, {"seen": seen})

    states = dict(Entry.objects.values_list("id", "state"))
    assert states == {entry.id: EntryState.ACCEPTED, late.id: EntryState.RECEIVED}


def test_a_list_whose_moment_is_not_known_accepts_nothing(
    lead: Client, field: Field, entry: Entry
) -> None:
    accept_all_shown(lead, field, seen="2030-99-99")

    assert Entry.objects.get().state == EntryState.RECEIVED


def test_looking_at_a_household_is_noted(lead: Client, entry: Entry, cast: Cast) -> None:
    shown = lead.get(f"/census/households/{entry.id}/").content.decode()

    assert "سهراب" in shown
    noted = Event.objects.get(action="census.look", kind="census_entry")
    assert (noted.actor, noted.object_id) == (cast.tehran_lead.pk, str(entry.id))


def test_a_household_is_left_out_only_with_a_reason(lead: Client, entry: Entry) -> None:
    address = f"/census/households/{entry.id}/"
    lead.post(address, {"exclude": "1", "reason": ""})
    entry.refresh_from_db()
    before = entry.state

    lead.post(address, {"exclude": "1", "reason": "دوبار شمرده شده"})

    entry.refresh_from_db()
    assert (before, entry.state) == (EntryState.RECEIVED, EntryState.EXCLUDED)


def test_a_round_is_closed_and_opened_again(lead: Client, field: Field) -> None:
    lead.post(f"/census/{field.round.id}/turn/close/")
    closed = Round.objects.get().state
    lead.post(f"/census/{field.round.id}/turn/reopen/")

    assert (closed, Round.objects.get().state) == (RoundState.CLOSED, RoundState.OPEN)


# --- feeding ------------------------------------------------------------------------------


@pytest.fixture
def roll(tmp_path: Any) -> io.BytesIO:
    path = write_sheet(tmp_path / "sso.csv", ROLL, SSO)
    made = io.BytesIO(path.read_bytes())
    made.name = "sso.csv"
    return made


def test_accepted_households_become_the_census_of_a_campaign(
    lead: Client, entry: Entry, field: Field, programme: Programme, roll: io.BytesIO
) -> None:
    accept_all_shown(lead, field)

    answer = lead.post(
        f"/census/{field.round.id}/feed/", {"on": "1400/11/22", "pack": "iran", "roll_sso": roll}
    )

    campaign = Campaign.objects.get()
    assert answer.headers["Location"] == f"/campaigns/{campaign.id}/mapping/"
    feed = Feed.objects.get()
    assert (feed.households, feed.persons) == (1, 2)
    census = CampaignFile.objects.get(campaign=campaign, role="census")
    assert census.mapping.keys() == set(feeding.COLUMNS)


def test_nothing_accepted_feeds_no_campaign(
    lead: Client, entry: Entry, field: Field, programme: Programme, roll: io.BytesIO
) -> None:
    address = f"/census/{field.round.id}/feed/"

    lead.post(address, {"on": "1400/11/22", "pack": "iran", "roll_sso": roll})

    assert Campaign.objects.count() == 0


def test_the_sheet_puts_a_number_only_where_it_identifies() -> None:
    made = UUID(int=7)
    passport = member(document="passport", number="P1234567")
    foreign = member(document="foreign_code", number="700000000041")

    rows = feeding.sheet_rows(made, content(passport, foreign))

    assert [(row.get("national_id"), row.get("foreign_id")) for row in rows] == [
        (None, None), (None, "700000000041"),
    ]  # fmt: skip


# --- the phone's side ----------------------------------------------------------------------


def test_a_worker_fetches_only_the_alleys_that_are_given(
    field: Field, entry: Entry, device: Device, cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.field_worker)

    mine = client.get(f"/field/alleys/{field.given[0].id}/?device={device.id}")
    foreign = client.get(f"/field/alleys/{field.alleys[11].id}/?device={device.id}")
    actions.revoke(device, cast.tehran_lead.pk)
    lost = client.get(f"/field/alleys/{field.given[0].id}/?device={device.id}")

    assert [one["id"] for one in mine.json()["households"]] == [str(entry.id)]
    assert (foreign.status_code, lost.status_code) == (404, 404)


def test_a_whole_zone_is_less_than_five_megabytes(
    field: Field, device: Device, cast: Cast, as_user: SignIn
) -> None:
    said = content(*(member(relation="head" if n == 0 else "child") for n in range(6)))
    Entry.objects.bulk_create(
        Entry(
            id=UUID(int=n), round=field.round, alley=alley, area=field.round.area,
            area_path=field.round.area_path, province="23", user_id=cast.field_worker.pk,
            content=sealing.shut(said), revision=1, outcome="met", persons=6,
            entered_at=field.round.created_at,
        )
        for n, alley in enumerate(field.alleys * 40)
    )  # fmt: skip
    actions.give(
        field.round, field.alleys, cast.field_worker.pk, field.round.during.lower, None, None,
        frozenset([cast.field_worker.pk]),
    )  # fmt: skip
    client = as_user(cast.field_worker)
    client.get("/field/")

    answers = [
        client.get(f"/field/alleys/{alley.id}/?device={device.id}").content
        for alley in field.alleys
    ]
    answers.append(client.get("/field/state/").content)

    assert sum(answer.count(b'"revision"') for answer in answers) == 480
    assert sum(map(len, answers)) < 5_000_000


def test_what_cannot_be_read_is_refused_with_a_sentence(
    field: Field, device: Device, cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.field_worker)

    answers = [
        client.post("/field/sync/", body, content_type="application/json")
        for body in ("{", "[]", '{"households": 3}', '{"households": [{"id": "x"}]}')
    ]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(400, "field.request")] * 4


def test_the_app_and_its_worker_are_only_for_who_takes_the_census(
    cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.field_worker)
    page, worker = client.get("/field/"), client.get("/field/worker.js")
    other = as_user(cast.auditor)

    refused = [other.get(path).status_code for path in ("/field/", "/field/worker.js")]

    assert "script-src" not in page.headers["Content-Security-Policy"]  # 'self' alone
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert worker.headers["Service-Worker-Allowed"] == "/field/"
    assert cast.field_worker.username not in page.content.decode()  # it is kept on the phone
    assert refused == [404, 404]
