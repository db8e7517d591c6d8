"""Addresses of regularisation."""

from django.urls import URLPattern

app_name = "regularisation"
urlpatterns: list[URLPattern] = []
