"""What the phone asks for: the app itself, its alleys, and where it sends what was written."""

import datetime as dt
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.census import jpeg, queries, receiving, shell
from pooshesh.census.models import Alley
from pooshesh.kernel.errors import Invalid, explain, gettext_noop

Page = Callable[..., HttpResponseBase]
MOST_BYTES = 1_000_000  # of a batch
FIRST_YEAR = 1970  # of any phone's clock; a moment long before cannot be read back

explain({"field.request": gettext_noop("What was sent cannot be read: %(read)s.")})


def told(page: Page) -> Page:
    """Refusals as JSON with their sentence, which the phone shows."""

    @wraps(page)
    def guarded(request: SignedIn, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return page(request, *args, **kwargs)
        except Invalid as error:
            return JsonResponse({"code": error.code, "sentence": error.message()}, status=400)

    return guarded


@require_safe
@needs("census.collect")
def field(request: SignedIn) -> HttpResponse:
    """The census on a phone; works without a network once it was opened."""
    return render(request, "census/field.html", shell.context())


@require_safe
@needs("census.collect")
def worker(request: SignedIn) -> HttpResponse:
    """The service worker of the phone's app, which keeps the app on the phone."""
    answer = HttpResponse(shell.worker(), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = reverse("census:field")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
@needs("census.collect")
def manifest(request: SignedIn) -> JsonResponse:
    """What the phone must know to install the app."""
    here = reverse("census:field")
    icon = {"src": static("web/icon.svg"), "type": "image/svg+xml", "sizes": "any"}
    return JsonResponse(
        {
            "name": _("Census on a phone"), "short_name": _("Census"), "lang": "fa", "dir": "auto",
            "start_url": here, "scope": here, "id": here, "display": "standalone",
            "background_color": "#f3f5f7", "theme_color": "#074850",
            "icons": [{**icon, "purpose": "any"}],
        },
        content_type="application/manifest+json",
    )  # fmt: skip


@never_cache
@require_safe
@needs("census.collect")
def state(request: SignedIn) -> JsonResponse:
    """Who is signed in, which alleys they hold, and what a phone must send along."""
    alleys = list(queries.given(request.user))
    stamps = queries.stamps(alleys)
    device = _uuid(request.GET.get("device"))
    mine = queries.my_device(request.user, device) if device else None
    return JsonResponse(
        {
            "user": {"id": request.user.id, "name": str(request.user)},
            "csrf": get_token(request),
            "today": timezone.localdate(),
            "device": mine and {"revoked": mine.revoked_at is not None},
            "alleys": [_alley(one, stamps.get(one.id, "")) for one in alleys],
        }
    )


def _alley(one: Alley, stamp: str) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.name, "zone": one.zone.name, "expected": one.expected,
        "round": one.round.name, "area": str(one.round.area),
        "until": one.round.during.upper - dt.timedelta(1), "stamp": stamp,
    }  # fmt: skip


@never_cache
@require_safe
@needs("census.collect")
def alley(request: SignedIn, alley_id: UUID) -> JsonResponse:
    """The households of an alley the worker holds.

    Only for a phone that is not lost.
    """
    device = _uuid(request.GET.get("device"))
    mine = queries.my_device(request.user, device) if device else None
    if mine is None or mine.revoked_at:
        raise Http404
    try:
        held = queries.held_in(request.user, alley_id)
    except Alley.DoesNotExist:
        raise Http404 from None
    return JsonResponse(
        {"households": [{"id": h.id, "revision": h.revision, "content": h.content} for h in held]}
    )


@require_POST
@needs("census.collect")
@told
def device(request: SignedIn) -> JsonResponse:
    """Set up a phone: its id, and a secret that is given this once."""
    name = _json(request).get("name")
    made, secret = receiving.register_device(
        request.user, str(name or _("Phone"))[:80].strip() or _("Phone")
    )
    return JsonResponse({"id": made.id, "secret": secret})


@require_POST
@needs("census.collect")
@told
def sync(request: SignedIn) -> JsonResponse:
    """A batch of households from a phone; an answer for each."""
    body = _json(request)
    sent = [_sent(one) for one in _list(body.get("households"))]
    found = receiving.receive(request.user, _must(_uuid(body.get("device")), "device"), sent)
    return JsonResponse({"households": [_answer(one) for one in found]})


def _answer(one: receiving.Answer) -> dict[str, Any]:
    return {
        "id": one.id, "result": one.result, "revision": one.revision, "current": one.current,
        "sentence": one.sentence,
        "faults": [{"field": f.field, "sentence": f.error.message()} for f in one.faults],
    }  # fmt: skip


@require_http_methods(["PUT"])
@needs("census.collect")
@told
def photo(request: SignedIn, photo_id: UUID) -> JsonResponse:
    """A photographed document of a household that was sent before."""
    if int(request.headers.get("Content-Length") or 0) > jpeg.MOST_BYTES:
        read = int(request.headers["Content-Length"]) // 1000
        raise Invalid("photo.large", read=read, limit=jpeg.MOST_BYTES // 1000)
    receiving.receive_photo(
        request.user,
        _must(_uuid(request.GET.get("device")), "device"),
        photo_id,
        _must(_uuid(request.GET.get("household")), "household"),
        request.body,
    )
    return JsonResponse({"kept": True})


def _json(request: SignedIn) -> dict[str, Any]:
    if len(request.body) > MOST_BYTES:
        raise Invalid("field.request", read=f"{len(request.body)} bytes")
    try:
        body = json.loads(request.body or b"{}")
    except ValueError as error:
        raise Invalid("field.request", read="JSON") from error
    if not isinstance(body, dict):
        raise Invalid("field.request", read="JSON")
    return body


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Invalid("field.request", read="households")
    return value


def _sent(one: Any) -> receiving.Sent:
    if not isinstance(one, dict):
        raise Invalid("field.request", read="households")
    base = one.get("base", 0)
    if not isinstance(base, int) or not 0 <= base < 2**31:
        raise Invalid("field.request", read="base")
    try:
        at = parse_datetime(str(one.get("entered_at")))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at.year < FIRST_YEAR:
        raise Invalid("field.request", read="entered_at")
    return receiving.Sent(
        _must(_uuid(one.get("id")), "id"), _must(_uuid(one.get("alley")), "alley"), base, at,
        one.get("content"),
    )  # fmt: skip


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _must(value: UUID | None, name: str) -> UUID:
    if value is None:
        raise Invalid("field.request", read=name)
    return value
