"""Residents' voice in the browser: reported on a telephone, answered, read with the code."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pooshesh.conftest import Cast, Country
from pooshesh.network.models import Report
from tests.conftest import Open, overflows, serious

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

SAID = "درمانگاه محله دو ماه است که پزشک ندارد"


def sound(page: Page, name: str) -> None:
    """Nothing is too wide or out of reach; a screenshot, where a folder for them was named."""
    if folder := os.environ.get("POOSHESH_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert not overflows(page)
    assert serious(page) == []


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()


def test_a_resident_reports_on_a_telephone_and_reads_the_clerks_answer(
    browse: Open, cast: Cast, country: Country
) -> None:
    phone = browse(None, "/voice/", width=390)
    sound(phone, "voice-390")
    phone.get_by_role("link", name="چیزی کم است").click()
    phone.get_by_label("محله شما").fill("دروازه")
    press(phone, "جست‌وجو")
    sound(phone, "voice-place-390")
    phone.get_by_role("link", name="دروازه‌غار").click()
    phone.get_by_label("چه کم است").select_option("staff")
    phone.get_by_label("به زبان خودتان").fill(SAID)
    phone.get_by_label("تلفن شما، اگر می‌خواهید تماس بگیریم").fill("۰۹۱۲۰۰۰۰۰۰۰")
    sound(phone, "voice-say-390")
    press(phone, "فرستادن")
    expect(phone.get_by_text("کد پیگیری شما")).to_be_visible()
    sound(phone, "voice-code-390")
    code = phone.locator(".tracking-code").inner_text()

    page = browse(cast.tehran_clerk, "/reports/")
    sound(page, "reports-1280")
    press(page, "گزارش بعدی")
    expect(page.get_by_text(SAID).first).to_be_visible()
    sound(page, "report-1280")
    page.get_by_label("پاسخ آماده").select_option("registered")
    press(page, "پاسخ دادن")
    expect(page.get_by_text("پاسخ داده شد")).to_be_visible()

    phone.get_by_role("link", name="خواندن پاسخ").click()
    phone.get_by_label("کد پیگیری").fill(code)
    press(phone, "نمایش")
    expect(phone.get_by_text("این کاستی ثبت شد")).to_be_visible()
    sound(phone, "voice-status-390")

    assert Report.objects.get().state == "answered"
    assert phone.get_by_text(SAID).count() == 0
