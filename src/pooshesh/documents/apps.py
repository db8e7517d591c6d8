from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "pooshesh.documents"
    label = "documents"
