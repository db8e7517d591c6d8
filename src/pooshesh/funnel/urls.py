from django.urls import path

from pooshesh.funnel import pages

app_name = "funnel"
urlpatterns = [
    path("fund/funnel/", pages.board, name="board"),
    path("fund/funnel/rows/", pages.rows, name="rows"),
    path("fund/funnel/credit/", pages.credit, name="credit"),
    path("fund/funnel/diseases/", pages.diseases, name="diseases"),
    path("fund/funnel/deciles/", pages.deciles, name="deciles"),
    path("fund/funnel/meetings/", pages.meetings, name="meetings"),
    path("fund/funnel/reported/", pages.as_reported, name="reported"),
    path("fund/funnel/simulator/", pages.simulator, name="simulator"),
]
