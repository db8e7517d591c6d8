"""Tables of the programme: programmes, campaigns with their files and row results, worklists."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.people.models import Person, Relation
from pooshesh.places.models import Area, AreaSet, in_language
from pooshesh.programme.calls.models import Call, Sample
from pooshesh.programme.counts.models import AreaCount, CampaignCount, CampaignDay, StaleCount
from pooshesh.programme.loads.models import Load, LoadItem
from pooshesh.programme.plans.models import Cost, Plan, PlanPlace, PlanWorker

#: The tables of the parts, so that Django finds them here.
PARTS = (AreaCount, Call, CampaignCount, CampaignDay, Cost, Load, LoadItem, Plan, PlanPlace,
         PlanWorker, Sample, StaleCount)  # fmt: skip


class Programme(models.Model):
    """A plan for under-served places; a place may be in several."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name_fa = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    declared_neighbourhoods = models.PositiveIntegerField(null=True)  # 2,020 as reported

    def __str__(self) -> str:
        name: str = getattr(self, in_language("name"))
        return name or self.name_fa


class ProgrammePlace(models.Model):
    """A neighbourhood takes part in a programme for a time, and once at a time."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    valid = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="programme_place_once",
                expressions=[
                    ("programme", RangeOperators.EQUAL), ("area", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]  # fmt: skip


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CHECKED = "checked", _("Checked")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CLOSED = "closed", _("Closed")


class Campaign(models.Model):
    """One neighbourhood's census set against the insurers' rolls and turned into cover.

    `key` is the digest of everything that decides the outcome: the same input is the same
    campaign, so a second run changes nothing. It is empty until the files are mapped.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=64, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)
    sponsor = models.ForeignKey(AreaSet, models.PROTECT, related_name="+")  # on the day `on`
    plan = models.ForeignKey("programme.Plan", models.PROTECT, null=True, related_name="+")
    pack = models.CharField(max_length=40)
    on = models.DateField()
    state = models.CharField(
        max_length=8, choices=CampaignState.choices, default=CampaignState.DRAFT
    )
    skip_bad_rows = models.BooleanField(default=False)  # the user chose to go on without them
    synthetic = models.BooleanField(default=False)
    job_id = models.UUIDField(null=True)
    actor = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    ran_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    timings = models.JSONField(default=dict)  # step → seconds
    errors = models.JSONField(null=True)  # of the linkage, by group: `campaign.quality.Errors`
    problem_count = models.PositiveIntegerField(default=0)  # findings that stop their row
    problems = models.BinaryField(null=True)  # sealed JSON; they quote the sheet, so they go too

    class Meta:
        indexes = [GistIndex(fields=["area_path"], name="campaign_path")]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="campaign_once", condition=~Q(key=""))
        ]


class FileRole(models.TextChoices):
    CENSUS = "census", _("Census")
    ROLL = "roll", _("Roll")


class CampaignFile(models.Model):
    """A census or roll as brought. The bytes lie sealed in the upload folder until deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    role = models.CharField(max_length=6, choices=FileRole.choices)
    insurer = models.CharField(max_length=20, blank=True)  # code, for a roll
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(null=True)
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)  # canonical column → header of the sheet
    # What a roll that was brought for many neighbourhoods was, before the rows nobody here can be
    # were left out: {"sha256": …, "rows": …}.
    origin = models.JSONField(default=dict)
    delete_by = models.DateField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "role", "insurer"], name="campaign_file_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["delete_by"], name="campaign_file_due", condition=Q(deleted_at=None)
            )
        ]


class SavedMapping(models.Model):
    """How the columns of a kind of sheet are called, kept for the next one."""

    name = models.CharField(max_length=80, unique=True)
    role = models.CharField(max_length=6, choices=FileRole.choices)
    mapping = models.JSONField()
    actor = models.UUIDField(null=True)
    saved_at = models.DateTimeField(default=timezone.now)


class Match(models.TextChoices):
    INSURED = "insured", _("Insured")
    UNINSURED = "uninsured", _("Uninsured")
    REVIEW = "review", _("To be reviewed")
    DUPLICATE = "duplicate", _("Duplicate row")


class CampaignRow(models.Model):
    """What became of one row of the census. A duplicate row repeats its original's result."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    census_row = models.PositiveIntegerField()
    household = models.CharField(max_length=64)  # as the sheet names it
    relation = models.CharField(max_length=6, choices=Relation.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    match = models.CharField(max_length=9, choices=Match.choices)
    duplicate_of = models.PositiveIntegerField(null=True)  # census_row
    roll = models.CharField(max_length=20, blank=True)
    roll_row = models.PositiveIntegerField(null=True)
    score = models.FloatField(null=True)  # probability, 0–1
    not_dependant = models.BooleanField(default=False)  # a clerk found so
    scheme = models.CharField(max_length=24, blank=True)
    decision = models.CharField(max_length=24, blank=True)
    reasons = models.CharField(max_length=200, blank=True)  # codes, space-separated
    decision_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "census_row"], name="campaign_row_once")
        ]
        indexes = [
            models.Index(fields=["person"], name="campaign_row_person"),
            models.Index(fields=["campaign", "household"], name="campaign_row_household"),
        ]


class WorkKind(models.TextChoices):
    """Why a row needs a clerk."""

    NEEDS_DECILE = "needs_decile", _("Needs decile")
    NEEDS_IDENTITY = "needs_identity", _("Needs identity")
    DEPENDANT = "dependant", _("Dependant of another insurer's principal")
    REGULARISE = "regularise", _("Foreign national to regularise")
    ID_MISUSE = "id_misuse", _("ID misuse")
    POSSIBLE_DOUBLE = "possible_double", _("Possible double")
    POSSIBLE_MATCH = "possible_match", _("Possible match on a roll")
    VALUE_UNKNOWN = "value_unknown", _("Rule value unknown")


class WorkState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")


class WorkItem(models.Model):
    """One piece of work for a clerk: locked while open on a screen, decided once.

    `other_row` is the census row on the other side where two rows are compared, `holder` somebody
    registered before who is on none of this census.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=WorkKind.choices)
    census_row = models.PositiveIntegerField()
    other_row = models.PositiveIntegerField(null=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    evidence = models.BinaryField(null=True)  # sealed JSON: the row of a roll; goes at closing
    state = models.CharField(max_length=4, choices=WorkState.choices, default=WorkState.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    locked_by = models.UUIDField(null=True)
    locked_until = models.DateTimeField(null=True)
    skipped_at = models.DateTimeField(null=True)  # skipped items come last
    passed_on_at = models.DateTimeField(null=True)  # waits for who reaches both sides
    outcome = models.CharField(max_length=24, blank=True)
    note = models.TextField(blank=True)
    done_by = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "id"], name="work_queue", condition=Q(state=WorkState.OPEN)
            ),
            models.Index(fields=["campaign", "state"], name="work_campaign"),
            GistIndex(fields=["area_path"], name="work_path"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "kind", "census_row", "other_row"],
                name="work_once",
                nulls_distinct=False,
            )
        ]


class Deletion(models.Model):
    """What the daily retention job deleted: how much of which class, never what it held."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    data_class = models.CharField(max_length=30)
    campaign_id = models.UUIDField(null=True)
    count = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
