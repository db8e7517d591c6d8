"""Addresses of the public pages: Persian under /open/, English under /open/en/, all for good."""

from django.urls import URLPattern, path

from pooshesh.public import files, pages

app_name = "public"
_FIGURE = "figure/<slug:code>/<slug:area>/<str:span>/"


def _in(language: str, prefix: str, suffix: str) -> list[URLPattern]:
    given = {"language": language}
    return [
        path(f"{prefix}", pages.home, given, name=f"home{suffix}"),
        path(f"{prefix}table/<slug:code>/", pages.table, given, name=f"table{suffix}"),
        path(f"{prefix}table/<slug:code>/<str:month>/", pages.table, given, name=f"month{suffix}"),
        path(f"{prefix}{_FIGURE}", pages.figure, given, name=f"figure{suffix}"),
        path(f"{prefix}{_FIGURE}r<int:number>/", pages.figure, given, name=f"kept{suffix}"),
        path(f"{prefix}{_FIGURE}<str:group>/", pages.figure, given, name=f"group{suffix}"),
        path(f"{prefix}{_FIGURE}<str:group>/r<int:number>/", pages.figure, given,
             name=f"group_kept{suffix}"),
        path(f"{prefix}corrections/", pages.corrections, given, name=f"corrections{suffix}"),
        path(f"{prefix}rights/", pages.rights, given, name=f"rights{suffix}"),
        path(f"{prefix}covered/", pages.covered, given, name=f"covered{suffix}"),
        path(f"{prefix}data/", pages.data, given, name=f"data{suffix}"),
    ]  # fmt: skip


urlpatterns = [
    *_in("fa", "open/", ""),
    *_in("en", "open/en/", "_en"),
    path("open/data/datapackage.json", files.package, name="package"),
    path("open/data/<str:name>", files.data, name="file"),
]
