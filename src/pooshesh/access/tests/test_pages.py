"""Pages of accounts, the trail and jobs: for whom they are, and for whom they do not exist."""

import datetime as dt
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pooshesh.access import rotation
from pooshesh.access.models import Grant, User
from pooshesh.conftest import Cast, Country, SignIn, UseKey
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.models import Job, JobState


def test_every_page_asks_for_sign_in(client: Client, db: None) -> None:
    answer = client.get("/users/")

    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/users/"


def test_the_sign_in_page_is_persian_and_right_to_left(client: Client, db: None) -> None:
    page = client.get("/accounts/login/").content.decode()

    assert '<html lang="fa" dir="rtl">' in page


@pytest.mark.parametrize("address", ["/accounts/login/?q=%00", "/accounts/lo%00gin/"])
def test_an_address_with_a_null_character_is_not_understood(
    client: Client, db: None, address: str
) -> None:
    answer = client.get(address)

    assert answer.status_code == 400
    assert "درخواست" in answer.content.decode()


def test_a_browser_that_prefers_english_still_gets_persian(client: Client, db: None) -> None:
    answer = client.get("/accounts/login/", headers={"accept-language": "en-US"})

    assert answer["Content-Language"] == "fa"


def test_who_chose_english_gets_english(client: Client, db: None) -> None:
    client.post("/i18n/setlang/", {"language": "en"})

    page = client.get("/accounts/login/").content.decode()

    assert '<html lang="en" dir="ltr">' in page


def test_nobody_signs_up_by_themselves(client: Client, db: None) -> None:
    client.post("/accounts/signup/", {"username": "me", "password1": "x" * 12})

    assert not User.objects.exists()


def test_five_wrong_passwords_lock_the_door(client: Client, cast: Cast) -> None:
    wrong = {"login": "auditor", "password": "wrong"}
    _ = [client.post("/accounts/login/", wrong) for _ in range(5)]

    client.post("/accounts/login/", {"login": "auditor", "password": "a long password"})

    assert "_auth_user_id" not in client.session


