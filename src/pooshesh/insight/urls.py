from django.urls import path

from pooshesh.insight import pages

app_name = "insight"
urlpatterns = [
    path("figures/book/", pages.book, name="book"),
    path("figures/of/<slug:code>/", pages.indicator, name="indicator"),
    path("figures/at/<path:reference>/", pages.figure, name="figure"),
]
