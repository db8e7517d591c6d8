from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "pooshesh.places"
    label = "places"
