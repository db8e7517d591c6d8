"""The journey of a reform: changed by one, seen, approved by another, decided, explained."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pooshesh.conftest import Cast, Country
from pooshesh.people import actions as people
from pooshesh.people.models import Membership, Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import ali, zahra
from pooshesh.policy import facts, queries
from pooshesh.policy.actions import Made, keep_decisions
from pooshesh.policy.models import Decision
from pooshesh.web.format import jdate
from tests.conftest import Open, overflows, serious

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
WHY = "بر پایه مصوبه تازه، دهک ششم نیز رایگان می‌شود"


@pytest.fixture
def sixth(country: Country, cast: Cast) -> Person:
    """Zahra of the sixth decile, decided about: she pays a share."""
    day = dt.date(2024, 5, 1)
    actor = cast.tehran_clerk.pk
    done = register_census([zahra(), ali()], area=country.unsponsored, on=day, actor=actor)
    person = Person.objects.get(pk=done.persons[1])
    home = Membership.objects.get(person=person).household
    people.set_decile(home, 6, source="رفاه", since=day, actor=actor)
    pack = queries.bound_pack("iran", day)
    known = facts.of_persons(pack, [person.pk]).drop("province", "sex").to_dicts()
    for_keeping = [_made(pack, row) for row in known]
    keep_decisions(pack, for_keeping, actor=None)
    return person


def _made(pack: Any, row: dict[str, Any]) -> Made:
    person = row.pop("person_id")
    return Made(person, row, pack.decide(row))


def propose(page: Page) -> str:
    """Decile 6 pays nothing from today on; the address of the version."""
    page.get_by_label("اجرا از").fill(_today())
    page.get_by_role("button", name="نمایش مقدارهای این روز").click()
    page.locator("[name=value-share_by_decile-6]").fill("۰")
    page.locator("[name=why]").fill(WHY)
    page.get_by_role("button", name="ثبت پیشنهاد").click()
    expect(page.get_by_text("نسخه پیشنهاد شد")).to_be_visible()
    return page.url


def _today() -> str:
    return jdate(timezone.localdate())


def test_a_reform_is_proposed_approved_decided_and_explained(
    browse: Open, cast: Cast, sixth: Person
) -> None:
    officer = browse(cast.policy_officer, "/rules/iran/change/")
    version = propose(officer)
    officer.goto(version)
    expect(officer.get_by_text("شما این نسخه را پیشنهاد کرده‌اید")).to_be_visible()
    expect(officer.get_by_role("button", name="تأیید")).to_have_count(0)
    moves = officer.get_by_role("table", name="شمار افراد بر پایه تصمیم پیش و پس از آن")
    expect(moves).to_be_visible()
    assert (serious(officer), overflows(officer)) == ([], False)

    director = browse(cast.national_director, version)
    director.locator("[name=answer]").fill("بودجه آن هست")
    director.get_by_role("button", name="تأیید").click()
    expect(director.get_by_text("تأیید شد؛ از")).to_be_visible()

    newest = queries.decisions_of(sixth.pk)[0]
    clerk = browse(cast.tehran_clerk, f"/persons/{sixth.pk}/")
    clerk.get_by_role("link", name="نامه به فرد").first.click()
    expect(clerk.get_by_role("heading", name="نامه تصمیم پوشش بیمه")).to_be_visible()
    expect(clerk.get_by_text("سهم حق بیمه هر دهک (۶)")).to_be_visible()

    assert newest.outcome == "enrol_free"
    assert Decision.objects.filter(person_id=sixth.pk).count() == 2
    assert str(newest.pk) in clerk.url
    assert (serious(clerk), overflows(clerk)) == ([], False)
