"""Writers before a session: matters that wait, sessions planned, agendas made and ordered."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from pooshesh.kernel.calendar import to_jalali
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.meetings import apart, registry
from pooshesh.meetings.actions import local_day, lock, record
from pooshesh.meetings.models import (
    ActionItem,
    ActionState,
    Body,
    Item,
    Matter,
    MatterState,
    Session,
    SessionState,
)
from pooshesh.meetings.states import SESSION

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

NEAR = dt.timedelta(days=14)  # an action item due so soon stands before the others
BEFORE = (SessionState.PLANNED, SessionState.INVITED)
#: While an agenda may still be added to.
OPEN_AGENDA = (*BEFORE, SessionState.OPEN)

explain(
    {
        "session.gone": gettext_noop(
            "Somebody was before you: this session is in the state “%(state)s” already."
        ),
        "session.state": gettext_noop(
            "That is not possible in the state “%(state)s” of the session."
        ),
        "session.other": gettext_noop(
            "Another session of this body is open; close that one first."
        ),
        "session.past": gettext_noop("A session cannot be planned for %(day)s; it has passed."),
        "session.why": gettext_noop("Say why, so that the members understand."),
        "matter.waits": gettext_noop("“%(title)s” waits for a decision of this body already."),
        "matter.gone": gettext_noop("“%(title)s” does not wait any more."),
        "agenda.full": gettext_noop(
            "The agenda has %(capacity)s matters, as many as this body takes in one session."
        ),
        "agenda.empty": gettext_noop("The agenda is empty; put something on it first."),
        "agenda.voted": gettext_noop("There was a vote on this item; it stays on the agenda."),
    }
)


@dataclass(frozen=True)
class Brought:
    """An object that comes before a body."""

    title: str
    object_id: UUID | None = None
    urgent: bool = False


@transaction.atomic
def submit(
    body: Body, kind: str, brought: Sequence[Brought], *, actor: UUID | None,
    at: dt.datetime | None = None,
) -> list[Matter]:  # fmt: skip
    """Bring objects of a registered kind before a body; they wait for its next agenda.

    Constant SQL however many. Raises Invalid when one waits there already, KeyError for a kind
    nobody registered.
    """
    registry.kind_of(kind)
    now = at or timezone.now()
    rows = [
        Matter(
            body=body, province=body.province, area_path=body.area_path, kind=kind,
            object_id=one.object_id, title=clean(one.title)[:300], urgent=one.urgent,
            submitted_by=actor, submitted_at=now,
        )
        for one in brought
    ]  # fmt: skip
    try:
        with transaction.atomic():
            Matter.objects.bulk_create(rows)
    except IntegrityError as error:
        if "matter_waits_once" not in str(error):
            raise
        raise Invalid("matter.waits", title=_first_waiting(body, kind, brought)) from error
    record("meetings.submit", body, actor, kind="body", content={"kind": kind, "count": len(rows)})
    return rows


def _first_waiting(body: Body, kind: str, brought: Sequence[Brought]) -> str:
    waiting = set(
        Matter.objects.filter(
            body=body, kind=kind, state=MatterState.WAITING,
            object_id__in=[one.object_id for one in brought],
        ).values_list("object_id", flat=True)
    )  # fmt: skip
    return next((one.title for one in brought if one.object_id in waiting), brought[0].title)


@transaction.atomic
def withdraw(matter: Matter, *, actor: UUID | None) -> None:
    """A matter is not to be decided any more. Raises Invalid when it waits no longer."""
    moved = Matter.objects.filter(pk=matter.pk, state=MatterState.WAITING).update(
        state=MatterState.WITHDRAWN
    )
    if not moved:
        raise Invalid("matter.gone", title=matter.title)
    Item.objects.filter(matter=matter, session__state__in=BEFORE).delete()
    record("meetings.withdraw", matter.body, actor, matter.pk, kind="matter")


# --- sessions ---------------------------------------------------------------------------


@transaction.atomic
def plan(
    body: Body, *, starts_at: dt.datetime, place: str, actor: UUID | None,
    at: dt.datetime | None = None,
) -> Session:  # fmt: skip
    """Plan a session and make its agenda of what waits. Raises Invalid for a day that has passed.

    Sessions are numbered within the Jalali year they are planned for.
    """
    day = local_day(starts_at)
    if day < local_day(at):
        raise Invalid("session.past", day=day)
    body = lock(body)
    year = to_jalali(day)[0]
    last = Session.objects.filter(body=body, year=year).aggregate(last=Max("number"))["last"]
    session = Session.objects.create(
        body=body, province=body.province, area_path=body.area_path, year=year,
        number=(last or 0) + 1, starts_at=starts_at, place=clean(place), made_by=actor,
    )  # fmt: skip
    _follow_up(session, near=True)
    _fill(session, body)
    _follow_up(session, near=False)
    record(
        "meetings.plan", body, actor, session.pk, kind="session",
        content={"year": year, "number": session.number, "starts_at": starts_at},
    )  # fmt: skip
    return session


@transaction.atomic
def refill(session: Session, *, actor: UUID | None) -> int:
    """Add to an agenda what waits by now, up to the body's capacity; how many items came."""
    session = locked(session, *BEFORE)
    added = _fill(session, session.body)
    record("meetings.refill", session.body, actor, session.pk, kind="session",
           content={"added": added})  # fmt: skip
    return added


