from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "pooshesh.public"
    label = "public"
