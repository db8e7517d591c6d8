from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegularisationConfig(AppConfig):
    name = "pooshesh.regularisation"
    label = "regularisation"

    def ready(self) -> None:
        from pooshesh.kernel.audit import recorded
        from pooshesh.policy.redecide import redecided
        from pooshesh.regularisation import (
            bringing,  # noqa: F401 - registers its jobs
            following,
            held,
            home,
            panel,
            rotation,  # noqa: F401 - registers what is sealed
        )
        from pooshesh.regularisation.retention import CLASSES
        from pooshesh.web.registry import (
            HomePart,
            MenuItem,
            PersonPanel,
            register_data,
            register_held,
            register_home,
            register_menu,
            register_names,
            register_person_panel,
        )

        redecided.connect(following.on_redecided, dispatch_uid="regularisation.redecided")
        recorded.connect(following.on_event, dispatch_uid="regularisation.event")
        register_data(*CLASSES)
        register_held(held.HELD)
        register_person_panel(
            PersonPanel(
                _("Regularisation"), "regularisation/panel.html", "nationals.read", 400, panel.case
            )
        )
        register_person_panel(
            PersonPanel(
                _("What is held about this person"), "regularisation/held_panel.html",
                "people.read", 900, panel.held,
            )
        )  # fmt: skip
        register_home(
            HomePart(
                _("Foreign nationals"), "nationals.work", 40, home.waiting,
                _("No case of your area waits for a step."),
            ),
            HomePart(_("Municipal census"), "nationals.census", 41, home.census),
            HomePart(_("Cover to look at"), "coverage.write", 45, home.differing),
        )  # fmt: skip
        section = _("Foreign nationals")
        register_menu(
            MenuItem(_("Counts by step"), "regularisation:figures", "nationals.read", section,
                     300),
            MenuItem(_("Cases"), "regularisation:cases", "nationals.read", section, 310,
                     also="people.read"),
            MenuItem(_("Pseudo-IDs"), "regularisation:pseudo", "nationals.read", section, 320,
                     also="people.read"),
            MenuItem(_("Municipal rows to look into"), "regularisation:look", "nationals.work",
                     section, 330),
            MenuItem(_("Municipal census"), "regularisation:sheets", "nationals.census", section,
                     340),
            MenuItem(_("People of the municipal census"), "regularisation:own_rows",
                     "nationals.census", section, 350),
            MenuItem(_("Cover that differs"), "regularisation:differences", "coverage.read",
                     _("Cover"), 290),
        )  # fmt: skip
        register_names(
            {
                "regularisation.open": _("Opened a case"),
                "regularisation.follow": _("A case followed what is known"),
                "case.look": _("Looked at a case"),
                "case.list": _("Looked at a list of cases"),
                "case.document": _("Recorded a document"),
                "case.prove": _("Recorded proof of lawful stay"),
                "case.refuse": _("Refused a case"),
                "case.appeal": _("Took up an appeal"),
                "case.reopen": _("Opened a case again"),
                "case.withdraw": _("Withdrew a case"),
                "case.leave": _("Noted that the person left"),
                "case.revoke": _("Noted that lawful stay was lost"),
                "case.enrol": _("Enrolled by a case"),
                "case.reveal": _("Looked at a document number in full"),
                "pseudo.list": _("Looked at pseudo-IDs"),
                "pseudo.double": _("Met a number that somebody else holds"),
                "nationals.bring": _("Brought a municipal census"),
                "nationals.check": _("Checked a municipal census"),
                "nationals.write": _("Wrote a municipal census"),
                "nationals.list": _("Looked at people of the municipal census"),
                "difference.open": _("Found cover that differs from the decision"),
                "difference.look": _("Looked at cover that differs"),
                "difference.tell": _("Told a person that cover changes"),
                "difference.apply": _("Changed cover as decided"),
                "difference.keep": _("Left cover as it is"),
                "people.told_what_is_held": _("Told a person what is held about them"),
                "case": _("Case of a foreign national"),
                "case_document": _("Document of a case"),
                "difference": _("Cover that differs"),
                "inquiry": _("Question about what is held"),
                "nationals findings": _("Findings about a municipal census sheet"),
                "nationals sheets": _("Municipal census sheets as brought"),
                "document numbers": _("Document numbers of cases"),
                "cases": _("Cases"),
                "rows": _("Rows"),
                "fresh": _("Rows not seen before"),
                "problems": _("Refused cells"),
                "same": _("The same sheet, brought before"),
            }
        )
