"""Addresses of the census: the phone's app under /field/, the lead's pages under /census/."""

from django.urls import path

from pooshesh.census import field_pages, pages

app_name = "census"
urlpatterns = [
    path("field/", field_pages.field, name="field"),
    path("field/worker.js", field_pages.worker, name="worker"),
    path("field/app.webmanifest", field_pages.manifest, name="manifest"),
    path("field/state/", field_pages.state, name="state"),
    path("field/alleys/<uuid:alley_id>/", field_pages.alley, name="alley"),
    path("field/devices/", field_pages.device, name="device_new"),
    path("field/sync/", field_pages.sync, name="sync"),
    path("field/photos/<uuid:photo_id>/", field_pages.photo, name="photo_new"),
    path("census/", pages.round_list, name="rounds"),
    path("census/new/", pages.round_new, name="round_new"),
    path("census/<uuid:round_id>/", pages.round_, name="round"),
    path("census/<uuid:round_id>/turn/<str:verb>/", pages.round_turn, name="turn"),
    path("census/<uuid:round_id>/households/", pages.households, name="households"),
    path("census/<uuid:round_id>/conflicts/", pages.conflict_list, name="conflicts"),
    path("census/<uuid:round_id>/aside/", pages.aside_list, name="asides"),
    path("census/<uuid:round_id>/phones/", pages.device_list, name="devices"),
    path("census/<uuid:round_id>/feed/", pages.feed, name="feed"),
    path("census/zones/<uuid:zone_id>/", pages.zone, name="zone"),
    path("census/households/<uuid:entry_id>/", pages.entry, name="entry"),
    path("census/households/<uuid:entry_id>/photos/<uuid:photo_id>/", pages.photo, name="photo"),
    path("census/conflicts/<uuid:conflict_id>/", pages.conflict, name="conflict"),
    path("census/aside/<uuid:aside_id>/", pages.aside, name="aside"),
]
