"""A real browser for journeys: Debian's Chromium, driven by Playwright."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from pooshesh import browser
from pooshesh.access.models import User
from pooshesh.conftest import *  # noqa: F403 - the shared cast plays here too
from pooshesh.programme.tests.conftest import *  # noqa: F403 - and a campaign
from pooshesh.programme.tests.conftest import _own_uploads  # noqa: F401

# Playwright's sync API runs a loop of its own; Django would take it for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Browser:
    """The browser, once there is a database."""
    return browser.chromium()


Open = Callable[..., Page]


@pytest.fixture
def browse(chromium: Browser, live_server: Any) -> Iterator[Open]:
    """`browse(user, "/path")` is a page of the running product, signed in as `user`.

    `width` is the window's in px. Any error in the page's console fails the test, but for a page
    that does not exist: browsers report its status there.
    """
    contexts, errors = [], []
    opened: set[str] = set()

    def report(message: ConsoleMessage) -> None:
        missing = message.text.endswith("status of 404 (Not Found)")
        cut = message.text.endswith("net::ERR_INTERNET_DISCONNECTED")  # by the test itself
        if cut or (missing and message.location["url"] in opened):
            return
        if message.type == "error":
            errors.append(message.text)

    def note(request: Request) -> None:
        if request.is_navigation_request():
            opened.add(request.url)

    def open_page(user: User | None, path: str, *, width: int = 1280, lang: str = "fa") -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 800}, locale=lang
        )
        contexts.append(context)
        cookies = [{"name": "django_language", "value": lang, "url": live_server.url}]
        if user:
            client = Client()
            client.force_login(user)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            cookies.append(
                {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
            )
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", note)
        page.on("console", report)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def serious(page: Page, *rules: str) -> list[str]:
    """Serious and critical findings of axe on a page, with the element of each; of some rules."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def overflows(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
