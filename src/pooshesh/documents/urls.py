"""Addresses of documents."""

from django.urls import path

from pooshesh.documents import pages

app_name = "documents"
urlpatterns = [path("documents/<uuid:document_id>/", pages.document, name="document")]
