"""Reads of meetings: by the area of the body, or by membership in it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.kernel.text import search_key
from pooshesh.meetings.agenda import Carried, waiting
from pooshesh.meetings.models import (
    ActionItem,
    ActionState,
    Attendance,
    Body,
    Matter,
    Member,
    Motion,
    MotionState,
    Role,
    Rule,
    Seat,
    Session,
    SessionState,
    Signature,
    Term,
    Vote,
)
from pooshesh.meetings.states import READ, RUN, VOTE
from pooshesh.partners.models import Officer, Organisation

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

TO_COME = (SessionState.PLANNED, SessionState.INVITED, SessionState.OPEN)


def _own(user: User) -> QuerySet[Term]:
    """Terms in which the user sits today."""
    return Term.objects.on(timezone.localdate()).filter(member__user_id=user.pk)


def bodies(user: User, permission: str = READ) -> QuerySet[Body]:
    """Bodies whose area the permission covers, and those the user sits in; none without it.

    Running a body needs its area: a seat in it is no reason to keep its minutes.
    """
    rows = Body.objects.select_related("area").order_by("name_fa")
    if not user.may(permission):
        return rows.none()
    reach = user.reach(permission)
    if reach.everywhere:
        return rows
    within = reach.q()
    if permission != RUN:
        within |= Q(pk__in=sits_in(user))
    return rows.filter(within)


def sits_in(user: User) -> QuerySet[Body]:
    """Bodies the user sits in today."""
    return Body.objects.filter(pk__in=_own(user).values("body"))


def body(user: User, body_id: UUID, permission: str = READ) -> Body | None:
    """One body in sight, else None."""
    return bodies(user, permission).filter(pk=body_id).first()


def with_counts(rows: QuerySet[Body]) -> QuerySet[Body]:
    """Adds `members` (with a vote, today), `waits` (matters) and `next_at` (the next session)."""
    seats = Term.objects.on(timezone.localdate()).filter(
        body=OuterRef("pk"), role__in=[Role.CHAIR, Role.MEMBER]
    )
    matters = Matter.objects.filter(body=OuterRef("pk"), state="waiting")
    sessions = Session.objects.filter(body=OuterRef("pk"), state__in=TO_COME)

    def counted(found: QuerySet) -> Subquery:  # type: ignore[type-arg]
        return Subquery(found.order_by().values("body").annotate(n=Count("pk")).values("n"))

    return rows.annotate(
        members=counted(seats),
        waits=counted(matters),
        next_at=Subquery(sessions.order_by("starts_at").values("starts_at")[:1]),
    )


def search_bodies(rows: QuerySet[Body], text: str) -> QuerySet[Body]:
    """Bodies whose name holds a text in any spelling of its letters."""
    wanted = search_key(text)
    found = [
        one.pk
        for one in rows
        if wanted in f"{search_key(one.name_fa)} {search_key(one.name_en)} {one.code}"
    ]
    return rows.filter(pk__in=found)


# --- who sits ----------------------------------------------------------------------------


@dataclass
class SeatNow:
    """A seat of today and who sits in it."""

    organisation: Organisation
    since: dt.date | None
    terms: list[Term] = field(default_factory=list)


def seats_on(body: Body, day: dt.date | None = None) -> list[SeatNow]:
    """The seats of a day with their members, chair first, then by organisation."""
    on = day or timezone.localdate()
    seats = {
        one.organisation_id: SeatNow(one.organisation, one.valid.lower)
        for one in Seat.objects.on(on).filter(body=body).select_related("organisation")
    }
    order = list(Role.values)
    terms = Term.objects.on(on).filter(body=body).select_related("member", "organisation")
    for term in sorted(terms, key=lambda one: order.index(one.role)):
        seat = SeatNow(term.organisation, None)
        seats.setdefault(term.organisation_id, seat).terms.append(term)
    return sorted(
        seats.values(),
        key=lambda seat: (
            not any(one.role == Role.CHAIR for one in seat.terms), seat.organisation.name_fa
        ),
    )  # fmt: skip


def past_terms(body: Body) -> QuerySet[Term]:
    """Who sat before, as believed now, the latest first."""
    return (
        Term.objects.known()
        .filter(body=body, valid__endswith__lte=timezone.localdate())
        .select_related("member", "organisation")
        .order_by("-valid")
    )


def members_of(body: Body, day: dt.date | None = None) -> QuerySet[Member]:
    """Members of a day, secretary too."""
    terms = Term.objects.on(day or timezone.localdate()).filter(body=body)
    return Member.objects.filter(pk__in=terms.values("member")).order_by("name")


def rule_on(body: Body, day: dt.date | None = None) -> Rule | None:
    return Rule.objects.on(day or timezone.localdate()).filter(body=body).first()


def organisations(pks: Iterable[UUID]) -> QuerySet[Organisation]:
    """Organisations of some ids, by name."""
    return Organisation.objects.filter(pk__in=list(pks)).order_by("name_fa")


def seated(body: Body) -> QuerySet[Organisation]:
    """Organisations with a seat today."""
    seats = Seat.objects.on(timezone.localdate()).filter(body=body)
    return Organisation.objects.filter(pk__in=seats.values("organisation")).order_by("name_fa")


def own_member(user: User, body: Body) -> Member | None:
    """The user as a member of a body today."""
    own = _own(user).filter(body=body)
    return Member.objects.filter(pk__in=own.values("member")).first()


def account(username: str) -> User | None:
    """An account in use, by its name."""
    return User.objects.filter(is_active=True, username=username.lower()).first()


# --- sessions ------------------------------------------------------------------------------


def sessions(user: User, body: Body | None = None) -> QuerySet[Session]:
    """Sessions of the bodies in sight, or of one of them, the latest first."""
    rows = Session.objects.filter(body__in=bodies(user)).select_related("body")
    rows = rows.filter(body=body) if body else rows
    return rows.order_by("-year", "-number")


def session(user: User, session_id: UUID) -> Session | None:
    return sessions(user).select_related("body__area").filter(pk=session_id).first()


def waiting_matter(body: Body, matter_id: UUID) -> Matter | None:
    return waiting(body).filter(pk=matter_id).first()


def waiting_matters(body: Body) -> "QuerySet[WithAnnotations[Matter, Carried]]":
    """What waits and stands on no agenda, in the order in which it will come up."""
    return waiting(body).order_by("-carried", "-urgent", "submitted_at", "id")


# --- action items ---------------------------------------------------------------------------


def _with_owner(rows: QuerySet[ActionItem]) -> QuerySet[ActionItem]:
    return rows.select_related("member", "organisation", "body", "session").order_by(
        F("closed_at").desc(nulls_first=True), "deadline", "id"
    )


def actions_of(body: Body) -> QuerySet[ActionItem]:
    """Action items of a body: the open ones by deadline, then those closed last."""
    return _with_owner(ActionItem.objects.filter(body=body))


def actions_from(session: Session) -> QuerySet[ActionItem]:
    """What was taken over in a session."""
    return _with_owner(ActionItem.objects.filter(session=session))


def _owned(user: User) -> Q:
    """Owned by the user as a member, or by an organisation they speak for."""
    speaks_for = Officer.objects.on(timezone.localdate()).filter(user_id=user.pk)
    return Q(member__user_id=user.pk) | Q(organisation__in=speaks_for.values("organisation"))


def overdue_actions(user: User, today: dt.date | None = None) -> list[tuple[Body, int]]:
    """Bodies in sight with how many of their open action items are past their day, the most
    first. Two statements."""
    late = ActionItem.objects.filter(
        body__in=bodies(user), state=ActionState.OPEN, deadline__lt=today or timezone.localdate()
    )
    counts = dict(late.values_list("body").annotate(n=Count("pk")).order_by("-n"))
    found = Body.objects.in_bulk(list(counts))
    return [(found[pk], n) for pk, n in counts.items()]


def own_actions(user: User) -> QuerySet[ActionItem]:
    """What waits for the user."""
    return _with_owner(ActionItem.objects.filter(_owned(user), state=ActionState.OPEN))


def action(user: User, action_id: UUID) -> ActionItem | None:
    """An action item the user may close: their own, or one of a body they run."""
    rows = ActionItem.objects.filter(_owned(user) | Q(body__in=bodies(user, RUN)))
    return rows.select_related("body", "session", "member", "organisation").filter(
        pk=action_id
    ).first()  # fmt: skip


# --- what waits for a member -----------------------------------------------------------------


def to_vote(user: User) -> QuerySet[Motion]:
    """Motions being voted on in sessions where the user is in the room and has not voted."""
    if not user.may(VOTE):
        return Motion.objects.none()
    inside = Attendance.objects.filter(
        session=OuterRef("session"), left_at=None, member__user_id=user.pk
    )
    cast = Vote.objects.filter(motion=OuterRef("pk"), member__user_id=user.pk)
    return (
        Motion.objects.filter(Exists(inside), ~Exists(cast), state=MotionState.OPEN)
        .select_related("session__body")
        .order_by("put_at")
    )


def to_sign(user: User) -> QuerySet[Session]:
    """Closed sessions where the user was present and has not signed."""
    if not user.may(VOTE):
        return Session.objects.none()
    there = Attendance.objects.filter(session=OuterRef("pk"), member__user_id=user.pk)
    signed = Signature.objects.filter(minutes=OuterRef("pk"), member__user_id=user.pk)
    return (
        Session.objects.filter(Exists(there), ~Exists(signed), state=SessionState.CLOSED)
        .select_related("body")
        .order_by("starts_at")
    )


def next_sessions(user: User, limit: int = 3) -> list[Session]:
    """The next sessions of the bodies in sight, open ones first."""
    rows = sessions(user).filter(state__in=TO_COME).order_by("-opened_at", "starts_at")
    return list(rows.order_by(F("opened_at").asc(nulls_last=True), "starts_at")[:limit])
