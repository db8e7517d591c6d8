"""Documents that a university reads with a diagnosis: its own, and its application's.

The room of the applications registers under which kind it keeps theirs.
"""

from pooshesh.disease.models import Claim
from pooshesh.documents.models import Document
from pooshesh.documents.queries import attached

CLAIM = "claim"  # as documents of an appeal are kept

_origins: list[str] = []


def register_origin(kind: str) -> None:
    """Let documents of `kind` that hang on what asked for a diagnosis be read with it."""
    if kind not in _origins:
        _origins.append(kind)


def documents_of(claim: Claim) -> list[Document]:
    """All documents of a diagnosis, oldest first; a statement a kind."""
    found = attached(CLAIM, [claim.pk]).get(claim.pk, [])
    for kind in _origins:
        found = [*attached(kind, [claim.origin_id]).get(claim.origin_id, []), *found]
    return sorted(found, key=lambda one: one.uploaded_at)
