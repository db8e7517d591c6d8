"""Documents that people bring: made anew, sealed, and served to who may see what they are for."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.people.models import Person


class DocumentKind(models.TextChoices):
    """What a document shows."""

    DIAGNOSIS = "diagnosis", _("Diagnosis of a physician")
    LABORATORY = "laboratory", _("Laboratory or imaging result")
    PRESCRIPTION = "prescription", _("Prescription")
    INVOICE = "invoice", _("Invoice")
    IDENTITY = "identity", _("Identity document")
    MANDATE = "mandate", _("Mandate of a guardian, heir or delegate")
    OTHER = "other", _("Another document")


class Scan(models.TextChoices):
    """Whether a virus scanner saw the file as it was brought."""

    PASSED = "scan_passed", _("Scanned for viruses")
    SKIPPED = "scan_skipped", _("Not scanned for viruses")


class Document(models.Model):
    """A file of something in another room (`owner_kind`, `owner_id`), its bytes in the vault.

    What lies there was made anew from what was brought. A deleted document keeps its row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_kind = models.CharField(max_length=24)
    owner_id = models.UUIDField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)  # of DocumentKind, or a disease's own evidence
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()  # bytes as kept
    sha256 = models.CharField(max_length=64)  # of the bytes as kept
    brought_sha256 = models.CharField(max_length=64)  # of the bytes as brought
    pages = models.PositiveIntegerField()
    scan = models.CharField(max_length=12, choices=Scan.choices)
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.UUIDField(null=True)
    area_path = PathField()
    province = models.CharField(max_length=2, blank=True)
    delete_by = models.DateField(null=True)  # None while what it belongs to is open
    deleted_at = models.DateTimeField(null=True)
    why_deleted = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner_kind", "owner_id"], name="document_owner"),
            models.Index(fields=["person"], name="document_person"),
            models.Index(
                fields=["delete_by"], name="document_due",
                condition=models.Q(deleted_at=None, delete_by__isnull=False),
            ),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["owner_kind", "owner_id", "brought_sha256"], name="document_once",
                condition=models.Q(deleted_at=None),
            ),
        ]  # fmt: skip

    @property
    def title(self) -> str:
        """What it shows, in words."""
        known = self.kind in DocumentKind.values
        return str(DocumentKind(self.kind).label) if known else self.name
