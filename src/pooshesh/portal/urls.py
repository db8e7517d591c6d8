"""Addresses of the portal."""

from django.urls import path

from pooshesh.portal import my_pages, sign_pages

app_name = "portal"
urlpatterns = [
    path("my/", sign_pages.enter, name="enter"),
    path("my/code/", sign_pages.code, name="code"),
    path("my/out/", sign_pages.leave, name="leave"),
    path("my/file/", my_pages.file, name="file"),
    path("my/readers/", my_pages.readers, name="readers"),
    path("my/messages/", my_pages.messages, name="messages"),
]
