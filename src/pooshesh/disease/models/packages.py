"""Packages: versions, their lines, and on which days they hold."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.disease.models.listed import Disease, Titled
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.time import Bitemporal, no_overlap

DECILES = 10


class PackageState(models.TextChoices):
    """What became of a version of a package."""

    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Put in force")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Package(models.Model):
    """A version of the package of a disease: proposed by one person, answered by another.

    Its lines never change; on which days it holds stands in `PackageTerm`. `ceiling_rial` null is
    the ceiling of the fund's rules. A version that is an `ending` has no lines: while it holds the
    disease has no package, and every expense goes to the committee.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()  # of the version, by disease
    starts = models.DateField()
    ceiling_rial = models.BigIntegerField(null=True)  # a patient and year
    file = models.CharField(max_length=200)  # name of the sheet
    digest = models.CharField(max_length=64)  # sha256 of the sheet
    note = models.TextField(blank=True)
    ending = models.BooleanField(default=False)
    state = models.CharField(
        max_length=9, choices=PackageState.choices, default=PackageState.PROPOSED
    )
    proposed_by = models.UUIDField(null=True)
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["disease", "number"], name="package_version_once"),
            models.CheckConstraint(
                name="package_answered_by_another",
                condition=~Q(decided_by=F("proposed_by")) | Q(state="withdrawn"),
            ),
            models.CheckConstraint(
                name="package_ceiling_positive",
                condition=Q(ceiling_rial__isnull=True) | Q(ceiling_rial__gt=0),
            ),
            models.CheckConstraint(
                name="package_ending_for_a_reason",
                condition=Q(ending=False) | Q(ending=True, ceiling_rial__isnull=True) & ~Q(note=""),
            ),
        ]


class LineKind(models.TextChoices):
    """What a package pays for."""

    SERVICE = "service", _("Service")
    DRUG = "drug", _("Drug")
    EQUIPMENT = "equipment", _("Equipment")


class PackageLine(Titled):
    """A service, drug or piece of equipment of a package.

    `percents` are the fund's shares of deciles 1 to 10; null is the share of the fund's rules.
    `unit_price_rial` null is the price of the invoice, `most_per_year` null is without limit.
    """

    package = models.ForeignKey(Package, models.PROTECT, related_name="lines")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=9, choices=LineKind.choices)
    unit_price_rial = models.BigIntegerField(null=True)
    percents = ArrayField(models.PositiveSmallIntegerField(), size=DECILES, null=True)
    most_per_year = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "code"], name="package_code_once"),
            models.CheckConstraint(
                name="package_line_figures",
                condition=(Q(unit_price_rial__isnull=True) | Q(unit_price_rial__gt=0))
                & (Q(percents__isnull=True) | Q(percents__len=DECILES)),
            ),
        ]


class PackageTerm(Bitemporal):
    """Which version of a disease's package holds on which days, and since when that is known."""

    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+")
    package = models.ForeignKey(Package, models.PROTECT, related_name="+")

    class Meta:
        constraints = [no_overlap("one_package_a_day", "disease")]
