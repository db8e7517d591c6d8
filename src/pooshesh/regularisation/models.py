"""Tables of regularisation: cases, sheets of municipalities, cover that differs."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.people.models import LAWFUL, LegalStatus, Person
from pooshesh.places.models import Area


class CaseState(models.TextChoices):
    """The step a case stands at."""

    FOUND = "case_found", _("Found")
    IDENTIFIED = "case_identified", _("Identified")
    REGULARISED = "case_regularised", _("Regularised")
    ELIGIBLE = "case_eligible", _("Eligible")
    INSURED = "case_insured", _("Insured")
    REFUSED = "case_refused", _("Refused")
    WITHDRAWN = "case_withdrawn", _("Withdrawn")
    LEFT = "case_left", _("Left")


#: Nobody works on these any more.
CLOSED = (CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.LEFT)


class Origin(models.TextChoices):
    """What opened a case."""

    CAMPAIGN = "campaign", _("Campaign")
    CENSUS = "census", _("Municipal census")
    CLERK = "clerk", _("Clerk")


class Ground(models.TextChoices):
    """Why a case is refused; the list is fixed, the text beside it is free."""

    NO_DOCUMENT = "no_document", _("No document was shown")
    NOT_GENUINE = "not_genuine", _("The document was not confirmed by its issuer")
    EXPIRED = "expired", _("The document has expired and is not renewed")
    OTHER_PERSON = "other_person", _("The document belongs to somebody else")
    NOT_RESIDENT = "not_resident", _("Does not live at the place given")
    DOUBLE = "double", _("Another case of the same person exists")
    OTHER = "other", _("Another reason, written below")


class Case(models.Model):
    """What is being done so that a foreign person comes under the rules; one for each person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.OneToOneField(Person, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)
    state = models.CharField(max_length=16, choices=CaseState.choices, default=CaseState.FOUND)
    since = models.DateField()  # the day of the present step
    origin = models.CharField(max_length=8, choices=Origin.choices)
    origin_id = models.UUIDField(null=True)
    consent_on = models.DateField(null=True)  # the household agreed to be insured
    ground = models.CharField(max_length=12, choices=Ground.choices, blank=True)
    decision_id = models.UUIDField(null=True)  # the one the present step follows
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            GistIndex(fields=["area_path"], name="case_path"),
            models.Index(fields=["state", "since"], name="case_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_refused_has_a_ground",
                condition=Q(state=CaseState.REFUSED) & ~Q(ground="")
                | ~Q(state=CaseState.REFUSED) & Q(ground=""),
            )
        ]


class DocumentKind(models.TextChoices):
    """What proves who somebody is or that they may live here."""

    AMAYESH = "amayesh", _("Amayesh card")
    RESIDENCE = "residence", _("Residence permit")
    PASSPORT = "passport", _("Passport with visa")
    WORK = "work", _("Work permit")
    CENSUS_SLIP = "census_slip", _("Census slip")
    OTHER = "other_paper", _("Other document")


class Document(models.Model):
    """A paper that was shown, its number sealed; a renewal points to the one before.

    Of a closed case it has a day of deletion; then the number goes and the row stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    sealed = models.BinaryField(max_length=120, null=True)
    blind = models.BinaryField(max_length=16, null=True)  # keyed index of the number
    issued = models.DateField()
    expires = models.DateField(null=True)  # its last day
    round = models.PositiveSmallIntegerField(null=True)  # of the Amayesh registration
    status = models.CharField(max_length=20, choices=LegalStatus.choices, blank=True)  # it proves
    renews = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    actor = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    delete_by = models.DateField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["delete_by"], name="case_document_due", condition=Q(deleted_at=None)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "blind", "issued"], name="case_document_once"
            ),
            models.CheckConstraint(
                name="case_document_expires_after_issue",
                condition=Q(expires=None) | Q(expires__gt=F("issued")),
            ),
            models.CheckConstraint(
                name="case_document_proves_lawful_status",
                condition=Q(status__in=["", *LAWFUL]),
            ),
            models.CheckConstraint(
                name="case_document_deleted_is_empty",
                condition=Q(deleted_at=None) | Q(sealed=None, blind=None),
            ),
        ]


class Step(models.Model):
    """One step of a case: what, from where to where, on which day, by whom. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    source = models.CharField(max_length=16, choices=CaseState.choices, blank=True)
    target = models.CharField(max_length=16, choices=CaseState.choices)
    on = models.DateField()
    ground = models.CharField(max_length=12, choices=Ground.choices, blank=True)
    text = models.TextField(blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    decision_id = models.UUIDField(null=True)
    actor = models.UUIDField(null=True)  # None: it followed by itself
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="case_steps")]


# --- what a municipality brings -----------------------------------------------------------


class SheetState(models.TextChoices):
    BROUGHT = "brought", _("Brought")
    CHECKED = "checked", _("Checked")
    WRITTEN = "written", _("Written")


