from django.apps import AppConfig


class NeighbourhoodsConfig(AppConfig):
    name = "pooshesh.neighbourhoods"
    label = "neighbourhoods"
