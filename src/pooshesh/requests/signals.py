"""What requests tell the rooms to the right; sent inside the transaction that changed it."""

from collections.abc import Sequence

from django.dispatch import Signal

from pooshesh.requests.models import Appeal, Request

#: Requests stand in another state: requests (a sequence, one or many), state, verb.
request_moved = Signal()
#: Appeals moved: appeals (a sequence, their requests loaded), verb: "bring", "defer", "overturn",
#: "uphold", "undo" or "withdraw".
appeals_moved = Signal()


def tell(requests: Sequence[Request], state: str, verb: str) -> None:
    """Send once for all that moved together."""
    if requests:
        request_moved.send(sender=Request, requests=requests, state=state, verb=verb)


def tell_appeals(appeals: Sequence[Appeal], verb: str) -> None:
    """Send once for all appeals that moved together."""
    if appeals:
        appeals_moved.send(sender=Appeal, appeals=appeals, verb=verb)
