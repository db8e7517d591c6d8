"""What the fund's bodies keep of their own: how they work, consents, appeals."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.documents.models import Document
from pooshesh.kernel.ids import uuid7
from pooshesh.meetings.models import Body, Member
from pooshesh.places.models import Placed
from pooshesh.requests.models.amounts import rial
from pooshesh.requests.models.request import Decider, Request


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

    rial = rial("amount")

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
    """The patient does not accept a decision; the working group decides, or of its own
    decisions the committee, without who took part."""

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
    before = models.JSONField(default=dict)  # line → rial it was granted before it was overturned
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