def test_an_administrator_sees_accounts(
    cast: Cast, as_user: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = as_user(cast.administrator)

    with django_assert_max_num_queries(8):
        page = browser.get("/users/").content.decode()

    assert "lorestan_clerk" in page


def test_an_administrator_opens_an_account_and_gives_a_role(
    cast: Cast, as_user: SignIn, country: Country
) -> None:
    browser = as_user(cast.administrator)

    browser.post(
        "/users/new/", {"username": "new.one", "full_name": "کاربر", "email": "a@example.org"}
    )
    made = User.objects.get(username="new.one")
    browser.post(f"/users/{made.id}/", {"role": "clerk", "area": "P15", "since": "۱۴۰۱/۰۱/۰۱"})

    grant = Grant.objects.get(user=made)
    assert (grant.role, grant.area) == ("clerk", country.lorestan)


@pytest.mark.parametrize("path", ["/users/", "/users/new/", "/audit/"])
def test_a_clerk_finds_no_administration(cast: Cast, as_user: SignIn, path: str) -> None:
    assert as_user(cast.tehran_clerk).get(path).status_code == 404


def now_counter() -> int:
    """The 30-second step a time-based code is made for."""
    return int(time.time()) // 30


def _administrator_of(country: Country) -> User:
    user = User.objects.create_user("lorestan_admin", "a long password")
    Grant.objects.create(
        user=user, role="administrator", area=country.lorestan, valid=DateRange(None, None)
    )
    return user


def test_a_province_administrator_sees_only_the_province(
    cast: Cast, as_user: SignIn, country: Country
) -> None:
    browser = as_user(_administrator_of(country))

    page = browser.get("/users/").content.decode()
    foreign = browser.get(f"/users/{cast.tehran_clerk.id}/")

    assert "lorestan_clerk" in page
    assert "tehran_clerk" not in page
    assert foreign.status_code == 404


def test_a_province_administrator_cannot_give_away_another_province(
    cast: Cast, as_user: SignIn, country: Country
) -> None:
    browser = as_user(_administrator_of(country))

    browser.post(f"/users/{cast.outsider.id}/", {"role": "clerk", "area": "p23"})

    assert not Grant.objects.filter(user=cast.outsider).exists()


def test_an_auditor_reads_the_trail(
    cast: Cast, as_user: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    audit.record("people.open", actor=cast.tehran_clerk.id, purpose="بررسی")
    browser = as_user(cast.auditor)

    with django_assert_max_num_queries(8):
        page = browser.get("/audit/").content.decode()

    assert "tehran_clerk" in page
    assert "مشاهده پرونده" in page
    assert "people.open" not in page


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_verifying_the_chain_is_a_job_with_a_result(cast: Cast, as_user: SignIn) -> None:
    audit.record("people.open", actor=None)

    answer = as_user(cast.auditor).post("/audit/verify/", follow=True)

    job = Job.objects.get(kind="audit.verify")
    assert job.state == JobState.DONE
    assert job.result is not None
    assert job.result["faults"] == 0
    assert "ایرادهای یافته" in answer.content.decode()
    assert "faults" not in answer.content.decode()


def test_somebody_elses_job_does_not_exist(cast: Cast, as_user: SignIn) -> None:
    job = jobs.start("audit.seal", actor=cast.auditor.id)

    answer = as_user(cast.tehran_lead).get(f"/jobs/{job.id}/")

    assert answer.status_code == 404


def test_roles_are_shown_to_everybody(cast: Cast, as_user: SignIn) -> None:
    assert as_user(cast.outsider).get("/roles/").status_code == 200


def test_only_who_started_a_job_may_stop_it(cast: Cast, as_user: SignIn) -> None:
    job = jobs.start("audit.seal", actor=cast.tehran_lead.id)

    answer = as_user(cast.auditor).post(f"/jobs/{job.id}/cancel/")

    assert answer.status_code == 404
    assert not Job.objects.get(id=job.id).cancel_asked


def test_a_grant_that_ended_gives_no_hold_over_a_user(
    cast: Cast, as_user: SignIn, country: Country
) -> None:
    Grant.objects.create(
        user=cast.national_director, role="clerk", area=country.lorestan,
        valid=DateRange(dt.date(2019, 1, 1), dt.date(2020, 1, 1)),
    )  # fmt: skip

    answer = as_user(_administrator_of(country)).get(f"/users/{cast.national_director.id}/")

    assert answer.status_code == 404


def test_the_nations_seals_are_not_told_to_a_province(
    cast: Cast, as_user: SignIn, country: Country
) -> None:
    auditor = User.objects.create_user("lorestan_auditor", "a long password")
    Grant.objects.create(
        user=auditor, role="auditor", area=country.lorestan, valid=DateRange(None, None)
    )

    answer = as_user(auditor).get("/audit/")

    assert answer.context["state"] is None


def test_the_seed_of_a_second_factor_lies_sealed(cast: Cast) -> None:
    totp = TOTP.activate(cast.auditor, "JBSWY3DPEHPK3PXP")

    stored = str(Authenticator.objects.get(id=totp.instance.id).data)

    assert "JBSWY3DPEHPK3PXP" not in stored
    assert totp.validate_code(format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", now_counter())))


def test_second_factors_move_to_the_newest_key(cast: Cast, data_key: UseKey) -> None:
    data_key("1:old")
    totp = TOTP.activate(cast.auditor, "JBSWY3DPEHPK3PXP")
    data_key("2:new,1:old")

    counts = list(rotation.reseal(10))

    data_key("2:new")
    after = Authenticator.objects.get(id=totp.instance.id)
    assert counts == [1]
    assert rotation.left() == {2: 1}
    assert TOTP(after).validate_code(
        format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", now_counter()))
    )
