"""An interest declared after the vote: the body votes again about what was decided.

What no voucher was drawn for waits as before the vote. What stands on a voucher stays granted, to
be confirmed, and its payment is held: the declaration is never refused for the money's sake.
"""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.ledger import holding
from pooshesh.meetings import agenda
from pooshesh.meetings.models import Decision, Matter
from pooshesh.meetings.registry import Undone
from pooshesh.requests import committee, signals, verdicts
from pooshesh.requests.models import GRANTED, Request, State
from pooshesh.requests.states import REQUEST


def undone(decisions: Sequence[Undone]) -> list[str]:
    """Decisions stand no longer: their requests wait for the body again, or to be confirmed."""
    found = committee.locked([one.object_id for one in decisions if one.object_id])
    why, actor = decisions[0].why, decisions[0].actor
    voted = motions_of(decisions)
    past = [row for row in found if row.motion_id not in voted or not _may_reopen(row)]
    leave([one for one in decisions if one.object_id in {row.pk for row in past}])
    rows = [row for row in found if row not in past]
    granted = [row.pk for row in rows if row.state in GRANTED]
    held = holding.hold(granted, why=why[:200], actor=actor)
    _to_confirm([row for row in rows if row.pk in held], why, actor)
    _reopen([row for row in rows if row.pk not in held], why, actor)
    return said(len(past), len(held))


def said(past: int, held: int) -> list[str]:
    """What whoever declared the interest is told."""
    told = []
    if held:
        told.append(
            _("A voucher was drawn already: its payment is held until the body has voted again."
              " You need do nothing else; finance cancels the voucher if the body decides"
              " otherwise.")
        )  # fmt: skip
    if past:
        told.append(
            _("The decision was replaced or used up since; the interest is kept in the minutes.")
        )
    return told


def motions_of(decisions: Sequence[Undone]) -> set[UUID]:
    """Motions by which these matters were decided."""
    rows = Decision.objects.filter(matter__in=[one.matter_id for one in decisions])
    return set(rows.values_list("motion_id", flat=True))


def leave(decisions: Sequence[Undone]) -> None:
    """There is nothing to vote on again: the matters are taken back."""
    for matter in Matter.objects.filter(pk__in=[one.matter_id for one in decisions]):
        agenda.withdraw(matter, actor=decisions[0].actor)


def _may_reopen(row: Request) -> bool:
    return "reopen" in REQUEST.verbs(row.state)


def _to_confirm(rows: Sequence[Request], why: str, actor: UUID | None) -> None:
    if not rows:
        return
    Request.objects.filter(pk__in=[row.pk for row in rows]).update(provisional=True)
    for state in GRANTED:
        some = [row for row in rows if row.state == state]
        committee.steps(some, "question", state, why, actor, timezone.now())
        signals.tell(some, state, "question")


def _reopen(rows: Sequence[Request], why: str, actor: UUID | None) -> None:
    if not rows:
        return
    now = timezone.now()
    verdicts.free([row for row in rows if row.state in GRANTED], why, actor)
    Request.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=State.IN_COMMITTEE, payable=0, ground="", decided_by="", decided_at=None,
        motion_id=None, since=now, provisional=False,
    )  # fmt: skip
    committee.steps(rows, "reopen", State.IN_COMMITTEE, why, actor, now)
    for row in rows:
        row.state = REQUEST.next(row.state, "reopen")
    signals.tell(rows, State.IN_COMMITTEE, "reopen")
