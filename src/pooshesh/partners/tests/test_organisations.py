"""The open list of organisations, and who speaks for them."""

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries

from pooshesh.access.models import Grant, User
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.partners import actions, queries
from pooshesh.partners.models import Contact, Organisation, OrganisationKind
from pooshesh.partners.seed import seed
from pooshesh.partners.tests.conftest import Bodies, days
from pooshesh.places.models import Area, AreaSet
from pooshesh.places.seed import seed_country

NEW = {"kind": "sponsor", "code": "charity", "name_fa": "بنیاد نیکوکاری", "name_en": "Charity"}


def codes_of(user: User) -> set[str]:
    return {one.code for one in queries.organisations_of(user)}


def test_a_new_sponsor_gets_the_set_of_its_neighbourhoods(cast: Cast, as_user: SignIn) -> None:
    answer = as_user(cast.programme_head).post("/organisations/new/", NEW)

    made = Organisation.objects.get(code="charity")
    assert answer.status_code == 302
    assert made.area_set == AreaSet.objects.get(code="charity", kind="sponsor")
    assert Event.objects.get(action="partners.create_organisation").object_id == str(made.id)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"code": "با"}, "organisation.code"),
        ({"code": "welfare"}, "organisation.taken"),
        ({"code": "iums"}, "organisation.taken"),  # the set of a university
        ({"name_fa": " "}, "organisation.name"),
        ({"kind": OrganisationKind.MUNICIPALITY}, "organisation.municipality"),
    ],
)
def test_a_bad_organisation_is_refused(bodies: Bodies, changed: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.create_organisation(actor=None, **{**NEW, **changed})  # type: ignore[arg-type]

    assert refused.value.code == code


def test_every_installation_begins_with_the_same_organisations(country: Country) -> None:
    seed()
    seed()

    assert Organisation.objects.get(code="welfare").area_set == country.welfare
    assert Organisation.objects.get(code="iums").kind == OrganisationKind.UNIVERSITY
    assert {"interior", "ihio", "sso", "armed_forces", "health_ministry"} <= set(
        Organisation.objects.values_list("code", flat=True)
    )


def test_officers_speak_by_name_by_the_organisations_own_set_and_for_their_city(
    cast: Cast, bodies: Bodies
) -> None:
    assert codes_of(cast.programme_head) == {"interior"}
    assert codes_of(cast.welfare_officer) == {"welfare"}
    assert codes_of(cast.tehran_mayor) == {"tehran_city"}
    assert codes_of(cast.tehran_clerk) == codes_of(cast.mayor_counts) == set()


def test_a_grant_of_counts_only_or_one_that_has_ended_speaks_for_nobody(bodies: Bodies) -> None:
    user = User.objects.create_user("former", "a long password")
    given = {"user": user, "role": "sponsor_officer", "area_set": bodies.setad.area_set}
    Grant.objects.create(**given, valid=DateRange(None, days(0)))
    Grant.objects.create(**given, valid=DateRange(None, None), counts_only=True)

    assert codes_of(user) == set()


def test_an_officer_that_ended_speaks_no_longer_and_stays_known(cast: Cast, bodies: Bodies) -> None:
    actions.name_officer(
        actor=None, organisation=bodies.ihio, user_id=cast.tehran_clerk.id, since=days(-5)
    )
    (officer,) = queries.officers(bodies.ihio)

    actions.end_officer(actor=None, officer=officer)

    assert codes_of(cast.tehran_clerk) == set()
    assert queries.organisations_of(cast.tehran_clerk, days(-1)).get() == bodies.ihio


def test_offices_and_contacts_are_added_and_ended_on_the_page(
    cast: Cast, bodies: Bodies, as_user: SignIn
) -> None:
    browser = as_user(cast.programme_head)
    browser.post("/organisations/setad/office/", {"name": "دفتر مرکزی", "phone": "021-1"})
    browser.post("/organisations/setad/contact/",
                 {"name": "رابط نمونه", "post": "کارشناس", "since": "1400/01/01"})  # fmt: skip
    shown = browser.get("/organisations/setad/").content.decode()

    contact = Contact.objects.get()
    browser.post(f"/organisations/setad/contact/{contact.pk}/end/")

    assert "دفتر مرکزی" in shown
    assert "رابط نمونه" in shown
    assert "رابط نمونه" not in browser.get("/organisations/setad/").content.decode()
    assert Contact.objects.on(days(-1)).get().name == "رابط نمونه"


def test_the_page_of_an_organisation_asks_a_fixed_number_of_statements(
    cast: Cast,
    bodies: Bodies,
    as_user: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    browser = as_user(cast.welfare_officer)

    with django_assert_max_num_queries(30):
        page = browser.get("/organisations/welfare/").content.decode()

    assert "دروازه‌غار" in page
    assert "نمایندگان آن" in page


def test_a_municipality_of_another_province_does_not_exist(
    cast: Cast, bodies: Bodies, as_user: SignIn
) -> None:
    browser = as_user(cast.lorestan_clerk)

    assert browser.get("/organisations/tehran_city/").status_code == 404
    assert "شهرداری تهران" not in browser.get("/organisations/").content.decode()
    assert browser.get("/organisations/setad/").status_code == 200


@pytest.mark.parametrize("path", ["new/", "setad/change/", "setad/office/", "setad/officer/"])
def test_who_only_reads_changes_nothing(
    cast: Cast, bodies: Bodies, as_user: SignIn, path: str
) -> None:
    assert as_user(cast.welfare_officer).get(f"/organisations/{path}").status_code == 404


@pytest.fixture
def national_head(db: None) -> User:
    """The head of the programme in a country as it is seeded."""
    seed_country()
    seed()
    head = User.objects.create_user("head", "a long password")
    nation = Area.objects.get(code="ir")
    Grant.objects.create(user=head, role="programme_head", valid=DateRange(None, None), area=nation)
    return head


def test_declared_registered_and_unassigned_stand_side_by_side(national_head: User) -> None:
    found = queries.declared_registered_unassigned(national_head)

    assert found.declared_unassigned == 147
    assert found.about
    assert {line.organisation.code for line in found.lines if line.organisation} == {
        "setad", "relief", "red_crescent", "welfare",
    }  # fmt: skip


def test_the_sponsors_page_says_what_is_left_over(national_head: User, as_user: SignIn) -> None:
    page = as_user(national_head).get("/sponsors/").content.decode()

    assert "حدود" in page
    assert "۱۴۷" in page
    assert "۷٫۳" in page
