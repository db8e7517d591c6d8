"""Writers of an open session: who is there, whose interest is touched, motions, votes, the count.

Every writer locks the session first, so nothing slips past its closing. Whatever is counted, is
counted at that moment: members of the day, present then, without an interest of their own.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.kernel.bulk import copy_in
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7s
from pooshesh.kernel.text import clean
from pooshesh.meetings import apart, registry
from pooshesh.meetings.actions import local_day, record
from pooshesh.meetings.agenda import locked
from pooshesh.meetings.models import (
    Attendance,
    Choice,
    Conflict,
    Decision,
    Item,
    Matter,
    MatterState,
    Member,
    Motion,
    MotionState,
    Outcome,
    Role,
    Rule,
    Session,
    SessionState,
    Term,
    Vote,
)
from pooshesh.meetings.quorum import Rules, Sitting, quorum, tally

OPEN = SessionState.OPEN

explain(
    {
        "attendance.member": gettext_noop("“%(member)s” is no member of this body on %(day)s."),
        "attendance.in": gettext_noop("“%(member)s” is in the room already."),
        "attendance.out": gettext_noop("“%(member)s” is not in the room."),
        "conflict.twice": gettext_noop(
            "The interest of “%(member)s” in this matter is declared already."
        ),
        "conflict.reason": gettext_noop("Say what the interest is."),
        "motion.open": gettext_noop("Another motion is being voted on; count or withdraw it."),
        "motion.items": gettext_noop("Choose at least one item that waits for a decision."),
        "motion.kinds": gettext_noop(
            "These items are of several kinds; one vote decides items of one kind."
        ),
        "motion.verdict": gettext_noop("“%(read)s” is not a decision for matters of this kind."),
        "motion.text": gettext_noop("Write the text that is voted on."),
        "motion.gone": gettext_noop("This motion is not being voted on any more."),
        "motion.silent": gettext_noop("Nobody who counts has voted; take votes or withdraw it."),
        "vote.member": gettext_noop("“%(member)s” has no vote in this body on %(day)s."),
        "vote.absent": gettext_noop("“%(member)s” is not in the room and cannot vote."),
        "vote.alternate": gettext_noop(
            "“%(member)s” is an alternate, and the member of that seat is in the room."
        ),
        "vote.own": gettext_noop("“%(member)s” has voted already, by their own hand."),
        "rule.none": gettext_noop("This body has no rule for %(day)s; state its quorum first."),
    }
)


# --- who is there -----------------------------------------------------------------------


@transaction.atomic
def come(
    session: Session, member: Member, *, actor: UUID | None, at: dt.datetime | None = None
) -> None:
    """A member enters. Raises Invalid when they are in, or no member of the day."""
    session, now = locked(session, OPEN), at or timezone.now()
    apart.of_session(session, actor)
    day = local_day(now)
    if not Term.objects.on(day).filter(body=session.body, member=member).exists():
        raise Invalid("attendance.member", member=member.name, day=day)
    if Attendance.objects.filter(session=session, member=member, left_at=None).exists():
        raise Invalid("attendance.in", member=member.name)
    Attendance.objects.create(
        session=session, province=session.province, member=member, came_at=now
    )
    record("meetings.come", session.body, actor, session.pk, kind="session",
           content={"member": member.pk})  # fmt: skip


@transaction.atomic
def leave(
    session: Session, member: Member, *, actor: UUID | None, at: dt.datetime | None = None
) -> None:
    """A member leaves; from now on they count no more. Raises Invalid when they are not in."""
    session = locked(session, OPEN)
    apart.of_session(session, actor)
    left = Attendance.objects.filter(session=session, member=member, left_at=None).update(
        left_at=at or timezone.now()
    )
    if not left:
        raise Invalid("attendance.out", member=member.name)
    record("meetings.leave", session.body, actor, session.pk, kind="session",
           content={"member": member.pk})  # fmt: skip


# --- interests --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Declared:
    """Decisions an interest set aside, and what whoever declared it is told."""

    set_aside: list[Decision]
    told: tuple[str, ...] = ()


@transaction.atomic
def declare(matter: Matter, member: Member, *, reason: str, actor: UUID | None) -> Declared:
    """A member has an interest of their own in a matter; it is kept, whatever follows from it.

    Declared before the vote, the member does not count. Declared after it, every decision they
    were counted in is set aside and the matter waits to be voted on again, signed or not.
    """
    reason = clean(reason)
    if not reason:
        raise Invalid("conflict.reason")
    matter = Matter.objects.select_for_update().select_related("body").get(pk=matter.pk)
    if actor != member.user_id:
        apart.check(Matter.objects.filter(pk=matter.pk), actor)
    _made, new = Conflict.objects.get_or_create(
        matter=matter, member=member,
        defaults={"reason": reason, "declared_by": actor, "province": matter.province},
    )  # fmt: skip
    if not new:
        raise Invalid("conflict.twice", member=member.name)
    why = f"{member.name}: {reason}"
    touched = [
        one
        for one in Decision.objects.filter(matter=matter, set_aside_at=None)
        .filter(outcome__in=[Outcome.CARRIED, Outcome.LOST])
        .select_related("motion")
        if str(member.pk) in (one.motion.standing or {})["counted"]
    ]
    told: tuple[str, ...] = ()
    if touched:
        try:
            with transaction.atomic():
                told = _set_aside(matter, touched, why, actor)
        except Invalid as error:
            touched, told = [], (error.message(), _("The interest is kept; the decision stands."))
    record("meetings.declare", matter.body, actor, matter.pk, kind="matter",
           content={"member": member.pk, "set_aside": len(touched)})  # fmt: skip
    return Declared(touched, told)


def _set_aside(
    matter: Matter, decisions: Sequence[Decision], why: str, actor: UUID | None
) -> tuple[str, ...]:
    Decision.objects.filter(pk__in=[one.pk for one in decisions]).update(
        set_aside_at=timezone.now(), why_set_aside=why
    )
    carried = [one for one in decisions if one.outcome == Outcome.CARRIED]
    if not carried or matter.state != MatterState.DECIDED or _waits_again(matter):
        return ()
    undone = registry.Undone(matter.pk, matter.object_id, matter.verdict, why, actor)
    Matter.objects.filter(pk=matter.pk).update(state=MatterState.WAITING, verdict="", urgent=True)
    return tuple(registry.kind_of(matter.kind).undone([undone]) or ())


def _waits_again(matter: Matter) -> bool:
    """Whether the object was brought before the body anew since, and waits there."""
    return (
        matter.object_id is not None
        and Matter.objects.filter(
            body=matter.body,
            kind=matter.kind,
            object_id=matter.object_id,
            state=MatterState.WAITING,
        ).exists()
    )


# --- motions ----------------------------------------------------------------------------


@transaction.atomic
def put(
    session: Session, items: Iterable[UUID], *, text: str, verdict: str, actor: UUID | None,
    at: dt.datetime | None = None,
) -> Motion:  # fmt: skip
    """Put a question about one item or many to the vote; constant SQL however many.

    Raises Invalid while another motion is open, for items that do not wait for a decision, of
    several kinds, or a verdict their kind does not know.
    """
    session = locked(session, OPEN)
    motions = Motion.objects.filter(session=session)
    if motions.filter(state=MotionState.OPEN).exists():
        raise Invalid("motion.open")
    if not clean(text):
        raise Invalid("motion.text")
    asked = set(items)
    found = list(
        Item.objects.filter(session=session, pk__in=asked, matter__state=MatterState.WAITING)
        .select_related("matter")
        .select_for_update(of=("matter",))
        .order_by("position")
    )
    apart.check(Matter.objects.filter(pk__in=[item.matter_id for item in found]), actor)
    kinds = {item.matter.kind for item in found if item.matter}
    if not found or len(found) != len(asked):
        raise Invalid("motion.items")
    if len(kinds) > 1:
        raise Invalid("motion.kinds")
    if verdict not in registry.kind_of(kinds.pop()).verdicts:
        raise Invalid("motion.verdict", read=verdict)
    last = motions.aggregate(last=Max("number"))["last"] or 0
    motion = Motion.objects.create(
        session=session, province=session.province, number=last + 1, text=text.strip(),
        verdict=verdict, put_at=at or timezone.now(), put_by=actor,
    )  # fmt: skip
    columns = ("id", "province", "motion_id", "item_id", "matter_id", "outcome", "needed",
               "counted", "in_favour", "against", "abstained", "why_set_aside")  # fmt: skip
    copy_in(Decision, columns, (
        (key, session.province, motion.pk, item.pk, item.matter_id, Outcome.PENDING.value,
         0, 0, 0, 0, 0, "")
        for key, item in zip(uuid7s(len(found)), found, strict=True)
    ))  # fmt: skip
    record("meetings.put", session.body, actor, motion.pk, kind="motion",
           content={"items": len(found), "verdict": verdict})  # fmt: skip
    return motion


@transaction.atomic
def withdraw_motion(motion: Motion, *, actor: UUID | None) -> None:
    """Take a motion back before it is counted; nothing is decided."""
    session = locked(motion.session, OPEN)
    moved = Motion.objects.filter(pk=motion.pk, state=MotionState.OPEN).update(
        state=MotionState.WITHDRAWN
    )
    if not moved:
        raise Invalid("motion.gone")
    Decision.objects.filter(motion=motion).delete()
    record("meetings.withdraw_motion", session.body, actor, motion.pk, kind="motion")


@transaction.atomic
def vote(
    motion: Motion, choices: Mapping[UUID, Choice], *, actor: UUID | None,
    at: dt.datetime | None = None,
) -> None:  # fmt: skip
    """Keep how members vote, by their id; until the count they may vote otherwise.

    A member votes by their own account, or the secretary enters votes taken in the room; what a
    member cast themselves the secretary does not change. Raises Invalid for who has no vote, is
    not in the room, or is an alternate whose member is.
    """
    session, now = locked(motion.session, OPEN), at or timezone.now()
    if not Motion.objects.filter(pk=motion.pk, state=MotionState.OPEN).exists():
        raise Invalid("motion.gone")
    apart.of_motion(motion, actor)
    members = {one.pk: one for one in Member.objects.filter(body=session.body, pk__in=choices)}
    day = local_day(now)
    sittings = sitting_on(session, day)
    present = in_the_room(session)
    standing = quorum(Rules(members=2), sittings, present)
    cast = {row.member_id: row for row in Vote.objects.filter(motion=motion)}
    may = {one.member for one in sittings}
    for pk, member in members.items():
        if pk not in may:
            raise Invalid("vote.member", member=member.name, day=day)
        if pk not in present:
            raise Invalid("vote.absent", member=member.name)
        if pk not in standing.counted:
            raise Invalid("vote.alternate", member=member.name)
        before = cast.get(pk)
        own = before and before.cast_by == member.user_id and member.user_id
        if own and actor != member.user_id and before and before.choice != choices[pk]:
            raise Invalid("vote.own", member=member.name)
    Vote.objects.bulk_create(
        [
            Vote(motion=motion, province=session.province, member=members[pk], choice=choice,
                 cast_at=now, cast_by=actor)
            for pk, choice in choices.items()
            if pk in members and not _same(cast.get(pk), choice)
        ],
        update_conflicts=True,
        unique_fields=["motion", "member"],
        update_fields=["choice", "cast_at", "cast_by"],
    )  # fmt: skip
    record("meetings.vote", session.body, actor, motion.pk, kind="motion",
           content={"members": sorted(members)})  # fmt: skip


def voted_on(matter: Matter) -> bool:
    """Whether an open motion is about a matter; locks it, so that none is put meanwhile."""
    Matter.objects.select_for_update().get(pk=matter.pk)
    return Decision.objects.filter(matter=matter, motion__state=MotionState.OPEN).exists()


def _same(before: Vote | None, choice: Choice) -> bool:
    return before is not None and before.choice == choice


@transaction.atomic
def count(motion: Motion, *, actor: UUID | None, at: dt.datetime | None = None) -> Motion:
    """Count the votes of a motion: one decision per item, and what follows from it.

    The kinds' `decided` run in here. Constant SQL however many items. Raises Invalid when it was
    counted before, or nobody who counts has voted.
    """
    session, now = locked(motion.session, OPEN), at or timezone.now()
    motion = Motion.objects.select_for_update().get(pk=motion.pk)
    if motion.state != MotionState.OPEN:
        raise Invalid("motion.gone")
    apart.of_motion(motion, actor)
    day = local_day(now)
    rules, sittings, present = (
        rules_on(session, day),
        sitting_on(session, day),
        in_the_room(session),
    )
    choices = {v.member_id: v.choice for v in Vote.objects.filter(motion=motion)}
    room = quorum(rules, sittings, present)
    if not choices.keys() & room.counted:
        raise Invalid("motion.silent")
    # Matters are locked before conflicts are read: a declaration comes before the count or after.
    decisions = list(
        Decision.objects.filter(motion=motion)
        .select_related("matter")
        .select_for_update(of=("self", "matter"))
        .order_by("matter_id")
    )
    conflicts: dict[UUID, set[UUID]] = {}
    for matter_id, member_id in Conflict.objects.filter(
        matter__in=[one.matter_id for one in decisions]
    ).values_list("matter_id", "member_id"):
        conflicts.setdefault(matter_id, set()).add(member_id)

    @cache
    def result(conflicted: frozenset[UUID]) -> tuple[str, int, int, int, int, int]:
        found = quorum(rules, sittings, present, conflicted)
        votes = tally(rules, found, choices)
        return (votes.outcome, found.needed, len(found.counted),
                votes.in_favour, votes.against, votes.abstained)  # fmt: skip

    results = [result(frozenset(conflicts.get(one.matter_id, ()))) for one in decisions]
    _write(decisions, results)
    Motion.objects.filter(pk=motion.pk).update(
        state=MotionState.COUNTED, counted_at=now,
        standing={
            "day": day.isoformat(),
            "members": room.members,
            "needed": room.needed,
            "counted": sorted(str(one) for one in room.counted),
            "missing": sorted(str(one) for one in room.missing),
            "rule": {
                "members": rules.members, "percent": rules.percent,
                "majority": rules.majority_percent, "abstentions": rules.abstentions_count,
            },
        },
    )  # fmt: skip
    motion.refresh_from_db()
    carried = [
        one.matter for one, got in zip(decisions, results, strict=True) if got[0] == Outcome.CARRIED
    ]
    _decide(session, motion, carried, actor)
    record("meetings.count", session.body, actor, motion.pk, kind="motion",
           content={"items": len(decisions), "carried": len(carried)})  # fmt: skip
    return motion


def _write(
    decisions: Sequence[Decision], results: Sequence[tuple[str, int, int, int, int, int]]
) -> None:
    """All results in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """update meetings_decision d set outcome = r.outcome, needed = r.needed,
                      counted = r.counted, in_favour = r.in_favour, against = r.against,
                      abstained = r.abstained
               from unnest(%s::uuid[], %s::text[], %s::int[], %s::int[], %s::int[], %s::int[],
                           %s::int[])
                 as r(id, outcome, needed, counted, in_favour, against, abstained)
               where d.id = r.id""",
            [
                [one.pk for one in decisions],
                *(list(column) for column in zip(*results, strict=True)),
            ],
        )


