"""Addresses of the portal."""

from django.urls import path

from pooshesh.portal import desk_pages, my_pages, sign_pages

app_name = "portal"
urlpatterns = [
    path("my/", sign_pages.enter, name="enter"),
    path("my/code/", sign_pages.code, name="code"),
    path("my/out/", sign_pages.leave, name="leave"),
    path("my/file/", my_pages.file, name="file"),
    path("my/readers/", my_pages.readers, name="readers"),
    path("my/messages/", my_pages.messages, name="messages"),
    path("portal/mandates/", desk_pages.mandate_list, name="mandates"),
    path("portal/mandates/of/<uuid:person_id>/", desk_pages.mandate_new, name="mandate_new"),
    path("portal/mandates/<uuid:mandate_id>/", desk_pages.mandate, name="mandate"),
    path("portal/words/", desk_pages.templates, name="templates"),
    path("portal/words/<slug:event>/", desk_pages.template, name="template"),
]
