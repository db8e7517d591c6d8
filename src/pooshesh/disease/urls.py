"""Addresses of diseases, packages, diagnoses and tags."""

from django.urls import path

from pooshesh.disease import pages

app_name = "disease"
urlpatterns = [
    path("diseases/", pages.diseases, name="diseases"),
    path("diseases/<slug:code>/", pages.disease, name="disease"),
]
