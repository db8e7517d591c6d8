"""What happens around every page: its language, and who may ask for it."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation

OPEN = (
    "/accounts/", "/static/", "/i18n/", "/health/", "/api/eligibility/", "/verify/", "/voice/",
    "/my/", "/tag/", "/wishes/", "/open/",
)  # fmt: skip


class ChosenLanguage:
    """Persian, unless the person chose English here.

    What a browser says it prefers does not count: most are installed in English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            answer = self.get_response(request)
        answer.headers.setdefault("Content-Language", language)
        return answer


class NoNullCharacters:
    """An address with a null character is refused: the database keeps none, so it asks nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "%00" in request.META["QUERY_STRING"] or "\0" in request.path:
            raise BadRequest
        return self.get_response(request)


class SignedInByDefault:
    """Every page asks for sign-in unless its address is listed as open.

    A forgotten check then shows the sign-in page instead of somebody's record.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated or request.path.startswith(OPEN):
            return self.get_response(request)
        return redirect_to_login(request.get_full_path())
