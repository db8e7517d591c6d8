"""The writers of tasks between organisations: send, answer, escalate, move with the place."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean, search_key
from pooshesh.partners.clock import level
from pooshesh.partners.models import Organisation, StepKind, Task, TaskState, TaskStep
from pooshesh.partners.queries import speaks_for
from pooshesh.partners.states import RECEIVERS_VERBS, TASK
from pooshesh.partners.task_queries import OPEN, late
from pooshesh.places.models import Area

explain(
    {
        "task.title": gettext_noop("The task has no title; expected one."),
        "task.due": gettext_noop("The day %(read)s has passed; expected today or a later day."),
        "task.same": gettext_noop("An organisation does not hand a task to itself."),
        "task.not_yours": gettext_noop("You do not speak for “%(name)s”."),
        "task.reason": gettext_noop("No reason was given; expected why it goes back."),
        "task.text": gettext_noop("Nothing was written; expected an answer."),
        "task.moved_on": gettext_noop(
            "Somebody else has acted on this task meanwhile: it is “%(state)s” now."
        ),
        "task.closed": gettext_noop("The task is closed; nothing is added to it."),
    }
)


def send(
    *,
    user: User,
    sender: Organisation,
    receiver: Organisation,
    title: str,
    due: dt.date,
    text: str = "",
    area: Area | None = None,
    about: tuple[str, str] = ("", ""),
) -> Task:
    """One organisation hands a task to another; `about` is (kind, id) of another room's object.

    Raises Invalid for a sender the user does not speak for, or a day that has passed.
    """
    if not speaks_for(user, sender.pk):
        raise Invalid("task.not_yours", name=str(sender))
    return open_task(
        actor=user.id, sender=sender, receiver=receiver, title=title, due=due, text=text,
        area=area, about=about,
    )  # fmt: skip


@transaction.atomic
def open_task(
    *,
    actor: UUID | None,
    sender: Organisation,
    receiver: Organisation,
    title: str,
    due: dt.date,
    text: str = "",
    area: Area | None = None,
    about: tuple[str, str] = ("", ""),
) -> Task:
    """What `send` writes, for rooms that hand out tasks themselves."""
    if not clean(title):
        raise Invalid("task.title")
    if sender == receiver:
        raise Invalid("task.same")
    if due < timezone.localdate():
        raise Invalid("task.due", read=due)
    task = Task.objects.create(
        sender=sender, receiver=receiver, promised_by=receiver, title=clean(title),
        search_key=search_key(title), text=text.strip(), due=due, sent_by=actor,
        about_kind=about[0], about_id=about[1],
        area=area, area_path=area.path if area else None, province=area.province if area else "",
    )  # fmt: skip
    _step(task, StepKind.SENT, by=actor, organisation=sender, due=due)
    _record("send_task", actor, task, receiver=receiver.code, due=due)
    return task


@transaction.atomic
def act(task: Task, verb: str, user: User, *, text: str = "", due: dt.date | None = None) -> Task:
    """Accept, finish, return, send again or take back a task.

    `text` answers, and is the reason of a return; `due` is the new day of one that is sent again.
    Raises Invalid for a side the user does not speak for, and when somebody was quicker.
    """
    now = _locked(task)
    side = now.receiver if verb in RECEIVERS_VERBS else now.sender
    if not speaks_for(user, side.pk):
        raise Invalid("task.not_yours", name=str(side))
    target = TASK.next(now.state, verb)
    changes: dict[str, Any] = {}
    if verb == "return" and not clean(text):
        raise Invalid("task.reason")
    if verb == "finish":
        changes["done_on"] = timezone.localdate()
    if verb == "resend":
        day = due or now.due
        if day < timezone.localdate():
            raise Invalid("task.due", read=day)
        changes |= {"due": day, "level": 0, "promised_by_id": now.receiver_id}
    _move(now, target, **changes)
    _step(now, StepKind(verb), by=user.id, organisation=side, text=text.strip(),
          due=changes.get("due"))  # fmt: skip
    _record(f"{verb}_task", user.id, now, state=target)
    return now


@transaction.atomic
def reply(task: Task, user: User, text: str) -> None:
    """Write an answer into the history, without changing where the task stands."""
    now = _locked(task)
    side = next((s for s in (now.receiver, now.sender) if speaks_for(user, s.pk)), None)
    if side is None:
        raise Invalid("task.not_yours", name=str(now.receiver))
    if not text.strip():
        raise Invalid("task.text")
    if now.state in (TaskState.DONE, TaskState.WITHDRAWN):
        raise Invalid("task.closed")
    _step(now, StepKind.NOTE, by=user.id, organisation=side, text=text.strip())
    _record("reply_task", user.id, now, state=now.state)


@jobs.job("partners.escalate", every=dt.timedelta(days=1))
def escalate(progress: jobs.Progress) -> dict[str, int]:
    """Escalate tasks between organisations that are overdue."""
    return {"tasks": escalate_all(progress)}


def escalate_all(progress: jobs.Progress | None = None) -> int:
    """Escalate what is overdue today; how many levels in all."""
    today = timezone.localdate()
    found = [task.pk for task in late(today)]
    raised = 0
    for number, task_id in enumerate(found):
        if progress:
            progress("tasks", number, len(found))
        raised += _escalate(task_id, today)
    return raised


@transaction.atomic
def _escalate(task_id: UUID, today: dt.date) -> int:
    """Raise one task level by level, each with a line in its history; how many levels."""
    task = Task.objects.select_for_update(of=("self",)).get(pk=task_id)
    reached = level(task.due, today)
    if task.state not in OPEN or reached <= task.level:
        return 0
    raised = range(task.level + 1, reached + 1)
    for one in raised:
        _step(task, StepKind.ESCALATED, by=None, level=one, due=task.due)
    Task.objects.filter(pk=task.pk).update(level=reached)
    _record("escalate_task", None, task, level=reached)
    return len(raised)


@transaction.atomic
def settle(about: tuple[str, str], *, actor: UUID | None, done: bool, text: str = "") -> None:
    """Close what is open about an object, for rooms that hand out tasks: done, or taken back."""
    kind, state = (
        (StepKind.DONE, TaskState.DONE) if done else (StepKind.WITHDRAWN, TaskState.WITHDRAWN)
    )
    rows = Task.objects.select_for_update(of=("self",)).exclude(
        state__in=[TaskState.DONE, TaskState.WITHDRAWN]
    )
    for task in rows.filter(about_kind=about[0], about_id=about[1]):
        _move(task, state, **({"done_on": timezone.localdate()} if done else {}))
        _step(task, kind, by=actor, text=text.strip())
        _record(f"{kind}_task", actor, task, state=state)


def move_along(
    sender: object,
    areas: Sequence[Area],
    former: Organisation | None,
    receiver: Organisation,
    on: dt.date,
    **_kwargs: object,
) -> None:
    """Open tasks of the former sponsor about these places go to the new one, who accepts anew.

    What had fallen due before that day stays the former's promise. A task the new sponsor itself
    had handed out is closed: it answers for the place now.
    """
    if former is None:
        return
    rows = Task.objects.select_for_update(of=("self",)).filter(
        receiver=former, area__in=areas, state__in=OPEN
    )
    for task in list(rows):
        text = f"{former} → {receiver}"
        if task.sender_id == receiver.pk:
            Task.objects.filter(pk=task.pk).update(state=TaskState.WITHDRAWN)
        else:
            promised = receiver if task.due >= on else former
            Task.objects.filter(pk=task.pk).update(
                receiver=receiver, state=TaskState.SENT,
                promised_by=promised if task.promised_by_id == former.pk else task.promised_by,
            )  # fmt: skip
        _step(task, StepKind.MOVED, by=None, organisation=receiver, text=text)
        _record("move_task", None, task, receiver=receiver.code, on=on)


def _locked(task: Task) -> Task:
    """The row as it stands now. Raises Invalid when it moved on since the caller read it."""
    rows = Task.objects.select_for_update(of=("self",)).select_related("sender", "receiver")
    now = rows.get(pk=task.pk)
    if (now.state, now.receiver_id) != (task.state, task.receiver_id):
        raise Invalid("task.moved_on", state=now.get_state_display())
    return now


def _move(task: Task, target: str, **fields: object) -> None:
    """Change state only from the one it was read in."""
    changed = Task.objects.filter(pk=task.pk, state=task.state).update(state=target, **fields)
    if not changed:
        raise Invalid("task.moved_on", state=TaskState(target).label)
    task.state = target


def _step(
    task: Task,
    kind: StepKind,
    *,
    by: UUID | None,
    organisation: Organisation | None = None,
    text: str = "",
    level: int | None = None,
    due: dt.date | None = None,
) -> None:
    TaskStep.objects.create(
        task=task, kind=kind, by=by, organisation=organisation, text=text, level=level, due=due
    )


def _record(verb: str, actor: UUID | None, task: Task, **content: object) -> None:
    audit.record(
        f"partners.{verb}", actor=actor, kind="task", object_id=task.id, content=content,
        area_path=task.area_path or "",
    )  # fmt: skip
