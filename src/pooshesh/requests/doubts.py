"""Invoices that look alike: a clerk says whether they are one; then the request goes on.

That they are one costs the patient money; a second person can take it back.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.requests import appeals, ending, settling
from pooshesh.requests.decide import Note
from pooshesh.requests.models import (
    Appeal,
    AppealStand,
    Doubt,
    DoubtState,
    Request,
    RequestLine,
    State,
)

explain(
    {
        "request.doubt_gone": gettext_noop("Somebody has looked at this pair already."),
        "request.not_same": gettext_noop(
            "This pair is “%(state)s”; only the answer that two invoices are one is taken back."
        ),
        "request.own_answer": gettext_noop(
            "Whoever said that two invoices are one does not also take it back; expected another"
            " person."
        ),
    }
)


@transaction.atomic
def answer(doubt: Doubt, *, same: bool, why: str = "", actor: UUID | None) -> Request:
    """Say whether two lines are one invoice. With the last answer the request is decided, or goes
    back where it cannot be: lines that were brought before pay nothing.

    Raises Invalid for a pair somebody answered before.
    """
    moved = Doubt.objects.filter(pk=doubt.pk, state=DoubtState.OPEN).update(
        state=DoubtState.SAME if same else DoubtState.DIFFERENT, why=clean(why),
        decided_by=actor, decided_at=timezone.now(),
    )  # fmt: skip
    if not moved:
        raise Invalid("request.doubt_gone")
    line = RequestLine.objects.select_related("request").get(pk=doubt.line_id)
    request = line.request
    if same and Note.DOUBLE not in line.notes:
        line.notes = [*line.notes, str(Note.DOUBLE)]
        line.save(update_fields=["notes"])
    audit.record(
        "requests.doubt", actor=actor, kind="request", object_id=request.pk,
        content={"same": same, "why": why}, area_path=request.area_path,
        persons=[request.person_id],
    )  # fmt: skip
    waits = Doubt.objects.filter(line__request=request, state=DoubtState.OPEN).exists()
    if waits or request.state != State.SUBMITTED:
        return request
    return ending.decide_or_return(request, actor=actor)


@transaction.atomic
def take_back(doubt: Doubt, *, why: str, actor: UUID) -> Request:
    """Take back that two invoices are one: the line is decided now, as if nobody had said so.

    A request that still waits goes on with it; of one that was decided the line becomes a part of
    its own. Which request the line stands in now is returned. Raises Invalid for who said it, for
    another answer, without a reason, and when the request was withdrawn or its patient died.
    """
    found = Doubt.objects.select_for_update(of=("self",)).get(pk=doubt.pk)
    if found.state != DoubtState.SAME:
        raise Invalid("request.not_same", state=DoubtState(found.state).label)
    if found.decided_by == actor:
        raise Invalid("request.own_answer")
    if not clean(why):
        raise Invalid("request.why")
    line = RequestLine.objects.get(pk=found.line_id)
    request = settling.locked(line.request, *_ALIVE)
    now = timezone.now()
    found.state, found.why, found.decided_by, found.decided_at = (
        DoubtState.DIFFERENT, clean(why), actor, now,
    )  # fmt: skip
    found.save(update_fields=["state", "why", "decided_by", "decided_at"])
    audit.record(
        "requests.doubt_back", actor=actor, kind="request", object_id=request.pk,
        content={"line": line.position, "why": clean(why)}, area_path=request.area_path,
        persons=[request.person_id],
    )  # fmt: skip
    if Doubt.objects.filter(line=line, state=DoubtState.SAME).exists():
        return request  # it is another's double all the same
    line.notes = [note for note in line.notes if note != Note.DOUBLE]
    line.save(update_fields=["notes"])
    if request.state in _ON_THE_WAY:
        waits = Doubt.objects.filter(line__request=request, state=DoubtState.OPEN).exists()
        on = request.state == State.SUBMITTED and not waits
        return ending.decide_or_return(request, actor=actor) if on else request
    made = settling.apart(request, line, actor, now)
    if made.pk == request.pk:  # an appeal asked for what is done now
        open_ones = [AppealStand.WAITING, AppealStand.DEFERRED]
        for appeal in Appeal.objects.filter(request=request, state__in=open_ones):
            appeals.withdraw(appeal, actor=actor)
    return ending.decide_or_return(made, actor=actor)


_ON_THE_WAY = (State.DRAFT, State.RETURNED, State.SUBMITTED)
_ALIVE = tuple(one for one in State if one not in (State.WITHDRAWN, State.DIED))
