"""What a patient prints, and who may act for them, on their own pages and nobody else's."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from pooshesh.conftest import Cast, Country
from pooshesh.people.models import Person
from pooshesh.portal.models import MandateKind
from pooshesh.portal.tests.conftest import CHILDS, PARENTS, ComeIn, person
from pooshesh.portal.tests.test_mandates import given_to
from pooshesh.portal.tests.test_my_requests import OTHERS, ZAHRAS
from pooshesh.requests.tests.conftest import *  # noqa: F403 - a tagged patient, package, credit
from pooshesh.requests.tests.conftest import MILLION, Bring, line


@pytest.fixture
def browser(file: Any, credit: int, come_in: ComeIn) -> Any:
    """A patient with a tag, come in."""
    return come_in(ZAHRAS)


def test_a_decision_is_printed_by_its_patient_alone(
    browser: Any, bring: Bring, country: Country, come_in: ComeIn
) -> None:
    address = f"/my/requests/{bring(line()).pk}/letter.pdf"
    person(country.falak_ol_din, OTHERS, "دیگری", dt.date(1980, 1, 1), "09121119999")

    paper = browser.get(address)
    strangers = come_in(OTHERS).get(address).status_code

    assert paper.content.startswith(b"%PDF")
    assert strangers == 404
    assert browser.get(f"/my/appeals/{uuid4()}/letter.pdf").status_code == 404


def test_a_year_before_keeps_its_own_ceiling(browser: Any, bring: Bring) -> None:
    bring(line(10 * MILLION))

    said = browser.get("/my/money/").content.decode()

    assert "سال‌های پیش" in said
    assert "۱٬۰۰۰٬۰۰۰ تومان" in said.split("سال‌های پیش")[1]


def test_a_patient_reads_who_may_act_for_them(child: Person, cast: Cast, come_in: ComeIn) -> None:
    given_to(child, MandateKind.GUARDIAN, cast)

    page = come_in(PARENTS, patient=CHILDS).get("/my/file/").content.decode()

    assert "چه کسی می‌تواند به جای بیمار کار کند" in page


def test_what_waits_for_others_without_a_day_says_so(browser: Any, bring: Bring) -> None:
    row = bring(line())

    page = browser.get(f"/my/requests/{row.pk}/").content.decode()

    assert "روزی تعیین نشده" in page
