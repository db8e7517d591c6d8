"""What somebody published: figures as they were said, kept whatever is computed here."""

from fractions import Fraction

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.ids import uuid7
from pooshesh.places.models import Placed
from pooshesh.statements.bounds import Bounds, exactly, said


class Unit(models.TextChoices):
    """What a statement counts; a count names its unit."""

    PERSON = "person", _("persons")
    PATIENT = "patient", _("patients")
    NEIGHBOURHOOD = "place", _("neighbourhoods")
    FILE = "file", _("files")
    MEETING = "meeting", _("meetings")
    DECILE = "decile", _("deciles")
    PERCENT = "percent", _("percent")
    RIAL = "rial", _("rial")
    TOMAN = "toman", _("toman")
    DAY = "day", _("a day")


#: Units of money; a statement keeps its own and the rial beside it.
MONEY = (Unit.RIAL, Unit.TOMAN)


class Qualifier(models.TextChoices):
    EXACT = "exact", _("exactly")
    ABOUT = "about", _("about")
    MORE_THAN = "more_than", _("more than")
    LESS_THAN = "less_than", _("less than")


class Statement(Placed):
    """A figure somebody published.

    Never deleted and never changed but once: it is retracted, and perhaps corrected by another of
    the same code. `value` is in `unit` as it was said, `rial` what that is in rial; a promised day
    is `day` instead. `asked`: the unit was questioned and confirmed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=60)
    unit = models.CharField(max_length=8, choices=Unit.choices)
    value = models.DecimalField(max_digits=23, decimal_places=4, null=True)
    rial = models.BigIntegerField(null=True)
    day = models.DateField(null=True)
    qualifier = models.CharField(max_length=9, choices=Qualifier.choices, default=Qualifier.EXACT)
    as_of = models.DateField()
    speaker = models.CharField(max_length=160, blank=True)  # "" where the report names none
    source = models.CharField(max_length=300)
    words = models.TextField()  # as they were published
    state = models.CharField(max_length=80, blank=True)  # it says what it counts is in
    indicator = models.CharField(max_length=40, blank=True)  # it speaks of, "" for none
    asked = models.BooleanField(default=False)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    retracted_by = models.UUIDField(null=True)
    retracted_at = models.DateTimeField(null=True)
    retracted_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], name="statement_said_once", condition=Q(retracted_at=None)
            ),
            models.CheckConstraint(
                name="statement_value_or_day",
                condition=Q(unit="day", day__isnull=False, value=None)
                | ~Q(unit="day") & Q(day=None, value__isnull=False, value__gte=0),
            ),
            models.CheckConstraint(
                name="statement_money_in_rial",
                condition=Q(unit="rial", rial=F("value"))
                | Q(unit="toman", rial=F("value") * 10)
                | ~Q(unit__in=["rial", "toman"]) & Q(rial=None),
            ),
            models.CheckConstraint(
                name="statement_retracted_with_a_reason",
                condition=Q(retracted_at=None, retracted_why="")
                | Q(retracted_at__isnull=False) & ~Q(retracted_why=""),
            ),
            models.CheckConstraint(
                name="statement_has_words_and_a_source", condition=~Q(words="") & ~Q(source="")
            ),
        ]
        indexes = [
            GistIndex(fields=["area_path"], name="statement_path"),
            models.Index(fields=["-as_of", "id"], name="statement_as_of"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def live(self) -> bool:
        """Whether it stands: nobody retracted it."""
        return self.retracted_at is None

    @property
    def bounds(self) -> Bounds:
        """The least and the most it can mean: rial of money, a ratio of percent, 0 of a day.

        The rounding of an “about” is of the number as it was said, in its own unit.
        """
        if self.value is None:
            return exactly(0)
        found = said(Fraction(self.value), self.qualifier)
        if self.unit == Unit.TOMAN:
            return found * exactly(10)
        return found * exactly(Fraction(1, 100)) if self.unit == Unit.PERCENT else found
