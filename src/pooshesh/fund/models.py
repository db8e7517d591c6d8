"""Tables of the patients' fund: files for life, applications, the clerks' desk, bulk intake."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.disease.models import Disease
from pooshesh.fund.codes import written, written_file
from pooshesh.kernel.ids import uuid7
from pooshesh.people.models import Person
from pooshesh.places.models import Facility, Placed, in_language


def _next(sequence: str) -> Func:
    return Func(Value(sequence), function="nextval")


class PatientFile(Placed):
    """What the fund keeps about a patient for life; one a person, however many applications.

    Its place is where the patient lives; `number` is shown with a digit that checks it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.OneToOneField(Person, models.PROTECT, related_name="+")
    number = models.BigIntegerField(unique=True, db_default=_next("fund_file_number"))
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            GistIndex(fields=["area_path"], name="fund_file_path"),
            models.Index(fields=["province", "-id"], name="fund_file_province"),
        ]

    @property
    def code(self) -> str:
        """The number as people read and type it."""
        return written_file(self.number)


class Channel(models.TextChoices):
    """How an application came."""

    PORTAL = "portal", _("Citizen's portal")
    CLINIC = "clinic", _("Hospital or clinic")
    DESK = "desk", _("Service desk")
    BULK = "bulk", _("Sheet of many")


class State(models.TextChoices):
    """Where an application stands."""

    RECEIVED = "received", _("Received, at the desk")
    INCOMPLETE = "incomplete", _("Returned for completion")
    VERIFYING = "verifying", _("Under the university's check")
    TAGGED = "tagged", _("Tagged")
    REFUSED = "refused", _("Refused by the university")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CLOSED = "closed", _("Closed")


OPEN = (State.RECEIVED, State.INCOMPLETE, State.VERIFYING)


class Insured(models.TextChoices):
    """By whom the patient says to be insured; nobody is turned away for it."""

    OURS = "ours", _("This insurer")
    OTHER = "other", _("Another insurer")
    NONE = "none", _("Not insured")
    UNKNOWN = "", _("Not said")


class Why(models.TextChoices):
    """Why an application is closed without a decision."""

    DIED = "died", _("The patient died")
    LAPSED = "lapsed", _("Not completed in time")
    DOUBLE = "double", _("The same application stands elsewhere")


class Application(Placed):
    """Somebody asks the fund for a patient: that a disease be found and tagged.

    One open at a time a file and disease. `since` is the moment of the present state, `deadline`
    the last day to complete what is missing, `number` what the receipt shows.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField(unique=True, db_default=_next("fund_application_number"))
    file = models.ForeignKey(PatientFile, models.PROTECT, related_name="applications")
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=6, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    why = models.CharField(max_length=6, choices=Why.choices, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    since = models.DateTimeField(default=timezone.now)
    deadline = models.DateField(null=True)
    missing = ArrayField(models.CharField(max_length=12), default=list)  # kinds of evidence
    reminded_at = models.DateTimeField(null=True)
    urgent = models.BooleanField(default=False)
    insured = models.CharField(max_length=5, choices=Insured.choices, blank=True)
    mobile = models.BinaryField(max_length=80, null=True)  # sealed; goes after the end
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    source_row = models.CharField(max_length=80, blank=True)  # "<sheet>:<row>"
    brought_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            GistIndex(fields=["area_path"], name="fund_application_path"),
            models.Index(fields=["file"], name="fund_application_file"),
            models.Index(fields=["province", "state", "-id"], name="fund_application_state"),
            # The desk's queue: urgent first, then by how long somebody waits.
            models.Index(
                fields=["province", "-urgent", "since", "id"], name="fund_queue",
                condition=Q(state="received"),
            ),
            models.Index(
                fields=["deadline"], name="fund_deadline", condition=Q(state="incomplete")
            ),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["file", "disease"], name="fund_one_open_application",
                condition=Q(state__in=["received", "incomplete", "verifying"]),
            ),
            models.UniqueConstraint(
                fields=["source_row"], name="fund_source_row_once", condition=~Q(source_row="")
            ),
            models.CheckConstraint(
                name="fund_closed_has_a_reason",
                condition=Q(state="closed") & ~Q(why="") | ~Q(state="closed") & Q(why=""),
            ),
            models.CheckConstraint(
                name="fund_incomplete_has_a_deadline",
                condition=~Q(state="incomplete") | Q(deadline__isnull=False),
            ),
        ]  # fmt: skip

    @property
    def code(self) -> str:
        """The tracking number as people read and type it."""
        return written(self.number)


class ApplicationStep(models.Model):
    """What happened to an application: from where to where, when, by whom and why. Only added."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    source = models.CharField(max_length=10, blank=True)
    target = models.CharField(max_length=10, choices=State.choices)
    text = models.TextField(blank=True)
    missing = ArrayField(models.CharField(max_length=12), default=list)
    deadline = models.DateField(null=True)
    actor = models.UUIDField(null=True)  # None: it followed by itself
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["application", "id"], name="fund_steps")]


