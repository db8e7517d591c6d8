"""What tasks can be about beside a place: rooms to the right register their own kinds."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from pooshesh.access.models import User


@dataclass(frozen=True)
class Subject:
    """What a task is about, as shown: words, and where it is looked at ("" nowhere)."""

    title: str
    address: str = ""


#: Finds one by its id for a viewer; None when it is gone, or not theirs to see.
Find = Callable[[User, str], Subject | None]
_kinds: dict[str, tuple[Promise | str, Find]] = {}


def register_subject(kind: str, title: Promise | str, find: Find) -> None:
    """Let tasks be about a kind of object. Raises ValueError when the kind is taken."""
    if kind in _kinds:
        raise ValueError(f"kind of subject registered twice: {kind}")
    _kinds[kind] = title, find


def subject(viewer: User, kind: str, object_id: str) -> Subject | None:
    """What a task is about; None where nobody knows the kind, it is gone, or the viewer may not
    see it."""
    return _kinds[kind][1](viewer, object_id) if kind in _kinds else None
