"""Tables of the fund's money: accounts and journal, budget, commitments, vouchers, the bank.

Every rial is somewhere: an account says where (available, committed, …) in a year and a province,
and only a trigger writes its balance. What must never happen is refused by the database
(`0001_money`): an entry that does not balance, a balance below zero, a journal that is changed, a
voucher whose payee changed without a second person, two living payments of one voucher.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.money import Rial
from pooshesh.kernel.time import Bitemporal, no_overlap
from pooshesh.people.models import Person
from pooshesh.places.models import Facility


def _positive(name: str, **more: Any) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(amount__gt=0, **more))


class Where(models.Model):
    """Mixin: where a row belongs; `province` "" and `area_path` "ir" for the nation's own."""

    province = models.CharField(max_length=2, blank=True)
    area_path = PathField()

    class Meta:
        abstract = True


class _Money(models.Model):
    """Mixin: an amount in rial."""

    amount = models.BigIntegerField()

    class Meta:
        abstract = True

    @property
    def rial(self) -> Rial:
        """The amount as money."""
        return Rial(self.amount)


# --- the books -----------------------------------------------------------------------------


class Code(models.TextChoices):
    """Where a rial of the budget is. Each account of a year and province has one of these."""

    LAW = "law", _("Given by the budget law")
    UNALLOCATED = "unallocated", _("Not yet allocated")
    AVAILABLE = "available", _("Allocated and free")
    COMMITTED = "committed", _("Committed, no voucher yet")
    VOUCHERED = "vouchered", _("On vouchers, not ordered")
    ORDERED = "ordered", _("In payment orders")
    SENT = "sent", _("At the bank")
    RETURNED = "returned", _("Returned by the bank")
    ADVANCED = "advanced", _("Advanced to providers, use not shown yet")
    PAID = "paid", _("Paid")
    LAPSED = "lapsed", _("Lapsed at the end of the year")


class Account(Where):
    """What stands in one place in one budget year, in rial; only triggers write `balance`."""

    year = models.PositiveSmallIntegerField()  # Jalali
    code = models.CharField(max_length=12, choices=Code.choices)
    balance = models.BigIntegerField(default=0)
    closed = models.BooleanField(default=False)  # its year has ended

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "province", "code"], name="account_once"),
            models.CheckConstraint(
                name="account_is_never_overdrawn",
                condition=Q(code="law", balance__lte=0) | (~Q(code="law") & Q(balance__gte=0)),
            ),
        ]


class Entry(models.Model):
    """One thing that moved money, with postings that add up to zero. Never changed.

    `key` is the idempotency key: the same thing again is refused. `about` is the object of the
    verb (an order, a statement), `xid` the transaction that wrote it; no other may add postings.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=20)
    key = models.CharField(max_length=90, unique=True)
    about = models.UUIDField(null=True)
    actor = models.UUIDField(null=True)
    why = models.TextField(blank=True)
    xid = models.BigIntegerField(
        db_default=Cast(
            Cast(models.Func(function="pg_current_xact_id"), models.TextField()),
            models.BigIntegerField(),
        )
    )

    class Meta:
        indexes = [models.Index(fields=["-at"], name="ledger_entry_at")]


class YearEnd(models.Model):
    """A budget year was closed: what was free lapsed, what was committed is still paid."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    lapsed = models.BigIntegerField()
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)


class Budget(_Money):
    """What the budget law, or a supplement of it, gives the fund for a year."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.PositiveSmallIntegerField()
    citation = models.CharField(max_length=200)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [_positive("budget_is_money", year__gte=1390, year__lte=1500)]


class Allocation(_Money, Where):
    """Money of a year given to a province; below zero where it was taken back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=300, blank=True)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="allocation_is_money", condition=~Q(amount=0)),
            models.CheckConstraint(name="allocation_has_a_province", condition=~Q(province="")),
        ]


# --- what was decided, and what is paid for it ----------------------------------------------


class CommitmentState(models.TextChoices):
    """Whether a decision still binds money."""

    COMMITTED = "committed", _("Committed")
    CANCELLED = "cancelled", _("Cancelled")


