"""Tables of neighbourhoods: what they need, and what their people are given beside insurance."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.ids import uuid7
from pooshesh.partners.models import Organisation
from pooshesh.people.models import Household
from pooshesh.places.models import Named, Placed


class AssessmentState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    CONFIRMED = "confirmed", _("Confirmed")


class Assessment(Placed):
    """The answers of one look at a neighbourhood's needs; confirmed by somebody else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    form = models.CharField(max_length=20)  # the questionnaire's version
    on = models.DateField()
    answers = models.JSONField(default=dict)  # question code → number; unanswered are left out
    worst = models.PositiveSmallIntegerField(default=0)  # questions answered as a severe need
    state = models.CharField(
        max_length=9, choices=AssessmentState.choices, default=AssessmentState.DRAFT
    )
    actor = models.UUIDField()
    made_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            GistIndex(fields=["area_path"], name="assessment_path"),
            models.Index(fields=["area", "-on"], name="assessment_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="assessment_confirmed_by_another",
                condition=~Q(state="confirmed")
                | Q(confirmed_by__isnull=False) & ~Q(confirmed_by=F("actor")),
            ),
            models.UniqueConstraint(fields=["area", "on", "actor"], name="assessment_once_a_day"),
        ]


class BenefitKind(Named):
    """A kind of help beside insurance; the list is open."""

    code = models.CharField(max_length=20, primary_key=True)


class Benefit(Placed):
    """Help given to a household on a day, by an organisation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    kind = models.ForeignKey(BenefitKind, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    on = models.DateField()
    quantity = models.PositiveIntegerField(default=1)
    amount = models.BigIntegerField(null=True)  # rial, where it was money
    note = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=90, blank=True)  # "sheet:<digest>:<row>"
    actor = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            GistIndex(fields=["area_path"], name="benefit_path"),
            models.Index(fields=["household", "kind", "on"], name="benefit_household"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], name="benefit_of_a_row_once", condition=~Q(source="")
            ),
            models.CheckConstraint(
                name="benefit_is_something",
                condition=Q(quantity__gt=0) & (Q(amount=None) | Q(amount__gt=0)),
            ),
        ]
