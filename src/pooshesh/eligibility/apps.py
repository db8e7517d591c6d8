from django.apps import AppConfig


class EligibilityConfig(AppConfig):
    name = "pooshesh.eligibility"
    label = "eligibility"