def _fill(session: Session, body: Body) -> int:
    """Put what waits on the agenda: carried over, urgent, then as it came."""
    room = body.capacity - Item.objects.filter(session=session, matter__isnull=False).count()
    found = waiting(body).order_by("-carried", "-urgent", "submitted_at", "id")
    matters = list(found[: max(room, 0)])
    _append(session, [Item(matter=one, carried_over=one.carried) for one in matters])
    return len(matters)


def _follow_up(session: Session, *, near: bool) -> None:
    """Put action items on the agenda that are open: those due soon, or all; none twice."""
    there = Item.objects.filter(session=session).exclude(action=None)
    followed = (
        ActionItem.objects.filter(body=session.body, state=ActionState.OPEN)
        .exclude(pk__in=there.values("action"))
        .exclude(session=session)
        .order_by("deadline", "id")
    )
    if near:
        followed = followed.filter(deadline__lte=local_day(session.starts_at) + NEAR)
    _append(session, [Item(action=one, carried_over=True) for one in followed])


def _append(session: Session, items: Sequence[Item]) -> None:
    last = Item.objects.filter(session=session).aggregate(last=Max("position"))["last"] or 0
    for position, item in enumerate(items, last + 1):
        item.session, item.province, item.position = session, session.province, position
    Item.objects.bulk_create(items)


class Carried(TypedDict):
    """What `waiting` adds."""

    carried: bool


def waiting(body: Body) -> "QuerySet[WithAnnotations[Matter, Carried]]":
    """Matters of a body that wait and stand on no agenda to come; `carried`: an earlier session
    had them and did not decide."""
    on_agenda = Item.objects.filter(matter=OuterRef("pk"), session__state__in=OPEN_AGENDA)
    before = Item.objects.filter(
        matter=OuterRef("pk"), session__state__in=(SessionState.CLOSED, SessionState.SIGNED)
    )
    return Matter.objects.filter(
        ~Exists(on_agenda), body=body, state=MatterState.WAITING
    ).annotate(carried=Exists(before))  # fmt: skip


@transaction.atomic
def put_on(session: Session, matter: Matter, *, actor: UUID | None) -> Item:
    """Put one more matter on an agenda, at its end; also while the session is open."""
    session = locked(session, *OPEN_AGENDA)
    found = waiting(session.body).filter(pk=matter.pk).first()
    if found is None:
        raise Invalid("matter.gone", title=matter.title)
    if session.state == SessionState.OPEN:
        apart.check(Matter.objects.filter(pk=found.pk), actor)
    items = Item.objects.filter(session=session)
    if items.exclude(matter=None).count() >= session.body.capacity:
        raise Invalid("agenda.full", capacity=session.body.capacity)
    last = items.aggregate(last=Max("position"))["last"] or 0
    item = Item.objects.create(
        session=session, province=session.province, matter=found, position=last + 1,
        carried_over=found.carried,
    )  # fmt: skip
    record("meetings.put_on", session.body, actor, session.pk, kind="session",
           content={"matter": matter.pk})  # fmt: skip
    return item


@transaction.atomic
def submit_to(session: Session, brought: Brought, *, actor: UUID | None) -> Item:
    """A topic that comes up while an agenda is made or a session is open."""
    (matter,) = submit(session.body, registry.TOPIC.code, [brought], actor=actor)
    return put_on(session, matter, actor=actor)


