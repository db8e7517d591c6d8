"""The books: accounts, entries and their postings, budget laws and allocations."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.ids import uuid7
from pooshesh.ledger.models.base import Money, Where, positive
from pooshesh.ledger.models.paying import Commitment, Voucher


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
    key = models.CharField(max_length=90)
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
        constraints = [models.UniqueConstraint(fields=["key"], name="entry_once")]
        indexes = [models.Index(fields=["-at"], name="ledger_entry_at")]


class YearEnd(models.Model):
    """A budget year was closed: what was free lapsed, what was committed is still paid."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    lapsed = models.BigIntegerField()
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)


class Budget(Money):
    """What the budget law, or a supplement of it, gives the fund for a year."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.PositiveSmallIntegerField()
    citation = models.CharField(max_length=200)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [positive("budget_is_money", year__gte=1390, year__lte=1500)]


class Allocation(Money, Where):
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


class Posting(Money):
    """A line of an entry: so much into an account, or out of it below zero. Never changed."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, related_name="+", db_index=False
    )
    voucher = models.ForeignKey(
        Voucher, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [models.CheckConstraint(name="posting_is_money", condition=~Q(amount=0))]
        indexes = [  # of either kind, and of none for what moves between purses
            models.Index(
                fields=["commitment"], name="posting_commitment",
                condition=Q(commitment__isnull=False),
            ),
            models.Index(
                fields=["voucher"], name="posting_voucher", condition=Q(voucher__isnull=False)
            ),
        ]  # fmt: skip
