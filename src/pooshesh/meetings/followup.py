"""Writers of action items: taken over in a session, open until done or dropped."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.meetings.actions import local_day, record
from pooshesh.meetings.agenda import locked
from pooshesh.meetings.models import (
    ActionItem,
    ActionState,
    Matter,
    Member,
    Session,
    SessionState,
)
from pooshesh.meetings.states import ACTION
from pooshesh.partners.models import Organisation

explain(
    {
        "action.text": gettext_noop("Write what is to be done."),
        "action.owner": gettext_noop("An action item has one owner: a member or an organisation."),
        "action.deadline": gettext_noop("The deadline, %(day)s, lies before the session."),
        "action.why": gettext_noop("Say why it is dropped."),
        "action.gone": gettext_noop("This action item is in the state “%(state)s” already."),
    }
)


@transaction.atomic
def assign(
    session: Session, *, text: str, deadline: dt.date, member: Member | None = None,
    organisation: Organisation | None = None, matter: Matter | None = None, actor: UUID | None,
    at: dt.datetime | None = None,
) -> ActionItem:  # fmt: skip
    """Somebody takes something over in an open session. Raises Invalid for a past deadline."""
    session = locked(session, SessionState.OPEN)
    if not clean(text):
        raise Invalid("action.text")
    if (member is None) == (organisation is None):
        raise Invalid("action.owner")
    if deadline < local_day(at):
        raise Invalid("action.deadline", day=deadline)
    made = ActionItem.objects.create(
        province=session.province, area_path=session.area_path, body=session.body,
        session=session, matter=matter, text=clean(text), member=member,
        organisation=organisation, deadline=deadline,
    )  # fmt: skip
    record("meetings.assign", session.body, actor, made.pk, kind="action_item",
           content={"deadline": deadline})  # fmt: skip
    return made


def finish(action: ActionItem, *, report: str, actor: UUID | None) -> None:
    """It is done. Raises Invalid when somebody closed it before."""
    _close(action, "done", report, actor)


def drop(action: ActionItem, *, report: str, actor: UUID | None) -> None:
    """It will not be done. Raises Invalid without a reason, or when it is closed already."""
    if not clean(report):
        raise Invalid("action.why")
    _close(action, "drop", report, actor)


@transaction.atomic
def _close(action: ActionItem, verb: str, report: str, actor: UUID | None) -> None:
    target = ACTION.next(action.state, verb)
    moved = ActionItem.objects.filter(pk=action.pk, state=ActionState.OPEN).update(
        state=target, report=clean(report), closed_at=timezone.now(), closed_by=actor
    )
    if not moved:
        action.refresh_from_db()
        raise Invalid("action.gone", state=ActionState(action.state).label)
    action.refresh_from_db()
    record(f"meetings.{verb}", action.body, actor, action.pk, kind="action_item")
