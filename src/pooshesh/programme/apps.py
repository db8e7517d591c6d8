from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    name = "pooshesh.programme"
    label = "programme"

    def ready(self) -> None:
        from pooshesh.people.looking import name_actions
        from pooshesh.programme import (
            actions,  # noqa: F401 - registers its jobs
            rotation,  # noqa: F401 - registers what is sealed
        )
        from pooshesh.programme.panel import decisions
        from pooshesh.web.registry import (
            MenuItem,
            PersonPanel,
            register_menu,
            register_person_panel,
        )

        name_actions(
            {
                "policy.decide": _("Decided by the rules"),
                "worklist.open": _("Opened a worklist item"),
                "worklist.answer": _("Answered a worklist item"),
                "campaign.people": _("Looked at a campaign's residents"),
            }
        )
        section = _("Campaigns")
        register_menu(
            MenuItem(_("Campaigns"), "programme:campaigns", "campaign.read", section, 100),
            MenuItem(_("New campaign"), "programme:new", "campaign.run", section, 110),
            MenuItem(_("Worklists"), "programme:worklists", "worklist.work", section, 120),
            MenuItem(_("Retention"), "programme:retention", "campaign.read", section, 190),
        )
        register_person_panel(
            PersonPanel(
                _("Decisions"), "programme/decisions_panel.html", "people.read", 300, decisions
            )
        )
