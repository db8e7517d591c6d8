from django.apps import AppConfig


class AskingConfig(AppConfig):
    name = "pooshesh.asking"
    label = "asking"
