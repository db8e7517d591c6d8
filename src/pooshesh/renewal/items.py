"""The worklist of renewal: households whose cover goes on until a clerk settled why it may not.

Cover ends here in one way only: after a notice was given and its deadline came.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.queries import visible
from pooshesh.coverage import endings, suspensions
from pooshesh.coverage.models import Notice, Reason
from pooshesh.coverage.renewing import Renewed, renew_spells
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.policy.queries import PACK, bound_pack
from pooshesh.renewal import deciding, terms
from pooshesh.renewal.models import (
    Appeal,
    Concerned,
    Item,
    ItemState,
    Outcome,
    Row,
    Run,
    Why,
)
from pooshesh.renewal.states import WORK

explain(
    {
        "renewal.item_held": gettext_noop(
            "Another clerk is working on this item; it is free again at %(until)s at the latest."
        ),
        "renewal.item_done": gettext_noop("This item was settled already; nothing was changed."),
        "renewal.still_cannot": gettext_noop(
            "By the rules cover still cannot be renewed for %(count)s persons; nothing was changed."
        ),
        "renewal.no_notice": gettext_noop(
            "Nobody loses cover silently: give notice first; cover may end when its deadline came."
        ),
        "renewal.contested": gettext_noop(
            "An appeal against the decile is not answered yet; cover stays as it is until then."
        ),
        "renewal.told": gettext_noop("Notice was given already; nothing was changed."),
    }
)


def open_items(run: Run | None, rows: Sequence[Row], deadline: dt.date) -> None:
    """Put the households of rows on the worklist, in the caller's transaction; 3 statements.

    A household that is on it already stays there once, with the persons of both.
    """
    subjects = {row.household_id or row.person_id: row for row in reversed(rows)}
    Item.objects.bulk_create(
        [
            Item(
                run=run, subject=subject, household_id=row.household_id, reason=row.reason,
                on=row.on, deadline=deadline, area_id=row.area_id, area_path=row.area_path,
                province=row.province,
            )
            for subject, row in subjects.items()
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    standing = Item.objects.filter(subject__in=subjects, state=ItemState.OPEN)
    ids = dict(standing.values_list("subject", "pk"))
    Concerned.objects.bulk_create(
        [
            Concerned(
                item_id=ids[row.household_id or row.person_id], person_id=row.person_id,
                reason=row.reason,
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def items(user: User) -> QuerySet[Item]:
    """Items of the area where the user renews cover."""
    return visible(user, WORK).limit(Item.objects.select_related("area", "household"))


@transaction.atomic
def take(user: User) -> Item | None:
    """The clerk's own open item, else the free one whose deadline is the oldest, now locked."""
    now = timezone.now()
    queue = visible(user, WORK).limit(Item.objects.filter(state=ItemState.OPEN))
    queue = queue.select_for_update(skip_locked=True, of=("self",))
    mine = queue.filter(locked_by=user.pk, locked_until__gt=now).order_by("deadline", "pk").first()
    free = queue.filter(Q(locked_until=None) | Q(locked_until__lte=now))
    order = (F("skipped_at").asc(nulls_first=True), "deadline", "pk")
    item = mine or free.order_by(*order).first()
    return _lock(item, user) if item else None


@transaction.atomic
def hold(user: User, item_id: UUID) -> Item | None:
    """Open one item and lock it; None outside the area. Raises Invalid when it is another's."""
    item = items(user).select_for_update(of=("self",)).filter(pk=item_id).first()
    if item is None or item.state != ItemState.OPEN:
        return item
    if item.locked_by != user.pk and item.locked_until and item.locked_until > timezone.now():
        until = timezone.localtime(item.locked_until)
        raise Invalid("renewal.item_held", until=f"{until:%H:%M}")
    return _lock(item, user)


def _lock(item: Item, user: User) -> Item:
    now = timezone.now()
    if item.locked_by != user.pk or item.locked_until is None or item.locked_until <= now:
        audit.record(
            "renewal.open_item", actor=user.pk, kind="renewal_item", object_id=item.pk,
            purpose=item.reason, area_path=item.area_path, persons=concerned(item),
        )  # fmt: skip
    item.locked_by, item.locked_until = user.pk, now + terms.LOCK
    item.save(update_fields=["locked_by", "locked_until"])
    return item


def concerned(item: Item) -> list[UUID]:
    """The persons an item is about."""
    return list(item.persons.order_by("pk").values_list("person_id", flat=True))


def skip(user: User, item_id: UUID) -> None:
    """Put one's item back, at the end of the queue."""
    Item.objects.filter(pk=item_id, state=ItemState.OPEN, locked_by=user.pk).update(
        locked_by=None, locked_until=None, skipped_at=timezone.now()
    )


def _mine(user: User, item_id: UUID) -> Item:
    """One's open item, locked for this transaction. Raises Invalid when it is not."""
    item = Item.objects.select_for_update().get(pk=item_id)
    if item.state != ItemState.OPEN:
        raise Invalid("renewal.item_done")
    if item.locked_by != user.pk and item.locked_until and item.locked_until > timezone.now():
        until = timezone.localtime(item.locked_until)
        raise Invalid("renewal.item_held", until=f"{until:%H:%M}")
    return item


