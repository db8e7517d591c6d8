"""How long the bytes of sheets of deciles are kept, and what deletes and rotates them."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel import rotation
from pooshesh.kernel.config import config
from pooshesh.kernel.retention import DataClass
from pooshesh.kernel.vault import Vault, vault_rotation
from pooshesh.renewal import terms
from pooshesh.renewal.models import Sheet

LAW = _("Universal health insurance law")
VAULT = Vault(lambda: config().home / "uploads" / "deciles", "decile sheet")

rotation.register(
    vault_rotation("decile sheets", VAULT, lambda: Sheet.objects.filter(deleted_at=None))
)


def _due(day: dt.date) -> QuerySet[Sheet]:
    return Sheet.objects.filter(delete_by__lte=day, deleted_at=None)


def delete_sheets(day: dt.date) -> int:
    """Delete the bytes of sheets that nobody wrote and whose day has come."""
    ids = list(_due(day).values_list("id", flat=True))
    Sheet.objects.filter(id__in=ids).update(deleted_at=timezone.now())
    # After the commit: a file must not go while its row may still come back.
    transaction.on_commit(lambda: VAULT.delete(ids))
    return len(ids)


CLASSES = (
    DataClass(
        "decile_sheets", _("Sheets of deciles"), _("Setting the household's share of the premium"),
        _("Means test of the welfare ministry"), days=terms.SHEET_DAYS,
        event=_("the sheet was written"), delete=delete_sheets,
        due=lambda day: _due(day).count(), tables=("renewal.Sheet",),
    ),
    DataClass(
        "renewal_runs", _("Runs of renewal, what each found of whom, and what clerks did"),
        _("So that nobody loses cover silently"), LAW,
        tables=("renewal.Run", "renewal.Row", "renewal.Item", "renewal.Concerned"),
    ),
    DataClass(
        "decile_appeals", _("Decile appeals"),
        _("To have a decile corrected, and to answer for it"), LAW, tables=("renewal.Appeal",),
    ),
    DataClass(
        "entitled", _("Who is entitled and not told, and who tried to tell them"),
        _("So that who is entitled gets to know"), LAW,
        tables=("renewal.Outreach", "renewal.Attempt"),
    ),
)  # fmt: skip
