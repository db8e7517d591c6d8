"""Public answers kept ready: made once for each state of the releases, then only sent.

The same bytes are sent to everybody: no cookie, no session, no language but that of the address.
Each process keeps its own and looks every few seconds whether something was published since.
"""

import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

from pooshesh.public import queries

PREFIX = "/open/"
LOOK = 2.0  # seconds between two looks
MOST = 64 * 1024 * 1024  # bytes kept
AGE = 300  # seconds a browser or a proxy may keep an answer
#: Ids of drawings differ each time a page is made; numbered, a page is the same in every process.
_ID = re.compile(rb'(?<=[" ])[td][0-9a-f]{8}(?=[" ])')


@dataclass(frozen=True)
class Answer:
    """An answer as it is sent."""

    version: object
    headers: tuple[tuple[str, str], ...]
    body: bytes
    etag: str
    modified: int | None


class Kept:
    """Sends what is kept, and keeps what was made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.answers: OrderedDict[str, Answer] = OrderedDict()
        self.size = 0
        self.version: tuple[object, int | None] = (None, None)
        self.looked = float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not path.startswith(PREFIX) or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        version = self._look()
        found = self.answers.get(path)
        if found is None or found.version != version:
            answer = self.get_response(request)
            if answer.status_code != 200 or not isinstance(answer, HttpResponse):
                return answer
            found = self._keep(path, answer, version)
        return _sent(request, found)

    def _look(self) -> object:
        now = time.monotonic()
        if now - self.looked >= LOOK:
            releases, corrected, last = queries.version()
            self.version = (
                (releases, corrected, last), int(last.timestamp()) if last else None
            )  # fmt: skip
            self.looked = now
        return self.version[0]

    def _keep(self, path: str, answer: HttpResponse, version: object) -> Answer:
        body = answer.content
        if answer.headers["Content-Type"].startswith("text/html"):
            body = _numbered(body)
        etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
        modified = self.version[1]
        left_out = ("Vary", "Set-Cookie", "Content-Length", "Expires", "Cache-Control")
        headers = [(k, v) for k, v in answer.headers.items() if k not in left_out]
        headers += [
            ("Cache-Control", f"public, max-age={AGE}"), ("ETag", etag),
            ("Content-Length", str(len(body))),
        ]  # fmt: skip
        if modified is not None:
            headers.append(("Last-Modified", http_date(modified)))
        made = Answer(version, tuple(headers), body, etag, modified)
        before = self.answers.pop(path, None)
        self.size += len(body) - (len(before.body) if before else 0)
        self.answers[path] = made
        while self.size > MOST and len(self.answers) > 1:
            self.size -= len(self.answers.popitem(last=False)[1].body)
        return made


def _numbered(body: bytes) -> bytes:
    numbers = count(1)
    seen: dict[bytes, bytes] = {}
    return _ID.sub(lambda m: seen.setdefault(m[0], b"i%d" % next(numbers)), body)


def _sent(request: HttpRequest, kept: Answer) -> HttpResponseBase:
    asked = request.META.get("HTTP_IF_NONE_MATCH") or request.META.get("HTTP_IF_MODIFIED_SINCE")
    answer = HttpResponse(kept.body)
    for name, value in kept.headers:
        answer.headers[name] = value
    if asked:
        found = get_conditional_response(request, kept.etag, kept.modified, answer)
        return found if found is not None else answer
    return answer