def _record(action: str, user: User, item: Item, purpose: str = "") -> None:
    audit.record(
        action, actor=user.pk, kind="renewal_item", object_id=item.pk, purpose=purpose,
        fields=["state"], area_path=item.area_path, persons=concerned(item),
    )  # fmt: skip


@transaction.atomic
def note(user: User, item_id: UUID, text: str) -> None:
    """Write down what was found out; the item stays open."""
    item = _mine(user, item_id)
    item.note = clean(text)
    item.save(update_fields=["note"])
    _record("renewal.note", user, item)


@transaction.atomic
def agree(user: User, item_id: UUID, *, accepts_share: bool) -> None:
    """Renew by the rules as they decide now, because what was missing is known.

    `accepts_share`: the household was told that it will pay, and wants the cover. Raises Invalid
    when somebody still cannot be renewed; then nobody is.
    """
    item = _mine(user, item_id)
    renewed, refused = [], 0
    for held, said in standing(item):
        if said.outcome == Outcome.CANNOT and not (accepts_share and said.why == Why.DECILE_RAISED):
            refused += 1
            continue
        same = said.outcome == Outcome.SAME
        renewed.append(
            Renewed(held.spell_id, held.person_id)
            if same
            else Renewed(held.spell_id, held.person_id, said.scheme, said.percent)
        )
    if refused:
        raise Invalid("renewal.still_cannot", count=refused)
    renew_spells(renewed, day_of(item), actor=user.pk)
    _withdraw(item, user)
    _finish(item, user, ItemState.SETTLED)


def standing(item: Item) -> list[tuple[deciding.Held, deciding.Verdict]]:
    """What the rules say now about whom an item concerns, where there is cover to renew."""
    day = day_of(item)
    held = deciding.held_of(concerned(item), day, timezone.localdate())
    return list(zip(held, deciding.verdicts(bound_pack(PACK, day), held), strict=True))


def day_of(item: Item) -> dt.date:
    """From when what is decided about an item holds: nothing is changed for days gone by."""
    return max(item.on, timezone.localdate())


@transaction.atomic
def give_notice(user: User, item_id: UUID, deadline: dt.date, text: str = "") -> int:
    """Tell each person of an item that cover will end; how many. Raises Invalid as a notice does.

    Not while an appeal against the decile is open, which holds cover as it was.
    """
    item = _mine(user, item_id)
    _uncontested(item)
    untold = list(item.persons.filter(notice=None).select_related("person"))
    if not untold:
        raise Invalid("renewal.told")
    covered = {held.person_id for held, _ in standing(item)}
    for one in untold:
        if one.person_id in covered:
            one.notice = suspensions.give_notice(
                one.person, Reason.RENEWAL, deadline, text=text, actor=user.pk
            )
            one.save(update_fields=["notice"])
    _record("renewal.notice", user, item)
    return len(untold)


@transaction.atomic
def end_cover(user: User, item_id: UUID) -> int:
    """End the cover of an item's persons, each after a notice whose deadline has come.

    How many spells that shortened. Raises Invalid when one was not told or has time left.
    """
    item = _mine(user, item_id)
    _uncontested(item)
    ended = 0
    covered = {held.person_id for held, _ in standing(item)}
    for one in item.persons.select_related("notice").order_by("pk"):
        if one.person_id not in covered:
            continue
        if one.notice is None:
            raise Invalid("renewal.no_notice")
        ended += endings.end_after_notice(one.notice, day_of(item), actor=user.pk)
        Concerned.objects.filter(pk=one.pk).update(settled=ItemState.ENDED)
    _finish(item, user, ItemState.ENDED)
    return ended


def _uncontested(item: Item) -> None:
    open_appeal = Appeal.objects.filter(household=item.household_id, state__in=["filed", "sent"])
    if terms.APPEAL_HOLDS_COVER and item.household_id and open_appeal.exists():
        raise Invalid("renewal.contested")


@transaction.atomic
def settle(user: User, item_id: UUID) -> None:
    """Close an item about which nothing is to be done: nobody of it has cover that could end."""
    item = _mine(user, item_id)
    left = [said for _, said in standing(item) if said.outcome == Outcome.CANNOT]
    if left:
        raise Invalid("renewal.still_cannot", count=len(left))
    _finish(item, user, ItemState.SETTLED)


def _withdraw(item: Item, user: User) -> None:
    """What was announced does not come: the notices of an item are taken back."""
    told = Notice.objects.filter(pk__in=item.persons.values("notice"), withdrawn_at=None)
    for one in told:
        suspensions.withdraw_notice(one, reason="renewed: the matter was settled", actor=user.pk)


def _finish(item: Item, user: User, state: ItemState) -> None:
    item.state, item.done_by, item.done_at = state, user.pk, timezone.now()
    item.locked_by = item.locked_until = None
    item.save(update_fields=["state", "done_by", "done_at", "locked_by", "locked_until"])
    _record(f"renewal.{state.value}", user, item)
