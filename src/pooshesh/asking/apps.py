from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AskingConfig(AppConfig):
    name = "pooshesh.asking"
    label = "asking"

    def ready(self) -> None:
        from pooshesh.asking import lines, retention
        from pooshesh.insight.queries import READ
        from pooshesh.web.registry import (
            HomePart,
            MenuItem,
            register_data,
            register_home,
            register_menu,
            register_names,
        )

        section = _("Figures")
        register_menu(
            MenuItem(_("What moved"), "asking:director", READ, section, 400),
            MenuItem(_("Ask"), "asking:ask", READ, section, 405),
        )
        register_home(
            HomePart(
                _("Figures that moved"), READ, 12, lines.moved_most,
                _("Nothing moved beyond its usual change, or too few months are counted."),
            )
        )  # fmt: skip
        register_names(
            {
                "view": _("Saved question"),
                "asking.save": _("Saved a question"),
                "asking.change": _("Renamed or shared a saved question"),
                "asking.delete": _("Deleted a saved question"),
            }
        )
        register_data(*retention.CLASSES)
