"""Pages of people: what each user gets to see, and what stays closed to them."""

import datetime as dt
import re
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.coverage.actions import Enrolment, enrol
from pooshesh.coverage.models import Scheme, Spell
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.models import Event, Subject
from pooshesh.people import actions
from pooshesh.people.models import (
    Death,
    Decile,
    Identifier,
    LegalStatus,
    Membership,
    Person,
    Standing,
)
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import ALI_ID, DAY, ZAHRA_ID, ali, zahra

SCRIPT = "<script>alert(1)</script>"
UNKNOWN = uuid4()
TOKEN = re.compile(r"\b[A-Za-z0-9]{64}\b")


def text(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def person_page(client: Client, person: Person, **query: str) -> object:
    return client.get(reverse("people:person", args=[person.pk]), query)


# --- it works -------------------------------------------------------------------------


def test_a_clerk_finds_a_person_of_the_area(
    as_user: SignIn, cast: Cast, household: tuple[Person, Person]
) -> None:
    response = as_user(cast.tehran_clerk).get(reverse("people:search"), {"q": "کريمي نژاد"})

    assert reverse("people:person", args=[household[0].pk]) in text(response)
    assert reverse("people:person", args=[household[1].pk]) not in text(response)


def test_a_record_shows_everything_with_numbers_masked(
    as_user: SignIn, cast: Cast, household: tuple[Person, Person]
) -> None:
    page = text(person_page(as_user(cast.tehran_clerk), household[0]))

    assert '<bdi class="id" dir="ltr">•••••••679</bdi>' in page
    assert ZAHRA_ID not in page
    assert "09121234567" not in page
    assert "۱۳۵۹/۰۲/۱۴" in page
    assert "علی رضایی" in page
    assert page.count("<h1>") == 1


def test_opening_a_record_is_written_down_with_its_purpose_and_shown(
    as_user: SignIn, cast: Cast, person: Person
) -> None:
    client = as_user(cast.tehran_clerk)
    client.post(reverse("people:purpose"), {"purpose": "complaint"})

    page = text(person_page(client, person))

    event = Event.objects.get(action="people.open")
    assert (event.actor, event.purpose) == (cast.tehran_clerk.pk, "complaint")
    assert list(Subject.objects.filter(event=event).values_list("person_id", flat=True)) == [
        person.pk
    ]
    assert "مشاهده پرونده" in page
    assert "tehran_clerk" in page


def test_a_number_is_shown_in_full_on_demand_and_that_is_written_down(
    as_user: SignIn, cast: Cast, person: Person
) -> None:
    held = Identifier.objects.get(person=person)

    page = text(
        as_user(cast.tehran_clerk).post(reverse("people:reveal", args=[person.pk, held.pk]))
    )

    assert ZAHRA_ID in page
    assert Event.objects.filter(action="people.reveal_identifier", object_id=held.pk).exists()


def subjects(action: str) -> set[UUID]:
    """The persons of the only event of an action."""
    event = Event.objects.get(action=action)
    return set(Subject.objects.filter(event=event).values_list("person_id", flat=True))


def test_opening_a_household_is_written_down_with_the_members_shown(
    as_user: SignIn, cast: Cast, country: Country, household: tuple[Person, Person]
) -> None:
    home = Membership.objects.get(person=household[0]).household_id
    Person.objects.filter(pk=household[1].pk).update(
        area=country.falak_ol_din, area_path=country.falak_ol_din.path, province="15"
    )

    as_user(cast.tehran_clerk).get(reverse("people:household", args=[home]))

    assert subjects("people.open_household") == {household[0].pk}


def test_a_search_is_written_down_with_the_persons_shown(
    as_user: SignIn, cast: Cast, household: tuple[Person, Person]
) -> None:
    as_user(cast.tehran_clerk).get(reverse("people:search"), {"q": "زهرا"})

    assert subjects("people.search") == {household[0].pk}


@pytest.mark.parametrize("query", [{}, {"q": "بهرام"}])
def test_a_search_that_shows_nobody_is_no_event(
    as_user: SignIn, cast: Cast, person: Person, query: dict[str, str]
) -> None:
    as_user(cast.tehran_clerk).get(reverse("people:search"), query)

    assert not Event.objects.filter(action="people.search").exists()


@pytest.mark.parametrize("members", [2, 12])
def test_a_record_takes_a_fixed_number_of_statements(
    as_user: SignIn,
    cast: Cast,
    country: Country,
    members: int,
    django_assert_num_queries: object,
) -> None:
    rows = [zahra(), *(ali(row=n, national_id="") for n in range(2, members + 1))]
    done = register_census(rows, area=country.darvazeh_ghar, on=DAY, actor=None)
    client = as_user(cast.tehran_clerk)
    address = reverse("people:person", args=[done.persons[1]])

    with django_assert_num_queries(23):  # type: ignore[operator]
        client.get(address)


@pytest.mark.parametrize("members", [2, 60])
def test_a_household_of_sixty_takes_as_many_statements_as_one_of_two(
    as_user: SignIn,
    cast: Cast,
    country: Country,
    members: int,
    django_assert_num_queries: object,
) -> None:
    rows = [zahra(), *(ali(row=n, national_id="") for n in range(2, members + 1))]
    done = register_census(rows, area=country.darvazeh_ghar, on=DAY, actor=None)
    home = Membership.objects.get(person=done.persons[1]).household_id
    client = as_user(cast.tehran_clerk)

    with django_assert_num_queries(9):  # type: ignore[operator]
        page = text(client.get(reverse("people:household", args=[home])))

    assert page.count("علی رضایی") == members - 1


def test_a_record_can_be_seen_as_it_was_known(as_user: SignIn, cast: Cast, person: Person) -> None:
    Standing.objects.filter(person=person).update(
        recorded=Standing.objects.get(person=person).recorded.__class__(
            timezone.now() - dt.timedelta(days=2), None
        )
    )
    client = as_user(cast.tehran_clerk)

    now = client.get(reverse("people:person", args=[person.pk]))
    before = client.get(
        reverse("people:person", args=[person.pk]),
        {"known": (timezone.localdate() - dt.timedelta(days=9)).isoformat()},
    )

    assert now.context["record"].standing.status == "citizen"
    assert before.context["record"].standing is None
    assert before.context["record"].membership is None


def test_cover_stands_on_the_record_and_can_be_undone_with_a_reason(
    as_user: SignIn, cast: Cast, country: Country, person: Person
) -> None:
    enrol([Enrolment(person.pk, Scheme.UNIVERSAL, 0)], area=country.darvazeh_ghar, on=DAY,
          actor=None)  # fmt: skip
    spell = Spell.objects.get()
    client = as_user(cast.tehran_clerk)
    undo = reverse("coverage:undo", args=[spell.pk])

    before = text(person_page(client, person))
    client.post(undo, {"reason": "برای فرد دیگری ثبت شده بود"})
    after = text(person_page(client, person))

    assert undo in before
    assert undo not in after
    assert "برای فرد دیگری ثبت شده بود" in after


# --- what stays closed ----------------------------------------------------------------


@pytest.mark.parametrize("who", ["lorestan_clerk", "mayor_counts", "outsider", "auditor"])
@pytest.mark.parametrize(
    "page", ["person", "rename", "set_identifier", "set_mobile", "move", "set_standing",
             "record_death"],
)  # fmt: skip
def test_a_person_outside_ones_area_is_not_there(
    as_user: SignIn, cast: Cast, person: Person, who: str, page: str
) -> None:
    response = as_user(getattr(cast, who)).get(reverse(f"people:{page}", args=[person.pk]))

    assert response.status_code == 404
    assert not Event.objects.filter(action="people.open").exists()


def test_a_guessed_address_looks_like_one_outside_the_area(
    as_user: SignIn, cast: Cast, person: Person
) -> None:
    client = as_user(cast.lorestan_clerk)

    outside, nobody = (
        client.get(reverse("people:person", args=[pk])) for pk in (person.pk, UNKNOWN)
    )

    said = text(outside).replace(str(person.pk), str(UNKNOWN))
    assert outside.status_code == nobody.status_code == 404
    assert TOKEN.sub("", said) == TOKEN.sub("", text(nobody))


@pytest.mark.parametrize("page", ["household", "set_decile", "member_new"])
def test_a_household_outside_ones_area_is_not_there(
    as_user: SignIn, cast: Cast, person: Person, page: str
) -> None:
    home = Membership.objects.get(person=person).household_id

    response = as_user(cast.lorestan_clerk).get(reverse(f"people:{page}", args=[home]))

    assert response.status_code == 404


def test_a_number_outside_ones_area_is_not_shown(
    as_user: SignIn, cast: Cast, person: Person
) -> None:
    held = Identifier.objects.get(person=person)

    response = as_user(cast.lorestan_clerk).post(
        reverse("people:reveal", args=[person.pk, held.pk])
    )

    assert response.status_code == 404
    assert not Event.objects.filter(action="people.reveal_identifier").exists()


@pytest.mark.parametrize("query", [{"q": "زهرا"}, {"q": ZAHRA_ID}, {"q": "زهرا", "export": "csv"}])
def test_a_search_and_its_export_stop_at_the_border(
    as_user: SignIn, cast: Cast, person: Person, query: dict[str, str]
) -> None:
    response = as_user(cast.lorestan_clerk).get(reverse("people:search"), query)

    body = b"".join(response) if response.streaming else response.content
    assert "کریمی" not in body.decode()


def test_an_export_is_written_down_with_everybody_in_it(
    as_user: SignIn, cast: Cast, person: Person
) -> None:
    client = as_user(cast.tehran_clerk)

    client.get(reverse("people:search"), {"q": "زهرا", "export": "csv"})

    event = Event.objects.get(action="people.export")
    assert list(Subject.objects.filter(event=event).values_list("person_id", flat=True)) == [
        person.pk
    ]


@pytest.mark.parametrize("who", ["mayor_counts", "welfare_officer"])
def test_who_sees_figures_only_sees_no_name(
    as_user: SignIn, cast: Cast, person: Person, who: str
) -> None:
    response = as_user(getattr(cast, who)).get(reverse("people:search"), {"q": "زهرا"})

    assert "کریمی" not in text(response)


def test_a_script_in_a_name_stays_text(as_user: SignIn, cast: Cast, country: Country) -> None:
    done = register_census(
        [zahra(first_name=SCRIPT, last_name="زهرا")], area=country.darvazeh_ghar, on=DAY,
        actor=None,
    )  # fmt: skip
    client = as_user(cast.tehran_clerk)

    pages = text(client.get(reverse("people:person", args=[done.persons[1]]))) + text(
        client.get(reverse("people:search"), {"q": "زهرا"})
    )

    assert SCRIPT not in pages
    assert "&lt;script&gt;" in pages


def test_a_director_reads_but_does_not_change(as_user: SignIn, cast: Cast, person: Person) -> None:
    client = as_user(cast.national_director)

    opened = person_page(client, person)
    changed = client.get(reverse("people:rename", args=[person.pk]))

    assert reverse("people:rename", args=[person.pk]) not in text(opened)
    assert changed.status_code == 404


@pytest.mark.parametrize("number", [ZAHRA_ID, ALI_ID])
def test_of_who_holds_a_number_elsewhere_only_that_is_told_and_it_is_noted(
    as_user: SignIn, cast: Cast, country: Country, household: tuple[Person, Person], number: str
) -> None:
    done = register_census([zahra(national_id="")], area=country.falak_ol_din, on=DAY, actor=None)
    holder = Identifier.objects.get(blind=keyring().index(number, "national_id")).person_id

    response = as_user(cast.lorestan_clerk).post(
        reverse("people:set_identifier", args=[done.persons[1]]),
        {"kind": "national_id", "value": number},
    )

    assert "بیرون از حوزه شما" in text(response)
    assert subjects("people.look_up") == {holder}


# --- forms ----------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "shown"), [("AF", "افغانستان"), ("ZZ", "ZZ")])
def test_a_nationality_stands_by_its_name_where_it_has_one(
    as_user: SignIn, cast: Cast, person: Person, code: str, shown: str
) -> None:
    actions.set_standing(
        person, LegalStatus.LAWFUL, nationality=code, since=DAY, actor=cast.tehran_clerk.pk
    )

    assert f"<bdi>{shown}</bdi>" in text(person_page(as_user(cast.tehran_clerk), person))


def test_changes_by_form_reach_the_record(as_user: SignIn, cast: Cast, person: Person) -> None:
    client = as_user(cast.tehran_clerk)
    home = Membership.objects.get(person=person).household_id

    client.post(
        reverse("people:set_decile", args=[home]),
        {"decile": "3", "source": "پایگاه رفاه", "since": "۱۴۰۱/۰۱/۰۱"},
    )
    client.post(
        reverse("people:set_standing", args=[person.pk]),
        {
            "status": "lawful",
            "nationality": "افغانستان (AF)",
            "since": "1402/01/01",
            "until": "1403/01/01",
        },
    )
    client.post(
        reverse("people:record_death", args=[person.pk]),
        {"on": "1404/01/01", "source": "ثبت احوال"},
    )

    decile = Decile.objects.get(household=home)
    lawful = Standing.objects.known().get(person=person, status="lawful")
    assert (decile.decile, decile.valid.lower) == (3, dt.date(2022, 3, 21))
    assert (lawful.nationality, lawful.valid.upper) == ("AF", dt.date(2024, 3, 20))
    assert Death.objects.get(person=person).on == dt.date(2025, 3, 21)


@pytest.mark.parametrize(
    ("page", "given", "said"),
    [
        ("set_standing", {"status": "lawful", "since": "1402/01/01", "until": "1401/01/01"},
         "پس از آغاز ۱۴۰۲/۰۱/۰۱ نیست"),
        ("record_death", {"on": "1300/01/01", "source": "x"}, "تولد"),
        ("record_death", {"on": "1499/01/01", "source": "x"}, "آینده"),
        ("rename", {"first_name": " ", "last_name": ""}, "نام"),
        ("set_identifier", {"kind": "national_id", "value": "0012345678"}, "رقم کنترل"),
        ("set_identifier", {"kind": "national_id", "value": ALI_ID}, "فرد دیگری"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence(
    as_user: SignIn,
    cast: Cast,
    person: Person,
    page: str,
    given: dict[str, str],
    said: str,
) -> None:
    response = as_user(cast.tehran_clerk).post(reverse(f"people:{page}", args=[person.pk]), given)

    assert response.status_code == 200
    assert said in text(response)