def _decide(
    session: Session, motion: Motion, matters: Sequence[Matter], actor: UUID | None
) -> None:
    """Matters whose motion carried are decided, and their rooms told."""
    if not matters:
        return
    Matter.objects.filter(pk__in=[one.pk for one in matters]).update(
        state=MatterState.DECIDED, verdict=motion.verdict
    )
    assert motion.counted_at is not None
    told = [
        registry.Decided(one.pk, one.object_id, motion.verdict, motion.pk, motion.text,
                         session.body_id, motion.counted_at, actor)
        for one in matters
    ]  # fmt: skip
    registry.kind_of(matters[0].kind).decided(told)  # a motion is about one kind


# --- what a count goes by ----------------------------------------------------------------


def rules_on(session: Session, day: dt.date) -> Rules:
    """The body's rule of a day. Raises Invalid when none is stated."""
    row = Rule.objects.on(day).filter(body=session.body_id).first()
    if row is None:
        raise Invalid("rule.none", day=day)
    return Rules(
        row.quorum_members, row.quorum_percent, frozenset(row.must_attend), row.majority_percent,
        row.abstentions_count,
    )  # fmt: skip


def sitting_on(session: Session, day: dt.date) -> list[Sitting]:
    """Who may vote in the body on a day; its secretary may not."""
    terms = Term.objects.on(day).filter(body=session.body_id).exclude(role=Role.SECRETARY)
    return [
        Sitting(one.member_id, one.organisation_id, one.role == Role.ALTERNATE)
        for one in terms.order_by("id")
    ]


def in_the_room(session: Session) -> set[UUID]:
    """Members who came and did not leave."""
    return set(
        Attendance.objects.filter(session=session, left_at=None).values_list("member_id", flat=True)
    )


@transaction.atomic
def note(item: Item, text: str, *, actor: UUID | None) -> None:
    """Keep what was said about an item."""
    session = locked(item.session, OPEN)
    Item.objects.filter(pk=item.pk).update(note=text.strip())
    record("meetings.note", session.body, actor, session.pk, kind="session",
           content={"item": item.pk})  # fmt: skip
