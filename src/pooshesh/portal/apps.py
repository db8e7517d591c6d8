from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "pooshesh.portal"
    label = "portal"
