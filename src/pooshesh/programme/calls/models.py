"""Tables of verification calls."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.people.models import Person
from pooshesh.places.models import Area


class Sample(models.Model):
    """A random sample of whom a campaign insured, drawn once; the seed draws it again.

    `frame` is how many were insured when it was drawn, `digest` of who they were.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.OneToOneField("programme.Campaign", models.PROTECT, related_name="+")
    seed = models.CharField(max_length=32)
    frame = models.PositiveIntegerField()  # persons
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # persons
    half_width = models.PositiveSmallIntegerField()  # wanted, percentage points
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)


class Outcome(models.TextChoices):
    """What a call told."""

    CONFIRMED = "confirmed", _("Confirmed: insured and knows it")
    UNAWARE = "unaware", _("Did not know of the insurance")
    WRONG_PERSON = "wrong_person", _("Wrong person or number")
    NOT_REACHED = "not_reached", _("Not reached")


class Call(models.Model):
    """One person of a sample, and what the last call told."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()  # in the order drawn
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    note = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    called_by = models.UUIDField(null=True)
    called_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "person"], name="call_once"),
            models.UniqueConstraint(fields=["sample", "place"], name="call_place_once"),
            models.CheckConstraint(
                name="call_outcome_has_a_time",
                condition=Q(outcome="") | Q(called_at__isnull=False),
            ),
        ]
