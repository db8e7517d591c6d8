from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "pooshesh.ledger"
    label = "ledger"
