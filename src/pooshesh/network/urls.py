"""Addresses of the network."""

from django.urls import path

from pooshesh.network import pages
from pooshesh.network.voice import pages as voice
from pooshesh.network.voice import public_pages as public

app_name = "network"
urlpatterns = [
    path("gaps/", pages.gap_list, name="gaps"),
    path("gaps/new/", pages.gap_new, name="gap_new"),
    path("gaps/<uuid:gap_id>/", pages.gap, name="gap"),
    path("gaps/<uuid:gap_id>/step/", pages.gap_step, name="gap_step"),
    path("gaps/<uuid:gap_id>/bring/", pages.gap_bring, name="gap_bring"),
    path("load/", pages.load, name="load"),
    path("load/numbers/", pages.assumptions, name="assumptions"),
    path("reports/", voice.inbox, name="reports"),
    path("reports/next/", voice.take_next, name="report_next"),
    path("reports/satisfaction/", voice.satisfaction, name="satisfaction"),
    path("reports/<uuid:report_id>/", voice.report, name="report"),
    path("reports/<uuid:report_id>/<slug:verb>/", voice.step, name="report_step"),
    path("voice/", public.voice, name="voice"),
    path("voice/status/", public.status, name="voice_status"),
    path("voice/<slug:kind>/", public.say, name="voice_say"),
]
