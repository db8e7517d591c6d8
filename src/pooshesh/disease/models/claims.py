"""Diagnoses that a university decides."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.disease.models.listed import Disease
from pooshesh.disease.models.tags import Tag
from pooshesh.kernel.ids import uuid7
from pooshesh.people.models import Person
from pooshesh.places.models import Placed


class ClaimState(models.TextChoices):
    """Where a diagnosis stands."""

    WAITING = "waiting", _("Under the university's check")
    RETURNED = "returned", _("Returned for completion")
    TAGGED = "tagged", _("Tagged")
    REFUSED = "refused", _("Refused")
    APPEALED = "appealed", _("Appealed to other physicians")
    UPHELD = "upheld", _("Refusal upheld")
    CLOSED = "closed", _("Closed without a decision")


LIVE = (ClaimState.WAITING, ClaimState.RETURNED, ClaimState.APPEALED)


class Claim(Placed):
    """A diagnosis that the medical university of the place is to decide.

    One at a time a person and disease. `origin_id` is what asked for it, an application of the
    fund. `due` is by when it is to be decided; `appeal_until` the last day to appeal a refusal.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField(
        unique=True,
        db_default=models.Func(models.Value("disease_claim_number"), function="nextval"),
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+")
    origin_id = models.UUIDField(unique=True)
    state = models.CharField(max_length=8, choices=ClaimState.choices, default=ClaimState.WAITING)
    opened_at = models.DateTimeField(default=timezone.now)
    due = models.DateField()
    decided_at = models.DateTimeField(null=True)
    refused_by = models.UUIDField(null=True)
    appeal_by = models.UUIDField(null=True)  # who decided the appeal
    appeal_until = models.DateField(null=True)
    tag = models.ForeignKey(Tag, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["province", "due", "id"],
                name="claim_queue",
                condition=Q(state__in=["waiting", "appealed"]),
            ),
            GistIndex(fields=["area_path"], name="claim_path"),
            models.Index(fields=["person"], name="claim_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "disease"], name="one_live_claim",
                condition=Q(state__in=["waiting", "returned", "appealed"]),
            ),
            models.CheckConstraint(
                name="appeal_decided_by_another",
                condition=Q(appeal_by=None)
                | Q(refused_by__isnull=False) & ~Q(appeal_by=F("refused_by")),
            ),
            models.CheckConstraint(
                name="tagged_claim_has_a_tag",
                condition=~Q(state="tagged") | Q(tag__isnull=False),
            ),
        ]  # fmt: skip


class ClaimStep(models.Model):
    """What happened to a claim, on which ground; rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=10)
    ground = models.CharField(max_length=20, blank=True)
    why = models.TextField(blank=True)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["claim", "id"], name="claimstep_claim")]
