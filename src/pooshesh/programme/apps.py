from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    name = "pooshesh.programme"
    label = "programme"

    def ready(self) -> None:
        from pooshesh.policy import facts
        from pooshesh.programme import (
            actions,  # noqa: F401 - registers its jobs
            home,
            rotation,  # noqa: F401 - registers what is sealed
        )
        from pooshesh.programme import facts as known
        from pooshesh.programme.models import WorkKind
        from pooshesh.programme.panel import decisions
        from pooshesh.programme.retention import CLASSES
        from pooshesh.web.registry import (
            HomePart,
            MenuItem,
            PersonPanel,
            register_data,
            register_home,
            register_menu,
            register_names,
            register_person_panel,
        )

        facts.register(facts.Source(_("Programmes"), known.FACTS, known.SQL, known.ABSENT))
        register_home(
            HomePart(
                _("Open worklists"), "worklist.work", 20, home.waiting,
                _("Nothing waits for you: every worklist of your area is empty."),
            ),
            HomePart(
                _("Campaigns to go on with"), "campaign.run", 30, home.unfinished,
                _("No campaign of your area is under way."),
            ),
            HomePart(
                _("Newest campaigns"), "campaign.read", 50, home.newest,
                _("No campaign of your area has a result yet."),
            ),
        )  # fmt: skip
        register_names(
            {
                "campaign.open": _("Opened a campaign"),
                "campaign.check": _("Checked the sheets of a campaign"),
                "campaign.run": _("Ran a campaign"),
                "campaign.close": _("Closed a campaign"),
                "campaign.discard": _("Discarded a campaign"),
                "campaign.findings": _("Looked at the findings of a dry run"),
                "campaign.save_mapping": _("Saved a mapping of columns"),
                "programme.open": _("Opened a programme"),
                "programme.join": _("Let a neighbourhood join a programme"),
                "retention.delete": _("Deleted data whose day had come"),
                "people.csv": _("Export as CSV"),
                "campaign": _("Campaign"),
                "mapping": _("Mapping of columns"),
                "findings of sheets": _("Findings of the dry run"),
                "roll rows on worklists": _("Roll rows shown on worklists"),
                "sheets": _("Sheets"),
                "programme": _("Programme"),
                "work_item": _("Worklist item"),
                "findings": _("Findings of the dry run"),
                "read": _("Reading the sheets"),
                "match": _("Matching the census to the rolls"),
                "write": _("Registering, deciding and enrolling"),
                **dict(WorkKind.choices),
                "worklist.open": _("Opened a worklist item"),
                "worklist.pass_on": _("Passed a worklist item on"),
                "worklist.answer": _("Answered a worklist item"),
                "campaign.people": _("Looked at a campaign's residents"),
            }
        )
        register_data(*CLASSES.values())
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
