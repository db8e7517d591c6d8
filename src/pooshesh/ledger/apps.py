from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "pooshesh.ledger"
    label = "ledger"

    def ready(self) -> None:
        from pooshesh.ledger import (
            rotation,  # noqa: F401 - registers what is sealed
            statements,  # noqa: F401 - registers its job
            states,
        )
        from pooshesh.web.registry import register_names, register_tones

        register_tones(states.TONES)
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
                "lines": _("Lines"),
                "known_lines": _("Lines known from before"),
                "confirmed_lines": _("Payments confirmed"),
                "returned_lines": _("Payments returned"),
                "open_lines": _("Lines to be looked into"),
                "names of payees": _("Names of payees"),
                "shebas of payees": _("Shebas of payees"),
            }
        )
