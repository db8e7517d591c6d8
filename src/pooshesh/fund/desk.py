"""The clerk's desk: one queue of every kind of work, each row in one clerk's hands at a time.

A room registers its kind of work with what waits of it. "Next file" is the urgent first, then who
waits longest; what somebody put off comes last. A row is a clerk's from the moment it is shown
until it moves on, is put off, or the time runs out. Who gets it the database decides, by one
conditional write.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise

from pooshesh.access.models import User
from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.fund.models import Assignment
from pooshesh.fund.states import WORK
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.text import clean

LOCK = dt.timedelta(minutes=20)
TRIES = 20  # rows that others took between our look and our hand

explain(
    {
        "fund.held": gettext_noop(
            "Another clerk works on this file; it is free again at %(until)s at the latest. Nothing"
            " was changed."
        ),
        "fund.skip_reason": gettext_noop("Write in a few words why the file is put off."),
    }
)


@dataclass(frozen=True)
class WorkKind:
    """A kind of work of the desk.

    `waiting(reach)` are the rows that wait, with columns `province` and `area_path`; `age` names
    the column since when, `urgent` the boolean column of what goes first ("" none). `address(row)`
    is the page that works on a row, `persons(row)` whom it shows.
    """

    code: str
    title: str | Promise
    waiting: Callable[[Reach], QuerySet[Any]]
    address: Callable[[Any], str]
    age: str
    urgent: str = ""
    persons: Callable[[Any], list[UUID]] = lambda _row: []


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of a kind waits, in rows; `held` are in somebody's hands, `skipped` put off."""

    kind: WorkKind
    total: int
    urgent: int
    held: int
    skipped: int
    oldest: dt.datetime | None


_kinds: dict[str, WorkKind] = {}


def register(kind: WorkKind) -> None:
    """Bring a kind of work to the desk. Raises ValueError for a code that is taken."""
    if kind.code in _kinds:
        raise ValueError(f"two rooms bring work called {kind.code!r}")
    _kinds[kind.code] = kind


def kinds() -> list[WorkKind]:
    """Every kind of work, in the order of the rooms."""
    return list(_kinds.values())


def kind_of(code: str) -> WorkKind | None:
    """A kind of work by its code."""
    return _kinds.get(code)


def waiting(user: User) -> list[Waiting]:
    """What waits for the clerk's area, by kind; 2 statements a kind. Unit: row."""
    reach, now = user.reach(WORK), timezone.now()
    found = []
    for kind in kinds():
        rows = kind.waiting(reach)
        urgent = Q(**{kind.urgent: True}) if kind.urgent else Q(pk__in=[])
        counted = rows.order_by().aggregate(
            total=Count("pk"), urgent=Count("pk", filter=urgent), oldest=Min(kind.age)
        )
        hands = Assignment.objects.filter(
            kind=kind.code, object_id__in=rows.order_by().values("pk")
        )
        held = hands.aggregate(
            held=Count("pk", filter=Q(until__gt=now)),
            skipped=Count("pk", filter=Q(skipped_at__isnull=False)),
        )
        found.append(
            Waiting(
                kind,
                counted["total"],
                counted["urgent"],
                held["held"],
                held["skipped"],
                counted["oldest"],
            )
        )
    return found


@transaction.atomic
def take(user: User, code: str = "") -> tuple[WorkKind, Any] | None:
    """The clerk's own row, else the next free one, now theirs; None when nothing is left.

    `code` narrows it to one kind.
    """
    now, reach = timezone.now(), user.reach(WORK)
    asked = [kind for kind in kinds() if code in ("", kind.code)]
    if mine := _mine(user, asked, reach, now):
        return mine
    for _try in range(TRIES):
        best = _next(asked, reach, now)
        if best is None:
            return None
        kind, row = best
        if _hold(user, kind, row, now):
            return kind, row
    return None


def _mine(
    user: User, asked: list[WorkKind], reach: Reach, now: dt.datetime
) -> tuple[WorkKind, Any] | None:
    held = Assignment.objects.filter(
        holder=user.pk, until__gt=now, kind__in=[kind.code for kind in asked]
    )
    for one in held.order_by("id"):
        kind = _kinds[one.kind]
        row = kind.waiting(reach).filter(pk=one.object_id).first()
        if row is not None and _hold(user, kind, row, now):
            return kind, row
    return None


def _next(asked: list[WorkKind], reach: Reach, now: dt.datetime) -> tuple[WorkKind, Any] | None:
    """The best free row of all kinds: nothing put off while anything else waits."""
    for skipped in (False, True):
        found = [
            (kind, row) for kind in asked if (row := _first(kind, reach, now, skipped)) is not None
        ]
        if found:
            return min(found, key=lambda one: _rank(*one))
    return None


