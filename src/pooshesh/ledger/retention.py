"""How long the fund's money papers are kept, and what a person is told about them."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel.retention import DataClass
from pooshesh.ledger.models import (
    Commitment,
    PayeeRecord,
    Payment,
    Posting,
    Refund,
    StatementLine,
)
from pooshesh.web.registry import Held, HeldPart

CLASSES = (
    DataClass(
        "ledger_books", gettext_lazy("The fund's books: decisions, vouchers, bank statements"),
        gettext_lazy("To answer for public money"),
        gettext_lazy("Public accounting law"),
        tables=("ledger.Account", "ledger.Entry", "ledger.Posting", "ledger.YearEnd",
                "ledger.Budget", "ledger.Allocation", "ledger.Limit", "ledger.Commitment",
                "ledger.Voucher", "ledger.Order", "ledger.BankFile", "ledger.Payment",
                "ledger.Statement", "ledger.StatementLine", "ledger.Advance",
                "ledger.Certificate", "ledger.Refund"),
    ),
    DataClass(
        "ledger_payees", gettext_lazy("Names and accounts of payees, sealed"),
        gettext_lazy("To pay, and to answer who was paid"),
        gettext_lazy("Public accounting law"), tables=("ledger.PayeeRecord",),
    ),
)  # fmt: skip


def _held(records: Sequence[UUID]) -> list[Held]:
    """What the ledger holds about a person."""
    bound = Commitment.objects.filter(person__in=records)
    why = _("To answer for public money")
    lines = [
        Held(_("Amounts the fund committed"), bound.count(), _("Committees and rules"), why),
        Held(_("Vouchers with name and account of the payee"),
             PayeeRecord.objects.filter(voucher__commitment__in=bound).count(), _("The request"),
             why),
        Held(_("Payments and what was given back, with the bank's lines"),
             Payment.objects.filter(voucher__commitment__in=bound).count()
             + Refund.objects.filter(voucher__commitment__in=bound).count()
             + StatementLine.objects.filter(payment__voucher__commitment__in=bound).count(),
             _("The bank"), why),
        Held(_("Lines of the fund's books"), Posting.objects.filter(commitment__in=bound).count(),
             _("Committees and rules"), why),
    ]  # fmt: skip
    return [line for line in lines if line.count]


HELD = HeldPart(gettext_lazy("Payments of the patients' fund"), 60, _held)
