"""Tables of coverage: insurers, and the spells of cover they give."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.time import Bitemporal, no_overlap
from pooshesh.people.models import Person
from pooshesh.places.models import Area, Named


class Scheme(models.TextChoices):
    """The insurer's funds, and what other insurers give."""

    CIVIL_SERVANTS = "civil_servants", _("Civil servants' fund")
    RURAL = "rural", _("Rural and nomads' fund")
    UNIVERSAL = "universal", _("Universal fund")
    OTHER_STRATA = "other_strata", _("Other-strata fund")
    FOREIGN_NATIONALS = "foreign_nationals", _("Foreign nationals")


class Insurer(Named):
    """A basic insurer: this one (ihio) or another (Social Security, armed forces)."""

    code = models.CharField(max_length=20, primary_key=True)
    ours = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ours"], condition=Q(ours=True), name="one_is_ours")
        ]


class Source(models.TextChoices):
    """How we know of a spell."""

    ROLL = "roll", _("Found on a roll")
    ENROLMENT = "enrolment", _("Enrolled here")


class Spell(Bitemporal):
    """A time for which a person is covered; two spells of one insurer never overlap.

    A spell found on a roll has no known beginning: its `valid` starts the day it was seen.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    insurer = models.ForeignKey(Insurer, models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=20, choices=Scheme.choices, blank=True)
    premium_percent = models.PositiveSmallIntegerField(null=True)  # the household's share
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")  # where it was given
    area_path = PathField()
    province = models.CharField(max_length=2)
    decision_id = models.UUIDField(null=True)
    campaign_id = models.UUIDField(null=True)
    source = models.CharField(max_length=9, choices=Source.choices)

    class Meta:
        constraints = [
            no_overlap("spell_one_at_a_time", "person", "insurer"),
            models.CheckConstraint(
                name="premium_is_a_percentage", condition=Q(premium_percent__lte=100)
            ),
        ]
        indexes = [
            GistIndex(fields=["area_path"], name="spell_path"),
            models.Index(fields=["campaign_id"], name="spell_campaign"),
            models.Index(fields=["province", "insurer", "scheme"], name="spell_count"),
        ]


class Undo(models.Model):
    """An enrolment taken back, with the reason."""

    spell = models.OneToOneField(Spell, models.PROTECT, related_name="undo", primary_key=True)
    reason = models.TextField()
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
