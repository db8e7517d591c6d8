"""What the rooms to the right may wait for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.dispatch import Signal

from pooshesh.ledger.models import Commitment

#: Sent in the transaction that moves money, once for all it moves: moves (a sequence of `Move`).
moves = Signal()

#: The same for each object alone: object_id, kind, state, voucher (its id or None), at.
moved = Signal()


@dataclass(frozen=True, slots=True)
class Move:
    """Money of an object now stands elsewhere: committed, vouchered, ordered, sent, paid,
    returned or cancelled. `voucher` is the id of the one that moved, None of a commitment."""

    object_id: UUID
    kind: str
    state: str
    voucher: UUID | None
    at: dt.datetime


def tell(made: Sequence[Move]) -> None:
    """Tell whoever waits."""
    if not made:
        return
    moves.send(sender=Commitment, moves=made)
    if moved.has_listeners(Commitment):
        for one in made:
            moved.send(
                sender=Commitment, object_id=one.object_id, kind=one.kind, state=one.state,
                voucher=one.voucher, at=one.at,
            )  # fmt: skip
