"""Advances with their certificates, and money that comes back."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.ids import uuid7
from pooshesh.ledger.models.base import Money, Where, positive
from pooshesh.ledger.models.paying import Voucher
from pooshesh.places.models import Facility


class Advance(Money, Where):
    """Money a provider gets before care is given; its commitment bears this id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=300)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [positive("advance_is_money")]


class CertificateState(models.TextChoices):
    """Whether a second person agreed that an advance was used."""

    WAITING = "waiting", _("Waits for a second person")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class Certificate(Money):
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
            positive("certificate_is_money"),
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


class Refund(Money):
    """Money a payee gave back; a reference of the bank is taken once. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="refunds")
    reference = models.CharField(max_length=40, unique=True)
    on = models.DateField()
    why = models.TextField()
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [positive("refund_of_voucher_is_money")]