@transaction.atomic
def take_off(item: Item, *, actor: UUID | None) -> None:
    """Take an item off an agenda; what it is about waits on. Not after a vote on it."""
    session = locked(item.session, *OPEN_AGENDA)
    try:
        with transaction.atomic():
            Item.objects.filter(pk=item.pk).delete()
    except IntegrityError as error:  # a decision points to it: `ProtectedError` is one
        raise Invalid("agenda.voted") from error
    record("meetings.take_off", session.body, actor, session.pk, kind="session",
           content={"item": item.pk})  # fmt: skip


@transaction.atomic
def move(item: Item, *, up: bool, actor: UUID | None) -> None:
    """Change places with the item before or after; the first stays first, the last last."""
    session = locked(item.session, *OPEN_AGENDA)
    item.refresh_from_db()
    items = Item.objects.filter(session=session)
    if up:
        other = items.filter(position__lt=item.position).order_by("-position").first()
    else:
        other = items.filter(position__gt=item.position).order_by("position").first()
    if other:
        Item.objects.filter(pk=item.pk).update(position=other.position)
        Item.objects.filter(pk=other.pk).update(position=item.position)
    record("meetings.move", session.body, actor, session.pk, kind="session",
           content={"item": item.pk, "up": up})  # fmt: skip


@transaction.atomic
def reschedule(session: Session, *, starts_at: dt.datetime, place: str, actor: UUID | None) -> None:
    """Another time or place; in another Jalali year it also gets another number."""
    body = lock(session.body)
    session = locked(session, *BEFORE)
    day = local_day(starts_at)
    if day < local_day():
        raise Invalid("session.past", day=day)
    year = to_jalali(day)[0]
    if year != session.year:
        last = Session.objects.filter(body=body, year=year).aggregate(last=Max("number"))["last"]
        session.year, session.number = year, (last or 0) + 1
    session.starts_at, session.place = starts_at, clean(place)
    session.save(update_fields=["year", "number", "starts_at", "place"])
    record("meetings.reschedule", body, actor, session.pk, kind="session",
           content={"starts_at": starts_at, "place": place})  # fmt: skip


@transaction.atomic
def invite(session: Session, *, actor: UUID | None) -> None:
    """The agenda goes to the members. Raises Invalid for an empty agenda."""
    step(session, "invite")
    _follow_up(session, near=False)
    if not Item.objects.filter(session=session).exists():
        raise Invalid("agenda.empty")
    record("meetings.invite", session.body, actor, session.pk, kind="session")


@transaction.atomic
def cancel(session: Session, *, why: str, actor: UUID | None) -> None:
    """A session will not be; its matters wait for another. Raises Invalid without a reason."""
    if not clean(why):
        raise Invalid("session.why")
    step(session, "cancel", why_cancelled=clean(why))
    record("meetings.cancel", session.body, actor, session.pk, kind="session",
           content={"why": why})  # fmt: skip


@transaction.atomic
def open_session(session: Session, *, actor: UUID | None, at: dt.datetime | None = None) -> None:
    """The session begins. Raises Invalid while another session of the body is open."""
    try:
        with transaction.atomic():
            step(session, "open", opened_at=at or timezone.now())
    except IntegrityError as error:
        if "session_one_open" not in str(error):
            raise
        raise Invalid("session.other") from error
    _follow_up(session, near=False)
    record("meetings.open", session.body, actor, session.pk, kind="session")


def step(session: Session, verb: str, **values: object) -> None:
    """Move a session on, conditionally: of two at once one wins, the other reads who was first."""
    target = SESSION.next(session.state, verb)
    moved = Session.objects.filter(pk=session.pk, state=session.state).update(
        state=target, **values
    )
    if not moved:
        session.refresh_from_db()
        raise Invalid("session.gone", state=SessionState(session.state).label)
    session.refresh_from_db()


def locked(session: Session, *states: SessionState) -> Session:
    """The session, its writers queueing. Raises Invalid when it is in none of the states."""
    found = Session.objects.select_for_update(of=("self",)).select_related("body").get(
        pk=session.pk
    )  # fmt: skip
    if found.state not in states:
        raise Invalid("session.state", state=SessionState(found.state).label)
    return found
