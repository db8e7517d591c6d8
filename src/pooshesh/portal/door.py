"""What every page of a patient begins with: the visit in this browser's session, and no more."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from pooshesh.portal import drafts, visits
from pooshesh.portal.models import Visit
from pooshesh.web.limits import too_many

BRINGS, BRING_WINDOW = 100, 3600  # of one address in so many seconds; networks share theirs
VISIT, CODE, ENDED = "portal.visit", "portal.code", "portal.ended"


class Visited(HttpRequest):
    """A request within a visit; whose user, if any, plays no part."""

    visit: Visit


Page = Callable[..., HttpResponseBase]


def visited(page: Page) -> Page:
    """Show a page within a visit only; when it has ended, keep what was typed and say so."""

    @wraps(page)
    def guarded(request: Visited, *args: Any, **kwargs: Any) -> HttpResponseBase:
        visit_id = known(request, VISIT)
        if visit_id is None:
            return redirect("portal:enter")
        visit = visits.seen(visit_id)
        if visit is None:
            return _ended(request, visit_id)
        request.visit = visit
        return page(request, *args, **kwargs)

    return never_cache(guarded)


def known(request: HttpRequest, name: str) -> UUID | None:
    """An id this browser's session holds."""
    held = request.session.get(name)
    return UUID(held) if held else None


def brings_too_much(request: HttpRequest) -> bool:
    """Whether documents came without end from here."""
    return too_many(request, "portal.bring", BRINGS, BRING_WINDOW)


def let_in(request: HttpRequest, visit: Visit) -> None:
    """Let this browser be in a visit, under a session key that nobody knew before."""
    request.session.pop(CODE, None)
    request.session.cycle_key()
    request.session[VISIT] = str(visit.pk)


def put_out(request: HttpRequest) -> None:
    """Let this browser be in no visit."""
    request.session.pop(VISIT, None)
    request.session.cycle_key()


def _ended(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Leads to where it is said that the visit has ended; what was sent is kept for the next."""
    kept = request.method == "POST" and drafts.keep(visit_id, request.path, request.POST)
    put_out(request)
    request.session[ENDED] = {"kept": kept, "files": bool(request.FILES)}
    return redirect("portal:ended")
