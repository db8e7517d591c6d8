"""What every page right of access begins with: who asks, and whether the page exists for them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from pooshesh.access.models import User

Page = Callable[..., HttpResponseBase]


class SignedIn(HttpRequest):
    """A request behind `SignedInByDefault`: its user is always one of ours."""

    user: User


def needs(permission: str) -> Callable[[Page], Page]:
    """Show a page only to who holds a permission; to others it does not exist."""

    def wrap(page: Page) -> Page:
        @wraps(page)
        def guarded(request: SignedIn, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.may(permission):
                raise Http404
            return page(request, *args, **kwargs)

        return guarded

    return wrap
