"""Who works on which item. Two clerks never get the same one; the row lock decides.

An item belongs to a clerk from the moment it is shown until it is answered, skipped, or its lock
runs out.
"""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.queries import visible
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.people.queries import WRITE, persons
from pooshesh.programme.models import (
    CampaignRow,
    CampaignState,
    WorkItem,
    WorkKind,
    WorkState,
)
from pooshesh.programme.worklists import cards

LOCK = dt.timedelta(minutes=15)

explain(
    {
        "worklist.held": gettext_noop(
            "Another clerk is working on this item; it is free again at %(until)s at the latest."
        ),
        "worklist.passed_on": gettext_noop(
            "This item was passed on; it waits for somebody whose area covers both persons."
        ),
        "worklist.lost": gettext_noop(
            "Your time with this item ran out and somebody else took it; nothing was changed."
        ),
        "worklist.yours": gettext_noop(
            "You may change the records of both persons: decide it yourself, or skip it."
        ),
        "worklist.done": gettext_noop("This item has been decided already; nothing was changed."),
    }
)


def items(user: User) -> QuerySet[WorkItem]:
    """Every item, open or done, that the user may work on."""
    return visible(user, "worklist.work").limit(WorkItem.objects.select_related("campaign"))


def open_items(user: User) -> QuerySet[WorkItem]:
    """Open items of campaigns that are not closed, without those passed on to others."""
    return _undecided(user).filter(Q(passed_on_at=None) | _reaches_both(user))


def passed_on(user: User) -> int:
    """Items of the user's area that wait for somebody whose area covers both sides."""
    return _undecided(user).exclude(passed_on_at=None).exclude(_reaches_both(user)).count()


def _undecided(user: User) -> QuerySet[WorkItem]:
    return items(user).filter(state=WorkState.OPEN, campaign__state=CampaignState.DONE)


def _reaches_both(user: User) -> Q:
    """That the user may change the records of both persons an item compares."""
    within = persons(user, WRITE).select_related(None)
    rows = CampaignRow.objects.filter(
        campaign=OuterRef("campaign"), census_row=OuterRef("other_row"), person__in=within
    )
    other = Q(Exists(within.filter(pk=OuterRef("holder")))) | Q(Exists(rows))
    return Q(Exists(within.filter(pk=OuterRef("person")))) & other


def counts(user: User) -> dict[WorkKind, tuple[int, int]]:
    """Per kind: open items, and how many of them are being worked on. Unit: item."""
    now = timezone.now()
    found = {
        WorkKind(kind): (total, held)
        for kind, total, held in open_items(user)
        .values_list("kind")
        .annotate(total=Count("id"), held=Count("id", filter=Q(locked_until__gt=now)))
        .order_by()
    }
    return {kind: found.get(kind, (0, 0)) for kind in WorkKind}


@transaction.atomic
def take(user: User, kind: WorkKind) -> WorkItem | None:
    """The clerk's own item of a kind, else the next free one, now locked; None when all is done.

    What somebody skipped comes last.
    """
    now = timezone.now()
    queue = open_items(user).filter(kind=kind).select_for_update(skip_locked=True, of=("self",))
    mine = queue.filter(locked_by=user.id, locked_until__gt=now).order_by("id").first()
    item = mine or (
        queue.filter(Q(locked_until=None) | Q(locked_until__lte=now))
        .order_by(F("skipped_at").asc(nulls_first=True), "id")
        .first()
    )
    return _lock(item, user, now) if item else None


