"""Every page asks for sign-in unless it says otherwise."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

OPEN = ("/accounts/", "/static/", "/i18n/", "/health/")


class SignedInByDefault:
    """A forgotten check then shows the sign-in page instead of somebody's record."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated or request.path.startswith(OPEN):
            return self.get_response(request)
        return redirect_to_login(request.get_full_path())
