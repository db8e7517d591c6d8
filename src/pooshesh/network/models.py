"""Tables of the network: assumptions about load, who is newly insured, gaps, what residents say."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.time import Bitemporal, no_overlap
from pooshesh.partners.models import Organisation
from pooshesh.people.models import Sex
from pooshesh.places.models import Placed

# --- load ---------------------------------------------------------------------------------


class Quantity(models.TextChoices):
    """What a forecast rests on, and how long residents wait for an answer."""

    VISITS = "visits", _("Visits by 1,000 persons a year")
    BED_DAYS = "bed_days", _("Bed-days by 1,000 persons a year")
    MEDICINES = "medicines", _("Medicines by 1,000 persons a year")
    COST_VISIT = "cost_visits", _("Cost of a visit, rial")
    COST_BED_DAY = "cost_bed_days", _("Cost of a bed-day, rial")
    COST_MEDICINE = "cost_medicines", _("Cost of a medicine, rial")
    TAKE_UP = "take_up", _("Months until the newly insured use care as others do")
    WORKING_DAYS = "working_days", _("Working days a month")
    OCCUPANCY = "occupancy", _("Occupancy of beds, percent")
    MARGIN = "margin", _("Uncertainty of the rates, percent")
    ANSWER_GAP = "answer_gap", _("Days to answer a resident's report of a gap")
    ANSWER_COMPLAINT = "answer_complaint", _("Days to answer a resident's complaint")
    ANSWER_RATING = "answer_rating", _("Days to answer a resident's satisfaction")


class Assumption(Bitemporal):
    """A number the forecast rests on, with where it is from; rates by age and sex."""

    quantity = models.CharField(max_length=16, choices=Quantity.choices)
    age_from = models.PositiveSmallIntegerField(default=0)  # years; up to the next higher one
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)  # "" both
    value = models.BigIntegerField()
    citation = models.CharField(max_length=200)
    assumed = models.BooleanField(default=True)  # nobody published it

    class Meta:
        constraints = [
            no_overlap("assumption_once", "quantity", "age_from", "sex"),
            models.CheckConstraint(name="assumption_not_negative", condition=Q(value__gte=0)),
        ]


class Intake(Placed):
    """How many became insured in a neighbourhood in a Jalali month who had no cover before.

    Written whole by the job `network.count`; a forecast reads this and never the persons.
    """

    month = models.DateField()  # its first day
    age_group = models.PositiveSmallIntegerField()  # place in `forecast.AGES`
    sex = models.CharField(max_length=1, blank=True)
    persons = models.PositiveIntegerField()

    class Meta:
        indexes = [GistIndex(fields=["area_path"], name="intake_path")]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "month", "age_group", "sex"], name="intake_once"
            )
        ]


# --- gaps -----------------------------------------------------------------------------------


class GapKind(models.TextChoices):
    """What is missing."""

    CLINIC = "clinic", _("No clinic in reach")
    HOSPITAL = "hospital", _("No hospital to refer to")
    SPECIALIST = "specialist", _("No specialist")
    MEDICINE = "medicine", _("No medicine")
    EQUIPMENT = "equipment", _("Equipment broken or missing")
    STAFF = "staff", _("Staff missing")
    ROAD = "road", _("Road or transport")
    WATER = "water", _("Water or sewage")
    PAPERS = "papers", _("Identity papers")
    OTHER = "other", _("Something else")


class Severity(models.IntegerChoices):
    """How much a gap hurts; the number sorts."""

    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")
    CRITICAL = 4, _("Critical")


class Finder(models.TextChoices):
    """Who found a gap."""

    STAFF = "staff", _("Staff")
    BODY = "body", _("Working group")
    RESIDENT = "resident", _("Resident")


class GapState(models.TextChoices):
    REPORTED = "reported", _("Reported")
    CONFIRMED = "confirmed", _("Confirmed")
    ASSIGNED = "assigned", _("Given to an owner")
    IN_WORK = "in_work", _("Being fixed")
    CLOSED = "closed", _("Fixed and closed")
    REFUSED = "refused", _("Not a gap")


#: States in which something is still to be done.
OPEN = (GapState.REPORTED, GapState.CONFIRMED, GapState.ASSIGNED, GapState.IN_WORK)


class Gap(Placed):
    """Something missing at a place, until somebody fixes it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField(
        unique=True, db_default=models.Func(models.Value("network_gap_number"), function="nextval")
    )
    kind = models.CharField(max_length=10, choices=GapKind.choices)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    text = models.TextField()  # what is missing
    found_by = models.CharField(max_length=8, choices=Finder.choices)
    state = models.CharField(max_length=9, choices=GapState.choices, default=GapState.REPORTED)
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    deadline = models.DateField(null=True)
    actor = models.UUIDField(null=True)  # who registered it
    found_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            GistIndex(fields=["area_path"], name="gap_path"),
            models.Index(fields=["state", "deadline"], name="gap_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="gap_given_to_somebody_by_a_day",
                condition=~Q(state__in=["assigned", "in_work"])
                | Q(owner__isnull=False, deadline__isnull=False),
            ),
            models.CheckConstraint(
                name="gap_closed_at_a_moment",
                condition=Q(state="closed", closed_at__isnull=False)
                | ~Q(state="closed") & Q(closed_at=None),
            ),
        ]


