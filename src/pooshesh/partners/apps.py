from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "pooshesh.partners"
    label = "partners"
