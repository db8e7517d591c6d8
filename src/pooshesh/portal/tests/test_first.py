"""First applications: the unknown are let in, the known by their own mobile, others by the desk."""

from typing import Any

import pytest
from django.test import Client

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.disease.models import Disease
from pooshesh.fund import applications
from pooshesh.fund.models import Application, Channel, State
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.identifiers import Kind
from pooshesh.kernel.models import Event
from pooshesh.people.models import Identifier, Person
from pooshesh.portal import codes, newcomers, visits
from pooshesh.portal.models import Code, Message, Newcomer, NewcomerState, Visit
from pooshesh.portal.tests.conftest import CHILDS, MOBILE, NOBODYS, NUMBER, newest, visit_of

OTHER = "09350000009"


def knock(country: Country, **changes: Any) -> tuple[Client, Any]:
    """Fill in the form, type the code; (the browser, the answer)."""
    typed = {
        "first_name": "گلاب", "last_name": "کمالوند", "national_id": NOBODYS, "foreign_code": "",
        "birth_date": "1359/02/11", "mobile": OTHER, "area": str(country.falak_ol_din.parent_id),
        "disease": "SMA", "insured": "other", "note": "", "sits": "patient", **changes,
    }  # fmt: skip
    typed["area"] = str(_county(country).pk)
    browser = Client()
    asked = browser.post("/my/first/", typed)
    if asked.status_code != 302:
        return browser, asked
    return browser, browser.post("/my/code/", {"code": codes.of(newest().pk)})


def _county(country: Country) -> Any:
    return country.khorramabad.parent


def test_somebody_unknown_is_registered_applies_and_is_in(country: Country, sma: Disease) -> None:
    browser, answer = knock(country)

    row = Application.objects.get()
    person = row.file.person
    assert answer["Location"] == f"/my/applications/{row.pk}/"
    assert (person.first_name, person.province, row.channel) == ("گلاب", "15", Channel.PORTAL)
    assert Identifier.objects.get(person=person).grade == "checksum"
    assert keyring().open(bytes(person.mobile or b""), Kind.MOBILE) == OTHER
    assert row.brought_by == visit_of(browser) == Event.objects.get(action="people.register").actor
    assert "گواهی تشخیص" in browser.get(answer["Location"]).content.decode()


def test_before_the_code_nothing_is_registered(country: Country, sma: Disease) -> None:
    browser, _ = knock(country, mobile="not a mobile")
    asked = Code.objects.count()

    assert (asked, Person.objects.count(), Visit.objects.count()) == (0, 0, 0)
    assert browser.get("/my/file/").status_code == 302


def test_what_was_typed_waits_sealed(country: Country, sma: Disease) -> None:
    knock(country)

    assert "گلاب".encode() not in bytes(newest().typed or b"")
    assert OTHER.encode() not in bytes(newest().typed or b"")


def test_who_is_on_record_comes_in_with_the_mobile_on_record(
    country: Country, patient: Person, sma: Disease
) -> None:
    _, answer = knock(country, national_id=NUMBER, mobile=MOBILE)

    assert answer["Location"].startswith("/my/applications/")
    assert (Person.objects.count(), Newcomer.objects.count()) == (1, 0)


@pytest.mark.parametrize("changes", [{"mobile": OTHER}, {"mobile": OTHER, "first_name": "سوسن"}])
def test_with_another_mobile_nothing_opens_and_the_patient_is_told_of_it(
    country: Country, patient: Person, sma: Disease, changes: dict[str, str]
) -> None:
    browser, answer = knock(country, national_id=NUMBER, **changes)

    assert (answer.status_code, browser.get("/my/file/").status_code) == (200, 302)
    assert (Visit.objects.count(), Application.objects.count()) == (0, 0)
    waiting = Newcomer.objects.get()
    assert (waiting.person, waiting.fresh, waiting.state) == (patient, False, "open")
    assert Event.objects.filter(action="portal.knock").count() == 1
    assert visits.ask(NUMBER).person == patient  # whose mobile is still the old one


