from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "pooshesh.people"
    label = "people"
