"""What a patient had of a year's ceiling, and the letters that promise a payment."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.ids import uuid7
from pooshesh.people.models import Person
from pooshesh.places.models import Facility, Placed
from pooshesh.requests.models.amounts import rial
from pooshesh.requests.models.request import Request


class CeilingUse(models.Model):
    """What the fund granted a patient for services of a Jalali year; one row, so writers queue.

    `ceiling` is the law's when it was last used, null where it is not known; `extended` is what a
    working group granted above it. `of_disease`: rial by disease; `counts`: by disease and code.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    province = models.CharField(max_length=2)
    used = models.BigIntegerField(default=0)
    ceiling = models.BigIntegerField(null=True)
    extended = models.BigIntegerField(default=0)
    of_disease = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)

    used_rial = rial("used")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="ceiling_once", fields=["person", "year"]),
            models.CheckConstraint(
                name="ceiling_holds",
                condition=Q(used__gte=0, extended__gte=0)
                & (Q(ceiling__isnull=True) | Q(used__lte=F("ceiling") + F("extended"))),
            ),
        ]


class LetterState(models.TextChoices):
    ISSUED = "issued", _("Valid")
    USED = "used", _("Used by an invoice")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


class Letter(Placed):
    """The letter to a provider that a cost will be paid, until a day; used once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, related_name="+")
    provider = models.CharField(max_length=160)
    amount = models.BigIntegerField()
    issued_on = models.DateField()
    until = models.DateField()  # the last day a service may be given on it
    state = models.CharField(max_length=7, choices=LetterState.choices, default=LetterState.ISSUED)
    used_by = models.OneToOneField(Request, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["until"], name="letter_open", condition=Q(state="issued")),
            GistIndex(fields=["area_path"], name="letter_path"),
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_used_by_a_request",
                condition=Q(state="used") ^ Q(used_by__isnull=True),
            ),
            models.UniqueConstraint(
                name="letter_once", fields=["request"], condition=~Q(state="revoked")
            ),
            models.CheckConstraint(name="letter_amount", condition=Q(amount__gt=0)),
        ]  # fmt: skip
