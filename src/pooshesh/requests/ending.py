"""What else happens to a request: returned, answered, withdrawn, closed by a death."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.text import clean
from pooshesh.people.merged import one_human, survivor
from pooshesh.people.models import Person
from pooshesh.requests import bringing, committee, settling, signals
from pooshesh.requests.models import (
    OPEN,
    Decider,
    Doubt,
    DoubtState,
    Hold,
    Request,
    RequestLine,
    State,
)
from pooshesh.requests.states import REQUEST


@transaction.atomic
def send_back(request: Request, *, why: str, actor: UUID | None) -> Request:
    """Return a request for completion, saying what is missing; never a rejection."""
    return _move(request, "return", _said(why), actor, ground=_said(why))


@transaction.atomic
def answer(request: Request, *, text: str, actor: UUID | None) -> Request:
    """Answer the question a body asked; the request comes before it again."""
    of = Decider(request.decided_by or Decider.COMMITTEE)
    found = _move(request, "answer", _said(text), actor)
    committee.bring_before([found], of, actor=actor)
    return found


@transaction.atomic
def withdraw(request: Request, *, why: str, actor: UUID | None) -> Request:
    """The patient wants it no more; its invoices may be brought again."""
    return _move(request, "withdraw", _said(why), actor, live=False)


def _said(text: str) -> str:
    if not clean(text):
        raise Invalid("request.why")
    return text.strip()


def _move(
    request: Request, verb: str, why: str, actor: UUID | None, *, ground: str = "",
    live: bool = True,
) -> Request:  # fmt: skip
    found = Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    before, now = found.state, timezone.now()
    found.state = REQUEST.next(before, verb)
    found.since, found.ground, found.hold, found.proposed = now, ground, "", None
    found.decided_by, found.decided_at, found.motion_id = "", None, None
    found.save(update_fields=["state", "since", "ground", "hold", "proposed", "decided_by",
                              "decided_at", "motion_id"])  # fmt: skip
    if before == State.IN_COMMITTEE:
        committee.take_back([found], actor=actor)
    if not live:
        RequestLine.objects.filter(request=found).update(live=False)
        Doubt.objects.filter(line__request=found, state=DoubtState.OPEN).update(
            state=DoubtState.DIFFERENT, decided_at=now
        )
    settling.step(found, verb, actor, now, why).save(force_insert=True)
    audit.record(
        f"requests.{verb}", actor=actor, kind="request", object_id=found.pk,
        content={"why": why}, area_path=found.area_path, persons=[found.person_id],
    )  # fmt: skip
    signals.tell([found], found.state, verb)
    return found


# --- death -----------------------------------------------------------------------------------


def on_death(*, person: Person, actor: UUID | None, **_more: Any) -> None:
    """Open requests of a patient who died close; an heir may bring the costs anew."""
    human = one_human(survivor(person.pk))
    for request in Request.objects.filter(person__in=human, state__in=OPEN).order_by("pk"):
        _move(request, "die", "", actor, live=False)


# --- waiting for credit ------------------------------------------------------------------------


@job("requests.credit", every=dt.timedelta(hours=6))
def decide_waiting(progress: Progress) -> dict[str, int]:
    """Decide requests that waited for the province's credit, the oldest first."""
    waiting: Sequence[Request] = list(
        Request.objects.filter(state=State.SUBMITTED, hold=Hold.CREDIT).order_by("since", "pk")
    )
    short: set[str] = set()
    decided = 0
    for done, request in enumerate(waiting, 1):
        if request.province not in short:
            found = bringing.decide_again(request, "decide", (State.SUBMITTED,), actor=None)
            if found.hold == Hold.CREDIT:
                short.add(request.province)  # who came later does not overtake
            else:
                decided += 1
        progress("requests", done, len(waiting))
    return {"waited": len(waiting), "decided": decided}