@transaction.atomic
def hold(user: User, item_id: UUID) -> WorkItem:
    """Open one item by its address and lock it, or renew one's own lock.

    Raises WorkItem.DoesNotExist outside one's area or after the campaign was closed, and Invalid
    when somebody else holds it or it was passed on to others.
    """
    now = timezone.now()
    item = items(user).select_for_update(of=("self",)).get(id=item_id)
    if item.state == WorkState.DONE:
        return item
    if item.campaign.state != CampaignState.DONE:
        raise WorkItem.DoesNotExist
    if item.passed_on_at and not open_items(user).filter(id=item_id).exists():
        raise Invalid("worklist.passed_on")
    if item.locked_by != user.id and item.locked_until and item.locked_until > now:
        until = timezone.localtime(item.locked_until)
        raise Invalid("worklist.held", until=f"{until:%H:%M}")
    return _lock(item, user, now)


def _lock(item: WorkItem, user: User, now: dt.datetime) -> WorkItem:
    if item.locked_by != user.id or item.locked_until is None or item.locked_until <= now:
        # Shown for the first time: a look at the records of all it shows.
        audit.record(
            "worklist.open", actor=user.id, kind="work_item", object_id=item.id,
            purpose=item.kind, area_path=item.area_path, persons=cards.shown(user, item),
        )  # fmt: skip
    item.locked_by, item.locked_until = user.id, now + LOCK
    item.save(update_fields=["locked_by", "locked_until"])
    return item


def note_revealed(user: User, item: WorkItem) -> None:
    """Note that somebody asked for the numbers of an item in full, as on the person's page."""
    audit.record(
        "people.reveal_identifier", actor=user.id, kind="work_item", object_id=item.id,
        fields=cards.NUMBERED, purpose=item.kind, area_path=item.area_path,
        persons=cards.shown(user, item),
    )  # fmt: skip


def skip(user: User, item_id: UUID) -> None:
    """Put one's item back, at the end of the queue; no effect on anybody else's."""
    items(user).filter(id=item_id, state=WorkState.OPEN, locked_by=user.id).update(
        locked_by=None, locked_until=None, skipped_at=timezone.now()
    )


@transaction.atomic
def pass_on(user: User, item_id: UUID) -> None:
    """Leave one's item to who may change both records. Raises Invalid when the user may, as well
    as when the item is done or somebody else's."""
    rows = items(user).filter(id=item_id, state=WorkState.OPEN, locked_by=user.id)
    if rows.filter(_reaches_both(user)).exists():
        raise Invalid("worklist.yours")
    if not rows.update(passed_on_at=timezone.now(), locked_by=None, locked_until=None):
        raise Invalid("worklist.lost")
    item = items(user).get(id=item_id)
    audit.record(
        "worklist.pass_on", actor=user.id, kind="work_item", object_id=item.id, purpose=item.kind,
        area_path=item.area_path, persons=[item.person_id],
    )  # fmt: skip


def reopen(user: User, item: WorkItem) -> WorkItem:
    """Open an item again that the user answered, as theirs, in the caller's transaction."""
    item.state, item.outcome, item.done_by, item.done_at = WorkState.OPEN, "", None, None
    item.save(update_fields=["state", "outcome", "done_by", "done_at"])
    audit.record(
        "worklist.undo", actor=user.id, kind="work_item", object_id=item.id, purpose=item.kind,
        area_path=item.area_path, persons=[item.person_id],
    )  # fmt: skip
    return _lock(item, user, timezone.now())


def finish(user: User, item_id: UUID, outcome: str, note: str) -> WorkItem:
    """Mark one's item as done, in the caller's transaction. Of two submits the first counts.

    Raises Invalid when it is done already or somebody else holds it.
    """
    now = timezone.now()
    done = (
        items(user)
        .filter(id=item_id, state=WorkState.OPEN)
        .filter(Q(locked_by=user.id) | Q(locked_until=None) | Q(locked_until__lte=now))
        .update(
            state=WorkState.DONE,
            outcome=outcome,
            note=note,
            done_by=user.id,
            done_at=now,
            locked_by=None,
            locked_until=None,
        )
    )
    item = items(user).get(id=item_id)
    if not done:
        raise Invalid("worklist.done" if item.state == WorkState.DONE else "worklist.lost")
    return item
