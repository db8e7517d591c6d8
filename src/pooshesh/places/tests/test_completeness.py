"""Completeness: registered beside declared where it was, and words where it was not."""

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from pooshesh.access.models import Grant, User
from pooshesh.conftest import SignIn
from pooshesh.places.actions import record_figure
from pooshesh.places.models import Area
from pooshesh.places.seed import seed_country
from pooshesh.places.tests.conftest import text


def test_completeness_sets_declared_beside_registered(db: None, as_user: SignIn) -> None:
    seed_country()
    director = User.objects.create_user("director", "a long password")
    Grant.objects.create(
        user=director, role="director", area=Area.objects.get(code="ir"),
        valid=DateRange(None, None),
    )  # fmt: skip

    page = text(as_user(director), "/places/completeness/")

    assert "۲٬۰۲۰" in page
    assert "حدود ۹۰۰" in page
    assert "۱۴۷" in page
    assert "۷٫۳٪" in page


NO_FIGURE = "برای حوزه شما چنین رقمی ثبت نشده"


@pytest.fixture
def tehran_lead(db: None) -> User:
    """Of the real province, beside the nation's published figures."""
    seed_country()
    lead = User.objects.create_user("lead", "a long password")
    tehran = Area.objects.get(code="p23")
    Grant.objects.create(user=lead, role="campaign_lead", area=tehran, valid=DateRange(None, None))
    return lead


def test_below_the_nation_completeness_says_why_nothing_is_declared(
    tehran_lead: User, as_user: SignIn
) -> None:
    page = text(as_user(tehran_lead), "/places/completeness/")

    assert NO_FIGURE in page
    assert "۲٬۰۲۰" not in page
    assert "—" not in page[page.index("<tbody>") : page.index("</table>")]


def test_a_figure_recorded_for_a_province_stands_on_its_completeness(
    tehran_lead: User, as_user: SignIn
) -> None:
    record_figure(
        area=Area.objects.get(code="p23"), name="neighbourhoods", value=260, source="گزارش",
        since=dt.date(2021, 9, 23), actor=None,
    )  # fmt: skip

    page = text(as_user(tehran_lead), "/places/completeness/")

    assert "۲۶۰" in page
    assert NO_FIGURE not in page
