"""The context processor of the shell."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from pooshesh.web.registry import menu_for


def shell(request: HttpRequest) -> dict[str, Any]:
    """`synthetic`: whether to say that the data are made up; `menu`: who is signed in may go."""
    # Refused before the session was read (a bad host name), a request has no user.
    user: Any = getattr(request, "user", None)
    return {
        "synthetic": settings.POOSHESH_SYNTHETIC,
        "menu": menu_for(user) if user and user.is_authenticated else [],
    }
