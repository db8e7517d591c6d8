from django.apps import AppConfig


class RenewalConfig(AppConfig):
    name = "pooshesh.renewal"
    label = "renewal"
