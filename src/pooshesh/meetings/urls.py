"""Addresses of meetings."""

from django.urls import path

from pooshesh.meetings import pages, session_pages

app_name = "meetings"
urlpatterns = [
    path("meetings/", pages.body_list, name="bodies"),
    path("meetings/new/", pages.new_body, name="new_body"),
    path("meetings/mine/", pages.mine, name="mine"),
    path("meetings/actions/<uuid:action_id>/", pages.action, name="action"),
    path("meetings/bodies/<uuid:body_id>/", pages.body, name="body"),
    path("meetings/bodies/<uuid:body_id>/change/", pages.change, name="change"),
    path("meetings/bodies/<uuid:body_id>/actions/", pages.body_actions, name="actions"),
    path("meetings/bodies/<uuid:body_id>/matters/", pages.matters, name="matters"),
    path("meetings/bodies/<uuid:body_id>/plan/", pages.plan, name="plan"),
    path("meetings/sessions/<uuid:session_id>/", session_pages.session, name="session"),
    path("meetings/sessions/<uuid:session_id>/act/", session_pages.act, name="act"),
    path("meetings/sessions/<uuid:session_id>/live/", session_pages.live, name="live"),
    path(
        "meetings/sessions/<uuid:session_id>/items/<uuid:item_id>/",
        session_pages.item, name="item",
    ),
    path(
        "meetings/sessions/<uuid:session_id>/agenda.pdf",
        session_pages.agenda_pdf, name="agenda_pdf",
    ),
    path("meetings/sessions/<uuid:session_id>/minutes/", session_pages.minutes, name="minutes"),
    path(
        "meetings/sessions/<uuid:session_id>/minutes.pdf",
        session_pages.minutes_pdf, name="minutes_pdf",
    ),
]  # fmt: skip
