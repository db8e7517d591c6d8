"""Tables of figures: months, the anonymous facts they froze, and what follows from these.

Nothing here names a person. A closed month is never changed: what comes late makes a new revision
of it, so a figure read as of any day is read again the same.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.places.models import Area, AreaKind


class Definitions(models.Model):
    """A book of indicators as it was when a month was closed with it: files by name."""

    digest = models.CharField(max_length=64, primary_key=True)
    files = models.JSONField()
    at = models.DateTimeField(default=timezone.now)


class SnapshotState(models.TextChoices):
    """Of a month's revision."""

    BUILDING = "building", _("Being counted")
    CLOSED = "closed", _("Closed")


class Reason(models.TextChoices):
    """Why a month was counted."""

    FIRST = "first", _("The month ended")
    LATE = "late", _("Data came late")
    RUNNING = "running", _("The month is running")
    DEFINITIONS = "definitions", _("Definitions changed")
    ASKED = "asked", _("Somebody asked for it")


class Snapshot(models.Model):
    """One counting of a Jalali month; `closed_at` is the day its figures are as of.

    `month` is the month's first day. `asked_at`: rows recorded up to then are counted. `digest` is
    of all facts in order. `flagged`: a check that stops figures is red about it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    month = models.DateField()
    revision = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=8, choices=SnapshotState.choices, default=SnapshotState.BUILDING
    )
    reason = models.CharField(max_length=11, choices=Reason.choices)
    definitions = models.ForeignKey(Definitions, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    job_id = models.UUIDField(null=True)
    actor = models.UUIDField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    flagged = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    late = models.JSONField(default=dict)  # source → rows that came late, for which it was counted

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "revision"], name="snapshot_revision_once"),
            models.UniqueConstraint(
                fields=["month"], name="snapshot_one_building", condition=Q(state="building")
            ),
            models.CheckConstraint(
                name="snapshot_closed_has_a_moment",
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(digest="")
                | Q(state="building", closed_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["month", "-closed_at"], name="snapshot_of_month")]


class SnapshotPart(models.Model):
    """What one statement counted of one province; a month goes on from the parts it has."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="+")
    source = models.CharField(max_length=24)
    province = models.CharField(max_length=2, blank=True)  # "" for what belongs to the nation
    facts = models.PositiveIntegerField()
    milliseconds = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "source", "province"], name="snapshot_part_once"
            )
        ]


# The two large tables are written by statements that join areas themselves: the database need not
# look for each row's area and month again.


class Fact(models.Model):
    """So many of a measure in one cell of a month: an area and the dimensions, "" not known or
    not carried. `area` is the smallest that is known, not its parents."""

    id = models.BigAutoField(primary_key=True)
    snapshot = models.ForeignKey(
        Snapshot, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    area_path = PathField()
    province = models.CharField(max_length=2, blank=True)
    source = models.CharField(max_length=24)
    measure = models.CharField(max_length=32)
    sponsor = models.CharField(max_length=40, blank=True)  # code of the area set
    decile = models.CharField(max_length=2, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    age = models.CharField(max_length=6, blank=True)  # of indicators.groups
    nationality = models.CharField(max_length=8, blank=True)  # iranian, foreign
    scheme = models.CharField(max_length=20, blank=True)  # "none": not covered
    disease = models.CharField(max_length=12, blank=True)
    value = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["snapshot", "measure", "province"], name="fact_read"),
        ]


class ProvinceFact(models.Model):
    """The facts of a month summed to whole provinces ("" is the nation's own), all dimensions kept:
    what is asked by two dimensions reads these instead of a hundred times as many."""

    id = models.BigAutoField(primary_key=True)
    snapshot = models.ForeignKey(
        Snapshot, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    measure = models.CharField(max_length=32)
    province = models.CharField(max_length=2, blank=True)
    sponsor = models.CharField(max_length=40, blank=True)
    decile = models.CharField(max_length=2, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    age = models.CharField(max_length=6, blank=True)
    nationality = models.CharField(max_length=8, blank=True)
    scheme = models.CharField(max_length=20, blank=True)
    disease = models.CharField(max_length=12, blank=True)
    value = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["measure", "snapshot", "province"], name="province_fact_read")
        ]


class Value(models.Model):
    """An indicator's two numbers of one month, area and group; what screens read.

    Made of facts when the month closes: of every area from the nation down, and, of the nation and
    its provinces, of every value of each dimension (`dimension`, `key`). Of the month alone: what
    is cumulative is summed when read. No row: nothing was counted there (both are 0).
    """

    id = models.BigAutoField(primary_key=True)
    snapshot = models.ForeignKey(
        Snapshot, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    indicator = models.CharField(max_length=40)
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    area_path = PathField()
    province = models.CharField(max_length=2, blank=True)
    kind = models.CharField(max_length=13, choices=AreaKind.choices)
    dimension = models.CharField(max_length=11, blank=True)
    key = models.CharField(max_length=40, blank=True)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "snapshot", "area", "dimension", "key"], name="value_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["indicator", "snapshot", "kind", "province"], name="value_read",
                include=["area", "dimension", "key", "numerator", "denominator"],
            )
        ]  # fmt: skip


class CheckState(models.TextChoices):
    """What a check of integrity found last."""

    GREEN = "green", _("In order")
    RED = "red", _("Not in order")
    STOPPED = "stopped", _("Could not be asked")


class CheckResult(models.Model):
    """What a check found when it last ran: how much, about which months ("1401-10"), or why it
    could not be asked. `since`: the state is the same since then."""

    code = models.CharField(max_length=40, primary_key=True)
    state = models.CharField(max_length=7, choices=CheckState.choices)
    number = models.PositiveBigIntegerField(default=0)
    months = models.JSONField(default=list)
    milliseconds = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(default=timezone.now)


class Publication(models.Model):
    """Figures that were given to the public together: a briefing, the public page, an answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.CharField(max_length=20)  # "public", "briefing"
    title = models.CharField(max_length=200)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)


class Published(models.Model):
    """A figure as it was published, once per channel and reference; `key` is the reference without
    its revision. `flagged`: a check was red about it, and it was published saying so."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="figures")
    channel = models.CharField(max_length=20)
    key = models.CharField(max_length=300)
    reference = models.CharField(max_length=300)
    indicator = models.CharField(max_length=40)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    month = models.DateField()  # the last it covers
    first = models.DateField()  # the first; of what is cumulative the very first
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(null=True)
    flagged = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "reference"], name="published_once")
        ]
        indexes = [models.Index(fields=["first", "month"], name="published_months")]


class Correction(models.Model):
    """A published figure whose month was counted anew and came to something else; shown to all."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=300)
    indicator = models.CharField(max_length=40)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    month = models.DateField()
    was = models.CharField(max_length=300)  # references
    now = models.CharField(max_length=300)
    numerator_was = models.BigIntegerField()
    denominator_was = models.BigIntegerField(null=True)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=11, choices=Reason.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["was", "now"], name="corrected_once"),
            models.CheckConstraint(name="corrected_to_another", condition=~Q(was=models.F("now"))),
        ]
        indexes = [models.Index(fields=["-at"], name="correction_at")]
