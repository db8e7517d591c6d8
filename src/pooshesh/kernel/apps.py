from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "pooshesh.kernel"
    label = "kernel"
