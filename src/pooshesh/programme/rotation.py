"""What of campaigns is kept sealed: two columns, and the sheets that lie in the vault."""

from pooshesh.kernel import rotation
from pooshesh.kernel.vault import vault_rotation
from pooshesh.programme.actions import PROBLEMS
from pooshesh.programme.campaign.record import EVIDENCE
from pooshesh.programme.campaign.vault import VAULT
from pooshesh.programme.models import Campaign, CampaignFile, WorkItem

SHEETS = vault_rotation("sheets", VAULT, lambda: CampaignFile.objects.filter(deleted_at=None))

rotation.register(
    rotation.column("findings of sheets", Campaign, "problems", bound=PROBLEMS),
    rotation.column("roll rows on worklists", WorkItem, "evidence", bound=EVIDENCE),
    SHEETS,
)
