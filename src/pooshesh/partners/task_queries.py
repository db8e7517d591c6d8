"""Reads of tasks between organisations: inbox, outbox, history, promises kept."""

import datetime as dt
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.kernel.text import search_key
from pooshesh.partners.clock import ESCALATES_AFTER, Share
from pooshesh.partners.models import (
    Officer,
    Organisation,
    Task,
    TaskState,
    TaskStep,
)
from pooshesh.partners.queries import TASKS, organisations_of, own_ids
from pooshesh.partners.states import RECEIVERS_VERBS, TASK

OPEN = (TaskState.SENT, TaskState.ACCEPTED)
PROGRAMME_HEAD = "programme.write"  # who heads the programme may write it


def tasks(user: User) -> QuerySet[Task]:
    """Tasks of the viewer's own organisations, and those about places in their area."""
    if not user.may(TASKS):
        return Task.objects.none()
    reach = user.reach(TASKS)
    rows = Task.objects.select_related("sender", "receiver", "area")
    if reach.everywhere:
        return rows
    own = own_ids(user)
    about = Q(area__isnull=False) & reach.q()
    return rows.filter(Q(sender_id__in=own) | Q(receiver_id__in=own) | about)


def task(user: User, task_id: UUID) -> Task:
    """One task the viewer sees. Raises Task.DoesNotExist."""
    return tasks(user).get(id=task_id)


def inbox(user: User, rows: QuerySet[Task]) -> QuerySet[Task]:
    """Those handed to the viewer's own organisations."""
    return rows.filter(receiver_id__in=own_ids(user))


def outbox(user: User, rows: QuerySet[Task]) -> QuerySet[Task]:
    """Those the viewer's own organisations handed out."""
    return rows.filter(sender_id__in=own_ids(user))


def overdue(rows: QuerySet[Task], today: dt.date | None = None) -> QuerySet[Task]:
    """Open tasks whose day has passed."""
    return rows.filter(state__in=OPEN, due__lt=today or timezone.localdate())


def escalated(rows: QuerySet[Task]) -> QuerySet[Task]:
    """Open tasks that have escalated."""
    return rows.filter(state__in=OPEN, level__gt=0)


def escalated_to(user: User) -> QuerySet[Task]:
    """Open tasks that escalated to the viewer: as head of the receiver, or of the programme."""
    mine = Officer.objects.on(timezone.localdate()).filter(user_id=user.id)
    headed = mine.filter(head=True).values("organisation_id")
    with_head = Officer.objects.on(timezone.localdate()).filter(head=True)
    # Where nobody is named head, everybody who speaks for it is told.
    headless = organisations_of(user).exclude(pk__in=with_head.values("organisation_id"))
    to_me = Q(level__gte=1) & (Q(receiver_id__in=headed) | Q(receiver_id__in=headless.values("pk")))
    if user.may(PROGRAMME_HEAD):
        to_me |= Q(level__gte=2)
    return Task.objects.filter(to_me, state__in=OPEN)


def history(task: Task) -> list[TaskStep]:
    """Everything that happened to a task, newest first."""
    rows = TaskStep.objects.filter(task=task).select_related("organisation")
    return list(rows.order_by("-at", "-pk"))


def verbs(user: User, task: Task) -> list[str]:
    """What the viewer may do with a task in the state it is in."""
    own = own_ids(user)
    sends, receives = task.sender_id in own, task.receiver_id in own
    return [
        verb for verb in TASK.verbs(task.state) if (receives if verb in RECEIVERS_VERBS else sends)
    ]


def takes_part(user: User, task: Task) -> bool:
    """Whether the viewer speaks for one of the two sides."""
    return bool({task.sender_id, task.receiver_id} & own_ids(user))


def senders(user: User) -> QuerySet[Organisation]:
    """Organisations in whose name the viewer hands out tasks."""
    return organisations_of(user).order_by("sort_key")


def about_area(user: User, area_id: UUID) -> QuerySet[Task]:
    """Open tasks about one place that the viewer sees, soonest first."""
    rows = tasks(user).filter(area_id=area_id, state__in=OPEN)
    return rows.order_by("due", "pk")


def of_subject(kind: str, object_id: str) -> QuerySet[Task]:
    """Tasks about an object of another room, newest first."""
    rows = Task.objects.filter(about_kind=kind, about_id=object_id)
    return rows.select_related("sender", "receiver").order_by("-sent_at")


def late(today: dt.date) -> QuerySet[Task]:
    """Open tasks late enough to escalate further than they have."""
    due = Q()
    for lvl, days in ESCALATES_AFTER.items():
        due |= Q(level__lt=lvl, due__lte=today - dt.timedelta(days))
    return Task.objects.filter(due, state__in=OPEN).order_by("pk")


def search(rows: QuerySet[Task], text: str) -> QuerySet[Task]:
    """Tasks whose title, or the name of a side or the place, holds `text`."""
    wanted = search_key(text)
    return rows.filter(
        Q(search_key__contains=wanted)
        | Q(sender__search_key__contains=wanted)
        | Q(receiver__search_key__contains=wanted)
        | Q(area__search_key__contains=wanted)
    )


# --- promises kept, for scorecards -----------------------------------------------------


def promises_kept(
    since: dt.date, until: dt.date, today: dt.date | None = None
) -> dict[UUID, Share]:
    """By organisation: tasks done in time out of tasks that fell due in [since, until).

    A task belongs to whoever held it when it fell due; its day counts once it is over. Taken back
    and returned ones count for nobody. Organisations without any are left out.
    """
    end = min(until, today or timezone.localdate())
    fell_due = Task.objects.filter(due__gte=since, due__lt=end).exclude(
        state__in=[TaskState.WITHDRAWN, TaskState.RETURNED]
    )
    rows = fell_due.values("promised_by").annotate(
        whole=Count("pk"), part=Count("pk", filter=Q(done_on__lte=F("due")))
    )
    return {row["promised_by"]: Share(row["part"], row["whole"]) for row in rows.order_by()}


def promises_kept_by(
    organisation: Organisation, since: dt.date, until: dt.date, today: dt.date | None = None
) -> Share:
    """The promises of one organisation in a period."""
    return promises_kept(since, until, today).get(organisation.pk, Share(0, 0))
