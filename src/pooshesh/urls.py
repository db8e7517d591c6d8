"""Every address of the product."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from pooshesh.kernel.pages import health
from pooshesh.web import pages

urlpatterns = [
    path("", include("pooshesh.eligibility.urls")),  # first: programs ask it more than all pages
    path("", pages.home, name="home"),
    path("health/", health, name="health"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("pooshesh.access.urls")),
]
for room in settings.ROOMS:
    if room not in ("eligibility", "access") and find_spec(f"pooshesh.{room}.urls"):
        urlpatterns.append(path("", include(f"pooshesh.{room}.urls")))
if settings.POOSHESH_SYNTHETIC:
    urlpatterns.append(path("style/", pages.style, name="style"))
