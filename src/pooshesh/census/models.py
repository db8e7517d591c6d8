"""Tables of the field census: rounds, zones, alleys, phones, and what workers wrote.

What a household said lies sealed: only counts, states and times can be read without the data key.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.time import Bitemporal, no_overlap
from pooshesh.places.models import Placed
from pooshesh.programme.models import Campaign, Programme


class RoundState(models.TextChoices):
    OPEN = "counting", _("Under way")
    CLOSED = "counted", _("Ended")


class Round(Placed):
    """One census of one neighbourhood, on days during which households are taken."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="+")
    during = DateRangeField()
    state = models.CharField(max_length=8, choices=RoundState.choices, default=RoundState.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.UUIDField(null=True)

    class Meta:
        indexes = [GistIndex(fields=["area_path"], name="census_round_path")]
        constraints = [
            ExclusionConstraint(
                name="census_round_alone",  # a neighbourhood is counted by one round at a time
                expressions=[("area", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                name="census_round_has_days",
                condition=Q(during__isempty=False, during__lower_inf=False,
                            during__upper_inf=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}"


class Zone(models.Model):
    """Ten to twelve alleys: what a worker takes on the phone at once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="zones")
    name = models.CharField(max_length=80)
    province = models.CharField(max_length=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="census_zone_once")]

    def __str__(self) -> str:
        return self.name


class Alley(models.Model):
    """A street of some 35 to 40 households, taken by one worker at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="alleys")
    round = models.ForeignKey(Round, models.PROTECT, related_name="alleys")
    name = models.CharField(max_length=120)
    expected = models.PositiveSmallIntegerField()  # households
    province = models.CharField(max_length=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["zone", "name"], name="census_alley_once")]

    def __str__(self) -> str:
        return self.name


class Assignment(Bitemporal):
    """An alley is given to a worker for a time; to one at a time."""

    alley = models.ForeignKey(Alley, models.PROTECT, related_name="+")
    user_id = models.UUIDField()
    province = models.CharField(max_length=2)

    class Meta:
        constraints = [no_overlap("census_alley_given_once", "alley")]
        indexes = [models.Index(fields=["user_id"], name="census_given")]


class Device(models.Model):
    """A phone on which a worker set a PIN. It belongs to the worker, not to a place."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=80)
    made_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)


class Outcome(models.TextChoices):
    """What came of ringing at a door."""

    MET = "met", _("Household met")
    ABSENT = "absent", _("Nobody at home")
    REFUSED = "refused", _("Did not want to take part")


class EntryState(models.TextChoices):
    RECEIVED = "taken", _("To be looked at")
    ACCEPTED = "accepted", _("Accepted")
    EXCLUDED = "left_out", _("Left out")


class Written(Placed):
    """Mixin: something a worker wrote on a phone, sealed until its day of deletion."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    alley = models.ForeignKey(Alley, models.PROTECT, related_name="+")
    content = models.BinaryField(null=True)  # sealed JSON (`answers`); None once deleted
    user_id = models.UUIDField()
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()  # by the phone's clock
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Entry(Written):
    """One household as it stands now; `id` was made on the phone, every version is a Revision."""

    id = models.UUIDField(primary_key=True, editable=False)
    alley = models.ForeignKey(Alley, models.PROTECT, related_name="entries")
    revision = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=EntryState.choices, default=EntryState.RECEIVED)
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    persons = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300, blank=True)  # why it is left out

    class Meta:
        indexes = [models.Index(fields=["round", "state"], name="census_entry_round")]
        constraints = [
            models.CheckConstraint(
                name="census_left_out_with_reason",
                condition=~Q(state=EntryState.EXCLUDED) | Q(reason__regex=r"\S"),
            )
        ]


class Revision(models.Model):
    """A version of a household, never changed. `device` is None for what the lead merged."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.BinaryField(null=True)  # sealed JSON
    user_id = models.UUIDField()
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+")
    province = models.CharField(max_length=2)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="census_revision_once")
        ]


class ConflictState(models.TextChoices):
    OPEN = "waiting", _("Waiting")
    RESOLVED = "resolved", _("Resolved")
    REPLACED = "replaced", _("Replaced by a newer one")


class Conflict(Written):
    """A version made on top of one that was no longer the newest. It waits for a choice."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    base = models.PositiveIntegerField()
    state = models.CharField(
        max_length=8, choices=ConflictState.choices, default=ConflictState.OPEN
    )
    resolved_by = models.UUIDField(null=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "device"], name="census_conflict_once",
                condition=Q(state=ConflictState.OPEN),
            )
        ]  # fmt: skip


class Why(models.TextChoices):
    """Why something is kept aside instead of counted."""

    LATE = "late", _("Came after the round had ended")
    NOT_GIVEN = "not_given", _("The alley is not the worker's any more")
    ELSEWHERE = "elsewhere", _("The alley lies in another neighbourhood")


class AsideState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    ACCEPTED = "let_in", _("Let in")
    REFUSED = "refused", _("Refused")


class Aside(Written):
    """A household that came late or from a wrong place: kept until the lead decides."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry_id = models.UUIDField(db_index=True)
    base = models.PositiveIntegerField()
    why = models.CharField(max_length=9, choices=Why.choices)
    persons = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=AsideState.choices, default=AsideState.WAITING)
    note = models.CharField(max_length=300, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["round", "state"], name="census_aside_round")]
        constraints = [
            models.CheckConstraint(
                name="census_elsewhere_never_accepted",
                condition=~Q(why=Why.ELSEWHERE, state=AsideState.ACCEPTED),
            )
        ]


class Photo(Placed):
    """A document photographed at the door; its bytes lie sealed until `delete_by`."""

    id = models.UUIDField(primary_key=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    entry_id = models.UUIDField(db_index=True)  # of an entry, or of one kept aside
    content = models.BinaryField(null=True)  # sealed JPEG in base64; None once deleted
    size = models.PositiveIntegerField()  # bytes
    user_id = models.UUIDField()
    device = models.ForeignKey(Device, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)
    delete_by = models.DateField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="census_photo_deleted_or_kept",
                condition=Q(content=None, deleted_at__isnull=False)
                | Q(content__isnull=False, deleted_at=None),
            )
        ]


class Feed(models.Model):
    """The accepted households of a round, handed to a campaign as its census sheet."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="+")
    province = models.CharField(max_length=2)
    households = models.PositiveIntegerField()
    persons = models.PositiveIntegerField()
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
