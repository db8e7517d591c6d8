"""Closing a session, its minutes, and their signatures.

The minutes are one mapping made of the session's rows when it is closed. Until the first signature
they may be corrected; from then on the database refuses any change of them or of what they tell.
Texts in them are as they were written; words around them are put in the reader's language.
"""

import datetime as dt
from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.meetings import apart, session_queries
from pooshesh.meetings.actions import record
from pooshesh.meetings.agenda import locked, step
from pooshesh.meetings.models import (
    ActionItem,
    Attendance,
    Conflict,
    Decision,
    Item,
    Member,
    Minutes,
    Motion,
    MotionState,
    Role,
    Session,
    SessionState,
    Signature,
    Term,
    Vote,
)
from pooshesh.partners.models import Organisation

Content = dict[str, Any]

explain(
    {
        "close.motion": gettext_noop(
            "A motion is still being voted on; count or withdraw it before the session closes."
        ),
        "close.nobody": gettext_noop("Nobody's attendance is noted; a session needs its members."),
        "minutes.signed": gettext_noop("The minutes are signed and change no more."),
        "minutes.other": gettext_noop(
            "The minutes were corrected since you opened them; read them again, then sign."
        ),
        "sign.member": gettext_noop(
            "“%(member)s” was not present as a member and does not sign these minutes."
        ),
        "sign.twice": gettext_noop("“%(member)s” has signed these minutes already."),
        "sign.own": gettext_noop("“%(member)s” has an account and signs with it."),
    }
)


@transaction.atomic
def close(session: Session, *, actor: UUID | None, at: dt.datetime | None = None) -> Minutes:
    """End a session: who is in leaves, and the minutes are made. Of two at once one wins.

    Raises Invalid for a session that is not open, with an open motion, or without attendance.
    """
    now = at or timezone.now()
    step(session, "close", closed_at=now)
    if Motion.objects.filter(session=session, state=MotionState.OPEN).exists():
        raise Invalid("close.motion")
    attendance = Attendance.objects.filter(session=session)
    if not attendance.exists():
        raise Invalid("close.nobody")
    attendance.filter(left_at=None).update(left_at=now)
    content = content_of(session)
    made = Minutes.objects.create(
        session=session, province=session.province, content=content,
        digest=audit.digest(content), made_at=now,
    )  # fmt: skip
    record("meetings.close", session.body, actor, session.pk, kind="session",
           content={"digest": made.digest})  # fmt: skip
    return made


@transaction.atomic
def correct(item: Item, text: str, *, actor: UUID | None) -> Minutes:
    """Correct what was said about an item. Raises Invalid once somebody has signed."""
    session = locked(item.session, SessionState.CLOSED)
    if Signature.objects.filter(minutes_id=session.pk).exists():
        raise Invalid("minutes.signed")
    Item.objects.filter(pk=item.pk).update(note=text.strip())
    content = content_of(session)
    Minutes.objects.filter(pk=session.pk).update(content=content, digest=audit.digest(content))
    record("meetings.correct", session.body, actor, session.pk, kind="session",
           content={"item": item.pk})  # fmt: skip
    return Minutes.objects.get(pk=session.pk)


