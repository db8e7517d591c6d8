"""Writers of bodies: what they are for, who sits in them, which rule holds; all of it dated.

Writers of sessions stand beside: `agenda`, `sitting`, `minutes`, `followup`.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.kernel.time import state
from pooshesh.meetings.models import Body, BodyKind, Member, Role, Rule, Seat, Term
from pooshesh.partners.models import Organisation
from pooshesh.places.models import Area

explain(
    {
        "body.code": gettext_noop("There is a body with the code “%(code)s” already."),
        "seat.taken": gettext_noop("“%(organisation)s” has a seat in this body at that time."),
        "seat.none": gettext_noop(
            "“%(organisation)s” has no seat in this body on %(day)s; give it one first."
        ),
        "member.taken": gettext_noop(
            "The seat, or this role of the body, is taken at that time, or the person sits in"
            " another seat of it; end what was before first."
        ),
        "member.twice": gettext_noop("This user is another member of this body already."),
        "member.ended": gettext_noop("“%(member)s” is no member on %(day)s."),
        "rule.quorum": gettext_noop(
            "A quorum is a number of members, at least 2, or a share from 1 to 99 percent: one of"
            " the two."
        ),
        "period.order": gettext_noop("The end, %(end)s, does not lie after the beginning."),
    }
)


def record(
    action: str, body: Body, actor: UUID | None, object_id: object = "", **more: Any
) -> None:
    """One event about something of a body."""
    audit.record(
        action, actor=actor, object_id=object_id or body.pk, area_path=body.area_path, **more
    )


def _period(start: dt.date, end: dt.date | None) -> None:
    if end is not None and end <= start:
        raise Invalid("period.order", end=end)


@transaction.atomic
def found_body(
    *, code: str, kind: BodyKind, name_fa: str, name_en: str, remit_fa: str, remit_en: str,
    area: Area, capacity: int, actor: UUID | None,
) -> Body:  # fmt: skip
    """Set a body up. Raises Invalid when its code is taken."""
    if Body.objects.filter(code=code).exists():
        raise Invalid("body.code", code=code)
    body = Body.objects.create(
        code=code, kind=kind, name_fa=clean(name_fa), name_en=clean(name_en),
        remit_fa=remit_fa.strip(), remit_en=remit_en.strip(), area=area, area_path=area.path,
        province=area.province, capacity=capacity,
    )  # fmt: skip
    record("meetings.found", body, actor, kind="body", content={"code": code})
    return body


@transaction.atomic
def change_body(
    body: Body, *, name_fa: str, name_en: str, remit_fa: str, remit_en: str, capacity: int,
    actor: UUID | None,
) -> None:  # fmt: skip
    """Other names, remit or capacity."""
    values = {
        "name_fa": clean(name_fa), "name_en": clean(name_en), "remit_fa": remit_fa.strip(),
        "remit_en": remit_en.strip(), "capacity": capacity,
    }  # fmt: skip
    Body.objects.filter(pk=body.pk).update(**values)
    record("meetings.change_body", body, actor, kind="body", content=values)


@transaction.atomic
def set_rule(
    body: Body, *, start: dt.date, quorum_members: int | None = None,
    quorum_percent: int | None = None, must_attend: Sequence[UUID] = (),
    majority_percent: int = 50, abstentions_count: bool = False, actor: UUID | None,
) -> Rule:  # fmt: skip
    """State the rule that holds from a day on; what was counted before stays as it was counted."""
    if (quorum_members is None) == (quorum_percent is None) or (quorum_members or 2) < 2:
        raise Invalid("rule.quorum")
    values = {
        "quorum_members": quorum_members, "quorum_percent": quorum_percent,
        "must_attend": sorted(must_attend), "majority_percent": majority_percent,
        "abstentions_count": abstentions_count,
    }  # fmt: skip
    made = state(Rule, {"body": body}, values, start)
    assert made is not None
    record("meetings.set_rule", body, actor, kind="body", content=values)
    return made


@transaction.atomic
def give_seat(
    body: Body, organisation: Organisation, *, start: dt.date, end: dt.date | None = None,
    actor: UUID | None,
) -> None:  # fmt: skip
    """An organisation gets a seat. Raises Invalid when it has one in that time."""
    _period(start, end)
    lock(body)
    key = {"body": body, "organisation": organisation}
    window = (start, end)
    if Seat.objects.known().filter(**key, valid__overlap=window).exists():
        raise Invalid("seat.taken", organisation=str(organisation))
    state(Seat, key, {}, start, end)
    record("meetings.seat", body, actor, kind="body", content={"organisation": organisation.pk})


@transaction.atomic
def end_seat(body: Body, organisation: Organisation, *, day: dt.date, actor: UUID | None) -> None:
    """From a day on an organisation has no seat, and whoever sits for it neither."""
    lock(body)
    state(Seat, {"body": body, "organisation": organisation}, None, day)
    for term in Term.objects.known().filter(body=body, organisation=organisation):
        state(Term, {"body": body, "member": term.member}, None, day)
    record("meetings.end_seat", body, actor, kind="body", content={"organisation": organisation.pk})


@transaction.atomic
def appoint(
    body: Body, organisation: Organisation, *, name: str, role: Role, start: dt.date,
    end: dt.date | None = None, user_id: UUID | None = None, actor: UUID | None,
) -> Member:  # fmt: skip
    """A person takes a seat for an organisation, as member, chair, alternate or secretary.

    Who sat in the body before, known by their account, is the same member. Raises Invalid where
    the seat, the role or the person is taken at that time, or the organisation has no seat then.
    """
    _period(start, end)
    lock(body)
    if not Seat.objects.on(start).filter(body=body, organisation=organisation).exists():
        raise Invalid("seat.none", organisation=str(organisation), day=start)
    known = Member.objects.filter(body=body, user_id=user_id).first() if user_id else None
    member = known or Member.objects.create(
        body=body, province=body.province, name=clean(name), user_id=user_id
    )
    values = {"organisation": organisation, "role": role}
    if Term.objects.known().filter(member=member, valid__overlap=(start, end)).exists():
        raise Invalid("member.taken")
    try:
        with transaction.atomic():
            state(Term, {"body": body, "member": member}, values, start, end)
    except IntegrityError as error:
        if "term_one" not in str(error):
            raise
        raise Invalid("member.taken") from error
    record(
        "meetings.appoint", body, actor, member.pk, kind="body_member",
        content={"role": role, "organisation": organisation.pk, "from": start},
    )  # fmt: skip
    return member


@transaction.atomic
def dismiss(member: Member, *, day: dt.date, actor: UUID | None) -> None:
    """From a day on a person is no member. Raises Invalid when they are none then."""
    lock(member.body)
    if not Term.objects.known().filter(member=member, valid__overlap=(day, None)).exists():
        raise Invalid("member.ended", member=member.name, day=day)
    state(Term, {"body": member.body, "member": member}, None, day)
    record(
        "meetings.dismiss", member.body, actor, member.pk, kind="body_member",
        content={"from": day},
    )  # fmt: skip


@transaction.atomic
def link_account(member: Member, user_id: UUID, *, actor: UUID | None) -> None:
    """Say which account a member signs in with, to vote and sign by themselves."""
    if Member.objects.filter(body=member.body, user_id=user_id).exclude(pk=member.pk).exists():
        raise Invalid("member.twice")
    Member.objects.filter(pk=member.pk).update(user_id=user_id)
    record(
        "meetings.link_account", member.body, actor, member.pk, kind="body_member",
        content={"user": user_id},
    )  # fmt: skip


def lock(body: Body) -> Body:
    """Writers of one body queue here."""
    return Body.objects.select_for_update().get(pk=body.pk)


def local_day(at: dt.datetime | None = None) -> dt.date:
    """The day of a moment here (default: today)."""
    return timezone.localdate(at) if at else timezone.localdate()
