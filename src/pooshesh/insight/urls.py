from django.urls import path

from pooshesh.insight import pages

app_name = "insight"
urlpatterns = [
    path("figures/book/", pages.book, name="book"),
    path("figures/of/<slug:code>/", pages.indicator, name="indicator"),
    path("figures/at/<path:reference>/rows/", pages.rows, name="rows"),
    path("figures/at/<path:reference>/", pages.figure, name="figure"),
    path("figures/months/", pages.months, name="months"),
    path("figures/months/<slug:code>/", pages.month, name="month"),
    path("figures/months/<slug:code>/count/", pages.count, name="count"),
    path("figures/checks/", pages.check_list, name="checks"),
    path("figures/checks/run/", pages.run_checks, name="run_checks"),
    path("figures/checks/<slug:code>/", pages.check, name="check"),
    path("figures/corrections/", pages.corrections, name="corrections"),
]
