"""How long what regularisation holds is kept, and what deletes it."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.config import config
from pooshesh.kernel.retention import DataClass
from pooshesh.kernel.vault import Vault
from pooshesh.regularisation.models import Document, Sheet, SheetRow

VAULT = Vault(lambda: config().home / "uploads" / "nationals", "nationals sheet")

SHEETS, FINDINGS, STRAYS = "nationals_sheet", "nationals_findings", "nationals_stray"
ROWS, DOCUMENTS, CASES = "nationals_names", "case_documents", "cases"

SHEET_DAYS, FINDING_DAYS, ROW_DAYS = 90, 90, 730
KEPT_AFTER_CLOSING = 180  # days; an appeal comes sooner

EXCHANGE = _("Agreement on the exchange of data")
PROTECTION = _("Memorandum on foreign nationals: health cover, not enforcement")
RECORD = _("Duty to answer for decisions")


def _sheets(day: dt.date) -> QuerySet[Sheet]:
    return Sheet.objects.filter(delete_by__lte=day, deleted_at=None)


def delete_sheets(day: dt.date) -> int:
    """Delete the bytes of sheets whose day has come."""
    ids = list(_sheets(day).values_list("id", flat=True))
    Sheet.objects.filter(id__in=ids).update(deleted_at=timezone.now())
    # After the commit: a file must not go while its row may still come back.
    transaction.on_commit(lambda: VAULT.delete(ids))
    return len(ids)


def _strays() -> int:
    long_ago = timezone.now() - dt.timedelta(days=1)
    held = Sheet.objects.filter(deleted_at=None).values_list("id", flat=True)
    return len([path for path in VAULT.strays(held, long_ago) if path.exists()])


def delete_strays(_day: dt.date) -> int:
    """Delete sheets on the disk that no row speaks of."""
    long_ago = timezone.now() - dt.timedelta(days=1)
    held = Sheet.objects.filter(deleted_at=None).values_list("id", flat=True)
    found = VAULT.strays(held, long_ago)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _findings(day: dt.date) -> QuerySet[Sheet]:
    before = day - dt.timedelta(days=FINDING_DAYS)
    return Sheet.objects.filter(created_at__date__lte=before, problems__isnull=False)


def _names(day: dt.date) -> QuerySet[SheetRow]:
    return SheetRow.objects.filter(delete_by__lte=day).exclude(name="")


def _documents(day: dt.date) -> QuerySet[Document]:
    return Document.objects.filter(Q(delete_by__lte=day), deleted_at=None)


CLASSES = (
    DataClass(
        SHEETS, _("Municipal census sheets as brought"),
        _("To find who is not under the rules yet"), EXCHANGE, SHEET_DAYS, "", delete_sheets,
        lambda day: _sheets(day).count(), ("regularisation.Sheet",),
    ),
    DataClass(
        FINDINGS, _("Findings about a municipal census sheet"),
        _("To correct the census sheet"), EXCHANGE, FINDING_DAYS, "",
        lambda day: _findings(day).update(problems=None),
        lambda day: _findings(day).count(), ("regularisation.Sheet",),
    ),
    DataClass(
        STRAYS, _("Municipal sheets of uploads that broke off"), _("None; they are left over"),
        EXCHANGE, 1, "", delete_strays, lambda day: _strays(),
    ),
    DataClass(
        ROWS, _("Names as a municipality brought them"),
        _("To tell a municipality how far its own census is worked off"), EXCHANGE, ROW_DAYS, "",
        lambda day: _names(day).update(name="", search_key="", address=""),
        lambda day: _names(day).count(), ("regularisation.SheetRow",),
    ),
    DataClass(
        DOCUMENTS, _("Document numbers of refused, withdrawn and departed persons"),
        _("To decide an appeal"), PROTECTION, KEPT_AFTER_CLOSING,
        _("Counted from the day the case was closed"),
        lambda day: _documents(day).update(sealed=None, blind=None, deleted_at=timezone.now()),
        lambda day: _documents(day).count(), ("regularisation.Document",),
    ),
    DataClass(
        CASES, _("Cases of foreign nationals with their steps"),
        _("To bring foreign nationals under the rules and to answer for it"), RECORD,
        tables=("regularisation.Case", "regularisation.Step", "regularisation.Difference"),
    ),
    DataClass(
        "inquiries", _("Questions about what is held"),
        _("To answer for having told it to the right person"), RECORD,
        tables=("regularisation.Inquiry",),
    ),
)  # fmt: skip