class Commitment(_Money, Where):
    """A decision that binds money; `object_id` is what was decided, in the room of `kind`.

    `drawn` is how much of it stands on vouchers.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    disease = models.CharField(max_length=40, blank=True)
    year = models.PositiveSmallIntegerField()
    drawn = models.BigIntegerField(default=0)
    state = models.CharField(
        max_length=9, choices=CommitmentState.choices, default=CommitmentState.COMMITTED
    )
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            _positive("commitment_is_money"),
            models.CheckConstraint(
                name="drawn_within_commitment", condition=Q(drawn__gte=0, drawn__lte=F("amount"))
            ),
            models.CheckConstraint(
                name="cancelled_before_a_voucher",
                condition=~Q(state="cancelled") | Q(drawn=0),
            ),
            models.UniqueConstraint(
                fields=["object_id"], name="committed_once", condition=~Q(state="cancelled")
            ),
        ]
        indexes = [
            models.Index(fields=["person"], name="commitment_person"),
            models.Index(fields=["year", "province"], name="commitment_purse"),
        ]


class VoucherState(models.TextChoices):
    """Where a voucher's money is."""

    VOUCHERED = "vouchered", _("Voucher drawn")
    ORDERED = "ordered", _("Ordered to be paid")
    SENT = "sent", _("Sent to the bank")
    PAID = "paid", _("Paid")
    RETURNED = "returned", _("Returned by the bank")
    CANCELLED = "cancelled", _("Voucher cancelled")


class OrderState(models.TextChoices):
    """Where a payment order stands."""

    ORDERED = "ordered", _("Waits for release")
    RELEASED = "released", _("Released")
    SENT = "sent", _("In a bank file")
    REFUSED = "refused", _("Release refused")


class Order(Where):
    """Vouchers of one year and province to be paid together; released by somebody else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    total = models.BigIntegerField()
    count = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=OrderState.choices, default=OrderState.ORDERED)
    ordered_by = models.UUIDField(null=True)
    ordered_at = models.DateTimeField(default=timezone.now)
    decided_by = models.UUIDField(null=True)  # released or refused it
    decided_at = models.DateTimeField(null=True)
    why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "province", "number"], name="order_number"),
            models.CheckConstraint(
                name="released_by_another",
                condition=Q(state__in=["ordered", "refused"])
                | (
                    Q(ordered_by__isnull=False, decided_by__isnull=False)
                    & ~Q(decided_by=F("ordered_by"))
                ),
            ),
            models.CheckConstraint(name="order_is_money", condition=Q(total__gt=0, count__gt=0)),
        ]
        indexes = [models.Index(fields=["state", "province"], name="order_state")]


class PayeeKind(models.TextChoices):
    """Who is paid."""

    PATIENT = "patient", _("The patient")
    PROVIDER = "provider", _("A provider of care")
    HEIR = "heir", _("An heir")


class PayeeState(models.TextChoices):
    """How a payee came to a voucher."""

    FIRST = "first", _("Drawn with the voucher")
    WAITING = "waiting", _("Waits for a second person")
    ACCEPTED = "accepted", _("Confirmed by a second person")
    REFUSED = "refused", _("Refused by a second person")


class PayeeRecord(models.Model):
    """Name and sheba a voucher is paid to, both sealed; a change is a new row two people made."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    voucher = models.ForeignKey("Voucher", models.PROTECT, related_name="payees")
    kind = models.CharField(max_length=8, choices=PayeeKind.choices)
    name = models.BinaryField(max_length=600)  # sealed
    sheba = models.BinaryField(max_length=80)  # sealed
    sheba_blind = models.BinaryField(max_length=16)  # keyed index
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=PayeeState.choices, default=PayeeState.FIRST)
    why = models.TextField(blank=True)
    proposed_by = models.UUIDField(null=True)
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["voucher"], name="one_payee_waits", condition=Q(state="waiting")
            ),
            models.CheckConstraint(
                name="payee_changed_by_two",
                condition=~Q(state="accepted")
                | (
                    Q(decided_by__isnull=False, proposed_by__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                ),
            ),
        ]
        indexes = [models.Index(fields=["sheba_blind"], name="payee_sheba")]


