"""The context processor of the shell."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from pooshesh.web.registry import menu_for


def shell(request: HttpRequest) -> dict[str, Any]:
    """`synthetic`: whether to say that the data are made up; `menu`: who is signed in may go."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "synthetic": settings.POOSHESH_SYNTHETIC,
        "menu": menu_for(user) if signed_in else [],
    }
