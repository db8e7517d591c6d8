from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "pooshesh.programme"
    label = "programme"
