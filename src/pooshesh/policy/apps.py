from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "pooshesh.policy"
    label = "policy"
