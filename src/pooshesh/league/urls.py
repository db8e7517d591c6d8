from django.urls import path

from pooshesh.league import pages

app_name = "league"
urlpatterns = [
    path("figures/league/", pages.league, name="league"),
    path("figures/map/", pages.on_map, name="map"),
]
