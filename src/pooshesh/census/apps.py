from django.apps import AppConfig


class CensusConfig(AppConfig):
    name = "pooshesh.census"
    label = "census"
