"""Registering by form: sentences for what is wrong, and a live check for doubles."""

from typing import cast as typing_cast

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from pooshesh.conftest import Cast, SignIn
from pooshesh.kernel.models import Event, Subject
from pooshesh.people.models import Household, Identifier, Membership, Person
from pooshesh.people.tests.conftest import OTHER_ID, ZAHRA_ID

PLACE = {"area": "n0001", "since": "۱۴۰۴/۰۹/۰۱", "postal_code": "", "address": "کوچه دوم"}
MARYAM = {
    "first_name": "مريم", "last_name": "احمدی", "relation": "head", "sex": "F",
    "birth_date": "۱۳۷۰", "national_id": "۰۰۱۳۵۴۲۴۱۹", "status": "citizen", "nationality": "ir",
}  # fmt: skip
HASAN = {"first_name": "حسن", "last_name": "احمدی", "relation": "child"}
ZAHRA = {"first_name": "زهرا", "last_name": "کریمی نژاد", "relation": "head"}


def filled(*members: dict[str, str], **place: str) -> dict[str, str]:
    """What a browser sends."""
    sent = PLACE | place | {"form-TOTAL_FORMS": str(len(members)), "form-INITIAL_FORMS": "0"}
    for n, member in enumerate(members):
        sent |= {f"form-{n}-{name}": value for name, value in member.items()}
    return sent


def post(client: Client, *members: dict[str, str], **place: str) -> HttpResponse:
    address = reverse("people:household_new")
    return typing_cast(HttpResponse, client.post(address, filled(*members, **place)))


def test_a_household_is_registered_by_form(as_user: SignIn, cast: Cast) -> None:
    response = post(as_user(cast.tehran_clerk), MARYAM, HASAN, {})

    home = Household.objects.get()
    mother = Person.objects.get(first_name="مريم")
    assert response.headers["Location"] == reverse("people:household", args=[home.pk])
    assert Membership.objects.filter(household=home).count() == 2
    assert (home.address, home.area.code) == ("کوچه دوم", "n0001")
    assert (mother.birth_precision, str(mother.birth_date)) == ("year", "1991-03-21")
    assert Identifier.objects.get(person=mother).grade == "checksum"


def test_another_member_joins_a_household(as_user: SignIn, cast: Cast, person: Person) -> None:
    home = Membership.objects.get(person=person).household_id

    as_user(cast.tehran_clerk).post(
        reverse("people:member_new", args=[home]), filled(HASAN, address="")
    )

    assert Membership.objects.filter(household=home).count() == 3
    assert Household.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("national_id", "0013542418", "رقم کنترل"),
        ("national_id", "1111111111", "همهٔ رقم‌هایش"),
        ("national_id", "12345", "۱۰ رقم"),
        ("foreign_code", "123", "۱۲ رقم"),
        ("mobile", "12", "۱۱ رقم"),
        ("birth_date", "1400/12/31", "۱۴۰۰"),
        ("birth_date", "13700", "سال"),
        ("birth_date", "۱۴۹۹/۰۱/۰۱", "آینده"),
        ("first_name", "ع" * 121, "۱۲۱"),
        ("nationality", "ایرانستان", "کشوری به نام «ایرانستان»"),
    ],
)
def test_what_is_mistyped_is_told_and_nothing_is_written(
    as_user: SignIn, cast: Cast, field: str, typed: str, said: str
) -> None:
    response = post(as_user(cast.tehran_clerk), MARYAM | {"national_id": "", field: typed}, HASAN)

    assert response.status_code == 200
    assert said in response.content.decode()
    assert not Person.objects.exists()


def test_a_person_without_a_name_is_refused(as_user: SignIn, cast: Cast) -> None:
    response = post(as_user(cast.tehran_clerk), {"relation": "head", "sex": "F"})

    assert "نام یا نام خانوادگی" in response.content.decode()
    assert not Person.objects.exists()


