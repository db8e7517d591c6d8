"""Briefings: templates in versions, and what was made of them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.text import speaks_persian
from pooshesh.places.models import Placed
from pooshesh.web.format import language


class BriefingState(models.TextChoices):
    MADE = "made", _("Made, not signed")
    SIGNED = "signed", _("Signed")


class Template(models.Model):
    """A kind of briefing; its texts are its versions."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name_fa = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name_fa if speaks_persian(language()) else self.name_en


class Version(models.Model):
    """The text of a template from one change to the next; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    template = models.ForeignKey(Template, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text_fa = models.TextField()
    text_en = models.TextField()
    why = models.CharField(max_length=300)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="briefing_version_once"),
            models.CheckConstraint(
                name="briefing_version_has_texts", condition=~Q(text_fa="") & ~Q(text_en="")
            ),
        ]


class Briefing(Placed):
    """What a version said of an area and a month as it was known at a moment.

    `inputs` is all it is made of beside facts (`making.Inputs`), `digest` that of the inputs and
    of the numbers: made again from the same it is this row. `figures`: placeholder, reference and
    both numbers of each. Never changed but once: it is signed, with the key of `signed_key` (PEM).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(Version, models.PROTECT, related_name="briefings")
    month = models.DateField()
    as_of = models.DateTimeField()
    inputs = models.JSONField()
    figures = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    flagged = models.BooleanField(default=False)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    signed_by = models.UUIDField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_key = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="briefing_signed_with_a_key",
                condition=Q(signed_at=None, signed_by=None, signed_key="")
                | Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(signed_key=""),
            ),
        ]
        indexes = [models.Index(fields=["-made_at"], name="briefing_made")]

    @property
    def state(self) -> BriefingState:
        return BriefingState.SIGNED if self.signed_at else BriefingState.MADE


class Paper(models.Model):
    """A briefing in a language: the words that were printed, the bytes, and their signature."""

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="papers")
    language = models.CharField(max_length=2, choices=[("fa", _("Persian")), ("en", _("English"))])
    words = models.JSONField()
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    signature = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["briefing", "language"], name="briefing_paper_once")
        ]

    @property
    def file(self) -> str:
        """Its name in addresses."""
        return f"briefing-{self.language}.pdf"
