"""Addresses of the programme."""

from django.urls import path

from pooshesh.programme import pages
from pooshesh.programme.worklists import pages as worklists

app_name = "programme"
urlpatterns = [
    path("campaigns/", pages.campaign_list, name="campaigns"),
    path("campaigns/new/", pages.campaign_new, name="new"),
    path("campaigns/retention/", pages.retention, name="retention"),
    path("campaigns/<uuid:campaign_id>/", pages.campaign, name="campaign"),
    path("campaigns/<uuid:campaign_id>/mapping/", pages.mapping, name="mapping"),
    path("campaigns/<uuid:campaign_id>/findings/", pages.findings, name="findings"),
    path("campaigns/<uuid:campaign_id>/run/", pages.start, name="run"),
    path("campaigns/<uuid:campaign_id>/progress/", pages.progress, name="progress"),
    path("campaigns/<uuid:campaign_id>/cancel/", pages.cancel, name="cancel"),
    path("campaigns/<uuid:campaign_id>/people/", pages.people, name="people"),
    path("campaigns/<uuid:campaign_id>/people/<int:census_row>/undo/", pages.undo, name="undo"),
    path("campaigns/<uuid:campaign_id>/people.csv", pages.people_csv, name="people_csv"),
    path("campaigns/<uuid:campaign_id>/summary.json", pages.summary_json, name="summary_json"),
    path("campaigns/<uuid:campaign_id>/report.html", pages.report_html, name="report_html"),
    path("campaigns/<uuid:campaign_id>/close/", pages.close, name="close"),
    path("worklists/", worklists.index, name="worklists"),
    path("worklists/<str:kind>/next/", worklists.next_item, name="next_item"),
    path("worklists/items/<uuid:item_id>/", worklists.item, name="work_item"),
    path("worklists/items/<uuid:item_id>/reveal/", worklists.reveal, name="reveal"),
    path("worklists/items/<uuid:item_id>/skip/", worklists.skip, name="skip"),
    path("worklists/items/<uuid:item_id>/pass-on/", worklists.pass_on, name="pass_on"),
    path("worklists/items/<uuid:item_id>/renew/", worklists.renew, name="renew"),
]
