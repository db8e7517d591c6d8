from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    name = "pooshesh.programme"
    label = "programme"

    def ready(self) -> None:
        from pooshesh.kernel.audit import recorded
        from pooshesh.policy import facts
        from pooshesh.programme import (
            actions,  # noqa: F401 - registers its jobs
            home,
            rotation,  # noqa: F401 - registers what is sealed
        )
        from pooshesh.programme import facts as known
        from pooshesh.programme.counts import keep
        from pooshesh.programme.counts.pages import area_panel
        from pooshesh.programme.held import HELD
        from pooshesh.programme.loads import actions as _loads  # noqa: F401 - registers its job
        from pooshesh.programme.models import WorkKind
        from pooshesh.programme.panel import decisions
        from pooshesh.programme.retention import CLASSES
        from pooshesh.web.registry import (
            AreaPanel,
            HomePart,
            MenuItem,
            PersonPanel,
            register_area_panel,
            register_data,
            register_held,
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
                "programme.leave": _("Let a neighbourhood leave a programme"),
                "plan.make": _("Made a plan"),
                "plan.change": _("Changed a plan"),
                "plan.add_places": _("Took neighbourhoods into a plan"),
                "plan.take_out": _("Took a neighbourhood out of a plan"),
                "plan.move": _("Moved a plan on"),
                "cost.write": _("Wrote down a cost"),
                "cost.withdraw": _("Withdrew a cost"),
                "sample.draw": _("Drew a sample to be called"),
                "sample.call": _("Kept what a call told"),
                "sample.reveal": _("Showed the number of somebody to call"),
                "sample.look": _("Looked at whom to call"),
                "load.begin": _("Brought a folder of sheets"),
                "plan": _("Plan"),
                "cost": _("Cost"),
                "call": _("Verification call"),
                "load": _("Load"),
                "neighbourhoods": _("Neighbourhoods"),
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
                "tried": _("Rows tried"),
                "write": _("Registering, deciding and enrolling"),
                **dict(WorkKind.choices),
                "worklist.open": _("Opened a worklist item"),
                "worklist.pass_on": _("Passed a worklist item on"),
                "worklist.answer": _("Answered a worklist item"),
                "worklist.undo": _("Took an answer to a worklist item back"),
                "campaign.people": _("Looked at a campaign's residents"),
            }
        )
        register_data(*CLASSES.values())
        register_held(HELD)
        section = _("Campaigns")
        register_menu(
            MenuItem(_("Campaigns"), "programme:campaigns", "campaign.read", section, 100),
            MenuItem(_("New campaign"), "programme:new", "campaign.run", section, 110),
            MenuItem(_("Board of campaigns"), "programme:board", "campaign.read", section, 102),
            MenuItem(_("Plans"), "programme:plans", "campaign.read", section, 105),
            MenuItem(_("Programmes"), "programme:programmes", "campaign.read", section, 130),
            MenuItem(_("Worklists"), "programme:worklists", "worklist.work", section, 120),
            MenuItem(_("Retention"), "programme:retention", "campaign.read", section, 190),
        )
        register_person_panel(
            PersonPanel(
                _("Decisions"), "programme/decisions_panel.html", "people.read", 300, decisions
            )
        )
        register_area_panel(
            AreaPanel(
                _("Campaigns and cover"), "programme/area_panel.html", "campaign.read", 100,
                area_panel,
            )
        )  # fmt: skip
        recorded.connect(keep.note_change, dispatch_uid="programme.note_change")
