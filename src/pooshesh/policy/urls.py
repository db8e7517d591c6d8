"""Addresses of policy."""

from django.urls import path

from pooshesh.policy import pages

app_name = "policy"
urlpatterns = [
    path("rules/", pages.packs, name="packs"),
    path("rules/<str:name>/", pages.pack, name="pack"),
    path("rules/<str:name>/try/", pages.try_person, name="try"),
    path("rules/<str:name>/rule/<slug:rule>/", pages.rule, name="rule"),
]
