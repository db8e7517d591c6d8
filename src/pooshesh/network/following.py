"""What gaps and other rooms do to each other: hand-overs, tasks, matters of the working group."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pooshesh.access.models import User
from pooshesh.kernel.jobs import Progress, job
from pooshesh.meetings import agenda
from pooshesh.meetings.agenda import Brought
from pooshesh.meetings.models import Body, Matter, MatterState
from pooshesh.meetings.registry import Decided, Kind, Shown, Undone
from pooshesh.meetings.seed import CODE as WORKING_GROUP
from pooshesh.network import actions, queries
from pooshesh.network.models import Gap, GapKind, GapState, Severity
from pooshesh.partners.models import Organisation
from pooshesh.partners.subjects import Subject
from pooshesh.places.models import Area
from pooshesh.web.format import number

UNASSIGNED = (GapState.REPORTED, GapState.CONFIRMED)
FIX, REFUSE, NOTED = "fix", "refuse", "noted"


# --- hand-overs -----------------------------------------------------------------------------


def move_along(
    sender: object,
    areas: Sequence[Area],
    former: Organisation | None,
    receiver: Organisation,
    on: dt.date,
    **_kwargs: object,
) -> None:
    """Open gaps of the former sponsor at these places go to the new one, with their day.

    Its tasks about them move along in partners.
    """
    if former is None:
        return
    rows = Gap.objects.select_for_update(of=("self",)).filter(
        area__in=areas, owner=former, state__in=[GapState.ASSIGNED, GapState.IN_WORK]
    )
    for gap in rows:
        gap.owner = receiver
        gap.save(update_fields=["owner"])
        actions.step(gap, "move", f"{former} → {receiver}", None)


def subject(viewer: User, gap_id: str) -> Subject | None:
    """What a task about a gap shows, to who sees the gap."""
    gap = queries.gap(viewer, UUID(gap_id))
    return Subject(_title(gap), reverse("network:gap", args=[gap.pk])) if gap else None


def _title(gap: Gap) -> str:
    return f"{GapKind(gap.kind).label} · {gap.area} ({number(gap.number)})"


# --- the working group ------------------------------------------------------------------------


def may_be_brought(gap: Gap) -> bool:
    """Whether a gap can be put before the working group: not given yet, and not waiting there."""
    waiting = Matter.objects.filter(kind=KIND.code, object_id=gap.pk, state=MatterState.WAITING)
    return gap.state in UNASSIGNED and not waiting.exists()


def bring(gaps: Sequence[Gap], *, actor: UUID | None) -> int:
    """Put gaps before the working group, severe ones as urgent; how many. Raises Invalid when
    one waits there already."""
    body = Body.objects.filter(code=WORKING_GROUP).first()
    if body is None or not gaps:
        return 0
    brought = [
        Brought(_title(gap), gap.pk, urgent=gap.severity == Severity.CRITICAL) for gap in gaps
    ]
    return len(agenda.submit(body, KIND.code, brought, actor=actor))


@job("network.agenda", every=dt.timedelta(days=1))
@transaction.atomic
def bring_severe(progress: Progress) -> dict[str, int]:
    """Put severe gaps that nobody was given before the working group, each once by itself."""
    known = Matter.objects.filter(kind=KIND.code).values("object_id")
    gaps = Gap.objects.filter(state__in=UNASSIGNED, severity__gte=Severity.HIGH)
    return {"gaps": bring(list(gaps.exclude(pk__in=known).select_related("area")), actor=None)}


def _gap(object_id: UUID | None) -> Gap:
    assert object_id is not None  # a matter of this kind is always about a gap
    return Gap.objects.get(pk=object_id)


def _show(objects: Sequence[UUID]) -> Mapping[UUID, Shown]:
    rows = Gap.objects.filter(pk__in=objects)
    return {
        gap.pk: Shown(reverse("network:gap", args=[gap.pk]), Severity(gap.severity).label)
        for gap in rows
    }


def _decided(decisions: Sequence[Decided]) -> None:
    """What the working group decided goes into each gap's history and state."""
    verbs = {FIX: ("confirm", GapState.REPORTED), REFUSE: ("refuse", None)}
    for one in decisions:
        gap = _gap(one.object_id)
        verb, only = verbs.get(one.verdict, ("", None))
        if verb and gap.state in UNASSIGNED and only in (None, gap.state):
            actions.move_gap(gap, verb, text=_said(one), actor=one.actor)
        else:
            actions.step(gap, "decide", _said(one), one.actor)


def _said(one: Decided) -> str:
    return f"{KIND.verdicts[one.verdict]}: {one.text}"


def _undone(decisions: Sequence[Undone]) -> None:
    """A gap that was refused by a decision which stands no longer is open again."""
    for one in decisions:
        gap = _gap(one.object_id)
        if one.verdict == REFUSE and gap.state == GapState.REFUSED:
            actions.move_gap(gap, "reopen", text=f"{_('Decision set aside')}: {one.why}",
                             actor=one.actor)  # fmt: skip
        else:
            actions.step(gap, "undo", one.why, one.actor)


KIND = Kind(
    "gap",
    _("Gap"),
    {FIX: _("To be fixed"), REFUSE: _("Not a gap"), NOTED: _("Noted")},
    show=_show,
    decided=_decided,
    undone=_undone,
)
