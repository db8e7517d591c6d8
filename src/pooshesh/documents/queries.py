"""Every read of documents."""

from collections.abc import Iterable
from uuid import UUID

from pooshesh.access.models import User
from pooshesh.documents.models import Document
from pooshesh.documents.registry import may_open
from pooshesh.documents.retention import VAULT


def attached(owner_kind: str, owner_ids: Iterable[UUID]) -> dict[UUID, list[Document]]:
    """The documents that lie with some rows, oldest first; a row without has no entry."""
    found: dict[UUID, list[Document]] = {}
    rows = Document.objects.filter(
        owner_kind=owner_kind, owner_id__in=list(owner_ids), deleted_at=None
    )
    for one in rows.order_by("id"):
        found.setdefault(one.owner_id, []).append(one)
    return found


def document(user: User, document_id: UUID) -> Document | None:
    """A document the user may open; None for all others, and for a deleted one."""
    found = kept(document_id)
    if found is None or not may_open(user, found.owner_kind, found.owner_id):
        return None
    return found


def kept(document_id: UUID) -> Document | None:
    """A document whatever it belongs to: for rooms that ask by themselves who may open it."""
    return Document.objects.filter(pk=document_id, deleted_at=None).first()


def body(document: Document) -> bytes:
    """The bytes as kept. Raises FileNotFoundError when they are gone."""
    with VAULT.opened(document.pk) as path:
        return path.read_bytes()