class Voucher(_Money, Where):
    """An amount to be paid to somebody for a commitment; its number counts in year and province."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="vouchers")
    payee = models.ForeignKey(PayeeRecord, models.PROTECT, related_name="+")
    advance = models.BooleanField(default=False)  # paid before its use is shown
    state = models.CharField(
        max_length=9, choices=VoucherState.choices, default=VoucherState.VOUCHERED
    )
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="vouchers")
    refunded = models.BigIntegerField(default=0)
    certified = models.BigIntegerField(default=0)  # of an advance: its use was shown
    paid_on = models.DateField(null=True)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            _positive("voucher_is_money"),
            models.UniqueConstraint(fields=["year", "province", "number"], name="voucher_number"),
            models.CheckConstraint(
                name="given_back_within_voucher",
                condition=Q(refunded__gte=0, certified__gte=0)
                & Q(amount__gte=F("refunded") + F("certified")),
            ),
            models.CheckConstraint(
                name="given_back_after_payment",
                condition=Q(state="paid") | Q(refunded=0, certified=0),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "province", "year"], name="voucher_state"),
        ]


class Limit(Bitemporal):
    """The largest order somebody may order or release; `holder` "" is whoever has no own limit."""

    verb = models.CharField(
        max_length=8, choices=[("order", _("Order")), ("release", _("Release"))]
    )
    holder = models.CharField(max_length=36, blank=True)  # a user's id
    most = models.BigIntegerField()
    actor = models.UUIDField(null=True)

    @property
    def rial(self) -> Rial:
        """The largest order, as money."""
        return Rial(self.most)

    class Meta:
        constraints = [
            no_overlap("limit_once", "verb", "holder"),
            models.CheckConstraint(name="limit_is_money", condition=Q(most__gte=0)),
        ]


# --- the bank --------------------------------------------------------------------------------


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


class Payment(_Money):
    """One attempt to pay a voucher: a line of a bank file, found again by its `reference`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="payments")
    payee = models.ForeignKey(PayeeRecord, models.PROTECT, related_name="+")
    file = models.ForeignKey(BankFile, models.PROTECT, related_name="payments")
    line = models.PositiveIntegerField()
    reference = models.CharField(max_length=25, unique=True)  # ISO 11649
    province = models.CharField(max_length=2)
    state = models.CharField(max_length=9, choices=PaymentState.choices, default=PaymentState.SENT)
    sent_at = models.DateTimeField(default=timezone.now)
    ended_on = models.DateField(null=True)  # the bank's day

    class Meta:
        constraints = [
            _positive("payment_of_voucher_is_money"),
            models.UniqueConstraint(
                fields=["voucher"], name="one_living_payment", condition=~Q(state="returned")
            ),
            models.UniqueConstraint(fields=["file", "line"], name="payment_line"),
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


class StatementLine(_Money):
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
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="lines")
    why = models.TextField(blank=True)
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["province", "bank_id"], name="line_once"),
            _positive("line_is_money"),
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


# --- advances and money that comes back --------------------------------------------------------


class Advance(_Money, Where):
    """Money a provider gets before care is given; its commitment bears this id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=300)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [_positive("advance_is_money")]


class CertificateState(models.TextChoices):
    """Whether a second person agreed that an advance was used."""

    WAITING = "waiting", _("Waits for a second person")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class Certificate(_Money):
    """A provider shows for which disease and how many patients part of an advance was used."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    advance = models.ForeignKey(Advance, models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=40)  # the provider's
    on = models.DateField()
    disease = models.CharField(max_length=40, blank=True)
    patients = models.PositiveIntegerField()
    state = models.CharField(
        max_length=8, choices=CertificateState.choices, default=CertificateState.WAITING
    )
    why = models.TextField(blank=True)
    proposed_by = models.UUIDField(null=True)
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            _positive("certificate_is_money"),
            models.UniqueConstraint(
                fields=["advance", "number"], name="certificate_once",
                condition=~Q(state="refused"),
            ),
            models.CheckConstraint(
                name="certified_by_two",
                condition=~Q(state="accepted")
                | (
                    Q(decided_by__isnull=False, proposed_by__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                ),
            ),
        ]  # fmt: skip


class Refund(_Money):
    """Money a payee gave back; a reference of the bank is taken once. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="refunds")
    reference = models.CharField(max_length=40, unique=True)
    on = models.DateField()
    why = models.TextField()
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [_positive("refund_of_voucher_is_money")]


class Posting(_Money):
    """A line of an entry: so much into an account, or out of it below zero. Never changed."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    commitment = models.ForeignKey(Commitment, models.PROTECT, null=True, related_name="+")
    voucher = models.ForeignKey(Voucher, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="posting_is_money", condition=~Q(amount=0))]
