from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "pooshesh.kernel"
    label = "kernel"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from pooshesh.kernel import keys

        connection_created.connect(keys.on_connect, dispatch_uid="pooshesh.data_key")
