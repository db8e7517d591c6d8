"""Tables of policy: which pack decided what about whom, and why."""

from django.db import models
from django.utils import timezone

from pooshesh.kernel.ids import uuid7


class BoundPack(models.Model):
    """A pack as used by decisions: immutable, found by its hash.

    The hash covers the laws and every value in force, so it is the same on all days between two
    changes of a value; a decision is repeated from it and the decision's own day.
    """

    id = models.CharField(primary_key=True, max_length=64)  # sha256, of `rules.bind`
    name = models.CharField(max_length=40)
    content = models.JSONField()  # file name → text, as they were
    first_used_at = models.DateTimeField(default=timezone.now)


class Decision(models.Model):
    """A rule's answer about one person on one day. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField(db_index=True)
    pack = models.ForeignKey(BoundPack, models.PROTECT, related_name="+")
    on = models.DateField()
    outcome = models.CharField(max_length=24)
    scheme = models.CharField(max_length=24)
    premium_percent = models.PositiveSmallIntegerField(null=True)
    reasons = models.BigIntegerField()  # bit mask, decoded by the pack
    facts = models.JSONField()  # what was decided on: never names or identifiers
    digest = models.CharField(max_length=64)  # of the facts
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "pack", "on", "digest"], name="decision_once"
            )
        ]
