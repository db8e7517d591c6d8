from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "pooshesh.documents"
    label = "documents"

    def ready(self) -> None:
        from pooshesh.documents.models import Scan
        from pooshesh.documents.retention import CLASSES, HELD
        from pooshesh.web.registry import (
            register_data,
            register_held,
            register_names,
            register_tones,
        )

        register_data(*CLASSES)
        register_held(HELD)
        register_names(
            {
                "documents.keep": _("Kept a document"),
                "documents.open": _("Opened a document"),
                "documents.discard": _("Deleted a document"),
                "document": _("Document"),
                "documents of patients": _("Documents of patients"),
            }
        )
        register_tones({Scan.PASSED: "good", Scan.SKIPPED: "quiet"})
