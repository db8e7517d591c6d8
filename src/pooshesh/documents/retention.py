"""Where documents lie, how long they are kept, and what deletes them."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.documents.models import Document
from pooshesh.kernel import rotation
from pooshesh.kernel.config import config
from pooshesh.kernel.retention import DataClass
from pooshesh.kernel.vault import Vault, vault_rotation
from pooshesh.web.registry import Held, HeldPart

VAULT = Vault(lambda: config().home / "uploads" / "documents", "document")
DOCUMENTS, STRAYS = "documents", "documents_stray"
END = "retention"  # why they were deleted


def _kept() -> QuerySet[Document]:
    return Document.objects.filter(deleted_at=None)


def _due(day: dt.date) -> QuerySet[Document]:
    return _kept().filter(delete_by__lte=day)


def _delete(day: dt.date) -> int:
    """Delete the bytes of documents whose day has come."""
    ids = list(_due(day).values_list("id", flat=True))
    Document.objects.filter(id__in=ids).update(deleted_at=timezone.now(), why_deleted=END)
    # After the commit: a file must not go while its row may still come back.
    transaction.on_commit(lambda: VAULT.delete(ids))
    return len(ids)


def _strays() -> list[Path]:
    long_ago = timezone.now() - dt.timedelta(days=1)
    return VAULT.strays(_kept().values_list("id", flat=True), long_ago)


def _delete_strays(_day: dt.date) -> int:
    """Delete files that no row speaks of."""
    found = _strays()
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


CLASSES = (
    DataClass(
        DOCUMENTS, _("Documents of patients"),
        _("To decide an application or a request and to answer for it"),
        _("Duty to answer for decisions"), None,
        _("Set when what they belong to ends: the room they belong to says how long"),
        _delete, lambda day: _due(day).count(), tables=("documents.Document",),
    ),
    DataClass(
        STRAYS, _("Documents of uploads that broke off"), _("None; they are left over"),
        _("Duty to answer for decisions"), 1, "", _delete_strays, lambda day: len(_strays()),
    ),
)  # fmt: skip


def _held(records: Sequence[UUID]) -> list[Held]:
    """The documents that lie here about a person, and when the first of them goes."""
    rows = _kept().filter(person__in=records)
    soonest = rows.exclude(delete_by=None).order_by("delete_by").first()
    count = rows.count()
    line = Held(
        gettext("Documents of patients"), count, gettext("Brought by the patient or for them"),
        gettext("To decide an application or a request and to answer for it"),
        soonest.delete_by if soonest else None,
    )  # fmt: skip
    return [line] if count else []


HELD = HeldPart(_("Documents"), 60, _held)

rotation.register(vault_rotation("documents of patients", VAULT, _kept))
