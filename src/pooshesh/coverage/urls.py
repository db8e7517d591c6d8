"""Addresses of coverage."""

from django.urls import path

from pooshesh.coverage import pages

app_name = "coverage"
urlpatterns = [path("cover/<uuid:spell_id>/undo/", pages.undo, name="undo")]
