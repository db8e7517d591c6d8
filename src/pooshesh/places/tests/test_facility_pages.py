"""Pages that correct and move a facility."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from pooshesh.access.models import Grant, User
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.models import Event
from pooshesh.places import facilities as facility_actions
from pooshesh.places.models import Facility
from pooshesh.places.tests.conftest import text


def typed(browser: Client, **changed: str) -> dict[str, str]:
    """What the form of the clinic `f1` holds, with some of it typed anew."""
    form = browser.get("/places/facilities/f1/change/").context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else str(value) for name, value in shown.items()} | changed


def test_a_facility_is_corrected(facility: Facility, cast: Cast, as_user: SignIn) -> None:
    browser = as_user(cast.registrar)

    answer = browser.post(
        "/places/facilities/f1/change/",
        typed(browser, name_fa="درمانگاه شوش", beds="۱۲", services="سرپایی، واکسیناسیون",
              opened_on="1400/01/01", area="n0001"),
    )  # fmt: skip

    facility.refresh_from_db()
    assert answer.status_code == 302
    assert (facility.name_fa, facility.beds, facility.daily_visits) == ("درمانگاه شوش", 12, 90)
    assert facility.services == ["سرپایی", "واکسیناسیون"]
    assert facility.opened_on == dt.date(2021, 3, 21)
    assert facility.area.code == "n0001"
    event = Event.objects.get(action="places.update_facility")
    assert (event.actor, event.object_id) == (cast.registrar.id, str(facility.id))


def test_saving_an_unchanged_facility_keeps_everything(
    facility: Facility, cast: Cast, as_user: SignIn
) -> None:
    browser = as_user(cast.registrar)
    before = facility_actions.state_of(facility)

    browser.post("/places/facilities/f1/change/", typed(browser))

    facility.refresh_from_db()
    assert facility_actions.state_of(facility) == before


def test_a_facility_that_changed_meanwhile_is_not_overwritten(
    facility: Facility, country: Country, cast: Cast, as_user: SignIn
) -> None:
    browser = as_user(cast.registrar)
    mine = typed(browser, beds="12")
    facts = replace(facility_actions.facts_of(facility), beds=40)
    facility_actions.update_facility(
        actor=None, facility=facility, area=country.tehran_city, facts=facts
    )

    answer = browser.post("/places/facilities/f1/change/", mine)

    facility.refresh_from_db()
    assert "پس از آنکه این صفحه را باز کردید" in answer.content.decode()
    assert facility.beds == 40


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name_fa", " "),
        ("kind", "palace"),
        ("level", "4"),
        ("beds", "-1"),
        ("beds", "99999999"),
        ("area", "n9999"),
        ("area", "n0003"),  # of Lorestan, for a registrar of Tehran
        ("area", "p23"),
        ("latitude", "91"),
        ("closed_on", "1300/01/01"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    facility: Facility, country: Country, as_user: SignIn, field: str, value: str
) -> None:
    user = User.objects.create_user("tehran_registrar")
    Grant.objects.create(
        user=user, role="registrar", area=country.tehran, valid=DateRange(None, None)
    )
    browser = as_user(user)
    before = facility_actions.state_of(facility)

    answer = browser.post(
        "/places/facilities/f1/change/",
        typed(browser, opened_on="1390/01/01", **{field: value}),
    )

    facility.refresh_from_db()
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert facility_actions.state_of(facility) == before


def test_only_who_may_write_there_is_offered_a_correction(
    facility: Facility, cast: Cast, lorestan_registrar: User, as_user: SignIn
) -> None:
    address = "/places/facilities/f1/change/"

    offered = address in text(as_user(cast.registrar), "/places/facilities/f1/")
    to_reader = address in text(as_user(cast.tehran_lead), "/places/facilities/f1/")
    opened_by_reader = as_user(cast.tehran_lead).get(address).status_code
    opened_from_afar = as_user(lorestan_registrar).get(address).status_code

    assert (offered, to_reader) == (True, False)
    assert (opened_by_reader, opened_from_afar) == (404, 404)
