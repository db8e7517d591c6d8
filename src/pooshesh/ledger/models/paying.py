"""What was decided, and what is paid for it: commitments, vouchers, orders, limits."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.money import Rial
from pooshesh.kernel.time import Bitemporal, no_overlap
from pooshesh.ledger.models.base import Money, Where, positive
from pooshesh.people.models import Person
from pooshesh.places.models import Facility


class CommitmentState(models.TextChoices):
    """Whether a decision still binds money."""

    COMMITTED = "committed", _("Committed")
    CANCELLED = "cancelled", _("Cancelled")


class Commitment(Money, Where):
    """A decision that binds money; `object_id` is what was decided, in the room of `kind`.

    `drawn` is how much of it stands on vouchers. `held`: the decision is looked at again, and
    nothing of it is ordered, released or sent to a bank meanwhile.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    disease = models.CharField(max_length=40, blank=True)
    year = models.PositiveSmallIntegerField()
    drawn = models.BigIntegerField(default=0)
    held = models.BooleanField(default=False, db_default=False)
    state = models.CharField(
        max_length=9, choices=CommitmentState.choices, default=CommitmentState.COMMITTED
    )
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            positive("commitment_is_money"),
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

    FIRST = "first", _("Written as the voucher was drawn")
    KNOWN = "known", _("As the decision or an earlier voucher says")
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


class Voucher(Money, Where):
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
            positive("voucher_is_money"),
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


class LimitVerb(models.TextChoices):
    """What is limited: one order, and all that one person orders or releases in a day."""

    ORDER = "order", _("Order")
    RELEASE = "release", _("Release")
    ORDER_DAY = "order_day", _("Order in one day")
    RELEASE_DAY = "release_day", _("Release in one day")


class Limit(Bitemporal):
    """The most somebody may order or release; `holder` "" is whoever has no own limit."""

    verb = models.CharField(max_length=11, choices=LimitVerb.choices)
    holder = models.CharField(max_length=36, blank=True)  # a user's id
    most = models.BigIntegerField()
    actor = models.UUIDField(null=True)

    @property
    def rial(self) -> Rial:
        """The most, as money."""
        return Rial(self.most)

    class Meta:
        constraints = [
            no_overlap("limit_once", "verb", "holder"),
            models.CheckConstraint(name="limit_is_money", condition=Q(most__gte=0)),
        ]
