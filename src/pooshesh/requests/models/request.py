"""A request, its lines and its history."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.disease.models import Disease
from pooshesh.fund.models import PatientFile
from pooshesh.kernel.ids import uuid7
from pooshesh.people.models import Person
from pooshesh.places.models import Facility, Placed
from pooshesh.requests.decide import Note
from pooshesh.requests.models.amounts import rial

LARGEST_LINE = 10**12  # rial; what the rules can decide about


class Kind(models.TextChoices):
    """Money for a cost that was, or leave for one that is to be."""

    EXPENSE = "expense", _("Expense request")
    APPROVAL = "approval", _("Prior approval")


class State(models.TextChoices):
    """Where a request stands; what becomes of its money stands in the ledger."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted, invoices being checked")
    RETURNED = "returned", _("Returned for completion")
    IN_COMMITTEE = "in_committee", _("Before the committee")
    DEFERRED = "deferred", _("Deferred with a question")
    APPROVED = "approved", _("Approved")
    PART = "part", _("Approved in part")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DIED = "died", _("Closed: the patient died")
    CLOSED = "closed", _("Closed")


GRANTED = (State.APPROVED, State.PART)
#: Nothing was decided yet.
OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.IN_COMMITTEE, State.DEFERRED)


class Decider(models.TextChoices):
    """Who decided."""

    RULE = "rule", _("By the rules")
    COMMITTEE = "committee", _("Provincial committee")
    GROUP = "group", _("Provincial working group")
    FAST = "fast", _("Fast track, to be confirmed")


class Hold(models.TextChoices):
    """Why a submitted request is not decided yet."""

    DOUBT = "doubt", _("An invoice looks like one that was brought before")
    CREDIT = "credit", _("The province's credit does not suffice")


class PayeeKind(models.TextChoices):
    """Whom the money goes to."""

    PATIENT = "patient", _("Patient")
    PROVIDER = "provider", _("Provider")
    HEIR = "heir", _("Heir")


