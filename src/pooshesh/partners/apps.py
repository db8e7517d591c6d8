from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "pooshesh.partners"
    label = "partners"

    def ready(self) -> None:
        from pooshesh.partners import (
            agreements,  # noqa: F401 - registers its job and what is sealed
            handing_over,  # noqa: F401 - registers its job
            home,
            panel,
            tasks,
        )
        from pooshesh.partners.models import HandOverState, StepKind, TaskState
        from pooshesh.partners.retention import CLASSES
        from pooshesh.partners.signals import handed_over
        from pooshesh.partners.terms import Standing
        from pooshesh.web.registry import (
            AreaPanel,
            HomePart,
            MenuItem,
            register_area_panel,
            register_data,
            register_home,
            register_menu,
            register_names,
            register_tones,
        )

        handed_over.connect(tasks.move_along, dispatch_uid="partners.tasks")
        register_data(*CLASSES)
        section = _("Organisations")
        register_menu(
            MenuItem(_("Organisations"), "partners:organisations", "partners.read", section, 60),
            MenuItem(_("Sponsors"), "partners:sponsors", "partners.read", section, 61),
            MenuItem(_("Agreements"), "partners:agreements", "partners.read", section, 62),
            MenuItem(_("Hand-overs"), "partners:hand_overs", "partners.read", section, 63),
            MenuItem(_("Tasks between organisations"), "partners:tasks", "tasks.work", section, 64),
        )
        register_home(
            HomePart(_("Tasks of your organisation"), "tasks.work", 12, home.own_tasks),
            HomePart(_("To be signed"), "partners.sign", 14, home.signatures),
            HomePart(_("Agreements that end soon"), "partners.read", 16, home.expiring),
        )
        register_area_panel(
            AreaPanel(
                _("Organisations"), "partners/area_panel.html", "partners.read", 200, panel.of_area
            )
        )
        register_tones(
            {
                HandOverState.PROPOSED: "info",
                HandOverState.GIVEN: "info",
                HandOverState.AGREED: "good",
                HandOverState.IN_FORCE: "good",
                HandOverState.REFUSED: "bad",
                HandOverState.WITHDRAWN: "quiet",
                TaskState.SENT: "info",
                TaskState.ACCEPTED: "good",
                TaskState.RETURNED: "warn",
                StepKind.ESCALATED: "warn",
                "overdue": "bad",
                Standing.COMING: "info",
                Standing.VALID: "good",
                Standing.EXPIRING: "warn",
                Standing.EXPIRED: "bad",
                Standing.ENDED: "quiet",
            }
        )
        register_names(
            {
                "organisation": _("Organisation"),
                "agreement": _("Agreement"),
                "hand_over": _("Hand-over"),
                "task": _("Task between organisations"),
                "agreement papers": _("Papers of agreements"),
                "agreements": _("Agreements"),
                "hand-overs": _("Hand-overs"),
                "tasks": _("Tasks between organisations"),
                "partners.create_organisation": _("Registered an organisation"),
                "partners.change_organisation": _("Changed an organisation"),
                "partners.open_office": _("Added an office"),
                "partners.close_office": _("Closed an office"),
                "partners.add_contact": _("Added a contact"),
                "partners.end_contact": _("Ended a contact"),
                "partners.name_officer": _("Named an officer of an organisation"),
                "partners.end_officer": _("Ended an officer of an organisation"),
                "partners.agree": _("Registered an agreement"),
                "partners.renew": _("Renewed an agreement"),
                "partners.end_agreement": _("Ended an agreement early"),
                "partners.keep_paper": _("Kept the paper of an agreement"),
                "partners.read_paper": _("Read the paper of an agreement"),
                "partners.warn": _("Warned of the end of an agreement"),
                "partners.propose": _("Proposed a hand-over"),
                "partners.give": _("Signed a hand-over for the giving side"),
                "partners.receive": _("Signed a hand-over for the receiving side"),
                "partners.begin": _("Brought a hand-over into force"),
                "partners.refuse": _("Refused a hand-over"),
                "partners.withdraw": _("Withdrew a hand-over"),
                "partners.send_task": _("Sent a task"),
                "partners.accept_task": _("Accepted a task"),
                "partners.finish_task": _("Reported a task as done"),
                "partners.return_task": _("Returned a task"),
                "partners.resend_task": _("Sent a task again"),
                "partners.withdraw_task": _("Took a task back"),
                "partners.reply_task": _("Answered on a task"),
                "partners.escalate_task": _("Escalated a task"),
                "partners.move_task": _("Moved a task to the new sponsor"),
            }
        )
