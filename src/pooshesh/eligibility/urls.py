"""Addresses of eligibility."""

from django.urls import path

from pooshesh.eligibility import api_pages, pages

app_name = "eligibility"
urlpatterns = [
    path("api/eligibility/", api_pages.check, name="api"),  # first: asked most of all
    path("check/", pages.check, name="check"),
    path("passes/", pages.pass_list, name="passes"),
    path("passes/new/", pages.pass_new, name="pass_new"),
    path("passes/<uuid:pass_id>/", pages.one_pass, name="pass"),
    path("passes/<uuid:pass_id>/revoke/", pages.pass_revoke, name="pass_revoke"),
]
