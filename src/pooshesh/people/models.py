"""Tables of people: persons, identifiers, households, and the dated facts about them."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.identifiers import Grade, Kind
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.time import Bitemporal, no_overlap
from pooshesh.people.nations import nation
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

    Names are kept as typed; `search_key` folds them for matching (`kernel.text`), `words` are the
    folded words a search may meet, each also in `NameWord`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    father_name = models.CharField(max_length=120, blank=True)
    search_key = models.CharField(max_length=250)  # first and last name
    sort_key = models.CharField(max_length=250)  # last, then first name
    words = ArrayField(models.CharField(max_length=120), default=list)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)
    birth_date = models.DateField(null=True)  # first day of the month or year if less is known
    birth_precision = models.CharField(max_length=5, choices=Precision.choices, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)
    mobile = models.BinaryField(max_length=80, null=True)  # sealed
    mobile_blind = models.BinaryField(max_length=16, null=True)  # keyed index of the value
    source = models.CharField(max_length=60, blank=True)  # "census:<digest>:<row>"
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            GistIndex(fields=["area_path"], name="person_path"),
            # Without the pending list, which every search would have to read through.
            GinIndex(fields=["words"], name="person_words", fastupdate=False),
            models.Index(fields=["province", "sort_key", "id"], name="person_order"),
            models.Index(fields=["mobile_blind"], name="person_mobile"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], name="person_source_once", condition=~models.Q(source="")
            )
        ]


class MergeQuerySet(models.QuerySet["Merge"]):
    """Reads at a moment of knowledge."""

    def live(self, at: dt.datetime | None = None) -> "MergeQuerySet":
        """Merges believed at a moment (default: now)."""
        if at is None:
            return self.filter(undone_at=None)
        return self.filter(models.Q(undone_at=None) | models.Q(undone_at__gt=at), at__lte=at)


class Merge(models.Model):
    """A clerk found that two records are one human being: `person` stands under `survivor` now.

    `into` is the record named when it was merged; `survivor` is where the chain from it ends by
    now, so that readers follow one step. Nothing else of the records changes, and an undone merge
    is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    into = models.ForeignKey(Person, models.PROTECT, related_name="+")
    survivor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.TextField()
    actor = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    undone_reason = models.TextField(blank=True)
    undone_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], name="merged_once", condition=models.Q(undone_at=None)
            ),
            models.CheckConstraint(
                name="merged_into_another",
                condition=~models.Q(person=models.F("into"))
                & ~models.Q(person=models.F("survivor")),
            ),
        ]


class NameWord(models.Model):
    """Every word that names in the registry are made of: some tens of thousands in a nation.

    A typed word is compared with these, and persons are then found by whole words; trigrams over
    the persons themselves would read through everybody called محمد.
    """

    word = models.CharField(max_length=120, primary_key=True)
    slips = ArrayField(models.CharField(max_length=130))  # `names.slips`: what it is met by
    skeleton = models.CharField(max_length=120)  # consonants as heard

    class Meta:
        indexes = [GinIndex(fields=["slips"], name="nameword_slips", fastupdate=False)]


class IdentifierKind(models.TextChoices):
    """The kinds of `kernel.identifiers` that stand for a person."""

    NATIONAL = Kind.NATIONAL_ID.value, _("National ID number")
    FOREIGN = Kind.FOREIGN_CODE.value, _("Foreign national's code")
    PASSPORT = Kind.PASSPORT.value, _("Passport number")


class IdentifierGrade(models.TextChoices):
    """How far an identifier can be trusted; the order is that of trust."""

    VERIFIED = Grade.VERIFIED.value, _("Verified")
    CHECKSUM = Grade.CHECKSUM.value, _("Form and check digit right")
    PSEUDO = Grade.PSEUDO.value, _("Pseudo-ID")


