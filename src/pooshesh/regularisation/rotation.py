"""What regularisation keeps sealed."""

from pooshesh.kernel import rotation
from pooshesh.kernel.vault import vault_rotation
from pooshesh.regularisation.actions import NUMBER
from pooshesh.regularisation.bringing import PROBLEMS
from pooshesh.regularisation.models import Document, Sheet
from pooshesh.regularisation.retention import VAULT

rotation.register(
    rotation.column("nationals findings", Sheet, "problems", bound=PROBLEMS),
    rotation.column("document numbers", Document, "sealed", bound=NUMBER, index="blind"),
    vault_rotation("nationals sheets", VAULT, lambda: Sheet.objects.filter(deleted_at=None)),
)
