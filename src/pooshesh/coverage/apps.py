import datetime as dt
from typing import Any
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoverageConfig(AppConfig):
    name = "pooshesh.coverage"
    label = "coverage"

    def ready(self) -> None:
        from pooshesh.coverage import (
            billing,  # noqa: F401 - registers its job
            documents,  # noqa: F401 - registers what is sealed
            proofs,  # noqa: F401 - registers what is sealed
            retention,
            states,
        )
        from pooshesh.coverage import facts as known
        from pooshesh.coverage.home import work
        from pooshesh.coverage.household_pages import panel as household_panel
        from pooshesh.coverage.pages import panel
        from pooshesh.people.signals import death_withdrawn, died
        from pooshesh.policy import facts
        from pooshesh.web.registry import (
            HomePart,
            MenuItem,
            PersonPanel,
            register_data,
            register_held,
            register_home,
            register_household_panel,
            register_menu,
            register_names,
            register_person_panel,
            register_tones,
        )

        facts.register(facts.Source(_("Cover"), known.FACTS, known.SQL, known.ABSENT))
        register_person_panel(
            PersonPanel(_("Cover"), "coverage/panel.html", "coverage.read", 100, panel)
        )
        register_household_panel(
            PersonPanel(
                _("Cover"), "coverage/household_panel.html", "coverage.read", 100, household_panel
            )
        )
        section = _("Cover")
        register_menu(
            MenuItem(_("Funds"), "coverage:schemes", "coverage.read", section, 250),
            MenuItem(_("Cover spells"), "coverage:spells", "coverage.read", section, 251),
            MenuItem(_("Arrears"), "coverage:arrears", "coverage.read", section, 252),
            MenuItem(_("Notices"), "coverage:notices", "coverage.read", section, 253),
            MenuItem(_("Double cover"), "coverage:doubles", "coverage.read", section, 254),
            MenuItem(_("Newborns"), "coverage:births", "coverage.read", section, 255),
        )
        register_data(*retention.CLASSES)
        register_held(retention.HELD)
        register_home(HomePart(_("Cover that needs a clerk"), "coverage.write", 30, work))
        register_names(
            {
                "coverage.record_roll": _("Found on a roll"),
                "coverage.enrol": _("Enrolled"),
                "coverage.undo": _("Undid an enrolment"),
                "coverage.end": _("Ended the cover"),
                "coverage.add_insurer": _("Added an insurer"),
                "people.withdraw_death": _("Took a recorded death back"),
                "coverage.undo_end": _("Took the end of cover back"),
                "coverage.notice": _("Gave notice that cover will stop"),
                "coverage.withdraw_notice": _("Withdrew a notice"),
                "coverage.suspend": _("Suspended the cover"),
                "coverage.revive": _("Revived the cover"),
                "coverage.resolve_double": _("Decided which insurer stays"),
                "coverage.newborn": _("Registered a newborn"),
                "coverage.apply": _("Enrolled a household"),
                "coverage.open_document": _("Opened a document"),
                "coverage.print": _("Printed a paper of cover"),
                "coverage.invoice": _("Issued an invoice"),
                "coverage.start_billing": _("Started to bill an area"),
                "coverage.bill": _("Billed households of an area"),
                "coverage.cancel_invoice": _("Cancelled an invoice"),
                "coverage.payment": _("Recorded a payment"),
                "coverage.refund": _("Recorded a refund"),
                "coverage.issue_proof": _("Issued a card"),
                "coverage.revoke_proof": _("Revoked a card"),
                "coverage.verify": _("Checked a card on the public page"),
                "coverage.export": _("Exported a list of cover"),
                "coverage.open_account": _("Opened the cover of a household"),
                "coverage.open": _("Opened the cover of a person"),
                "insurer": _("Insurer"),
                "spell": _("Cover spell"),
                "notice": _("Notice"),
                "suspension": _("Suspension"),
                "application": _("Application"),
                "document": _("Document"),
                "invoice": _("Invoice"),
                "payment": _("Payment"),
                "refund": _("Refund"),
                "proof": _("Card"),
                "households": _("Households looked at"),
                "invoices": _("Invoices issued"),
                "billed_rial": _("Billed, in rial"),
                "premium_unknown": _("Households not billed: a premium is not known"),
                "nothing_due": _("Households with nothing due, or billed before"),
                "cover documents": _("Documents of enrolment"),
                "codes of cards": _("Codes of cards"),
            }
        )
        register_tones({"undone": "warn", **states.TONES})
        died.connect(end_cover_of_the_dead, dispatch_uid="coverage.end_cover")
        death_withdrawn.connect(revive_the_living, dispatch_uid="coverage.revive")


def end_cover_of_the_dead(person: Any, on: dt.date, actor: UUID | None, **_: object) -> None:
    """Cover ends with the day of death, in the transaction that records it."""
    from pooshesh.coverage.endings import end
    from pooshesh.coverage.models import Cause

    end(person.pk, on + dt.timedelta(days=1), Cause.DEATH, actor=actor)


def revive_the_living(person: Any, reason: str, actor: UUID | None, **_: object) -> None:
    """What a wrong death ended covers again, in the transaction that takes the death back."""
    from pooshesh.coverage.endings import revive_the_living as revive

    revive(person, reason, actor)