class Sheet(models.Model):
    """A municipality's census of foreign nationals of its own city, as brought.

    The bytes lie sealed in the vault until deleted. `digest` is of the rows as read, so the same
    content in another file is the same sheet.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    city = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=7, choices=SheetState.choices, default=SheetState.BROUGHT)
    agreement_id = models.UUIDField(null=True)  # that allowed the exchange
    synthetic = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    problems = models.BinaryField(null=True)  # sealed JSON; they quote the sheet
    counts = models.JSONField(default=dict)  # outcome → rows
    job_id = models.UUIDField(null=True)
    actor = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    written_at = models.DateTimeField(null=True)
    delete_by = models.DateField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["delete_by"], name="nationals_sheet_due", condition=Q(deleted_at=None)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "digest"], name="nationals_sheet_once", condition=~Q(digest="")
            )
        ]


class Outcome(models.TextChoices):
    """What became of a row."""

    NEW = "row_new", _("Registered")
    KNOWN = "row_known", _("Known already")
    REVIEW = "row_review", _("Perhaps known; a clerk decides")
    ELSEWHERE = "row_elsewhere", _("Known elsewhere; a clerk looks into it")


class SheetRow(models.Model):
    """One person as a municipality brought them; the same row brought again is the same row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="+")
    row = models.PositiveIntegerField()
    city = models.ForeignKey(Area, models.PROTECT, related_name="+")
    key = models.BinaryField(max_length=16)  # keyed index of the whole row
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)
    name = models.CharField(max_length=250)  # as brought; goes with its day
    search_key = models.CharField(max_length=250)
    document = models.CharField(max_length=12, choices=DocumentKind.choices, blank=True)
    address = models.CharField(max_length=500, blank=True)  # goes with the name
    arrival = models.DateField(null=True)
    outcome = models.CharField(max_length=13, choices=Outcome.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    other = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # perhaps same
    at = models.DateTimeField(default=timezone.now)
    delete_by = models.DateField()

    class Meta:
        indexes = [
            GistIndex(fields=["area_path"], name="nationals_row_path"),
            models.Index(fields=["person"], name="nationals_row_person"),
            models.Index(fields=["delete_by"], name="nationals_row_due", condition=~Q(name="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["city", "key"], name="nationals_row_once"),
            models.UniqueConstraint(fields=["sheet", "row"], name="nationals_row_number_once"),
        ]


# --- cover that differs from the decision --------------------------------------------------


class DifferenceKind(models.TextChoices):
    ENDS = "ends", _("No longer covered by the rules")
    MOVES = "moves", _("Another fund or share")


class DifferenceState(models.TextChoices):
    OPEN = "diff_open", _("Open")
    TOLD = "diff_told", _("Person was told")
    APPLIED = "diff_applied", _("Applied")
    KEPT = "diff_kept", _("Left as it is")
    VOID = "diff_void", _("Settled by a later decision")


UNSETTLED = (DifferenceState.OPEN, DifferenceState.TOLD)


class Difference(models.Model):
    """Cover given here that the newest decision does not give; a clerk works it off.

    Cover never ends by itself: the person is told first, then somebody applies it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)
    spell_id = models.UUIDField()
    decision_id = models.UUIDField()
    kind = models.CharField(max_length=5, choices=DifferenceKind.choices)
    since = models.DateField()  # the day of the decision
    state = models.CharField(
        max_length=12, choices=DifferenceState.choices, default=DifferenceState.OPEN
    )
    opened_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)
    told_by = models.UUIDField(null=True)
    from_day = models.DateField(null=True)  # the first day it is otherwise, as the person was told
    notice_id = models.UUIDField(null=True)  # of coverage, by which the person was told
    reason = models.TextField(blank=True)  # of what was left as it is
    done_by = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [GistIndex(fields=["area_path"], name="difference_path")]
        constraints = [
            models.UniqueConstraint(
                fields=["spell_id"], name="difference_once", condition=Q(state__in=UNSETTLED)
            ),
            models.CheckConstraint(
                name="difference_applied_was_told",
                condition=~Q(state=DifferenceState.APPLIED)
                | Q(told_at__isnull=False, from_day__isnull=False),
            ),
        ]


# --- what a person asks -------------------------------------------------------------------


class Proof(models.TextChoices):
    """How it was made sure who asks."""

    OWN_PAPER = "own_paper", _("Own identity paper was seen")
    GUARDIAN = "guardian", _("Paper of the parent or guardian was seen")
    PROXY = "proxy", _("Written authority was seen")


class Inquiry(models.Model):
    """Somebody asked what is held about them and got the sheet."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    province = models.CharField(max_length=2)
    proof = models.CharField(max_length=9, choices=Proof.choices)
    note = models.CharField(max_length=300, blank=True)
    actor = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
