"""A patient with a mobile on record, a child without one, and browsers that come in."""

import datetime as dt
import io
from collections.abc import Callable
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from pooshesh.conftest import Cast, Country
from pooshesh.disease.models import Disease
from pooshesh.disease.seed import seed as seed_diseases
from pooshesh.fund import applications
from pooshesh.fund.models import Application, Channel
from pooshesh.kernel.identifiers import national_check_digit
from pooshesh.people.actions import register_person
from pooshesh.people.models import Person, Precision
from pooshesh.people.recognition import CensusPerson
from pooshesh.places.models import Area
from pooshesh.portal import codes
from pooshesh.portal.models import Code

MOBILE = "09121110001"
SINCE = dt.date(2025, 3, 21)


def number(nine: int) -> str:
    """A national ID number with a right check digit."""
    first = f"{nine:09}"
    return f"{first}{national_check_digit(first)}"


NUMBER, CHILDS, PARENTS, NOBODYS = (number(n) for n in (408100001, 408100002, 408100003, 408100004))


def person(area: Area, national_id: str, name: str, born: dt.date, mobile: str = "") -> Person:
    """Somebody on record."""
    made = register_person(
        CensusPerson(
            row=1, first_name=name, last_name="کمالوند", birth_date=born,
            birth_precision=Precision.DAY, national_id=national_id, mobile=mobile,
        ),
        area=area, on=SINCE, actor=None,
    )  # fmt: skip
    return Person.objects.select_related("area").get(pk=made)


@pytest.fixture
def patient(country: Country) -> Person:
    return person(country.falak_ol_din, NUMBER, "گلاب", dt.date(1980, 5, 1), MOBILE)


@pytest.fixture
def child(country: Country) -> Person:
    return person(country.falak_ol_din, CHILDS, "نازنین", dt.date(2018, 5, 1), "09121110002")


def newest() -> Code:
    """The code asked for last."""
    return Code.objects.latest("made_at", "pk")


ComeIn = Callable[..., Client]


@pytest.fixture
def come_in() -> ComeIn:
    """`come_in("number", patient="…")` is a browser that came in with the code."""

    def enter(who: str, *, patient: str = "", sits: str = "patient") -> Client:
        browser = Client()
        browser.post("/my/", {"number": who, "patient": patient, "sits": sits})
        browser.post("/my/code/", {"code": codes.of(newest().pk)})
        return browser

    return enter


def visit_of(browser: Client) -> UUID:
    """The visit a browser is in."""
    return UUID(browser.session["portal.visit"])


@pytest.fixture
def sma(country: Country) -> Disease:
    """A disease of the list, with the evidence every disease asks for."""
    seed_diseases()
    return Disease.objects.get(code="SMA")


@pytest.fixture
def applied(patient: Person, sma: Disease, cast: Cast) -> Application:
    """What the desk brought for the patient."""
    return applications.apply(patient, sma, channel=Channel.DESK, actor=cast.fund_clerk.pk)


def page(shade: int = 200) -> SimpleUploadedFile:
    """A picture of a page; another shade is another page."""
    made = io.BytesIO()
    paper = Image.new("L", (60, 80), shade)
    paper.putpixel((30, 40), 0)
    paper.save(made, "PNG")
    return SimpleUploadedFile("page.png", made.getvalue(), "image/png")
