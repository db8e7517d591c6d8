from django.apps import AppConfig


class BriefingConfig(AppConfig):
    name = "pooshesh.briefing"
    label = "briefing"
