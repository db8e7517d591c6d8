from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "pooshesh.network"
    label = "network"
