"""A real Chromium for the web tests; pages are given as text, static files from their folders."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

from pooshesh import browser

ORIGIN = "http://web.test"
PATIENCE = 5_000  # milliseconds until a step has failed

OpenPage = Callable[[str, int], Page]


@pytest.fixture(scope="session")
def chromium() -> Browser:
    """The browser."""
    return browser.chromium()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """`open_page(html, width)` shows a page of that text; nothing is fetched from anywhere."""
    context = chromium.new_context()

    def show(html: str, width: int) -> Page:
        def answer(route: Route) -> None:
            path = route.request.url.removeprefix(ORIGIN)
            static = path.startswith("/static/") and finders.find(path.removeprefix("/static/"))
            if static:
                route.fulfill(path=static)
            elif path == "/":
                route.fulfill(
                    body=html,
                    content_type="text/html; charset=utf-8",
                    headers={"Content-Security-Policy": "default-src 'self'; img-src 'self' data:"},
                )
            elif "hx-request" in route.request.headers:  # a job asks how far it is: no news
                route.fulfill(status=204)
            else:
                route.fulfill(status=404)

        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.set_viewport_size({"width": width, "height": 900})
        page.route("**/*", answer)
        page.goto(ORIGIN + "/")
        return page

    yield show
    context.close()
