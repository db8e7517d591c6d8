from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "pooshesh.web"
    label = "web"