class GapStep(models.Model):
    """What was done about a gap; steps are added, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    gap = models.ForeignKey(Gap, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=10)
    target = models.CharField(max_length=9, choices=GapState.choices)
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    deadline = models.DateField(null=True)
    text = models.TextField(blank=True)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["gap", "at"], name="gap_steps")]


# --- residents' voice -------------------------------------------------------------------------


class ReportKind(models.TextChoices):
    """What a resident wants to say."""

    GAP = "gap", _("Something is missing")
    COMPLAINT = "complaint", _("Complaint")
    RATING = "rating", _("Satisfaction")


class ReportState(models.TextChoices):
    WAITING = "waiting", _("Waits for an answer")
    IN_WORK = "in_work", _("Registered as a gap")
    ANSWERED = "answered", _("Was answered")
    NOTED = "noted", _("Read and noted")


#: States in which a resident waits.
UNANSWERED = (ReportState.WAITING, ReportState.IN_WORK)


class Report(Placed):
    """What a resident reported without an account; words and telephone are sealed and go in time.

    Only a digest of the tracking code is kept: who has the code reads the answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    digest = models.CharField(max_length=64, unique=True)  # sha256 of the code
    kind = models.CharField(max_length=9, choices=ReportKind.choices)
    about = models.CharField(max_length=10, choices=GapKind.choices, blank=True)
    score = models.PositiveSmallIntegerField(null=True)  # 1 (bad) to 5 (good)
    content = models.BinaryField(null=True)  # sealed words
    phone = models.BinaryField(null=True)  # sealed
    state = models.CharField(max_length=8, choices=ReportState.choices, default=ReportState.WAITING)
    received_at = models.DateTimeField(default=timezone.now)
    due = models.DateField()
    delete_by = models.DateField()
    gap = models.ForeignKey(Gap, models.PROTECT, null=True, related_name="reports")
    answer = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    actor = models.UUIDField(null=True)  # who answered
    locked_by = models.UUIDField(null=True)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            GistIndex(fields=["area_path"], name="report_path"),
            models.Index(fields=["due", "received_at"], name="report_due",
                         condition=Q(state__in=["waiting", "in_work"])),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                name="report_rated_from_1_to_5",
                condition=Q(kind="rating", score__gte=1, score__lte=5, score__isnull=False)
                | ~Q(kind="rating") & Q(score=None),
            ),
            models.CheckConstraint(
                name="report_in_work_has_a_gap",
                condition=~Q(state="in_work") | Q(gap__isnull=False),
            ),
            models.CheckConstraint(
                name="report_ended_at_a_moment",
                condition=Q(state__in=["answered", "noted"], ended_at__isnull=False)
                | Q(state__in=["waiting", "in_work"], ended_at=None),
            ),
        ]
