"""What a grant over a part of the country, or of another kind, does not give in partners."""

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from pooshesh.access.models import Grant, User
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.partners import agreement_queries, handing_over, queries, tasks
from pooshesh.partners.models import Agreement, HandOverState, Officer, Organisation
from pooshesh.partners.tests.conftest import Agree, Bodies, days


def grant(user: User, role: str, **scope: object) -> None:
    Grant.objects.create(user=user, role=role, valid=DateRange(None, None), **scope)


@pytest.fixture
def provincial_head(country: Country) -> User:
    """Heads the programme in Lorestan alone."""
    made = User.objects.create_user("provincial_head", "a long password")
    grant(made, "programme_head", area=country.lorestan)
    return made


@pytest.fixture
def province(provincial_head: User, as_user: SignIn) -> Client:
    return as_user(provincial_head)


@pytest.mark.parametrize("path", ["change/", "office/", "contact/", "officer/"])
def test_a_provincial_head_does_not_change_a_national_organisation(
    province: Client, bodies: Bodies, path: str
) -> None:
    answer = province.post(
        f"/organisations/ihio/{path}", {"user": "provincial_head", "since": "1400/01/01"}
    )

    assert answer.status_code == 404
    assert not Officer.objects.filter(organisation=bodies.ihio).exists()
    assert f"/organisations/ihio/{path}" not in (
        province.get("/organisations/ihio/").content.decode()
    )


def test_a_provincial_head_registers_only_what_lies_in_the_province(
    province: Client, bodies: Bodies
) -> None:
    one = {"kind": "ministry", "code": "own_ministry", "name_fa": "نهاد"}
    two = {
        "number": "9", "title": "تفاهم‌نامه", "parties": [bodies.ihio.pk, bodies.sso.pk],
        "scopes": ["sponsorship"], "legal_basis": "مصوبه", "signed_on": "1400/01/01",
        "since": "1400/01/01",
    }  # fmt: skip

    province.post("/organisations/new/", one)
    province.post("/organisations/new/", {**one, "code": "own_office", "area": "p15"})
    province.post("/agreements/new/", two)

    found = Organisation.objects.filter(code__startswith="own_")
    assert list(found.values_list("code", flat=True)) == ["own_office"]
    assert not Agreement.objects.exists()


def test_a_provincial_head_neither_renews_nor_ends_a_national_agreement(
    province: Client, provincial_head: User, bodies: Bodies, agree: Agree, country: Country
) -> None:
    national, own = agree(bodies.sso), agree(bodies.sso, areas=[country.lorestan])
    ending = {"verb": "end", "end-on": "1500/01/01", "end-reason": "پایان"}

    answers = [
        province.post(f"/agreements/{one.id}/", ending).status_code for one in (national, own)
    ]

    national.refresh_from_db()
    own.refresh_from_db()
    assert answers == [404, 302]
    assert (national.ended_on, own.ended_on is None) == (None, False)
    assert not agreement_queries.may_read_paper(provincial_head, national)


def test_who_works_in_a_sponsors_neighbourhoods_does_not_speak_for_it(
    bodies: Bodies, cast: Cast
) -> None:
    grant(cast.outsider, "campaign_lead", area_set=bodies.setad.area_set)
    grant(cast.outsider, "director", area_set=bodies.setad.area_set)

    assert not queries.organisations_of(cast.outsider).exists()
    assert cast.outsider.username not in {one.username for one in queries.speakers(bodies.setad)}


def test_who_sees_a_citys_figures_only_does_not_speak_for_it(
    bodies: Bodies, cast: Cast, country: Country
) -> None:
    grant(cast.outsider, "municipal_officer", area=country.tehran_city, counts_only=True)

    assert not queries.organisations_of(cast.outsider).exists()
    assert cast.outsider.username not in {
        one.username for one in queries.speakers(bodies.tehran_city)
    }


def test_the_page_of_an_area_shows_tasks_and_hand_overs_only_to_who_sees_them(
    bodies: Bodies, cast: Cast, country: Country, agree: Agree, as_user: SignIn
) -> None:
    agree(bodies.setad)
    made = handing_over.propose(
        actor=None, giver=bodies.welfare, receiver=bodies.setad, areas=[country.darvazeh_ghar],
        on=days(3),
    )  # fmt: skip
    tasks.send(
        user=cast.programme_head, sender=bodies.interior, receiver=bodies.welfare,
        title="فهرست خانوارهای بی‌شناسنامه", due=days(5), area=country.darvazeh_ghar,
    )  # fmt: skip
    grant(cast.lorestan_clerk, "member", area=country.nation)  # sees every place
    page = reverse("places:area", args=["n0001"])

    foreign = as_user(cast.lorestan_clerk).get(page).content.decode()
    own = as_user(cast.tehran_clerk).get(page).content.decode()

    assert made.state == HandOverState.PROPOSED
    assert (str(made.id) in foreign, "بی‌شناسنامه" in foreign) == (False, False)
    assert (str(made.id) in own, "بی‌شناسنامه" in own) == (True, True)


def test_a_provincial_head_does_not_withdraw_a_hand_over_beyond_the_province(
    province: Client, bodies: Bodies, country: Country, agree: Agree
) -> None:
    agree(bodies.setad)
    made = handing_over.propose(
        actor=None, giver=bodies.welfare, receiver=bodies.setad,
        areas=[country.darvazeh_ghar, country.falak_ol_din], on=days(3),
    )  # fmt: skip

    answer = province.post(f"/hand-overs/{made.id}/withdraw/")

    made.refresh_from_db()
    assert (answer.status_code, made.state) == (404, HandOverState.PROPOSED)


def test_user_names_of_who_speaks_are_for_who_names_officers(
    bodies: Bodies, cast: Cast, as_user: SignIn
) -> None:
    User.objects.filter(pk=bodies.setad_officer.pk).update(full_name="نماینده ستاد")
    User.objects.filter(pk=bodies.setad_second.pk).update(full_name="")
    address = reverse("partners:organisation", args=["setad"])

    head = as_user(cast.programme_head).get(address).content.decode()
    mayor = as_user(cast.tehran_mayor).get(address).content.decode()

    assert "نماینده ستاد" in head
    assert "نماینده ستاد" in mayor
    assert "setad_officer" in head
    assert "setad_officer" not in mayor
    assert "setad_second" not in mayor


def test_a_university_officer_sees_organisations_and_works_its_tasks(
    bodies: Bodies, cast: Cast, as_user: SignIn
) -> None:
    university = as_user(cast.iums_officer)

    answers = [university.get(reverse(f"partners:{name}")) for name in ("organisations", "tasks")]

    assert [answer.status_code for answer in answers] == [200, 200]
