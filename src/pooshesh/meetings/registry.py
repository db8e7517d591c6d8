"""Kinds of matters that bodies decide: how one is shown, and what follows when it is decided.

A room to the right registers its kind in `AppConfig.ready()` and brings objects before a body with
`agenda.submit`:

    register(Kind("fund.request", _("Expense request"), {"approved": _("Approved"), ...},
                  show=..., decided=..., undone=...))

`decided` and `undone` run once per vote inside its transaction, with all matters of the kind; what
`decided` raises undoes the vote. An interest declared late is kept whatever `undone` raises; it
answers with sentences for who declared it, or None.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Shown:
    """What the agenda says of an object beside its title, and where its page is."""

    address: str = ""
    note: Text = ""


@dataclass(frozen=True)
class Decided:
    """One matter's decision: what holds for the object from now on, and by which motion."""

    matter_id: UUID
    object_id: UUID | None
    verdict: str
    motion_id: UUID
    text: str
    body_id: UUID
    at: dt.datetime
    actor: UUID | None


@dataclass(frozen=True)
class Undone:
    """A decision that stands no longer: the matter waits again."""

    matter_id: UUID
    object_id: UUID | None
    verdict: str
    why: str
    actor: UUID | None


def _shows_nothing(objects: Sequence[UUID]) -> Mapping[UUID, Shown]:
    return {}


def _nothing_follows(decisions: Sequence[Decided]) -> None:
    """The minutes are all there is."""


def _nothing_to_undo(decisions: Sequence[Undone]) -> None:
    """Nothing followed."""


def _nobody_worked(objects: Sequence[UUID], actor: UUID) -> set[UUID]:
    return set()


@dataclass(frozen=True)
class Kind:
    """A kind of matter. `verdicts` are what a body may give it, code → words; `worked` tells on
    which objects an account worked, who then keeps no meeting about them."""

    code: str
    title: Text
    verdicts: Mapping[str, Text]
    show: Callable[[Sequence[UUID]], Mapping[UUID, Shown]] = _shows_nothing
    decided: Callable[[Sequence[Decided]], None] = _nothing_follows
    undone: Callable[[Sequence[Undone]], Sequence[str] | None] = _nothing_to_undo
    worked: Callable[[Sequence[UUID], UUID], set[UUID]] = _nobody_worked


#: A subject of the body's own, typed by its secretary.
TOPIC = Kind(
    "topic",
    _("Topic"),
    {"approved": _("Approved"), "rejected": _("Rejected"), "noted": _("Noted")},
)

_kinds: dict[str, Kind] = {TOPIC.code: TOPIC}


def register(kind: Kind) -> None:
    """Add a kind. Raises ValueError when its code is taken."""
    if kind.code in _kinds:
        raise ValueError(f"kind {kind.code!r} is registered twice")
    _kinds[kind.code] = kind


def unregister(code: str) -> None:
    """Take a kind away again."""
    del _kinds[code]


def kind_of(code: str) -> Kind:
    """The kind of a code. Raises KeyError for one nobody registered."""
    return _kinds[code]
