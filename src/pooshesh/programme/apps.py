from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    name = "pooshesh.programme"
    label = "programme"

    def ready(self) -> None:
        from pooshesh.programme import actions  # noqa: F401 - registers its jobs
        from pooshesh.web.registry import MenuItem, register_menu

        section = _("Campaigns")
        register_menu(
            MenuItem(_("Campaigns"), "programme:campaigns", "campaign.read", section, 100),
            MenuItem(_("New campaign"), "programme:new", "campaign.run", section, 110),
            MenuItem(_("Worklists"), "programme:worklists", "worklist.work", section, 120),
            MenuItem(_("Retention"), "programme:retention", "campaign.read", section, 190),
        )
