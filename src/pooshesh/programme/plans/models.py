"""Tables of plans: neighbourhoods, workers, targets, costs."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.places.models import Area


class PlanState(models.TextChoices):
    """Where a plan stands."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Under way")
    ENDED = "ended", _("Ended")
    DROPPED = "dropped", _("Dropped")


class Plan(models.Model):
    """Campaigns to be made: where, by whom, for how many people, in which days and for how much.

    Each neighbourhood of it becomes a campaign once its sheets are brought.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=160)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")  # all of it lies within
    area_path = PathField()
    province = models.CharField(max_length=2, blank=True)  # "" for a plan of the whole nation
    leader = models.UUIDField(null=True)  # not named yet
    starts_on = models.DateField()
    ends_on = models.DateField()  # the last day
    target_persons = models.PositiveIntegerField()  # to be insured
    budget = models.BigIntegerField(null=True)  # rial
    state = models.CharField(max_length=8, choices=PlanState.choices, default=PlanState.DRAFT)
    actor = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now)  # into its state

    class Meta:
        indexes = [GistIndex(fields=["area_path"], name="plan_path")]
        constraints = [
            models.CheckConstraint(
                name="plan_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(name="plan_has_a_target", condition=Q(target_persons__gte=1)),
            models.CheckConstraint(name="plan_budget", condition=Q(budget__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def days(self) -> int:
        """Days it is to take, first and last included."""
        return (self.ends_on - self.starts_on).days + 1


class PlanPlace(models.Model):
    """A neighbourhood of a plan; it is in one plan at a time.

    `valid` are the days of the plan, `live` says that the plan was not dropped.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)
    valid = DateRangeField()
    live = models.BooleanField(default=True)

    class Meta:
        indexes = [GistIndex(fields=["area_path"], name="plan_place_path")]
        constraints = [
            models.UniqueConstraint(fields=["plan", "area"], name="plan_place_once"),
            ExclusionConstraint(
                name="plan_place_one_at_a_time",
                expressions=[
                    ("area", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(live=True),
            ),
        ]  # fmt: skip


class PlanWorker(models.Model):
    """Somebody who works on a plan."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="+")
    user_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "user_id"], name="plan_worker_once")]


class CostKind(models.TextChoices):
    """What money of a campaign goes to."""

    WAGES = "wages", _("Wages of workers")
    TRAVEL = "travel", _("Travel")
    DEVICES = "devices", _("Devices and connections")
    PRINTING = "printing", _("Printing and stationery")
    ROOM = "room", _("Rooms and reception")
    OTHER = "other", _("Other")


class Cost(models.Model):
    """Money spent on a plan as a whole, or on one campaign. Written once, withdrawn with a reason.

    The premium of the insured is not in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="+")
    campaign = models.ForeignKey("programme.Campaign", models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2, blank=True)
    kind = models.CharField(max_length=8, choices=CostKind.choices)
    amount = models.BigIntegerField()  # rial
    on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["campaign"], name="cost_campaign"),
            models.Index(fields=["plan"], name="cost_plan"),
        ]
        constraints = [
            models.CheckConstraint(name="cost_is_money", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="cost_of_one",
                condition=Q(plan__isnull=False) ^ Q(campaign__isnull=False),
            ),
            models.CheckConstraint(
                name="cost_withdrawn_with_reason",
                condition=Q(withdrawn_at__isnull=True) | ~Q(reason=""),
            ),
        ]