class Identifier(models.Model):
    """A number that stands for a person, sealed, with how far it can be trusted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=IdentifierKind.choices)
    grade = models.CharField(max_length=8, choices=IdentifierGrade.choices)
    sealed = models.BinaryField(max_length=80)
    blind = models.BinaryField(max_length=16)  # keyed index of the value
    key_version = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True)  # kept, but no longer the person's

    class Meta:
        indexes = [
            models.Index(fields=["blind"], name="identifier_blind"),
            models.Index(fields=["key_version"], name="identifier_key"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "blind"],
                name="identifier_verified_once",
                condition=models.Q(grade="verified", replaced_at__isnull=True),
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
    REFUGEE = "refugee", _("Holder of an Amayesh card")
    REFUGEE_SUPPORTED = "refugee_supported", _("Holder of an Amayesh card, fully subsidised")
    REFUSED = "refused", _("Foreign national, refused")


#: Those whose residence is lawful on the days of their standing.
LAWFUL = (LegalStatus.LAWFUL, LegalStatus.REFUGEE, LegalStatus.REFUGEE_SUPPORTED)


class Standing(Bitemporal):
    """Nationality and legal status with dates."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=LegalStatus.choices)
    nationality = models.CharField(max_length=2, blank=True)  # ISO 3166, "" unknown
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [no_overlap("standing_one_at_a_time", "person")]

    @property
    def nation(self) -> str:
        """The nationality by its name."""
        return nation(self.nationality)


class Death(models.Model):
    """A person's death; the record stays, cover ends."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="+", primary_key=True)
    on = models.DateField()
    source = models.CharField(max_length=120)
    recorded_at = models.DateTimeField(default=timezone.now)


class MatchKeys(models.Model):
    """Under which keyed hashes a person is found by somebody who may be the same human being.

    `keys` are hashes of what is hashed by `matchkeys`, two facts or more at a time; `version` is
    that of the data key. One row per person, so that one index finds all who share a key.
    """

    person = models.OneToOneField(Person, models.PROTECT, related_name="+", primary_key=True)
    keys = ArrayField(models.BigIntegerField())
    version = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            # Without the pending list, which every check would have to read through.
            GinIndex(fields=["keys"], name="matchkeys_keys", fastupdate=False),
            models.Index(fields=["version"], name="matchkeys_version"),
        ]


class LinkOrigin(models.TextChoices):
    """What found that two records may be one human being."""

    REGISTRATION = "registration", _("Registration")
    CAMPAIGN = "campaign", _("Campaign")
    ROLL = "roll", _("The same row of a roll")
    CLERK = "clerk", _("A clerk")


class LinkClass(models.TextChoices):
    """How sure the model is."""

    MATCH = "match", _("Very likely")
    REVIEW = "review", _("Possible")


class Verdict(models.TextChoices):
    """What a clerk found about two records; `OPEN`: nobody has yet, or it was taken back."""

    OPEN = "open", _("Open")
    SAME = "same", _("The same person")
    DIFFERENT = "different", _("Two different people")
    UNSURE = "unsure", _("Cannot be told")


class Link(models.Model):
    """Two records that may be one human being, once per pair, and what is believed of them now.

    `first` was registered before `second`, whose place the row carries; the records themselves
    stay as they are. A clerk holds a pair from when it is shown until it is judged, skipped, or
    the lock runs out.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first = models.ForeignKey(Person, models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, models.PROTECT, related_name="+")
    score = models.FloatField(null=True)  # chance, 0-1; null where no model was asked
    likely = models.CharField(max_length=6, choices=LinkClass.choices)
    origin = models.CharField(max_length=12, choices=LinkOrigin.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)
    found_at = models.DateTimeField(default=timezone.now)
    verdict = models.CharField(max_length=9, choices=Verdict.choices, default=Verdict.OPEN)
    locked_by = models.UUIDField(null=True)
    locked_until = models.DateTimeField(null=True)
    skipped_at = models.DateTimeField(null=True)  # skipped pairs come last

    class Meta:
        indexes = [
            models.Index(
                fields=["province", "-score", "id"], name="link_queue",
                condition=models.Q(verdict="open"),
            ),
            GistIndex(fields=["area_path"], name="link_path"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="link_once"),
            models.CheckConstraint(
                name="link_in_order", condition=models.Q(first__lt=models.F("second"))
            ),
        ]


class Judgement(models.Model):
    """A clerk's finding about a link. A later one supersedes it; none is ever changed or lost.

    `merge` is what followed from it, if the records were not one already.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    link = models.ForeignKey(Link, models.PROTECT, related_name="judgements")
    verdict = models.CharField(max_length=9, choices=Verdict.choices)
    note = models.TextField(blank=True)
    merge = models.ForeignKey(Merge, models.PROTECT, null=True, related_name="+")
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["actor", "-id"], name="judgement_actor")]
        constraints = [
            models.UniqueConstraint(
                fields=["link"], name="judged_once", condition=models.Q(superseded_at=None)
            )
        ]
