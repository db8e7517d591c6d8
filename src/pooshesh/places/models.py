"""Tables of places: the area tree, dated sets of areas, figures, facilities."""

from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.text import search_key, sort_key, speaks_persian
from pooshesh.kernel.time import Bitemporal, from_now, no_overlap


class AreaKind(models.TextChoices):
    """Levels of the tree, from the top."""

    NATION = "nation", _("Nation")
    PROVINCE = "province", _("Province")
    COUNTY = "county", _("County")
    CITY = "city", _("City")
    NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood")


def in_language(field: str) -> str:
    """The field that holds a name in the active language: `name` → `name_fa` or `name_en`."""
    return f"{field}_fa" if speaks_persian(get_language() or "fa") else f"{field}_en"


class Named(models.Model):
    """Mixin: read in the active language, in Persian where no English name is known."""

    name_fa = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        name: str = getattr(self, in_language("name"))
        return name or self.name_fa


def name_keys(code: str, name_fa: str, name_en: str) -> dict[str, str]:
    """What a named row is sorted and searched by."""
    return {
        "sort_key": sort_key(name_fa),
        "search_key": f"{search_key(name_fa)} {search_key(name_en)} {code}",
    }


class Area(Named):
    """A node of nation → province → county → city → neighbourhood.

    `code` is unique in the nation and appears in the path, e.g. `ir.p23.c2301.t230101.n0001`.
    A merged or split area ends (`valid` gets an upper bound) and names its successors.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=13, choices=AreaKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    path = PathField(unique=True)
    province = models.CharField(max_length=2, blank=True)  # statistical code, "" for the nation
    sort_key = models.CharField(max_length=330)  # Persian alphabet order under C collation
    search_key = models.CharField(max_length=360)  # folded fa + en names and code
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    valid = DateRangeField()
    successors = models.ManyToManyField("self", symmetrical=False, related_name="predecessors")

    class Meta:
        indexes = [
            GistIndex(fields=["path"], name="area_path"),
            models.Index(fields=["kind", "sort_key"], name="area_kind"),
            models.Index(fields=["parent"], name="area_parent"),
        ]
        constraints = [
            models.CheckConstraint(
                name="area_only_nation_has_no_parent",
                condition=models.Q(kind="nation") ^ models.Q(parent__isnull=False),
            )
        ]


class Placed(models.Model):
    """Mixin: where a row of another room belongs, as `access.reach` filters it."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)

    class Meta:
        abstract = True


class PastName(Named, Bitemporal):
    """What an area was called before it was renamed; its present name is its own."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")

    class Meta:
        constraints = [no_overlap("past_name_once", "area")]


FIGURES = {
    "population": _("Population"),
    "population_male": _("Men and boys"),
    "population_female": _("Women and girls"),
    "neighbourhoods": _("Neighbourhoods of the programme"),
    "neighbourhoods of setad": _("Neighbourhoods of the Executive HQ"),
    "neighbourhoods of relief": _("Neighbourhoods of the Relief Committee"),
    "neighbourhoods of red_crescent": _("Neighbourhoods of the Red Crescent"),
    "neighbourhoods of welfare": _("Neighbourhoods of the Welfare Organisation"),
}


class Figure(Bitemporal):
    """A number somebody states about an area, e.g. its population at the 1395 census."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)  # "population", "population_male", "neighbourhoods"
    value = models.BigIntegerField()
    about = models.BooleanField(default=False)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [no_overlap("figure_once", "area", "name")]

    @property
    def title(self) -> str:
        """What the figure is of, in the active language; its name where nobody gave it one."""
        return str(FIGURES.get(self.name, self.name))


class SetKind(models.TextChoices):
    """Why areas are grouped beside the tree."""

    CATCHMENT = "catchment", _("University catchment")
    SPONSOR = "sponsor", _("Sponsor")


class AreaSet(Named):
    """A second way to group areas: a university's catchment, a sponsor's neighbourhoods."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=9, choices=SetKind.choices)
    code = models.CharField(max_length=40, unique=True)


class AreaSetMember(Bitemporal):
    """An area belongs to a set for a time.

    A neighbourhood has exactly one accountable sponsor at a time and lies in one catchment: the
    database refuses a second. A set holds its areas one by one, without those below them.
    """

    area_set = models.ForeignKey(AreaSet, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=SetKind.choices)  # of the set, for the constraint
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    recorded = DateTimeRangeField(default=from_now)

    class Meta:
        constraints = [no_overlap("area_in_one_set_of_a_kind", "area", "kind")]


class FacilityKind(models.TextChoices):
    """Places where care is given, by level of the referral network."""

    HEALTH_HOUSE = "health_house", _("Health house")
    HEALTH_POST = "health_post", _("Health post")
    HEALTH_CENTRE = "health_centre", _("Comprehensive health centre")
    CLINIC = "clinic", _("Clinic")
    HOSPITAL = "hospital", _("Hospital")
    PHARMACY = "pharmacy", _("Pharmacy")


class Facility(Named):
    """A place where care is given."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=13, choices=FacilityKind.choices)
    level = models.PositiveSmallIntegerField()  # 1, 2 or 3 of the referral network
    sort_key = models.CharField(max_length=330)
    search_key = models.CharField(max_length=360)  # folded fa + en names and code
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)
    beds = models.PositiveIntegerField(null=True)
    daily_visits = models.PositiveIntegerField(null=True)  # capacity, visits a day
    services = ArrayField(models.CharField(max_length=40), default=list)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        indexes = [
            GistIndex(fields=["area_path"], name="facility_path"),
            models.Index(fields=["province", "sort_key"], name="facility_province"),
        ]
        constraints = [
            models.CheckConstraint(
                name="facility_level", condition=models.Q(level__gte=1, level__lte=3)
            ),
            models.CheckConstraint(
                name="facility_closes_after_opening",
                condition=models.Q(closed_on__isnull=True)
                | models.Q(opened_on__isnull=True)
                | models.Q(closed_on__gt=models.F("opened_on")),
            ),
        ]
