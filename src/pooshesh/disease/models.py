"""Tables of diseases: the list, packages by date, diagnoses to decide, tags of patients, wishes."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.documents.models import DocumentKind
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.time import Bitemporal, no_overlap
from pooshesh.people.models import Person
from pooshesh.places.models import Named, Placed, in_language

DECILES = 10


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


# --- packages --------------------------------------------------------------------------------


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


# --- tags ------------------------------------------------------------------------------------


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


# --- diagnoses to decide ---------------------------------------------------------------------


class ClaimState(models.TextChoices):
    """Where a diagnosis stands."""

    WAITING = "waiting", _("Under the university's check")
    RETURNED = "returned", _("Returned for completion")
    TAGGED = "tagged", _("Tagged")
    REFUSED = "refused", _("Refused")
    APPEALED = "appealed", _("Appealed to other physicians")
    UPHELD = "upheld", _("Refusal upheld")
    CLOSED = "closed", _("Closed without a decision")


LIVE = (ClaimState.WAITING, ClaimState.RETURNED, ClaimState.APPEALED)


class Claim(Placed):
    """A diagnosis that the medical university of the place is to decide.

    One at a time a person and disease. `origin_id` is what asked for it, an application of the
    fund. `due` is by when it is to be decided; `appeal_until` the last day to appeal a refusal.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField(
        unique=True,
        db_default=models.Func(models.Value("disease_claim_number"), function="nextval"),
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+")
    origin_id = models.UUIDField(unique=True)
    state = models.CharField(max_length=8, choices=ClaimState.choices, default=ClaimState.WAITING)
    opened_at = models.DateTimeField(default=timezone.now)
    due = models.DateField()
    decided_at = models.DateTimeField(null=True)
    refused_by = models.UUIDField(null=True)
    appeal_by = models.UUIDField(null=True)  # who decided the appeal
    appeal_until = models.DateField(null=True)
    tag = models.ForeignKey(Tag, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["province", "due", "id"],
                name="claim_queue",
                condition=Q(state__in=["waiting", "appealed"]),
            ),
            GistIndex(fields=["area_path"], name="claim_path"),
            models.Index(fields=["person"], name="claim_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "disease"], name="one_live_claim",
                condition=Q(state__in=["waiting", "returned", "appealed"]),
            ),
            models.CheckConstraint(
                name="appeal_decided_by_another",
                condition=Q(appeal_by=None)
                | Q(refused_by__isnull=False) & ~Q(appeal_by=F("refused_by")),
            ),
            models.CheckConstraint(
                name="tagged_claim_has_a_tag",
                condition=~Q(state="tagged") | Q(tag__isnull=False),
            ),
        ]  # fmt: skip


class ClaimStep(models.Model):
    """What happened to a claim, on which ground; rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=10)
    ground = models.CharField(max_length=20, blank=True)
    why = models.TextField(blank=True)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["claim", "id"], name="claimstep_claim")]


# --- wishes ----------------------------------------------------------------------------------


class WishState(models.TextChoices):
    """What became of a wish; only what somebody looked at is shown by name to the public."""

    NEW = "new", _("Not yet looked at")
    OPEN = "open", _("Under study")
    ADDED = "added", _("Added to the list")
    DECLINED = "declined", _("Declined")


class Wish(models.Model):
    """A disease that people ask to have on the list, and how often they asked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=160, unique=True)  # folded name
    name = models.CharField(max_length=160)  # as first typed, or as a clerk corrected it
    count = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=WishState.choices, default=WishState.NEW)
    disease = models.ForeignKey(Disease, models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)


class WishVoice(models.Model):
    """One time somebody asked, with their words until these are deleted; never who."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    wish = models.ForeignKey(Wish, models.PROTECT, related_name="+")
    province = models.CharField(max_length=2, blank=True)
    words = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)


# --- the ministry's registry -----------------------------------------------------------------


class ImportState(models.TextChoices):
    """Where a sheet of the registry stands."""

    READING = "reading", _("Being read")
    DONE = "done", _("Tags attached")
    FAILED = "failed", _("Could not be read")


class RegistryImport(Placed):
    """A sheet of the ministry's registry. `found`: counts, and problems by row and field, without
    any identifier."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # sha256
    state = models.CharField(max_length=7, choices=ImportState.choices, default=ImportState.READING)
    found = models.JSONField(default=dict)
    job_id = models.UUIDField(null=True)
    actor = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)  # the bytes of the sheet

    class Meta:
        indexes = [GistIndex(fields=["area_path"], name="registryimport_path")]


class RowState(models.TextChoices):
    """What became of a row of the registry that stands for nobody at first."""

    OPEN = "open", _("Waits for a person")
    ATTACHED = "attached", _("Attached")
    ASIDE = "aside", _("Set aside")


class RowReason(models.TextChoices):
    """Why a row of the registry was not attached by itself."""

    NOBODY = "nobody", _("Nobody of the area is registered with this number")
    NO_NUMBER = "no_number", _("No valid identifier")
    OTHER_PERSON = "other_person", _("The number belongs to somebody of another name and birth")
    OTHER_TAG = "other_tag", _("The person holds another tag of the disease on these days")
    REVOKED = "revoked", _("The tag was revoked here")


class RegistryRow(Placed):
    """A row of the ministry's registry that a clerk must attach to a person; once per number."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    import_of = models.ForeignKey(RegistryImport, models.PROTECT, related_name="+")
    row = models.PositiveIntegerField()
    registry_number = models.CharField(max_length=40, unique=True)
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+")
    starts = models.DateField()
    ends = models.DateField(null=True)
    sealed = models.BinaryField(max_length=600, null=True)  # name, birth and numbers as written
    reason = models.CharField(max_length=12, choices=RowReason.choices)
    state = models.CharField(max_length=8, choices=RowState.choices, default=RowState.OPEN)
    tag = models.ForeignKey(Tag, models.PROTECT, null=True, related_name="+")
    why = models.TextField(blank=True)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            GistIndex(fields=["area_path"], name="registryrow_path"),
            models.Index(fields=["state", "at"], name="registryrow_open"),
        ]
