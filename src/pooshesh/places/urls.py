"""Addresses of places."""

from django.urls import path

from pooshesh.places import import_pages, pages

app_name = "places"
urlpatterns = [
    path("places/", pages.area_list, name="areas"),
    path("places/choices/", pages.choices, name="choices"),
    path("places/map/", pages.province_numbers, name="map"),
    path("places/completeness/", pages.completeness, name="completeness"),
    path("places/facilities/", pages.facility_list, name="facilities"),
    path("places/facilities/<slug:code>/", pages.facility, name="facility"),
    path("places/facilities/<slug:code>/change/", pages.change_facility, name="change_facility"),
    path("places/import/", import_pages.upload, {"what": "areas"}, name="import_start"),
    path("places/import/<slug:what>/", import_pages.upload, name="import"),
    path("places/import/<slug:what>/confirm/", import_pages.confirm, name="confirm"),
    path("places/import/<slug:what>/cancel/", import_pages.cancel, name="import_cancel"),
    path("places/areas/<slug:code>/", pages.area, name="area"),
    path("places/areas/<slug:code>/change/", pages.change, name="change"),
]
