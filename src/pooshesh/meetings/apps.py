from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "pooshesh.meetings"
    label = "meetings"
