"""Tables of policy: which pack decided what about whom, and why."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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


class VersionState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Version(models.Model):
    """A pack's files as somebody proposed them; approved by somebody else they rule.

    Of the approved versions of a pack the newest one whose `valid_from` has come decides a day;
    before the first, the files shipped with the product do. The files never change.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=40)  # of the pack
    content = models.JSONField()  # file name → text
    digest = models.CharField(max_length=64)  # sha256 of the content
    valid_from = models.DateField()
    note = models.TextField()  # what it changes and why
    state = models.CharField(
        max_length=9, choices=VersionState.choices, default=VersionState.PROPOSED
    )
    effect = models.JSONField(null=True)  # of `effects`, once counted
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)  # why it was approved or refused

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="version_needs_a_second_person",
                condition=~Q(state__in=["approved", "refused"])
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
            ),
            models.UniqueConstraint(
                name="version_once",
                fields=["name", "digest", "valid_from"],
                condition=Q(state__in=["proposed", "approved"]),
            ),
        ]


class Touched(models.Model):
    """Somebody a fact changed about: to be decided again."""

    person_id = models.UUIDField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)


class Decision(models.Model):
    """A rule's answer about one person, from the day `on` until their next one. Append-only."""

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
        indexes = [
            models.Index(fields=["person_id", "-on", "-decided_at"], name="decision_newest"),
        ]


class Population(models.TextChoices):
    """Whom a scenario is tried on."""

    REGISTERED = "registered", _("Registered persons")
    SAMPLE = "sample", _("Synthetic sample of one million")


class Scenario(models.Model):
    """A reform tried on a population: what it changes, and what that would do. Never a decision.

    `changes` are rows of (parameter, key, to, percent) of `rules.reform.Change`; `other_on` sets
    the pack of another day beside it instead.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(max_length=120)
    pack = models.CharField(max_length=40)
    on = models.DateField()
    other_on = models.DateField(null=True)
    changes = models.JSONField(default=list)
    population = models.CharField(max_length=10, choices=Population.choices)
    effect = models.JSONField(null=True)  # of `effects`, once counted
    made_by = models.UUIDField()
    made_at = models.DateTimeField(default=timezone.now)


class Remark(models.Model):
    """What somebody says about a scenario."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="remarks")
    text = models.TextField()
    author = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