def test_the_desk_sees_the_card_and_opens_the_file_to_the_new_mobile(
    country: Country, patient: Person, sma: Disease, cast: Cast, as_user: SignIn
) -> None:
    knock(country, national_id=NUMBER)
    waiting = Newcomer.objects.get()
    desk = as_user(cast.fund_clerk)

    seen = desk.get(f"/portal/newcomers/{waiting.pk}/").content.decode()
    desk.post(f"/portal/newcomers/{waiting.pk}/", {"let_in": "1"})

    patient.refresh_from_db()
    assert OTHER in seen
    assert keyring().open(bytes(patient.mobile or b""), Kind.MOBILE) == OTHER
    assert Application.objects.get().file.person == patient
    waiting.refresh_from_db()
    assert (waiting.state, waiting.typed) == (NewcomerState.LET_IN, None)
    assert Message.objects.filter(event="let_in", person=patient).count() == 1
    with pytest.raises(Invalid, match="decided"):
        newcomers.let_in(waiting, actor=cast.fund_clerk.pk)


def test_the_desk_of_another_province_finds_no_newcomer(
    country: Country, patient: Person, sma: Disease, cast: Cast, as_user: SignIn
) -> None:
    knock(country, national_id=NUMBER)
    desk = as_user(cast.tehran_fund_clerk)

    answer = desk.get(f"/portal/newcomers/{Newcomer.objects.get().pk}/")

    assert answer.status_code == 404
    assert "گلاب" not in desk.get("/portal/newcomers/").content.decode()


def test_who_took_anothers_number_reads_nothing_that_others_bring(
    country: Country, sma: Disease, cast: Cast
) -> None:
    knock(country)
    person = Person.objects.get()
    before = visits.ask(NOBODYS).person

    applications.withdraw(Application.objects.get().pk, text="اشتباه بود", actor=None)
    applications.apply(
        person, sma, channel=Channel.CLINIC, actor=cast.clinic.pk, mobile="09170000001"
    )
    until_seen = visits.ask(NOBODYS).person
    newcomers.let_in(Newcomer.objects.get(), actor=cast.fund_clerk.pk)

    assert (before, until_seen, visits.ask(NOBODYS).person) == (person, None, person)


def test_a_stranger_who_is_not_let_in_leaves_no_mobile_behind(
    country: Country, sma: Disease, cast: Cast
) -> None:
    browser, _ = knock(country)
    inside = browser.get("/my/file/").status_code

    newcomers.refuse(Newcomer.objects.get(), why="کارت با شماره نمی‌خواند", actor=cast.fund_clerk.pk)

    assert (inside, browser.get("/my/file/").status_code) == (200, 302)
    assert Person.objects.get().mobile is None
    assert Application.objects.get().state == State.WITHDRAWN
    assert visits.ask(NOBODYS).person is None


def test_a_child_gets_no_telephone_the_code_goes_to_who_applied(
    country: Country, sma: Disease
) -> None:
    knock(country, national_id=CHILDS, birth_date="1398/01/10")
    row = Application.objects.get()

    asked = visits.ask(row.code)

    assert row.file.person.mobile is None
    assert (asked.person, applications.mobile_of(row)) == (row.file.person, OTHER)
    assert visits.ask(row.file.code).person == row.file.person


def test_the_same_number_does_not_ask_without_end(country: Country, sma: Disease) -> None:
    statuses = [knock(country, first_name=f"گلاب{n}")[1].status_code for n in range(visits.ASKS)]

    _, refused = knock(country)

    assert refused.status_code == 429
    assert statuses[0] == 302


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"national_id": ""}, "کد ملی"),
        ({"birth_date": "1450/01/01"}, "آینده"),
        ({"national_id": "1234567890"}, "رقم"),
        ({"disease": "nothing"}, "انتخاب"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    country: Country, sma: Disease, changes: dict[str, str], said: str
) -> None:
    _, answer = knock(country, **changes)

    assert answer.status_code == 200
    assert said in answer.content.decode()
