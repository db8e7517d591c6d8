"""Addresses of the network."""

from django.urls import path

from pooshesh.network import pages

app_name = "network"
urlpatterns = [
    path("gaps/", pages.gap_list, name="gaps"),
    path("gaps/new/", pages.gap_new, name="gap_new"),
    path("gaps/<uuid:gap_id>/", pages.gap, name="gap"),
    path("gaps/<uuid:gap_id>/step/", pages.gap_step, name="gap_step"),
    path("load/", pages.load, name="load"),
    path("load/numbers/", pages.assumptions, name="assumptions"),
]
