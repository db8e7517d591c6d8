"""Tags of patients, and what happened to them."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.disease.models.listed import Disease
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.time import Bitemporal, no_overlap
from pooshesh.people.models import Person
from pooshesh.places.models import Placed


class TagSource(models.TextChoices):
    """Who says that somebody has a disease."""

    CLAIM = "claim", _("Decision of a university")
    REGISTRY = "registry", _("The ministry's registry")


class Tag(Placed):
    """The certificate that a university found a disease; what a card and a number stand for.

    `starts` and `ends` (the first day it no longer holds, null without end) are what is believed
    now; the history is in `TagTerm`. The row's place is where the person lives. A tag that was
    taken back from its first day has `ends` = `starts`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField(
        unique=True, db_default=models.Func(models.Value("disease_tag_number"), function="nextval")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+")
    source = models.CharField(max_length=8, choices=TagSource.choices)
    registry_number = models.CharField(max_length=40, blank=True)  # of the ministry
    starts = models.DateField()
    ends = models.DateField(null=True)
    digest = models.CharField(max_length=64, unique=True)  # sha256 of the code on the card
    sealed = models.BinaryField(max_length=80)  # the code, to print the card again
    issued_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "disease"], name="tag_person"),
            models.Index(fields=["province", "ends", "id"], name="tag_province"),
            GistIndex(fields=["area_path"], name="tag_path"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["registry_number"], name="tag_registry_once",
                condition=~Q(registry_number=""),
            ),
            models.CheckConstraint(
                name="tag_ends_after_it_starts", condition=Q(ends=None) | Q(ends__gte=F("starts"))
            ),
        ]  # fmt: skip


class TagTerm(Bitemporal):
    """Days on which somebody is tagged with a disease, as known at a moment."""

    tag = models.ForeignKey(Tag, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+")

    class Meta:
        constraints = [no_overlap("one_tag_of_a_disease", "person", "disease")]
        indexes = [models.Index(fields=["tag"], name="tagterm_tag")]


class TagVerb(models.TextChoices):
    """What may happen to a tag."""

    ISSUED = "issued", _("Issued")
    RENEWED = "renewed", _("Renewed")
    SHORTENED = "shortened", _("Shortened")
    REVOKED = "revoked", _("Revoked")
    DIED = "died", _("Ended by death")
    REVIVED = "revived", _("Holds again: the death was taken back")


class TagStep(models.Model):
    """What happened to a tag; rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=9, choices=TagVerb.choices)
    ends = models.DateField(null=True)  # from then on it does not hold
    why = models.TextField(blank=True)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["tag", "id"], name="tagstep_tag")]
