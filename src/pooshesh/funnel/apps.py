from django.apps import AppConfig


class FunnelConfig(AppConfig):
    name = "pooshesh.funnel"
    label = "funnel"
