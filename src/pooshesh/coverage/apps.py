from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "pooshesh.coverage"
    label = "coverage"
