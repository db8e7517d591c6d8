from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "pooshesh.requests"
    label = "requests"
