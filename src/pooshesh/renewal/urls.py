"""Addresses of renewal."""

from django.urls import URLPattern

app_name = "renewal"
urlpatterns: list[URLPattern] = []
