"""Tables of people: persons, identifiers, households, and the dated facts about them."""

from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.time import Bitemporal, no_overlap
from pooshesh.places.models import Area


class Sex(models.TextChoices):
    MALE = "M", _("Male")
    FEMALE = "F", _("Female")


class Precision(models.TextChoices):
    """How much of a birth date is known."""

    DAY = "day", _("Day")
    MONTH = "month", _("Month")
    YEAR = "year", _("Year")


class Household(models.Model):
    """People who live and are insured together: the unit of means test and of registration."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=10, blank=True)
    address = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [GistIndex(fields=["area_path"], name="household_path")]


class Person(models.Model):
    """A human being as known now. What changes with time stands in the dated tables below.

    Names are kept as typed; `search_key` folds them for matching (`kernel.text`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    father_name = models.CharField(max_length=120, blank=True)
    search_key = models.CharField(max_length=250)
    sort_key = models.CharField(max_length=250)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)
    birth_date = models.DateField(null=True)  # first day of the month or year if less is known
    birth_precision = models.CharField(max_length=5, choices=Precision.choices, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)
    mobile = models.BinaryField(null=True)  # sealed
    source = models.CharField(max_length=60, blank=True)  # "campaign:<id>:<census_row>"
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            GistIndex(fields=["area_path"], name="person_path"),
            GinIndex(fields=["search_key"], name="person_search", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["province", "sort_key", "id"], name="person_order"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], name="person_source_once", condition=~models.Q(source="")
            )
        ]


class IdentifierKind(models.TextChoices):
    NATIONAL = "national", _("National ID")
    FOREIGN = "foreign", _("Foreigner code")
    PASSPORT = "passport", _("Passport")


class IdentifierGrade(models.TextChoices):
    """How far an identifier can be trusted; the order is that of trust."""

    VERIFIED = "verified", _("Verified")
    CHECKSUM = "checksum", _("Check digit right")
    PSEUDO = "pseudo", _("Pseudo-ID")


class Identifier(models.Model):
    """A number that stands for a person, sealed, with how far it can be trusted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=IdentifierKind.choices)
    grade = models.CharField(max_length=8, choices=IdentifierGrade.choices)
    sealed = models.BinaryField(max_length=80)
    blind = models.BinaryField(max_length=16)  # keyed index of the value
    key_version = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["person"], name="identifier_person"),
            models.Index(fields=["blind"], name="identifier_blind"),
            models.Index(fields=["key_version"], name="identifier_key"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "blind"],
                name="identifier_verified_once",
                condition=models.Q(grade="verified"),
            )
        ]


class Relation(models.TextChoices):
    """To the head of the household."""

    HEAD = "head", _("Head")
    SPOUSE = "spouse", _("Spouse")
    CHILD = "child", _("Child")
    PARENT = "parent", _("Parent")
    OTHER = "other", _("Other")


class Membership(Bitemporal):
    """A person belongs to one household at a time."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    relation = models.CharField(max_length=6, choices=Relation.choices)

    class Meta:
        constraints = [no_overlap("membership_one_at_a_time", "person")]
        indexes = [models.Index(fields=["household"], name="membership_household")]


class Decile(Bitemporal):
    """The household's income decile, with who said so."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    decile = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=120)

    class Meta:
        constraints = [
            no_overlap("decile_one_at_a_time", "household"),
            models.CheckConstraint(
                name="decile_1_to_10", condition=models.Q(decile__gte=1, decile__lte=10)
            ),
        ]


class LegalStatus(models.TextChoices):
    """Standing in the country; decides by which rules somebody is insured."""

    CITIZEN = "citizen", _("Citizen")
    FOUND = "found", _("Foreign national, found")
    IDENTIFIED = "identified", _("Foreign national, identified")
    LAWFUL = "lawful", _("Lawful foreign national")
    REFUSED = "refused", _("Foreign national, refused")


class Standing(Bitemporal):
    """Nationality and legal status with dates."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=LegalStatus.choices)
    nationality = models.CharField(max_length=2, blank=True)  # ISO 3166, "" unknown
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [no_overlap("standing_one_at_a_time", "person")]


class Death(models.Model):
    """A person's death; the record stays, cover ends."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="+", primary_key=True)
    on = models.DateField()
    source = models.CharField(max_length=120)
    recorded_at = models.DateTimeField(default=timezone.now)
