from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "pooshesh.statements"
    label = "statements"
