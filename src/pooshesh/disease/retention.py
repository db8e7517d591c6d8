"""How long the room keeps what it holds, what deletes it, and what a person is told about it."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.disease import terms
from pooshesh.disease.models import (
    Claim,
    ClaimStep,
    RegistryImport,
    RegistryRow,
    Tag,
    TagStep,
    TagTerm,
    WishVoice,
)
from pooshesh.kernel import rotation
from pooshesh.kernel.config import config
from pooshesh.kernel.retention import DataClass
from pooshesh.kernel.vault import Vault, vault_rotation
from pooshesh.web.registry import Held, HeldPart

VAULT = Vault(lambda: config().home / "uploads" / "registry", "registry sheet")
ROW = "disease.registry_row"  # what the sealed rows are bound to
SHEET_DAYS = 30

rotation.register(
    vault_rotation("registry sheets", VAULT, lambda: RegistryImport.objects.filter(deleted_at=None))
)
rotation.register(rotation.column("registry rows", RegistryRow, "sealed", bound=ROW))

LAW = gettext_lazy("Law of the fund for special and refractory patients")


def _before(day: dt.date, days: int) -> dt.date:
    return day - dt.timedelta(days=days)


def _sheets(day: dt.date) -> QuerySet[RegistryImport]:
    return RegistryImport.objects.filter(at__date__lte=_before(day, SHEET_DAYS), deleted_at=None)


def delete_sheets(day: dt.date) -> int:
    """Delete the bytes of registry sheets that could not be read; how many."""
    ids = list(_sheets(day).values_list("id", flat=True))
    RegistryImport.objects.filter(id__in=ids).update(deleted_at=timezone.now())
    # After the commit: a file must not go while its row may still come back.
    transaction.on_commit(lambda: VAULT.delete(ids))
    return len(ids)


def _rows(day: dt.date) -> QuerySet[RegistryRow]:
    before = _before(day, terms.REGISTRY_DAYS)
    return RegistryRow.objects.filter(at__date__lte=before, sealed__isnull=False)


def delete_rows(day: dt.date) -> int:
    """Delete name and numbers of registry rows nobody could attach; how many."""
    return _rows(day).update(sealed=None)


def _words(day: dt.date) -> QuerySet[WishVoice]:
    before = _before(day, terms.WISH_DAYS)
    return WishVoice.objects.filter(at__date__lte=before).exclude(words="")


def delete_words(day: dt.date) -> int:
    """Delete what people wrote beside their wishes; the counts stay."""
    return _words(day).update(words="")


CLASSES = (
    DataClass(
        "disease_tags", gettext_lazy("Disease tags and diagnoses"),
        gettext_lazy("To pay for a disease, and to answer for it"), LAW,
        tables=("disease.Tag", "disease.TagTerm", "disease.TagStep", "disease.Claim",
                "disease.ClaimStep"),
    ),
    DataClass(
        "disease_list", gettext_lazy("Diseases, their packages and the evidence asked for"),
        gettext_lazy("To know what the fund pays for; no person is named"), LAW,
        tables=("disease.Disease", "disease.Evidence", "disease.Package", "disease.PackageLine",
                "disease.PackageTerm"),
    ),
    DataClass(
        "registry_sheets", gettext_lazy("Sheets of the ministry's registry"),
        gettext_lazy("To attach tags"), LAW, SHEET_DAYS, gettext_lazy("the sheet was read"),
        delete_sheets, lambda day: _sheets(day).count(), tables=("disease.RegistryImport",),
    ),
    DataClass(
        "registry_rows", gettext_lazy("Rows of the registry that stand for nobody yet"),
        gettext_lazy("To attach tags"), LAW, terms.REGISTRY_DAYS,
        gettext_lazy("a clerk attached the row or set it aside"), delete_rows,
        lambda day: _rows(day).count(), tables=("disease.RegistryRow",),
    ),
    DataClass(
        "wish_words", gettext_lazy("What people wrote beside a wish for a disease"),
        gettext_lazy("To study whether it belongs on the list"), LAW, terms.WISH_DAYS, "",
        delete_words, lambda day: _words(day).count(),
        tables=("disease.Wish", "disease.WishVoice"),
    ),
)  # fmt: skip


def _held(records: Sequence[UUID]) -> list[Held]:
    purpose = _("To pay for a disease, and to answer for it")
    about = {"person__in": records}
    lines = [
        Held(_("Disease tags"), Tag.objects.filter(**about).count(),
             _("The medical university or the ministry's registry"), purpose),
        Held(_("Diagnoses the university decided or is deciding"),
             Claim.objects.filter(**about).count(), _("Your applications"), purpose),
        Held(_("What happened to tags and diagnoses"),
             TagStep.objects.filter(tag__person__in=records).count()
             + TagTerm.objects.filter(**about).count()
             + ClaimStep.objects.filter(claim__person__in=records).count(),
             _("The medical university or the ministry's registry"), purpose),
        Held(_("Rows of the ministry's registry"),
             RegistryRow.objects.filter(tag__person__in=records).count(),
             _("The ministry's registry"), purpose),
    ]  # fmt: skip
    return [line for line in lines if line.count]


HELD = HeldPart(gettext_lazy("Diseases and tags"), 60, _held)
