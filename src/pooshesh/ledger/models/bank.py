"""The bank: files, payments, statements and what their lines are about."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.ids import uuid7
from pooshesh.ledger.models.base import Money, Where, positive
from pooshesh.ledger.models.paying import Order, PayeeRecord, Voucher


class BankFile(models.Model):
    """What was given to the bank for an order; made again it is the same, byte by byte."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.OneToOneField(Order, models.PROTECT, related_name="file")
    adapter = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)


class PaymentState(models.TextChoices):
    """What the bank said of a payment."""

    SENT = "sent", _("No answer yet")
    CONFIRMED = "confirmed", _("Confirmed")
    RETURNED = "returned", _("Returned")


class Payment(Money):
    """One attempt to pay a voucher: a line of a bank file, found again by its `reference`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="payments")
    payee = models.ForeignKey(PayeeRecord, models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(BankFile, models.PROTECT, related_name="payments", db_index=False)
    line = models.PositiveIntegerField()
    reference = models.CharField(max_length=25)  # ISO 11649
    province = models.CharField(max_length=2)
    state = models.CharField(max_length=9, choices=PaymentState.choices, default=PaymentState.SENT)
    sent_at = models.DateTimeField(default=timezone.now)
    ended_on = models.DateField(null=True)  # the bank's day

    class Meta:
        constraints = [
            positive("payment_of_voucher_is_money"),
            models.UniqueConstraint(
                fields=["voucher"], name="one_living_payment", condition=~Q(state="returned")
            ),
            models.UniqueConstraint(fields=["file", "line"], name="payment_line"),
            models.UniqueConstraint(fields=["reference"], name="payment_reference"),
        ]
        indexes = [
            models.Index(fields=["sent_at"], name="payment_unanswered", condition=Q(state="sent"))
        ]


class Statement(Where):
    """A statement of the bank as it was brought; the same content again is the same statement."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    count = models.PositiveIntegerField()  # lines that were new
    known = models.PositiveIntegerField(default=0)  # lines that an earlier statement held
    job_id = models.UUIDField(null=True)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["province", "sha256"], name="statement_once")
        ]


class LineKind(models.TextChoices):
    """What the bank says in a line."""

    PAID = "paid", _("Paid")
    RETURNED = "returned", _("Returned")
    OTHER = "other", _("Something else")


class LineState(models.TextChoices):
    """What became of a line of a statement."""

    NEW = "new", _("Not looked at yet")
    DONE = "done", _("Matched")
    OPEN = "open", _("To be looked into")
    SETTLED = "settled", _("Settled by hand")


class Finding(models.TextChoices):
    """Why a line waits for somebody."""

    UNKNOWN = "unknown", _("No payment of this reference")
    AMOUNT = "amount", _("Another amount than was sent")
    PAID_TWICE = "paid_twice", _("Reported as paid a second time")
    RETURNED_TWICE = "returned_twice", _("Reported as returned a second time")
    PAID_AFTER_RETURN = "paid_after_return", _("Reported as paid after it was returned")
    GIVEN_BACK = "given_back", _("Returned after a refund or certificate")
    OTHER = "other", _("Neither a payment nor a return")


class StatementLine(Money):
    """One line of a statement; the bank's own number of it is taken once."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField()
    province = models.CharField(max_length=2, blank=True)
    bank_id = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=LineKind.choices)
    reference = models.CharField(max_length=40, blank=True)
    on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=7, choices=LineState.choices, default=LineState.NEW)
    finding = models.CharField(max_length=17, choices=Finding.choices, blank=True)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, related_name="lines", db_index=False
    )
    why = models.TextField(blank=True)
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["province", "bank_id"], name="line_once"),
            positive("line_is_money"),
        ]
        indexes = [
            models.Index(
                fields=["state", "province"], name="line_waits",
                condition=Q(state__in=["new", "open"]),
            ),
            models.Index(
                fields=["payment"], name="line_payment", condition=Q(payment__isnull=False)
            ),
        ]  # fmt: skip
