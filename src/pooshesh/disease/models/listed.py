"""The list of diseases, and the evidence each asks for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pooshesh.documents.models import DocumentKind
from pooshesh.kernel.time import Bitemporal, no_overlap
from pooshesh.places.models import Named, in_language


class Titled(models.Model):
    """Mixin: a title read in the active language, in Persian where no English one is known."""

    title_fa = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def title(self) -> str:
        return str(getattr(self, in_language("title"))) or self.title_fa


class DiseaseKind(models.TextChoices):
    """What the fund calls a disease."""

    SPECIAL = "special", _("Special disease")
    REFRACTORY = "refractory", _("Refractory disease")
    RARE = "rare", _("Rare disease")


class Disease(Named):
    """A disease of the fund's list, with its codes.

    Until somebody who decides diagnoses confirmed that names and codes belong together, the
    product says so (`confirmed_on` is null). `tag_months` is how long a tag holds unless the
    university says otherwise; null is without end.
    """

    code = models.CharField(max_length=12, primary_key=True)
    kind = models.CharField(max_length=10, choices=DiseaseKind.choices)
    icd10 = models.CharField(max_length=120, blank=True)  # "E76.0;E76.1", "C00-C97"
    orpha = models.CharField(max_length=120, blank=True)  # "579,580"
    origin = models.CharField(max_length=60, blank=True)  # where the list has it from
    tag_months = models.PositiveSmallIntegerField(null=True, default=12)
    sort_key = models.CharField(max_length=330)
    search_key = models.CharField(max_length=500)
    confirmed_on = models.DateField(null=True)
    confirmed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="disease_confirmed_by_somebody",
                condition=Q(confirmed_on=None, confirmed_by=None)
                | Q(confirmed_on__isnull=False, confirmed_by__isnull=False),
            )
        ]


class Purpose(models.TextChoices):
    """What evidence is asked for."""

    TAG = "tag", _("A tag")
    REQUEST = "request", _("An expense request")


class Evidence(Titled, Bitemporal):
    """A document asked for; `disease` null is for every disease that does not say otherwise."""

    disease = models.ForeignKey(Disease, models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=7, choices=Purpose.choices)
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    required = models.BooleanField(default=True)

    class Meta:
        constraints = [
            no_overlap("evidence_once", "disease", "purpose", "kind"),
            # Nulls never equal each other, so what is for all has its own.
            no_overlap(
                "evidence_for_all_once", "purpose", "kind", condition=Q(disease__isnull=True)
            ),
        ]
