"""The check on a page, and the passes of providers."""

import datetime as dt

import pytest
from django.utils import timezone

from pooshesh.access.models import Grant, User
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.eligibility import actions
from pooshesh.eligibility.models import Pass
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.kernel.time import from_day
from pooshesh.people.models import Person
from pooshesh.people.tests.conftest import ZAHRA_ID


def test_it_works(as_user: SignIn, cast: Cast, insured: Person) -> None:
    page = as_user(cast.provider).post("/check/", {"number": ZAHRA_ID, "on": ""})

    assert "صندوق بیمه سلامت همگانی" in page.content.decode()
    assert Event.objects.filter(action="eligibility.check", actor=cast.provider.pk).exists()


def test_no_name_is_shown(as_user: SignIn, cast: Cast, insured: Person) -> None:
    page = as_user(cast.provider).post("/check/", {"number": ZAHRA_ID, "on": ""})

    assert insured.last_name not in page.content.decode()


def test_a_day_too_far_away_is_told(as_user: SignIn, cast: Cast, insured: Person) -> None:
    page = as_user(cast.provider).post("/check/", {"number": ZAHRA_ID, "on": "۱۴۵۰/۰۱/۰۱"})

    assert "بسیار دور" in page.content.decode()
    assert not Event.objects.filter(action="eligibility.check").exists()


def test_who_may_not_check_finds_no_page(as_user: SignIn, cast: Cast) -> None:
    assert as_user(cast.auditor).get("/check/").status_code == 404


def test_a_pass_is_given_shown_once_listed_and_revoked(
    as_user: SignIn, cast: Cast, country: Country
) -> None:
    browser = as_user(cast.administrator)
    asked = {
        "name": "داروخانه", "user": str(cast.provider.pk), "area": "p23", "per_minute": "60",
        "until": (timezone.localdate() + dt.timedelta(days=9)).isoformat(),
    }  # fmt: skip

    shown = browser.post("/passes/new/", asked).content.decode()
    one = Pass.objects.get()
    again = browser.get(f"/passes/{one.pk}/").content.decode()
    listed = browser.get("/passes/").content.decode()
    browser.post(f"/passes/{one.pk}/revoke/")

    one.refresh_from_db()
    assert f"psh_{one.pk.hex}:" in shown
    assert one.pk.hex + ":" not in again
    assert "داروخانه" in listed
    assert one.revoked_by == cast.administrator.pk


def test_the_list_takes_as_many_statements_for_many_passes(
    as_user: SignIn, cast: Cast, country: Country, django_assert_max_num_queries: object
) -> None:
    Pass.objects.bulk_create(
        Pass(
            user=cast.provider, name=str(n), area=country.tehran, area_path=country.tehran.path,
            province="23", given_by=cast.administrator.pk, expires_on=dt.date(2030, 1, 1),
        )
        for n in range(30)
    )  # fmt: skip
    browser = as_user(cast.administrator)

    with django_assert_max_num_queries(6):  # type: ignore[operator]
        browser.get("/passes/")


@pytest.fixture
def lorestan_admin(country: Country) -> User:
    made = User.objects.create_user("lorestan_admin", "a long password")
    Grant.objects.create(
        user=made, role="administrator", area=country.lorestan, valid=from_day(None)
    )
    return made


def test_a_pass_of_another_province_does_not_exist(
    as_user: SignIn, lorestan_admin: User, cast: Cast, pass_text: str
) -> None:
    one = Pass.objects.get()
    browser = as_user(lorestan_admin)

    assert browser.get(f"/passes/{one.pk}/").status_code == 404
    assert browser.post(f"/passes/{one.pk}/revoke/").status_code == 404
    assert "داروخانه" not in browser.get("/passes/").content.decode()


def test_nobody_without_the_role_gets_a_pass(cast: Cast, country: Country) -> None:
    until = timezone.localdate() + dt.timedelta(days=9)

    with pytest.raises(Invalid, match="may not check"):
        actions.give_pass(
            actor=cast.administrator, user=cast.outsider, name="x", area=country.tehran, until=until
        )


@pytest.mark.parametrize("days", [0, 900])
def test_a_pass_ends_in_reach(cast: Cast, country: Country, days: int) -> None:
    until = timezone.localdate() + dt.timedelta(days=days)

    with pytest.raises(Invalid, match="between tomorrow"):
        actions.give_pass(
            actor=cast.administrator, user=cast.provider, name="x", area=country.tehran, until=until
        )
