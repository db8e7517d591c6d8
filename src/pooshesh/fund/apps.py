from django.apps import AppConfig


class FundConfig(AppConfig):
    name = "pooshesh.fund"
    label = "fund"
