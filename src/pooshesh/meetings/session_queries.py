"""Reads of one session: its agenda, who is in the room, motions, votes, minutes.

The session itself was found in sight by `queries.session`; nothing is asked again here.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from pooshesh.meetings import registry
from pooshesh.meetings.models import (
    Attendance,
    Choice,
    Conflict,
    Decision,
    Item,
    Matter,
    Member,
    Minutes,
    Motion,
    MotionState,
    Role,
    Session,
    Signature,
    Term,
    Vote,
)
from pooshesh.meetings.queries import rule_on
from pooshesh.meetings.quorum import Quorum, Rules, quorum
from pooshesh.meetings.sitting import in_the_room, rules_on, sitting_on

if TYPE_CHECKING:
    pass


def item(session: Session, item_id: UUID) -> Item | None:
    return Item.objects.filter(session=session, pk=item_id).select_related("session__body").first()


def matter_on(session: Session, matter_id: UUID) -> Matter | None:
    """A matter on the agenda of a session."""
    found = Item.objects.filter(session=session, matter=matter_id).select_related("matter__body")
    return next((one.matter for one in found), None)


def motion(session: Session, motion_id: UUID) -> Motion | None:
    return (
        Motion.objects.filter(session=session, pk=motion_id).select_related("session__body").first()
    )


def open_motion(session: Session) -> Motion | None:
    return (
        Motion.objects.filter(session=session, state=MotionState.OPEN)
        .select_related("session__body")
        .first()
    )


def motions(session: Session) -> QuerySet[Motion]:
    """Motions of a session that were counted, in order."""
    return Motion.objects.filter(session=session, state=MotionState.COUNTED).order_by("number")


def motion_titles(motion: Motion, limit: int = 10) -> list[str]:
    """Titles of the first matters a motion is about; "…" stands for more."""
    rows = Decision.objects.filter(motion=motion).order_by("item__position")
    titles = list(rows.values_list("matter__title", flat=True)[: limit + 1])
    return titles if len(titles) <= limit else [*titles[:limit], "…"]


def verdict_of(motion: Motion) -> registry.Text:
    """What a motion would make of its matters, in words."""
    kind = Decision.objects.filter(motion=motion).values_list("matter__kind", flat=True).first()
    return registry.kind_of(kind).verdicts[motion.verdict] if kind else ""


def standing(session: Session) -> Quorum | None:
    """The quorum as it stands right now, interests aside; None while no rule is stated."""
    day = timezone.localdate()
    if rule_on(session.body, day) is None:
        return None
    return quorum(rules_on(session, day), sitting_on(session, day), in_the_room(session))


def voters(session: Session, motion: Motion) -> list[UUID]:
    """Who counts right now and has not voted on a motion."""
    sittings = sitting_on(session, timezone.localdate())
    found = quorum(Rules(members=2), sittings, in_the_room(session))
    return sorted(found.counted - votes(motion).keys())


def votes(motion: Motion) -> dict[UUID, Choice]:
    """Votes so far, by member."""
    return {one.member_id: Choice(one.choice) for one in Vote.objects.filter(motion=motion)}


def decisions(session: Session) -> dict[UUID, list[Decision]]:
    """Decisions of a session by item, in the order of their motions."""
    found: dict[UUID, list[Decision]] = defaultdict(list)
    rows = Decision.objects.filter(motion__session=session).select_related("motion")
    for one in rows.order_by("motion__number"):
        found[one.item_id].append(one)
    return found


def set_aside_later(session: Session, since: dt.datetime) -> QuerySet[Decision]:
    """Decisions that were set aside after the minutes were made."""
    return (
        Decision.objects.filter(motion__session=session, set_aside_at__gt=since)
        .select_related("matter", "motion")
        .order_by("set_aside_at")
    )


@dataclass
class Line:
    """An item of the agenda with what is shown of it."""

    item: Item
    shown: registry.Shown
    kind: registry.Kind | None
    decisions: list[Decision]
    conflicts: list[Conflict]

    @property
    def title(self) -> str:
        if self.item.matter:
            return self.item.matter.title
        assert self.item.action is not None
        return self.item.action.text

    @property
    def waits(self) -> bool:
        return self.item.matter is not None and self.item.matter.state == "waiting"

    @property
    def verdict(self) -> registry.Text:
        matter = self.item.matter
        if matter is None or self.kind is None or not matter.verdict:
            return ""
        return self.kind.verdicts[matter.verdict]


def agenda(session: Session) -> list[Line]:
    """The agenda in order, with decisions and interests; constant SQL and one read per kind."""
    items = list(
        Item.objects.filter(session=session)
        .select_related("matter", "action__member", "action__organisation")
        .order_by("position", "id")
    )
    matters = [one.matter for one in items if one.matter]
    by_item = decisions(session)
    conflicts: dict[UUID, list[Conflict]] = defaultdict(list)
    for one in Conflict.objects.filter(matter__in=[m.pk for m in matters]).select_related("member"):
        conflicts[one.matter_id].append(one)
    shown = _shown(matters)
    return [
        Line(
            item,
            shown.get(item.matter.object_id, registry.Shown())
            if item.matter and item.matter.object_id else registry.Shown(),
            registry.kind_of(item.matter.kind) if item.matter else None,
            by_item.get(item.pk, []),
            conflicts.get(item.matter_id, []) if item.matter_id else [],
        )
        for item in items
    ]  # fmt: skip


def _shown(matters: Sequence[Matter]) -> dict[UUID, registry.Shown]:
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for one in matters:
        if one.object_id:
            by_kind[one.kind].append(one.object_id)
    shown: dict[UUID, registry.Shown] = {}
    for kind, objects in by_kind.items():
        shown |= registry.kind_of(kind).show(objects)
    return shown


@dataclass
class Present:
    """A member of the day with their times in the room."""

    term: Term
    spans: list[Attendance]

    @property
    def votes(self) -> bool:
        return self.term.role != Role.SECRETARY

    @property
    def inside(self) -> bool:
        return any(one.left_at is None for one in self.spans)


def people(session: Session) -> list[Present]:
    """Members of the session's day, chair first, with who came when."""
    day = timezone.localdate(session.opened_at or session.starts_at)
    spans: dict[UUID, list[Attendance]] = defaultdict(list)
    for row in Attendance.objects.filter(session=session).order_by("came_at"):
        spans[row.member_id].append(row)
    order = list(Role.values)
    terms = (
        Term.objects.on(day).filter(body=session.body_id).select_related("member", "organisation")
    )
    return [
        Present(term, spans.get(term.member_id, []))
        for term in sorted(terms, key=lambda one: (order.index(one.role), one.pk))
    ]


def session_member(session: Session, member_id: UUID) -> Member | None:
    """A member of the body, of today or before."""
    return Member.objects.filter(body=session.body_id, pk=member_id).select_related("body").first()


def minutes(session: Session) -> Minutes | None:
    return Minutes.objects.filter(pk=session.pk).first()


def signatures(session: Session) -> QuerySet[Signature]:
    """Who signed, in order."""
    return (
        Signature.objects.filter(minutes_id=session.pk)
        .select_related("member")
        .order_by("signed_at", "id")
    )
