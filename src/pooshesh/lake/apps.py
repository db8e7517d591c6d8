from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LakeConfig(AppConfig):
    name = "pooshesh.lake"
    label = "lake"

    def ready(self) -> None:
        from pooshesh.lake import actions  # noqa: F401 - registers its job
        from pooshesh.web.registry import MenuItem, register_menu, register_names

        register_names(
            {
                "lake.export": _("Writing the lake"), "lake.ask": _("Asked for the lake"),
                "facts": _("Facts"),
            }
        )  # fmt: skip
        register_menu(MenuItem(_("Lake of facts"), "lake:lake", "insight.keep", _("Figures"), 478))