@transaction.atomic
def sign(
    session: Session, member: Member, *, digest: str, actor: UUID | None, on_paper: bool = False,
    at: dt.datetime | None = None,
) -> Session:  # fmt: skip
    """A member who was present signs the minutes of this digest; the last one signs them off.

    `on_paper`: the secretary notes the signature of who has no account. Raises Invalid for who
    was not present, signed before, or read minutes that were corrected since.
    """
    session = locked(session, SessionState.CLOSED)
    made = Minutes.objects.select_for_update().get(pk=session.pk)
    signers = signers_of(session)
    if member.pk not in signers:
        raise Invalid("sign.member", member=member.name)
    if made.digest != digest:
        raise Invalid("minutes.other")
    if on_paper and member.user_id is not None:
        raise Invalid("sign.own", member=member.name)
    if on_paper:
        apart.of_session(session, actor)
    try:
        with transaction.atomic():
            Signature.objects.create(
                minutes=made, province=session.province, member=member, digest=digest,
                on_paper=on_paper, signed_at=at or timezone.now(), signed_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        if "signature_once" not in str(error):
            raise
        raise Invalid("sign.twice", member=member.name) from error
    signed = set(Signature.objects.filter(minutes=made).values_list("member_id", flat=True))
    if signers <= signed:
        step(session, "sign")
    record("meetings.sign", session.body, actor, session.pk, kind="session",
           content={"member": member.pk, "digest": digest, "on_paper": on_paper})  # fmt: skip
    return session


def signers_of(session: Session) -> set[UUID]:
    """Members with a vote who were in the room at some time; alternates too."""
    return {
        one.term.member_id
        for one in session_queries.people(session)
        if one.spans and one.term.role != Role.SECRETARY
    }


# --- the content ------------------------------------------------------------------------


def content_of(session: Session) -> Content:
    """The whole session as plain data, in constant SQL: what is printed and what is signed."""
    organisations = {str(one.pk): one.name_fa for one in _organisations(session)}
    people = session_queries.people(session)
    names = {str(one.term.member_id): one.term.member.name for one in people}
    decisions: dict[UUID, list[Decision]] = defaultdict(list)
    for one in (
        Decision.objects.filter(motion__session=session)
        .select_related("matter")
        .order_by("item__position")
    ):
        decisions[one.motion_id].append(one)
    votes: dict[UUID, list[Vote]] = defaultdict(list)
    for cast in Vote.objects.filter(motion__session=session).select_related("member").order_by(
        "member__name", "id"
    ):  # fmt: skip
        votes[cast.motion_id].append(cast)
    motions = Motion.objects.filter(session=session, state=MotionState.COUNTED).order_by("number")
    items = list(
        Item.objects.filter(session=session)
        .select_related("matter", "action")
        .order_by("position", "id")
    )
    numbers = {item.pk: number for number, item in enumerate(items, 1)}
    return {
        "session": str(session.pk),
        "body": {"fa": session.body.name_fa, "en": session.body.name_en},
        "number": session.number,
        "year": session.year,
        "place": session.place,
        "starts_at": _moment(session.starts_at),
        "opened_at": _moment(session.opened_at),
        "closed_at": _moment(session.closed_at),
        "people": [
            {
                "member": str(one.term.member_id),
                "name": one.term.member.name,
                "organisation": one.term.organisation.name_fa,
                "role": one.term.role,
                "spans": [[_moment(s.came_at), _moment(s.left_at)] for s in one.spans],
            }
            for one in people
        ],
        "agenda": [
            {
                "number": numbers[item.pk],
                "title": _title(item),
                "kind": item.matter.kind if item.matter else "action",
                "carried_over": item.carried_over,
                "note": item.note,
            }
            for item in items
        ],
        "conflicts": [
            {"title": one.matter.title, "name": one.member.name, "reason": one.reason,
             "at": _moment(one.declared_at)}
            for one in Conflict.objects.filter(matter__in=[i.matter_id for i in items if i.matter])
            .select_related("matter", "member").order_by("declared_at", "id")
        ],
        "motions": [
            _motion(motion, decisions[motion.pk], votes[motion.pk], numbers, organisations, names)
            for motion in motions
        ],
        "actions": [
            {"text": one.text, "owner": one.member.name if one.member else _owner(one),
             "deadline": one.deadline.isoformat()}
            for one in ActionItem.objects.filter(session=session)
            .select_related("member", "organisation").order_by("deadline", "id")
        ],
    }  # fmt: skip


def _motion(
    motion: Motion, decisions: list[Decision], votes: list[Vote], numbers: dict[UUID, int],
    organisations: dict[str, str], names: dict[str, str],
) -> Content:  # fmt: skip
    standing = motion.standing or {}
    counted = set(standing["counted"])
    return {
        "number": motion.number,
        "text": motion.text,
        "kind": decisions[0].matter.kind,
        "verdict": motion.verdict,
        "counted_at": _moment(motion.counted_at),
        "members": standing["members"],
        "needed": standing["needed"],
        "counted": len(counted),
        "missing": [organisations.get(one, one) for one in standing["missing"]],
        "votes": [
            {"name": names.get(str(one.member_id), one.member.name), "choice": one.choice,
             "counts": str(one.member_id) in counted}
            for one in votes
        ],
        "decisions": [
            {"item": numbers[one.item_id], "title": one.matter.title, "outcome": one.outcome,
             "needed": one.needed, "counted": one.counted, "for": one.in_favour,
             "against": one.against, "abstained": one.abstained,
             "set_aside": one.why_set_aside}
            for one in decisions
        ],
    }  # fmt: skip


def _organisations(session: Session) -> list[Organisation]:
    terms = Term.objects.known().filter(body=session.body_id)
    return list(Organisation.objects.filter(pk__in=terms.values("organisation_id")))


def _title(item: Item) -> str:
    if item.matter:
        return item.matter.title
    assert item.action is not None
    return item.action.text


def _owner(action: ActionItem) -> str:
    assert action.organisation is not None
    return action.organisation.name_fa


def _moment(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds") if at else ""
