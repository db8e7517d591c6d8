"""In a real browser: the date dialog, the words under amounts, accessibility, a narrow phone."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.translation import override

from pooshesh.kernel import calendar, money
from pooshesh.web import pages
from pooshesh.web.tests.conftest import OpenPage

# One worker: it has the one browser.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AMOUNTS = [0, 1, 9, 10, 11, 20, 21, 100, 101, 999, 1_000, 1_001, 12_005, 1_000_000, 1_234_567,
           85_000_000_009, 10**12, 9 * 10**15 + 7, 2**63 - 1]  # fmt: skip


def style_page(lang: str) -> str:
    request = RequestFactory().get("/style/")
    request.user = AnonymousUser()
    request.session = SessionStore()
    with override(lang):
        response = pages.style(request)
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def press(page: Any, keys: list[str]) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("lang", ["fa", "en"])
def test_every_component_passes_axe_and_fits(open_page: OpenPage, lang: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(style_page(lang), width)

    found = Axe().run(page).response["violations"]
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
    assert overflow <= 0


def test_nothing_on_the_page_breaks_the_content_security_policy(open_page: OpenPage) -> None:
    page = open_page(style_page("fa"), 1280)
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(f"{message.text} {message.location['url']}")
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.reload()
    page.fill("#id_amount", "12")
    page.wait_for_timeout(1_200)  # the job on the page asks once for its progress

    assert complaints == []


@pytest.mark.parametrize(
    ("keys", "date"),
    [
        (["Enter"], "۱۳۷۰/۰۵/۱۲"),
        (["ArrowLeft", "Enter"], "۱۳۷۰/۰۵/۱۳"),
        (["ArrowRight", "Enter"], "۱۳۷۰/۰۵/۱۱"),
        (["ArrowDown", "Enter"], "۱۳۷۰/۰۵/۱۹"),
        (["ArrowUp", "Enter"], "۱۳۷۰/۰۵/۰۵"),
        (["End", "Enter"], "۱۳۷۰/۰۵/۱۸"),
        (["End", "Home", "Enter"], "۱۳۷۰/۰۵/۱۲"),
        (["PageDown", "Enter"], "۱۳۷۰/۰۶/۱۲"),
        (["PageUp", "Enter"], "۱۳۷۰/۰۴/۱۲"),
        (["Shift+PageDown", "Enter"], "۱۳۷۱/۰۵/۱۲"),
        (["ArrowLeft", "Escape"], "۱۳۷۰/۰۵/۱۲"),
    ],
)
def test_a_date_is_chosen_with_the_keyboard(
    open_page: OpenPage, keys: list[str], date: str
) -> None:
    page = open_page(style_page("fa"), 1280)
    page.locator("#id_born + button").focus()

    page.keyboard.press("Enter")
    # The day under the cursor says itself in full to a screen reader.
    opened = page.evaluate("document.activeElement.getAttribute('aria-label')")
    press(page, keys)

    assert opened == "شنبه ۱۲ مرداد ۱۳۷۰"
    assert page.input_value("#id_born") == date
    # The browser says "close" a moment after the key: the dialog goes and the focus returns then.
    page.locator("dialog").wait_for(state="detached")
    assert page.evaluate("document.activeElement.getAttribute('aria-haspopup')") == "dialog"


def test_the_calendar_agrees_with_the_kernel_on_every_year(open_page: OpenPage) -> None:
    page = open_page("<p>", 1280)
    years = range(calendar.FIRST_YEAR, calendar.LAST_YEAR + 1)

    shown = page.evaluate(
        """async (years) => {
          const { isLeap, weekday } = await import("/static/web/jalali-date.js");
          return years.map((year) => [isLeap(year), weekday({ year, month: 1, day: 1 })]);
        }""",
        list(years),
    )

    assert shown == [
        [calendar.is_leap(year), calendar.weekday(calendar.from_jalali(year, 1, 1))]
        for year in years
    ]


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_the_words_in_the_browser_are_the_words_of_the_server(
    open_page: OpenPage, lang: str
) -> None:
    page = open_page("<p>", 1280)

    said: list[str] = page.evaluate(
        """async ([amounts, lang]) => {
          const { words } = await import("/static/web/amount-words.js");
          return amounts.map((amount) => words(BigInt(amount), lang));
        }""",
        [[str(amount) for amount in AMOUNTS], lang],
    )

    assert said == [money.words(money.Rial(amount), lang) for amount in AMOUNTS]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("۱۲٬۰۰۰", "دوازده هزار ریال (یک هزار و دویست تومان)"),
        ("١٠", "ده ریال (یک تومان)"),
        ("abc", ""),
    ],
)
def test_words_follow_the_typing(open_page: OpenPage, typed: str, words: str) -> None:
    page = open_page(style_page("fa"), 1280)

    page.fill("#id_amount", typed)

    assert page.inner_text("#id_amount_words") == words


def test_fields_work_without_script(open_page: OpenPage) -> None:
    page = open_page(re.sub("<script.*?</script>", "", style_page("fa")), 390)

    page.fill("#id_born", "۲۲ بهمن ۱۳۷۰")

    assert page.locator("#id_born + button").count() == 0
    assert "دوازده میلیون و پنج ریال" in page.inner_text("#id_amount_words")
