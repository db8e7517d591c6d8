from django.apps import AppConfig


class RegularisationConfig(AppConfig):
    name = "pooshesh.regularisation"
    label = "regularisation"
