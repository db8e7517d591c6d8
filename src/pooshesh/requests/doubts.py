"""Invoices that look alike: a clerk says whether they are one; then the request goes on."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.requests import ending
from pooshesh.requests.decide import Note
from pooshesh.requests.models import Doubt, DoubtState, Request, RequestLine, State

explain(
    {
        "request.doubt_gone": gettext_noop("Somebody has looked at this pair already."),
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
