from django.apps import AppConfig


class LeagueConfig(AppConfig):
    name = "pooshesh.league"
    label = "league"
