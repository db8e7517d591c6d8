from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "pooshesh.access"
    label = "access"
