"""`./pooshesh up --check`: sign in as every role over HTTP and read every page of its menu."""

import html
import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request

from pooshesh.demo import accounts
from pooshesh.operations import say

LINK = re.compile(r'<a[^>]+href="(/[^"]*)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """A browser without a screen."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )

    def get(self, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        """(status, text) of a page; `data` is posted."""
        body = urllib.parse.urlencode(data).encode() if data else None
        request = urllib.request.Request(  # noqa: S310 - our own address
            self.address + path, body, {"Referer": self.address + path}
        )
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")

    def sign_in(self, username: str, password: str) -> bool:
        """Fill the sign-in form; whether it let us in."""
        token = TOKEN.search(self.get("/accounts/login/")[1])
        if not token:
            return False
        _, page = self.get(
            "/accounts/login/",
            {"csrfmiddlewaretoken": token[1], "login": username, "password": password},
        )
        return "/accounts/logout/" in page


def menu_links(page: str) -> list[str]:
    """Addresses in the navigation of a page."""
    start = page.find('id="menu"')
    menu = page[start : page.find("</nav>", start)]
    return sorted({html.unescape(link) for link in LINK.findall(menu)})


def faults_of(status: int, page: str) -> str:
    """What is wrong with a page, or ""."""
    if status != 200:
        return f"status {status}"
    if '<html lang="fa" dir="rtl">' not in page:
        return "is not in Persian, right to left"
    if "<h1>" not in page:
        return "has no heading"
    return ""


def check_pages(address: str) -> int:
    """Exit status 0 when every page of every role is as it must be."""
    wrong = 0
    for username, password, role in accounts():
        visitor = Visitor(address)
        if not visitor.sign_in(username, password):
            say(f"  FAIL {username}: cannot sign in")
            wrong += 1
            continue
        _, home = visitor.get("/")
        pages = ["/", *menu_links(home)]
        faults = {path: faults_of(*visitor.get(path)) for path in pages}
        for path, fault in faults.items():
            if fault:
                say(f"  FAIL {username} {path}: {fault}")
                wrong += 1
        say(f"  {username:12} {role:28} {len(pages)} pages")
    say("every page is as it must be" if not wrong else f"faults: {wrong}")
    return 1 if wrong else 0
