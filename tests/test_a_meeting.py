"""A meeting from planning to signed minutes, in the browser: its secretary and a member."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pooshesh.conftest import Cast
from pooshesh.kernel.calendar import format_jalali
from pooshesh.meetings.models import Decision, Session, Signature
from pooshesh.meetings.tests.conftest import *  # noqa: F403 - the working group
from pooshesh.meetings.tests.conftest import Bring, Group
from tests.conftest import Open, overflows, serious

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()


#: The votes of all, and their count before the answer has come.
PRESS_BOTH = """() => {
  document.querySelector('button[value="all:for"]').click();
  document.querySelector('button[value="count"]').click();
}"""


def keep(page: Page, name: str) -> None:
    """A screenshot, where a folder for them was named."""
    import os

    if folder := os.environ.get("POOSHESH_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_secretary_holds_a_meeting_and_a_member_votes_and_signs(
    browse: Open, cast: Cast, group: Group, bring: Bring
) -> None:
    bring("گزارش محلات بدون حامی")
    bring("خرید خدمات از شرکت یکی از اعضا", urgent=True)
    page = browse(cast.secretary, f"/meetings/bodies/{group.body.pk}/plan/")
    soon = timezone.localdate() + dt.timedelta(days=1)
    page.get_by_label("تاریخ").first.fill(format_jalali(soon))
    page.get_by_label("زمان").fill("۱۴:۳۰")
    page.get_by_label("محل", exact=True).fill("سالن جلسات")
    press(page, "ذخیره")

    press(page, "دعوت")
    press(page, "آغاز جلسه")
    for code in ("interior", "relief", "welfare"):
        press(page, f"آمد: {group.members[code].name}")
        expect(page.get_by_role("button", name=f"رفت: {group.members[code].name}")).to_be_visible()
    page.get_by_text("بیشتر", exact=True).first.click()
    page.get_by_label("عضو", exact=True).select_option(label=group.members["relief"].name)
    page.get_by_label("چه منافعی").fill("سهام‌دار شرکت است")
    press(page, "ثبت تعارض منافع")
    expect(page.get_by_text("سهام‌دار شرکت است")).to_be_visible()
    page.get_by_label("همه موضوع‌های در انتظار تصمیم، در یک رأی‌گیری").check()
    page.get_by_label("متن پیشنهاد").fill("هر دو موضوع تصویب شود")
    press(page, "رأی‌گیری")
    expect(page.get_by_role("button", name="شمارش آرا")).to_be_visible()
    keep(page, "session-voting-1280")
    assert serious(page) == []
    session = Session.objects.get()

    phone = browse(cast.member, f"/meetings/sessions/{session.pk}/", width=390)
    press(phone, "موافق")
    expect(phone.get_by_role("button", name="موافق", pressed=True)).to_be_visible()
    keep(phone, "session-member-390")
    assert not overflows(phone)
    assert serious(phone) == []

    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    page.evaluate(PRESS_BOTH)
    expect(page.get_by_role("button", name=re.compile("موافق$"), pressed=True)).to_have_count(3)
    assert len(sent) == 1  # what is pressed while a vote is on its way does not overtake it
    press(page, "شمارش آرا")
    expect(page.get_by_text("تصویب شد", exact=True)).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    keep(page, "session-open-390")
    assert not overflows(page)
    press(page, "پایان جلسه")
    page.get_by_role("link", name="صورت‌جلسه").first.click()
    for code in ("interior", "relief"):
        press(page, f"بر کاغذ امضا کرد: {group.members[code].name}")
        expect(page.get_by_text("امضا شد.")).to_be_visible()

    phone.goto(f"/meetings/sessions/{session.pk}/minutes/")
    press(phone, "امضای صورت‌جلسه")
    expect(phone.get_by_text("صورت‌جلسه امضا شد")).to_be_visible()
    keep(phone, "minutes-390")
    assert not overflows(phone)
    printed = phone.request.get(f"/meetings/sessions/{session.pk}/minutes.pdf")

    assert printed.body().startswith(b"%PDF-")
    assert set(Decision.objects.values_list("matter__urgent", "outcome")) == {
        (True, "no_quorum"), (False, "carried"),
    }  # fmt: skip
    assert Signature.objects.count() == 3
    session.refresh_from_db()
    assert session.state == "signed"