class ReturnTemplate(models.Model):
    """A reason for which an application goes back, as the patient reads it."""

    code = models.CharField(max_length=20, primary_key=True)
    title_fa = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    text_fa = models.TextField()
    text_en = models.TextField(blank=True)
    days = models.PositiveSmallIntegerField(default=30)  # to complete it
    order = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    @property
    def title(self) -> str:
        return str(getattr(self, in_language("title"))) or self.title_fa

    @property
    def text(self) -> str:
        return str(getattr(self, in_language("text"))) or self.text_fa


class Assignment(models.Model):
    """Who works on a row of some kind of work, and that it was put off; one a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=24)
    object_id = models.UUIDField()
    province = models.CharField(max_length=2)
    holder = models.UUIDField(null=True)
    until = models.DateTimeField(null=True)
    skipped_at = models.DateTimeField(null=True)  # what was put off comes last
    skipped_by = models.UUIDField(null=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["holder", "until"], name="fund_assignment_holder")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="fund_assigned_once"),
            models.CheckConstraint(
                name="fund_held_until", condition=Q(holder=None) | Q(until__isnull=False)
            ),
        ]


# --- sheets of many ---------------------------------------------------------------------------


class IntakeState(models.TextChoices):
    BROUGHT = "brought", _("Brought")
    CHECKED = "checked", _("Checked")
    WRITTEN = "written", _("Written")


class Intake(Placed):
    """A sheet of applications as brought; its bytes lie sealed in the vault until deleted.

    `digest` is of the bytes: the same file again is the same sheet, and writes nothing twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=7, choices=IntakeState.choices, default=IntakeState.BROUGHT)
    rows = models.PositiveIntegerField(default=0)  # that can be written
    refused = models.PositiveIntegerField(default=0)  # rows with a fault
    faults = models.BinaryField(null=True)  # sealed JSON; they quote the sheet
    counts = models.JSONField(default=dict)  # outcome → rows
    job_id = models.UUIDField(null=True)
    actor = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    written_at = models.DateTimeField(null=True)
    delete_by = models.DateField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["delete_by"], name="fund_intake_due", condition=Q(deleted_at=None))
        ]
        constraints = [
            models.UniqueConstraint(fields=["area", "digest"], name="fund_intake_once"),
        ]


class Outcome(models.TextChoices):
    """What became of a row."""

    NEW = "row_new", _("New patient, application opened")
    KNOWN = "row_known", _("Known patient, application opened")
    JOINED = "row_joined", _("Joined the application that was open already")
    DEAD = "row_dead", _("Not opened: the patient's death is recorded")
    DOUBT = "row_doubt", _("Opened; a clerk compares it with a record of the same number")


class IntakeRow(models.Model):
    """What became of a row of a sheet."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    intake = models.ForeignKey(Intake, models.PROTECT, related_name="+")
    row = models.PositiveIntegerField()
    province = models.CharField(max_length=2)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intake", "row"], name="fund_intake_row_once")
        ]
