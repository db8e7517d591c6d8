from django.apps import AppConfig


class DiseaseConfig(AppConfig):
    name = "pooshesh.disease"
    label = "disease"
