from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AskingConfig(AppConfig):
    name = "pooshesh.asking"
    label = "asking"

    def ready(self) -> None:
        from pooshesh.asking import lines
        from pooshesh.insight.queries import READ
        from pooshesh.web.registry import HomePart, MenuItem, register_home, register_menu

        section = _("Figures")
        register_menu(MenuItem(_("What moved"), "asking:director", READ, section, 400))
        register_home(
            HomePart(
                _("Figures that moved"), READ, 12, lines.moved_most,
                _("Nothing moved beyond its usual change, or too few months are counted."),
            )
        )  # fmt: skip
