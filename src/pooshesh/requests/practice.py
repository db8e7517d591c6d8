"""How a body of the fund works."""

from uuid import UUID

from django.db import transaction

from pooshesh.kernel import audit
from pooshesh.requests.models import Practice


@transaction.atomic
def set_blind(practice: Practice, *, blind: bool, actor: UUID | None) -> None:
    """Say whether the sheets of a body leave the patient's name out."""
    Practice.objects.filter(pk=practice.pk).update(blind=blind)
    audit.record(
        "requests.practice", actor=actor, kind="body", object_id=practice.pk,
        content={"blind": blind}, area_path=str(practice.body.area_path),
    )  # fmt: skip
