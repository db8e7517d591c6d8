from django.apps import AppConfig


class LakeConfig(AppConfig):
    name = "pooshesh.lake"
    label = "lake"
