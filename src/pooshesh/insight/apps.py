from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    name = "pooshesh.insight"
    label = "insight"

    def ready(self) -> None:
        from pooshesh.insight import retention
        from pooshesh.insight.models import SnapshotState
        from pooshesh.web.registry import (
            MenuItem,
            register_data,
            register_menu,
            register_names,
            register_tones,
        )

        register_names({"snapshot": _("Month of figures")})
        register_tones({SnapshotState.BUILDING: "info", SnapshotState.CLOSED: "good"})
        register_data(*retention.CLASSES)
        section = _("Figures")
        register_menu(MenuItem(_("Book of figures"), "insight:book", "insight.read", section, 410))
