"""Tables of requests: what patients ask the fund for, line by line, and what became of it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.disease.models import Disease
from pooshesh.documents.models import Document
from pooshesh.fund.models import PatientFile
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.money import Rial
from pooshesh.meetings.models import Body, Member
from pooshesh.people.models import Person
from pooshesh.places.models import Facility, Placed
from pooshesh.requests.near import Likeness


def _rial(column: str) -> property:
    """An amount column as money, for pages."""

    def read(row: models.Model) -> Rial | None:
        amount = getattr(row, column)
        return None if amount is None else Rial(amount)

    return property(read)


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
    committee would be. `provisional`: granted on the fast track, the committee confirms it.
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
    approval = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    parted_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
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

    asked_rial, payable_rial = _rial("asked"), _rial("payable")
    proposed_rial = _rial("proposed")

    class Meta:
        indexes = [
            models.Index(fields=["person", "year"], name="request_person"),
            models.Index(fields=["file"], name="request_file"),
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


class RequestLine(models.Model):
    """A service, drug or piece of equipment, with its invoice (an approval has none yet).

    `digest` is of number, provider, amount and day: the same in two live requests is refused.
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

    asked_rial, payable_rial = _rial("asked"), _rial("payable")

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


class CeilingUse(models.Model):
    """What the fund granted a patient for services of a Jalali year; one row, so writers queue.

    `ceiling` is the law's when it was last used, null where it is not known; `extended` is what a
    working group granted above it. `of_disease`: rial by disease; `counts`: by disease and code.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    province = models.CharField(max_length=2)
    used = models.BigIntegerField(default=0)
    ceiling = models.BigIntegerField(null=True)
    extended = models.BigIntegerField(default=0)
    of_disease = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)

    used_rial = _rial("used")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="ceiling_once", fields=["person", "year"]),
            models.CheckConstraint(
                name="ceiling_holds",
                condition=Q(used__gte=0, extended__gte=0)
                & (Q(ceiling__isnull=True) | Q(used__lte=F("ceiling") + F("extended"))),
            ),
        ]


class DoubtState(models.TextChoices):
    OPEN = "open", _("To look at")
    SAME = "same", _("The same invoice")
    DIFFERENT = "different", _("Different invoices")


class Doubt(Placed):
    """Two lines that look like one invoice; `line` came later and waits until a clerk said so."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    line = models.ForeignKey(RequestLine, models.PROTECT, related_name="+")
    other = models.ForeignKey(RequestLine, models.PROTECT, related_name="+")
    likeness = ArrayField(
        models.CharField(max_length=20, choices=[(one.value, one.value) for one in Likeness])
    )
    state = models.CharField(max_length=9, choices=DoubtState.choices, default=DoubtState.OPEN)
    why = models.TextField(blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["province", "found_at", "id"], name="doubt_open", condition=Q(state="open")
            ),
            GistIndex(fields=["area_path"], name="doubt_path"),
        ]
        constraints = [
            models.UniqueConstraint(name="doubt_once", fields=["line", "other"]),
        ]


class LetterState(models.TextChoices):
    ISSUED = "issued", _("Valid")
    USED = "used", _("Used by an invoice")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


class Letter(Placed):
    """The letter to a provider that a cost will be paid, until a day; used once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, related_name="+")
    provider = models.CharField(max_length=160)
    amount = models.BigIntegerField()
    issued_on = models.DateField()
    until = models.DateField()  # the last day a service may be given on it
    state = models.CharField(max_length=7, choices=LetterState.choices, default=LetterState.ISSUED)
    used_by = models.OneToOneField(Request, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["until"], name="letter_open", condition=Q(state="issued")),
            GistIndex(fields=["area_path"], name="letter_path"),
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_used_by_a_request",
                condition=Q(state="used") ^ Q(used_by__isnull=True),
            ),
            models.UniqueConstraint(
                name="letter_once", fields=["request"], condition=~Q(state="revoked")
            ),
            models.CheckConstraint(name="letter_amount", condition=Q(amount__gt=0)),
        ]  # fmt: skip


# --- committees ------------------------------------------------------------------------------


class Practice(models.Model):
    """How a body of the fund works; `blind`: its summary sheets carry no name."""

    body = models.OneToOneField(Body, models.PROTECT, primary_key=True, related_name="+")
    province = models.CharField(max_length=2, blank=True)
    of = models.CharField(max_length=9, choices=Decider.choices)  # committee or group
    blind = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="practice_once", fields=["province", "of"])]


class Consent(models.Model):
    """A member agrees to grant an urgent request before the meeting; at least two must.

    By their own account it counts at once, on a paper when a second person confirmed it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, models.PROTECT, related_name="+")
    province = models.CharField(max_length=2)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    organisation_id = models.UUIDField()  # whose seat it was
    amount = models.BigIntegerField()
    on_paper = models.BooleanField(default=False)
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.UUIDField(null=True)
    paper = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.UUIDField(null=True)  # read the paper
    confirmed_at = models.DateTimeField(null=True)

    rial = _rial("amount")

    @property
    def counts(self) -> bool:
        """Whether it counts for the grant."""
        return not self.on_paper or self.confirmed_at is not None

    class Meta:
        constraints = [
            models.UniqueConstraint(name="consent_once", fields=["request", "member"]),
            models.UniqueConstraint(
                name="consent_once_a_seat", fields=["request", "organisation_id"]
            ),
            models.CheckConstraint(
                name="consent_confirmed_with_a_paper",
                condition=Q(confirmed_at__isnull=True) | Q(on_paper=True, paper__isnull=False),
            ),
            models.CheckConstraint(
                name="consent_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("given_by")),
            ),
        ]


class Ground(models.TextChoices):
    """On what a decision may be appealed."""

    EVIDENCE = "evidence", _("Evidence was not considered")
    UNREASONABLE = "unreasonable", _("The decision is unreasonable")
    PROCEDURE = "procedure", _("The procedure was broken")
    NEW = "new_evidence", _("There is new evidence")


class AppealStand(models.TextChoices):
    WAITING = "waiting", _("Before other people")
    DEFERRED = "deferred", _("Deferred with a question")
    OVERTURNED = "overturned", _("Decision overturned")
    UPHELD = "upheld", _("Decision upheld")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Appeal(Placed):
    """The patient does not accept a decision; the working group decides, without who took part."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField(
        unique=True, db_default=Func(Value("requests_number"), function="nextval")
    )
    request = models.ForeignKey(Request, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=12, choices=Ground.choices)
    text = models.TextField()
    state = models.CharField(
        max_length=10, choices=AppealStand.choices, default=AppealStand.WAITING
    )
    of_decision = models.DateTimeField()  # when what is appealed was decided
    until = models.DateField()  # the last day it could be brought
    brought_on = models.DateField()
    brought_by = models.UUIDField(null=True)
    involved = ArrayField(models.UUIDField(), default=list)  # members and accounts that took part
    proposed = models.BigIntegerField(null=True)
    outcome = models.TextField(blank=True)  # why, in the words of the motion
    motion_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["province", "state", "id"], name="appeal_queue"),
            GistIndex(fields=["area_path"], name="appeal_path"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="appeal_once_a_decision", fields=["request", "of_decision"],
                condition=~Q(state="withdrawn"),
            ),
            models.CheckConstraint(
                name="appeal_in_time", condition=Q(brought_on__lte=F("until"))
            ),
            models.CheckConstraint(
                name="appeal_decided_by_a_motion",
                condition=~Q(state__in=["overturned", "upheld"])
                | Q(motion_id__isnull=False) & ~Q(outcome=""),
            ),
        ]  # fmt: skip
