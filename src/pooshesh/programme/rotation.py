"""What of campaigns is kept sealed: two columns, and the sheets that lie in the vault."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction

from pooshesh.kernel import rotation
from pooshesh.kernel.crypto import CannotOpen
from pooshesh.programme.actions import PROBLEMS
from pooshesh.programme.campaign import vault
from pooshesh.programme.campaign.record import EVIDENCE
from pooshesh.programme.models import Campaign, CampaignFile, WorkItem

SHEETS = "sheets"


def reseal(_batch: int) -> Iterator[int]:
    """Seal sheets anew, one in a transaction; yields 1 for each that was."""
    for file_id in _kept():
        if vault.version(file_id) not in (None, rotation.newest()):
            yield _reseal_one(file_id)


@transaction.atomic
def _reseal_one(file_id: UUID) -> int:
    # Held, so that a sheet that is deleted meanwhile does not come back.
    mine = CampaignFile.objects.filter(id=file_id, deleted_at=None)
    if not mine.select_for_update(skip_locked=True).exists():
        return 0
    try:
        vault.reseal(file_id)
    except (CannotOpen, FileNotFoundError):
        return 0
    rotation.record(SHEETS, 1)
    return 1


def left() -> Counter[int]:
    """Version of the key → sheets. Strays are left out: nobody opens them again."""
    versions = (vault.version(file_id) for file_id in _kept())
    return Counter(version for version in versions if version is not None)


def _kept() -> list[UUID]:
    kept = CampaignFile.objects.filter(deleted_at=None)
    return list(kept.order_by("id").values_list("id", flat=True))


rotation.register(
    rotation.column("findings of sheets", Campaign, "problems", bound=PROBLEMS),
    rotation.column("roll rows on worklists", WorkItem, "evidence", bound=EVIDENCE),
    rotation.Rotation(SHEETS, reseal, left),
)
