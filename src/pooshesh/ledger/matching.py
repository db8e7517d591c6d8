"""What a line of a statement means for a payment: pure, decided without the database."""

from dataclasses import dataclass

from pooshesh.ledger.models import Code, Finding, LineKind, Payment, PaymentState

CONFIRM, RETURN = "confirm", "return"


@dataclass(slots=True)
class Known:
    """A payment as far as the bank's lines have brought it. `stands` is where its money is."""

    amount: int
    state: str
    stands: str
    given_back: bool  # refunded or certified in part: it cannot come back whole

    @classmethod
    def of(cls, payment: Payment) -> "Known":
        """As it stands; the voucher is loaded."""
        voucher = payment.voucher
        paid = Code.ADVANCED if voucher.advance else Code.PAID
        stands = {PaymentState.SENT: Code.SENT, PaymentState.CONFIRMED: paid}
        return cls(
            payment.amount, payment.state,
            stands.get(PaymentState(payment.state), Code.RETURNED),
            bool(voucher.refunded or voucher.certified),
        )  # fmt: skip

    def move(self, verb: str, stands: str) -> None:
        """After a line that confirmed or returned it."""
        self.state = PaymentState.CONFIRMED if verb == CONFIRM else PaymentState.RETURNED
        self.stands = stands


def decide(kind: str, amount: int, payment: Known | None) -> str | Finding:
    """`CONFIRM`, `RETURN`, or why somebody must look into it."""
    if kind == LineKind.OTHER:
        return Finding.OTHER
    if payment is None:
        return Finding.UNKNOWN
    if amount != payment.amount:
        return Finding.AMOUNT
    if kind == LineKind.PAID:
        return {
            PaymentState.SENT: CONFIRM,
            PaymentState.CONFIRMED: Finding.PAID_TWICE,
        }.get(PaymentState(payment.state), Finding.PAID_AFTER_RETURN)
    if payment.state == PaymentState.RETURNED:
        return Finding.RETURNED_TWICE
    return Finding.GIVEN_BACK if payment.given_back else RETURN
