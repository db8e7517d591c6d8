"""The shell around every page, the error pages, sign-in."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.template import engines
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from pooshesh.conftest import Cast, SignIn
from pooshesh.kernel.messages import untranslated
from pooshesh.kernel.models import Job, JobState
from pooshesh.kernel.money import Rial
from pooshesh.web.progress import JobView


def rendered(source: str, **context: object) -> str:
    with override("fa"):
        return engines["django"].from_string("{% load pooshesh %}" + source).render(context)


def test_the_style_page_works_for_somebody_signed_in(cast: Cast, as_user: SignIn) -> None:
    response = as_user(cast.lorestan_clerk).get("/style/")

    text = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="fa" dir="rtl">' in text
    assert "داده‌های ساختگی" in text
    assert "lorestan_clerk" in text


def test_english_reads_left_to_right(cast: Cast, as_user: SignIn) -> None:
    browser = as_user(cast.lorestan_clerk)

    browser.post("/i18n/setlang/", {"language": "en", "next": "/style/"})

    assert '<html lang="en" dir="ltr">' in browser.get("/style/").content.decode()


def test_real_data_carry_no_band(cast: Cast, as_user: SignIn, settings: LazySettings) -> None:
    settings.POOSHESH_SYNTHETIC = False

    assert "داده‌های ساختگی" not in as_user(cast.auditor).get("/").content.decode()


def test_the_policy_allows_nothing_inline(cast: Cast, as_user: SignIn) -> None:
    response = as_user(cast.auditor).get("/style/")

    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe-inline" not in response["Content-Security-Policy"]


def test_somebody_without_a_role_is_told_so(cast: Cast, as_user: SignIn) -> None:
    assert "هیچ نقش معتبری ندارید" in as_user(cast.outsider).get("/").content.decode()


def test_a_wrong_address_is_answered_in_persian(cast: Cast, as_user: SignIn) -> None:
    response = as_user(cast.auditor).get("/nowhere/")

    assert response.status_code == 404
    assert "چنین صفحه‌ای نیست" in response.content.decode()


def test_our_own_failure_is_answered_without_the_database() -> None:
    with override("fa"):
        text = engines["django"].get_template("500.html").render()

    assert "هیچ چیز نیمه‌کاره ذخیره نشد" in text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/password/reset/"])
def test_sign_in_pages_wear_the_shell(client: Client, address: str) -> None:
    text = client.get(address).content.decode()

    assert "web/app.css" in text
    assert 'class="entrance"' in text
    assert "signup" not in text


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/sessions/",
        "/accounts/2fa/",
        "/accounts/password/change/",
        "/accounts/logout/",
        "/accounts/reauthenticate/",
    ],
)
def test_account_pages_wear_the_shell(cast: Cast, as_user: SignIn, address: str) -> None:
    response = as_user(cast.auditor).get(address)

    assert response.status_code == 200
    assert "web/app.css" in response.content.decode()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/accounts/2fa/totp/activate/", '<img class="qr" src="data:image/svg+xml'),
        ("/accounts/password/change/", 'type="password"'),
    ],
)
def test_somebody_who_confirmed_their_password_changes_how_they_sign_in(
    cast: Cast, as_user: SignIn, address: str, shown: str
) -> None:
    browser = as_user(cast.auditor)
    browser.post("/accounts/reauthenticate/", {"password": "a long password"})

    text = browser.get(address).content.decode()

    assert "web/app.css" in text
    assert shown in text


def test_signing_in_leads_home(cast: Cast, client: Client) -> None:
    response = client.post("/accounts/login/", {"login": "auditor", "password": "a long password"})

    assert response.status_code == 302
    assert response["Location"] == "/"


def test_every_string_has_its_persian() -> None:
    assert untranslated("web") == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% number 53252 %}", "۵۳٬۲۵۲"),
        ("{% percent 0.234 %}", "۲۳٫۴٪"),
        ("{% jdate day %}", "۱۴۰۰/۱۱/۲۲"),
        ("{% jdate day 'prose' %}", "۲۲ بهمن ۱۴۰۰"),
        ("{% bdi '0012345679' %}", '<bdi class="id" dir="ltr">0012345679</bdi>'),
        ("{% share 3 4 %}", '<span class="number">۷۵٫۰٪</span> <span class="soft">(۳ از ۴)</span>'),
    ],
)
def test_values_are_written_as_the_language_writes_them(source: str, expected: str) -> None:
    assert rendered(source, day=dt.date(2022, 2, 11)) == expected


def test_an_amount_says_itself_in_words() -> None:
    html = rendered("{% money amount %}", amount=Rial(12_000_000))

    assert "۱۲٬۰۰۰٬۰۰۰ ریال" in html
    assert 'title="دوازده میلیون ریال (یک میلیون و دویست هزار تومان)"' in html


def test_nothing_recorded_is_a_dash_with_words() -> None:
    assert "ثبت نشده" in rendered("{% number none %}{% money none %}{% jdate none %}")


@pytest.mark.parametrize(
    "source",
    ["{% bdi x %}", "{% state x %}", "{% figure x x x x %}", "{% breadcrumbs x x %}"],
)
def test_a_tag_escapes_what_it_is_given(source: str) -> None:
    assert "<script" not in rendered(source, x="<script>alert(1)</script>")


def job_card(**facts: object) -> str:
    job = Job(id=uuid4(), **facts)
    return rendered(
        "{% job_progress view %}", view=JobView(job, "پویش", "/job/", "/stop/", "/end/")
    )


def test_a_running_job_is_asked_again_and_can_be_stopped() -> None:
    started = timezone.now() - dt.timedelta(minutes=4)

    html = job_card(state=JobState.RUNNING, done=250, total=1000, started_at=started)

    assert 'hx-get="/job/" hx-trigger="every 1s"' in html
    assert '<progress max="1000" value="250"' in html
    assert "حدود ۱۳ دقیقه مانده" in html or "حدود ۱۲ دقیقه مانده" in html
    assert 'action="/stop/"' in html


def test_a_job_that_ended_is_not_asked_again() -> None:
    html = job_card(state=JobState.DONE, done=1000, total=1000)

    assert "hx-get" not in html
    assert 'href="/end/"' in html
    assert "/stop/" not in html


def test_a_failed_job_says_why() -> None:
    html = job_card(state=JobState.FAILED, message="<b>row 7</b>")

    assert re.search(r'role="alert">&lt;b&gt;row 7', html)


def test_a_figure_tells_much_money_in_million_rial_and_all_of_it_below() -> None:
    text = rendered('{% figure "پرداخت" paid %}', paid=Rial(23_400_000_000))

    assert ">۲۳٬۴۰۰<" in text
    assert "میلیون ریال" in text
    assert "۲۳٬۴۰۰٬۰۰۰٬۰۰۰ ریال" in text
