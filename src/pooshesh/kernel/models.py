"""Tables of the kernel: the audit trail with its seals, and jobs with their progress."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.ids import uuid7


class Event(models.Model):
    """One action somebody took. Holds ids, field names and digests, never values.

    `xid` is the writing transaction: a seal takes only events of transactions that ended before
    its snapshot, so no event can slip in behind it. UPDATE and DELETE are refused by a trigger.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(default=timezone.now)
    xid = models.BigIntegerField(
        db_default=Cast(
            Cast(models.Func(function="pg_current_xact_id"), models.TextField()),
            models.BigIntegerField(),
        )
    )
    actor = models.UUIDField(null=True)  # no foreign key: the trail outlives accounts
    action = models.CharField(max_length=60)  # "people.register"
    kind = models.CharField(max_length=40, blank=True)  # of the object, "person"
    object_id = models.CharField(max_length=64, blank=True)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    digest = models.CharField(max_length=64, blank=True)  # sha256 of what was written
    purpose = models.CharField(max_length=200, blank=True)
    area_path = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "object_id"]),
            models.Index(fields=["actor", "at"]),
            models.Index(fields=["-at"]),
        ]


class Subject(models.Model):
    """A person an event touched or showed: what the citizen's log is read from."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    person_id = models.UUIDField(db_index=True)


class Seal(models.Model):
    """A link of the hash chain over a batch of events."""

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField(default=timezone.now)
    events = models.IntegerField()
    previous = models.BinaryField(max_length=32)
    head = models.BinaryField(max_length=32)


class Sealed(models.Model):
    """An event's place in its seal and the hash it had then: finds which event was changed."""

    event_id = models.UUIDField(primary_key=True)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="+")
    position = models.IntegerField()
    leaf = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "position"], name="sealed_once")]


class DataKey(models.Model):
    """A version of the data key that sealed something here, with a known word sealed by it."""

    version = models.PositiveSmallIntegerField(primary_key=True)
    sealed = models.BinaryField(max_length=60)


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Job(models.Model):
    """Long work done in the background, with its progress and its end."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    actor = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    step = models.CharField(max_length=200, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    message = models.TextField(blank=True)
    result = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"])]


class Schedule(models.Model):
    """When a recurring job is due next; the row lock lets only one worker start it."""

    kind = models.CharField(max_length=60, primary_key=True)
    next_at = models.DateTimeField()
