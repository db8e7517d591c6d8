from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "pooshesh.portal"
    label = "portal"

    def ready(self) -> None:
        from pooshesh.documents.registry import register_owner
        from pooshesh.fund.signals import application_moved, applications_opened
        from pooshesh.ledger.signals import moves
        from pooshesh.portal import (
            following,
            mandates,
            queries,
            retention,
            sealing,  # noqa: F401 - registers what is sealed
            sheets,
        )
        from pooshesh.portal.desk_pages import panel
        from pooshesh.portal.models import MandateKind, NewcomerState, Sits
        from pooshesh.requests.signals import appeals_moved
        from pooshesh.web.registry import (
            MenuItem,
            PersonPanel,
            register_data,
            register_held,
            register_menu,
            register_names,
            register_person_panel,
            register_tones,
        )

        moves.connect(following.on_money, dispatch_uid="portal.money")
        application_moved.connect(following.on_application, dispatch_uid="portal.application")
        applications_opened.connect(sheets.on_opened, dispatch_uid="portal.sheet")
        appeals_moved.connect(following.on_appeals, dispatch_uid="portal.appeals")
        register_data(*retention.CLASSES)
        register_held(retention.HELD)
        section = _("Patients' fund")
        register_menu(
            MenuItem(_("First applications"), "portal:newcomers", queries.WORK, section, 344),
            MenuItem(_("Who may act for patients"), "portal:mandates", queries.WORK, section, 345),
            MenuItem(_("Words of messages"), "portal:templates", "fund.read", section, 346),
        )
        register_person_panel(
            PersonPanel(
                _("Who may act for this person"), "portal/mandate_panel.html", queries.WORK, 345,
                panel,
            )
        )  # fmt: skip
        register_owner(mandates.OWNER, lambda user, pk: queries.mandate(user, pk) is not None)
        register_names(
            {
                "visit": _("Visit of the portal"),
                "code": _("One-time code"),
                "mandate": _("Mandate"),
                "newcomer": _("First application"),
                "template": _("Words of a message"),
                "messages": _("Messages"),
                "patients_told": _("Patients told"),
                "portal.ask_code": _("Asked for a one-time code"),
                "portal.enter": _("Came in with a one-time code"),
                "portal.leave": _("Signed out"),
                "portal.register_mandate": _("Let somebody act for the patient"),
                "portal.end_mandate": _("Ended a mandate"),
                "portal.knock": _("Applied for the first time with another mobile"),
                "portal.look_newcomer": _("Looked at a first application"),
                "portal.let_in": _("Confirmed the identity at the desk"),
                "portal.refuse_newcomer": _("Did not let a newcomer in"),
                "portal.write_template": _("Wrote the words of a message"),
                "names of who may act": _("Names of who may act"),
                "numbers of who may act": _("Numbers of who may act"),
                "mobiles of who may act": _("Mobiles of who may act"),
                "mobiles of messages": _("Mobiles of messages"),
                "what newcomers typed": _("What newcomers typed"),
                "what newcomers wrote": _("What newcomers wrote"),
                "drafts of patients": _("Drafts of patients"),
                **dict(MandateKind.choices),
                **dict(Sits.choices),
            }
        )
        register_tones(
            {
                "helper": "warn", "mandate_holds": "good", NewcomerState.OPEN: "warn",
                NewcomerState.LET_IN: "good", NewcomerState.REFUSED: "bad",
            }
        )  # fmt: skip
