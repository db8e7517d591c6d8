"""Looks at what households said, noted in the audit trail."""

from typing import Any
from uuid import UUID

from pooshesh.access.guard import SignedIn
from pooshesh.census.models import Round
from pooshesh.kernel import audit


def listed(request: SignedIn, round_: Round) -> None:
    """Somebody looked through the households of a round, or took them away as a file."""
    audit.record(
        "census.look", actor=request.user.id, kind="census_round", object_id=round_.id,
        purpose=request.GET.get("export", ""), area_path=round_.area_path,
    )  # fmt: skip


def opened(request: SignedIn, entry_id: UUID, area_path: str, **content: Any) -> None:
    """Somebody opened one household; it is not registered yet, so the event names no persons."""
    audit.record(
        "census.look", actor=request.user.id, kind="census_entry", object_id=entry_id,
        fields=sorted(content), area_path=area_path,
    )  # fmt: skip
