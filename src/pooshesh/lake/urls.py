from django.urls import path

from pooshesh.lake import pages

app_name = "lake"
urlpatterns = [
    path("figures/lake/", pages.lake, name="lake"),
    path("figures/lake/export/", pages.export, name="export"),
]