def test_an_empty_form_is_refused(as_user: SignIn, cast: Cast) -> None:
    response = post(as_user(cast.tehran_clerk), {}, {})

    assert "دست‌کم یک نفر" in response.content.decode()


@pytest.mark.parametrize("code", ["n0003", "nowhere", ""])
def test_nobody_is_registered_outside_ones_area(as_user: SignIn, cast: Cast, code: str) -> None:
    response = post(as_user(cast.tehran_clerk), MARYAM, area=code)

    assert response.status_code == 200
    assert not Person.objects.exists()


def test_a_household_of_sixty_is_registered_and_one_of_sixty_one_refused(
    as_user: SignIn, cast: Cast
) -> None:
    client = as_user(cast.tehran_clerk)
    members = [HASAN | {"first_name": f"حسن{n}"} for n in range(61)]

    refused = post(client, *members)
    taken = post(client, *members[:60], despite_doubles="on")

    assert refused.status_code == 200
    assert taken.status_code == 302
    assert Person.objects.count() == 60


def test_a_known_number_opens_the_record_instead(
    as_user: SignIn, cast: Cast, person: Person
) -> None:
    response = post(as_user(cast.tehran_clerk), ZAHRA | {"national_id": ZAHRA_ID})

    page = response.content.decode()
    assert reverse("people:person", args=[person.pk]) in page
    assert "همان پرونده را باز کنید" in page
    assert Person.objects.count() == 2


def test_a_number_of_somebody_else_is_refused(as_user: SignIn, cast: Cast, person: Person) -> None:
    response = post(as_user(cast.tehran_clerk), MARYAM | {"national_id": ZAHRA_ID})

    assert "بررسی کنید از آنِ کیست" in response.content.decode()
    assert Person.objects.count() == 2


def test_a_number_known_outside_ones_area_tells_no_name(
    as_user: SignIn, cast: Cast, person: Person
) -> None:
    response = post(as_user(cast.lorestan_clerk), HASAN | {"national_id": ZAHRA_ID}, area="n0003")

    page = response.content.decode()
    assert "فردی بیرون از حوزه شما" in page
    assert "کریمی" not in page


def test_the_live_check_notes_whom_it_told_of(as_user: SignIn, cast: Cast, person: Person) -> None:
    typed = filled(HASAN | {"national_id": ZAHRA_ID}, area="n0003")

    as_user(cast.lorestan_clerk).post(reverse("people:doubles"), typed)

    event = Event.objects.get(action="people.look_up")
    assert event.actor == cast.lorestan_clerk.pk
    assert Subject.objects.get(event=event).person_id == person.pk


def test_somebody_alike_is_shown_and_registered_only_when_confirmed(
    as_user: SignIn, cast: Cast, person: Person
) -> None:
    client = as_user(cast.tehran_clerk)

    asked = post(client, ZAHRA)
    confirmed = post(client, ZAHRA, despite_doubles="on")

    assert "آیا یکی از این افراد است؟" in asked.content.decode()
    assert confirmed.status_code == 302
    assert Person.objects.count() == 3


def test_the_live_check_answers_while_typing(as_user: SignIn, cast: Cast, person: Person) -> None:
    client = as_user(cast.tehran_clerk)

    alike = client.post(reverse("people:doubles"), filled(ZAHRA))
    nobody = client.post(reverse("people:doubles"), filled(MARYAM))

    assert reverse("people:person", args=[person.pk]) in alike.content.decode()
    assert nobody.content.decode().strip() == ""


def test_somebody_who_only_reads_cannot_register(as_user: SignIn, cast: Cast) -> None:
    client = as_user(cast.national_director)

    pages = [client.get(reverse(f"people:{name}")) for name in ("household_new", "person_new")]

    assert [page.status_code for page in pages] == [404, 404]


def test_other_numbers_are_valid_here() -> None:
    assert MARYAM["national_id"].translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")) == OTHER_ID
