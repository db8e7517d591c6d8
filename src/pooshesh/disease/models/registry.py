"""The ministry's registry: what was brought, and its rows."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.disease.models.listed import Disease
from pooshesh.disease.models.tags import Tag
from pooshesh.kernel.ids import uuid7
from pooshesh.places.models import Placed


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