def _rank(kind: WorkKind, row: Any) -> tuple[bool, dt.datetime]:
    """Urgent first, then by when it came, or when it was put off."""
    put_off = getattr(row, "put_off", None)
    urgent = bool(kind.urgent and getattr(row, kind.urgent))
    return not urgent or put_off is not None, put_off or getattr(row, kind.age)


def _first(kind: WorkKind, reach: Reach, now: dt.datetime, skipped: bool) -> Any:
    hands = Assignment.objects.filter(kind=kind.code, object_id=OuterRef("pk"))
    if skipped:
        rows = kind.waiting(reach).filter(~Exists(hands.filter(until__gt=now)))
        rows = rows.annotate(put_off=Subquery(hands.values("skipped_at")[:1]))
        return rows.order_by("put_off", kind.age, "pk").first()
    taken = hands.filter(Q(until__gt=now) | Q(skipped_at__isnull=False))
    order = [f"-{kind.urgent}"] if kind.urgent else []
    return kind.waiting(reach).filter(~Exists(taken)).order_by(*order, kind.age, "pk").first()


#: One write decides: it changes nothing where somebody else holds the row.
_HOLD = """
    insert into fund_assignment (id, kind, object_id, province, holder, until, why)
    values (%(id)s, %(kind)s, %(row)s, %(province)s, %(holder)s, %(until)s, '')
    on conflict (kind, object_id) do update
       set holder = excluded.holder, until = excluded.until, skipped_at = null,
           skipped_by = null, why = ''
     where fund_assignment.holder is null or fund_assignment.until <= %(now)s
        or fund_assignment.holder = excluded.holder
    returning id
"""


def _hold(user: User, kind: WorkKind, row: Any, now: dt.datetime) -> bool:
    """Take a row or renew one's hold on it; False when another clerk has it."""
    before = Assignment.objects.filter(
        kind=kind.code, object_id=row.pk, holder=user.pk, until__gt=now
    ).exists()
    with connection.cursor() as cursor:
        cursor.execute(
            _HOLD,
            {
                "id": uuid7(), "kind": kind.code, "row": row.pk, "province": row.province,
                "holder": user.pk, "until": now + LOCK, "now": now,
            },
        )  # fmt: skip
        got = cursor.fetchone() is not None
    if got and not before:
        audit.record(
            "fund.take", actor=user.pk, kind=kind.code, object_id=row.pk,
            area_path=str(row.area_path), persons=kind.persons(row),
        )  # fmt: skip
    return got


@transaction.atomic
def hold(user: User, kind: WorkKind, row: Any) -> None:
    """Take a row that was opened by its address. Raises Invalid when another clerk has it."""
    if not _hold(user, kind, row, timezone.now()):
        raise _held(Assignment.objects.get(kind=kind.code, object_id=row.pk))


def _held(other: Assignment) -> Invalid:
    until = timezone.localtime(other.until or timezone.now())
    return Invalid("fund.held", until=f"{until:%H:%M}")


def holder(code: str, row_id: UUID) -> Assignment | None:
    """In whose hands a row is now."""
    return Assignment.objects.filter(
        kind=code, object_id=row_id, until__gt=timezone.now(), holder__isnull=False
    ).first()


def check_free(user_id: UUID, *row_ids: UUID) -> None:
    """Raises Invalid when one of some rows waits in somebody else's hands; 1 statement, or 2.

    Every step of the desk asks it first, whoever presses: what one clerk reads does not change
    under their eyes. What moved on is in nobody's hands, though its time still runs.
    """
    held = Assignment.objects.filter(object_id__in=row_ids, until__gt=timezone.now())
    for other in held.exclude(holder=user_id):
        kind = _kinds[other.kind]
        if kind.waiting(EVERYWHERE).filter(pk=other.object_id).exists():
            raise _held(other)


@transaction.atomic
def skip(user: User, kind: WorkKind, row: Any, why: str) -> None:
    """Put a row off with a reason that others read: it comes last from now on.

    Raises Invalid without a reason, or when another clerk has the row.
    """
    why = clean(why)
    if len(why) < 3:
        raise Invalid("fund.skip_reason")
    now = timezone.now()
    hold(user, kind, row)
    Assignment.objects.filter(kind=kind.code, object_id=row.pk).update(
        holder=None, until=None, skipped_at=now, skipped_by=user.pk, why=why[:200]
    )
    audit.record(
        "fund.skip", actor=user.pk, kind=kind.code, object_id=row.pk, content={"why": why},
        area_path=str(row.area_path), persons=kind.persons(row),
    )  # fmt: skip


def let_go(code: str, row_id: UUID) -> None:
    """What moved on is in nobody's hands."""
    Assignment.objects.filter(kind=code, object_id=row_id).delete()
