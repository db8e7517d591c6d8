"""Tables of the funnel: where every unit stands, and kept counts of it.

Triggers on the tables of `fund`, `requests` and `ledger` write positions, a trigger on positions
writes changes of counts (`0002_watch`), all in the transaction that moved something: a count that
was committed is never behind, and nothing can be lost between two states.
"""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pooshesh.places.models import Placed


class Unit(models.TextChoices):
    """What is counted. One person may have many requests, one request many payments."""

    PERSON = "person", _("Persons")
    APPLICATION = "application", _("Applications")
    REQUEST = "request", _("Expense requests")
    APPROVAL = "approval", _("Prior approvals")
    PAYMENT = "payment", _("Payments")


class Step(models.TextChoices):
    """The furthest a person has come, or why they came no further; later ones outrank earlier."""

    CLOSED = "closed", _("Closed")
    DIED = "died", _("Died")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REFUSED = "refused", _("Refused by the university")
    RECEIVED = "received", _("Registered")
    INCOMPLETE = "incomplete", _("Returned for completion")
    VERIFYING = "verifying", _("Under the university's check")
    TAGGED = "tagged", _("Tagged, no request")
    REJECTED = "rejected", _("All requests rejected")
    ASKED = "asked", _("Request being decided")
    APPROVED = "approved", _("Approved, not paid")
    PAYING = "paying", _("Payment under way")
    PAID = "paid", _("Paid")


class Position(Placed):
    """Where one thing of a unit stands now; `since` the day it came there, `amount` in rial."""

    unit = models.CharField(max_length=11, choices=Unit.choices)
    object_id = models.UUIDField()
    file_id = models.UUIDField()  # of the patient; the object itself of a person
    disease = models.CharField(max_length=12, blank=True)  # "" for a person
    state = models.CharField(max_length=16)
    since = models.DateField()
    amount = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "object_id"], name="position_once"),
            models.CheckConstraint(
                name="position_of_a_disease", condition=Q(unit="person") | ~Q(disease="")
            ),
        ]
        indexes = [
            models.Index(fields=["file_id", "unit"], name="position_file"),
            models.Index(
                fields=["unit", "state", "since", "id"], include=["province"], name="position_rows"
            ),
            # All that is counted of a disease is read from here, without the table.
            models.Index(
                fields=["disease", "unit", "state", "since"],
                include=["province", "amount"],
                name="position_disease",
            ),
            GistIndex(fields=["area_path"], name="position_path"),
        ]


class Counted(models.Model):
    """Mixin: so many of a unit in a state, by province and the month they came there.

    `month` is the first day of a Jalali month. `amount` is rial. What is narrower, a county or a
    disease, is counted from its own positions.
    """

    unit = models.CharField(max_length=11, choices=Unit.choices)
    state = models.CharField(max_length=16)
    province = models.CharField(max_length=2)
    month = models.DateField()
    number = models.BigIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        abstract = True


class Tally(Counted):
    """Counts up to the last folding of changes."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "state", "province", "month"], name="tally_once"
            )
        ]


class Change(Counted):
    """What a statement added to counts, or took away; folded into `Tally` now and then.

    Writers only ever add rows, so that nobody waits for a count that somebody else moves.
    """
