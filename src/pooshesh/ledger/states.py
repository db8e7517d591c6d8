"""What may happen to vouchers and payment orders, and who may do it. Shown in the documentation."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.transitions import Machine, Transition
from pooshesh.ledger.models import (
    CertificateState,
    CommitmentState,
    Finding,
    LineState,
    OrderState,
    PayeeState,
    PaymentState,
    VoucherState,
)
from pooshesh.web.registry import Tone

ORDER = "ledger.order"
RELEASE = "ledger.release"

VOUCHERED, ORDERED, SENT, PAID, RETURNED, CANCELLED = VoucherState.values

VOUCHER = Machine(
    dict(VoucherState.choices),
    [
        Transition("order", (VOUCHERED,), ORDERED, _("Put in a payment order"), ORDER),
        Transition("unorder", (ORDERED,), VOUCHERED, _("Order was refused"), RELEASE),
        Transition("send", (ORDERED,), SENT, _("Write the bank file"), ORDER),
        Transition("confirm", (SENT,), PAID, _("The bank paid")),
        Transition("return", (SENT, PAID), RETURNED, _("The bank returned it")),
        Transition("reissue", (RETURNED,), VOUCHERED, _("Pay again"), ORDER),
        Transition("cancel", (VOUCHERED, RETURNED), CANCELLED, _("Cancel the voucher"), ORDER),
    ],
)

PAYMENT_ORDER = Machine(
    dict(OrderState.choices),
    [
        Transition("release", (OrderState.ORDERED,), OrderState.RELEASED, _("Release"), RELEASE),
        Transition(
            "refuse",
            (OrderState.ORDERED, OrderState.RELEASED),
            OrderState.REFUSED,
            _("Refuse"),
            RELEASE,
        ),
        Transition(
            "send", (OrderState.RELEASED,), OrderState.SENT, _("Write the bank file"), ORDER
        ),
    ],
)

#: One mapping an enum: members of equal codes would fall together in one.
TONES: tuple[Mapping[object, Tone], ...] = (
    {CommitmentState.COMMITTED: "info", CommitmentState.CANCELLED: "quiet"},
    {
        VoucherState.VOUCHERED: "info",
        VoucherState.ORDERED: "info",
        VoucherState.SENT: "info",
        VoucherState.PAID: "good",
        VoucherState.RETURNED: "warn",
        VoucherState.CANCELLED: "quiet",
    },
    {
        OrderState.ORDERED: "warn",
        OrderState.RELEASED: "info",
        OrderState.SENT: "good",
        OrderState.REFUSED: "bad",
    },
    {
        PaymentState.SENT: "info",
        PaymentState.CONFIRMED: "good",
        PaymentState.RETURNED: "warn",
    },
    {
        PayeeState.FIRST: "info",
        PayeeState.KNOWN: "quiet",
        PayeeState.WAITING: "warn",
        PayeeState.ACCEPTED: "warn",
        PayeeState.REFUSED: "bad",
    },
    {
        LineState.NEW: "quiet",
        LineState.DONE: "good",
        LineState.OPEN: "warn",
        LineState.SETTLED: "quiet",
    },
    {
        CertificateState.WAITING: "warn",
        CertificateState.ACCEPTED: "good",
        CertificateState.REFUSED: "bad",
    },
    dict.fromkeys(Finding, "warn"),
)
