"""What documents hang on: each room says who may open those of its own rows."""

from collections.abc import Callable
from uuid import UUID

from pooshesh.access.models import User

MayOpen = Callable[[User, UUID], bool]

_owners: dict[str, MayOpen] = {}


def register_owner(kind: str, may_open: MayOpen) -> None:
    """Let documents belong to rows of a kind; `may_open(user, row)` says who sees them.

    Raises ValueError for a kind that is taken.
    """
    if kind in _owners:
        raise ValueError(f"two rooms keep documents of {kind!r}")
    _owners[kind] = may_open


def may_open(user: User, kind: str, owner_id: UUID) -> bool:
    """Whether a user may open the documents of a row; nobody's for a kind nobody spoke for."""
    asked = _owners.get(kind)
    return asked is not None and asked(user, owner_id)


def known(kind: str) -> bool:
    """Whether a room spoke for a kind."""
    return kind in _owners