class Request(Placed):
    """One request of one patient for one disease, its lines all of one Jalali year.

    Amounts are rial: `asked` in all, `payable` decided, `proposed` what a part approved by a
    committee would be. `provisional`: granted, and the body has yet to confirm it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField(
        unique=True, db_default=Func(Value("requests_number"), function="nextval")
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    file = models.ForeignKey(PatientFile, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=State.choices)
    year = models.PositiveSmallIntegerField()  # of its services
    on = models.DateField()  # the day it was brought: of the household's decile
    hold = models.CharField(max_length=6, choices=Hold.choices, blank=True)
    urgent = models.BooleanField(default=False)
    channel = models.CharField(max_length=8, blank=True)
    facility = models.ForeignKey(
        Facility, models.PROTECT, null=True, related_name="+", db_index=False
    )
    approval = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", db_index=False
    )
    parted_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", db_index=False
    )
    payee = models.CharField(max_length=8, choices=PayeeKind.choices)
    payee_name = models.CharField(max_length=160, blank=True)
    sheba = models.BinaryField(max_length=80, null=True)  # sealed
    asked = models.BigIntegerField()
    payable = models.BigIntegerField(default=0)
    proposed = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=9, choices=Decider.choices, blank=True)
    decided_at = models.DateTimeField(null=True)
    motion_id = models.UUIDField(null=True)  # of the body that decided
    ground = models.TextField(blank=True)  # why it was rejected, or what is asked
    provisional = models.BooleanField(default=False)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    since = models.DateTimeField(default=timezone.now)  # in this state

    asked_rial, payable_rial = rial("asked"), rial("payable")
    proposed_rial = rial("proposed")

    class Meta:
        indexes = [
            models.Index(fields=["person", "year"], name="request_person"),
            models.Index(fields=["file"], name="request_file"),
            models.Index(  # few have one
                fields=["approval"], name="request_approval", condition=Q(approval__isnull=False)
            ),
            models.Index(
                fields=["parted_from"],
                name="request_parted",
                condition=Q(parted_from__isnull=False),
            ),
            models.Index(fields=["province", "state", "since", "id"], name="request_queue"),
            GistIndex(fields=["area_path"], name="request_path"),
        ]
        constraints = [
            models.CheckConstraint(
                name="request_amounts",
                condition=Q(asked__gt=0, payable__gte=0, payable__lte=F("asked"))
                & (Q(proposed__isnull=True) | Q(proposed__gte=0, proposed__lte=F("asked"))),
            ),
            models.CheckConstraint(
                name="request_pays_what_was_granted",
                condition=Q(state__in=["approved", "part", "closed"], payable__gt=0)
                | ~Q(state__in=["approved", "part", "closed"]) & Q(payable=0),
            ),
            models.CheckConstraint(
                name="request_held_while_submitted", condition=Q(hold="") | Q(state="submitted")
            ),
            models.CheckConstraint(
                name="request_rejected_on_a_ground",
                condition=~Q(state__in=["rejected", "deferred", "returned"]) | ~Q(ground=""),
            ),
            models.CheckConstraint(
                name="request_committee_decides_by_motion",
                condition=~Q(decided_by__in=["committee", "group"]) | Q(motion_id__isnull=False),
            ),
        ]  # fmt: skip


class Standing(models.Manager["RequestLine"]):
    """Lines as they stand, without those that were replaced by others."""

    def get_queryset(self) -> models.QuerySet["RequestLine"]:
        return super().get_queryset().filter(replaced_at=None)


class RequestLine(models.Model):
    """A service, drug or piece of equipment, with its invoice (an approval has none yet).

    `digest` is of number, provider, amount and day: the same in two live requests is refused.
    A line that stands in a doubt is kept as it was when others take its place (`every`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, models.PROTECT, related_name="lines", db_index=False)
    province = models.CharField(max_length=2)
    # The request's own, which is checked there.
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    on = models.DateField()
    facility = models.ForeignKey(
        Facility, models.PROTECT, null=True, related_name="+", db_index=False
    )
    provider = models.CharField(max_length=160)
    provider_key = models.CharField(max_length=160)
    invoice = models.CharField(max_length=60, blank=True)
    invoice_key = models.CharField(max_length=60, blank=True)
    digest = models.UUIDField(null=True)
    live = models.BooleanField(default=True)  # not of a withdrawn request
    replaced_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=1)
    asked = models.BigIntegerField()
    step = models.CharField(max_length=20, blank=True)  # of the pack
    in_package = models.BooleanField(default=False)
    allowed = models.BigIntegerField(default=0)
    payable = models.BigIntegerField(default=0)
    reasons = models.BigIntegerField(default=0)  # bit mask, decoded by the pack
    notes = ArrayField(models.CharField(max_length=20), default=list)
    pack_id = models.CharField(max_length=64, blank=True)  # policy.BoundPack
    facts = models.JSONField(default=dict)  # what was decided on: never names or identifiers

    objects = Standing()
    every = models.Manager["RequestLine"]()

    asked_rial, payable_rial = rial("asked"), rial("payable")

    @property
    def double(self) -> bool:
        """Found to be an invoice that was brought before: nobody pays it."""
        return Note.DOUBLE in self.notes

    class Meta:
        indexes = [
            models.Index(fields=["request"], name="requestline_request"),
            models.Index(fields=["person", "on"], name="requestline_person"),
            models.Index(fields=["provider_key", "invoice_key"], name="requestline_invoice"),
            models.Index(fields=["provider_key", "asked"], name="requestline_amount"),
            models.Index(fields=["code", "-id"], name="requestline_code"),
        ]
        constraints = [
            ExclusionConstraint(
                name="invoice_once",
                expressions=[
                    ("digest", RangeOperators.EQUAL), ("request", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(live=True, digest__isnull=False),
            ),
            models.CheckConstraint(
                name="requestline_amounts",
                condition=Q(asked__gt=0, asked__lte=LARGEST_LINE, count__gt=0, payable__gte=0)
                & Q(payable__lte=F("asked"), allowed__gte=0, allowed__lte=F("asked")),
            ),
            models.CheckConstraint(
                name="requestline_replaced_pays_nothing",
                condition=Q(replaced_at__isnull=True) | Q(live=False, payable=0),
            ),
        ]  # fmt: skip


class RequestStep(models.Model):
    """What happened to a request; rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, models.PROTECT, related_name="+", db_index=False)
    province = models.CharField(max_length=2)
    verb = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=State.choices)  # after it
    why = models.TextField(blank=True)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["request", "id"], name="requeststep_request")]
