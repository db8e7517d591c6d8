from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BriefingConfig(AppConfig):
    name = "pooshesh.briefing"
    label = "briefing"

    def ready(self) -> None:
        from pooshesh.briefing import retention
        from pooshesh.briefing.models import BriefingState
        from pooshesh.web.registry import (
            MenuItem,
            register_data,
            register_menu,
            register_names,
            register_tones,
        )

        register_names(
            {
                "briefing": _("Briefing"), "briefing_template": _("Template of briefings"),
                "briefing.make": _("Made a briefing"), "briefing.sign": _("Signed a briefing"),
                "briefing.change": _("Changed a template of briefings"),
                "briefing.add": _("Added a template of briefings"),
            }
        )  # fmt: skip
        register_tones({BriefingState.MADE: "warn", BriefingState.SIGNED: "good"})
        register_data(*retention.CLASSES)
        section = _("Figures")
        register_menu(
            MenuItem(_("Briefings"), "briefing:list", "insight.read", section, 450),
        )
