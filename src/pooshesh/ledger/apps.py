from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "pooshesh.ledger"
    label = "ledger"

    def ready(self) -> None:
        from pooshesh.ledger import (
            home,
            retention,
            rotation,  # noqa: F401 - registers what is sealed
            statements,  # noqa: F401 - registers its job
            states,
            voucher_pages,
        )
        from pooshesh.ledger.registry import EARLIER, Kind, register_kind
        from pooshesh.ledger.vouchers import ADVANCE
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
            register_tones,
        )

        section, read = _("Patients' fund"), "ledger.read"
        register_menu(
            MenuItem(_("Credit and payments"), "ledger:budget", read, section, 350),
            MenuItem(
                _("Decisions waiting for a voucher"), "ledger:commitments", "ledger.order", section,
                351,
            ),
            MenuItem(_("Vouchers"), "ledger:vouchers", read, section, 352),
            MenuItem(_("Payment orders"), "ledger:orders", read, section, 353),
            MenuItem(_("Bank statements"), "ledger:statements", read, section, 354),
            MenuItem(_("Reconciliation"), "ledger:lines", read, section, 355),
            MenuItem(_("Changes of payees"), "ledger:changes", read, section, 356),
            MenuItem(_("Advances to providers"), "ledger:advances", read, section, 357),
            MenuItem(_("Journal"), "ledger:journal", read, section, 358),
        )  # fmt: skip
        register_home(HomePart(_("Payments of the fund"), read, 40, home.work))
        register_person_panel(
            PersonPanel(
                _("Payments of the fund"), "ledger/panel.html", read, 350, voucher_pages.panel
            )
        )
        register_data(*retention.CLASSES)
        register_held(retention.HELD)
        register_kind(Kind(EARLIER, _("Decision taken before this system")))
        register_kind(Kind(ADVANCE, _("Advance to a provider"), _advance))

        for tones in states.TONES:
            register_tones(tones)
        register_names(
            {
                "budget": _("Budget"),
                "allocation": _("Allocation"),
                "commitment": _("Commitment"),
                "voucher": _("Voucher"),
                "order": _("Payment order"),
                "statement": _("Bank statement"),
                "ledger.enact": _("Entered a budget law"),
                "ledger.allocate": _("Allocated credit"),
                "ledger.take_back": _("Took credit back"),
                "ledger.close_year": _("Closed a budget year"),
                "ledger.set_limit": _("Set a limit of payments"),
                "ledger.commit": _("Committed credit"),
                "ledger.undo": _("Set committed credit free"),
                "ledger.hold": _("Held payments while a decision is looked at again"),
                "ledger.let_go": _("Let held payments go on"),
                "ledger.draw": _("Drew a voucher"),
                "ledger.propose_payee": _("Proposed another payee"),
                "ledger.accept_payee": _("Confirmed another payee"),
                "ledger.refuse_payee": _("Refused another payee"),
                "ledger.reissue": _("Let a returned voucher be paid again"),
                "ledger.cancel": _("Cancelled a voucher"),
                "ledger.refund": _("Recorded money given back"),
                "ledger.order": _("Ordered payments"),
                "ledger.release": _("Released payments"),
                "ledger.refuse": _("Refused to release payments"),
                "ledger.send": _("Wrote a bank file"),
                "ledger.download": _("Downloaded a bank file"),
                "ledger.bring": _("Brought a bank statement"),
                "ledger.match": _("Matched a bank statement"),
                "ledger.settle": _("Settled a line of a bank statement"),
                "ledger.advance": _("Committed an advance"),
                "ledger.certify": _("Recorded a certificate of use"),
                "ledger.accept_certificate": _("Accepted a certificate of use"),
                "ledger.refuse_certificate": _("Refused a certificate of use"),
                "ledger.list": _("Looked at a list of payments"),
                "ledger.open": _("Opened a voucher"),
                "ledger.print": _("Printed a voucher"),
                "advance": _("Advance to a provider"),
                "lines": _("Lines"),
                "known_lines": _("Lines known from before"),
                "confirmed_lines": _("Payments confirmed"),
                "returned_lines": _("Payments returned"),
                "open_lines": _("Lines to be looked into"),
                "names of payees": _("Names of payees"),
                "shebas of payees": _("Shebas of payees"),
            }
        )


def _advance(object_id: UUID) -> str:
    from django.urls import reverse

    return reverse("ledger:advance", args=[object_id])
