"""Patients are told when something of theirs moves, in the transaction that moves it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone, translation

from pooshesh.fund.models import Application
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.money import RIALS_PER_TOMAN
from pooshesh.kernel.text import format_int, to_persian_digits
from pooshesh.ledger.signals import Move
from pooshesh.portal import messages
from pooshesh.portal.finding import told_at
from pooshesh.portal.messages import Note
from pooshesh.portal.models import Message, Told
from pooshesh.portal.queries import amounts_of
from pooshesh.requests.committee import APPEAL
from pooshesh.requests.models import Appeal, Request, RequestStep
from pooshesh.requests.models import State as RequestState
from pooshesh.requests.settling import MONEY as REQUEST
from pooshesh.requests.states import QUIET
from pooshesh.web.format import digits, jdate

LOOK_BACK = dt.timedelta(days=1)  # so long nobody was told; what is older is told no more
BATCH = 1_000

#: What happened to an application → what its patient is told; of the rest nothing.
APPLICATIONS = {
    "apply": Told.RECEIVED, "return": Told.INCOMPLETE, "ask": Told.INCOMPLETE,
    "send": Told.VERIFYING, "tag": Told.TAGGED, "refuse": Told.REFUSED, "uphold": Told.REFUSED,
    "lapse": Told.CLOSED,
}  # fmt: skip


def on_application(*, application: Application, verb: str, **_more: Any) -> None:
    """An application moved."""
    event = APPLICATIONS.get(verb)
    if event:
        with translation.override("fa"):
            filled = {"number": digits(application.code), "day": _day(application.deadline)}
        tell([Note(application.file.person_id, event, application.pk, filled)])


#: The state a request reached → what its patient is told.
REQUESTS = {
    RequestState.SUBMITTED: Told.SUBMITTED, RequestState.RETURNED: Told.RETURNED,
    RequestState.IN_COMMITTEE: Told.COMMITTEE, RequestState.APPROVED: Told.APPROVED,
    RequestState.PART: Told.PART, RequestState.REJECTED: Told.REJECTED,
    RequestState.DEFERRED: Told.DEFERRED,
}  # fmt: skip

LAPSE = "lapse"
#: Steps that an appeal took: the patient is told of the appeal.
BY_APPEAL = Q(verb__in=["overturn", "partly"]) | Q(
    verb="reopen", state__in=[RequestState.REJECTED, RequestState.PART]
)


def tell_requests(now: dt.datetime | None = None) -> int:
    """Tell of the newest step of every request that moved since yesterday, each once; how many.

    Read from the steps, after they were committed: to decide a request costs no statement more.
    """
    now = now or timezone.now()
    moved = RequestStep.objects.filter(pk__gt=since(now - LOOK_BACK), at__gt=now - LOOK_BACK)
    moved = moved.exclude(verb__in=QUIET).exclude(BY_APPEAL)
    newest = moved.order_by("request_id", "-pk").distinct("request_id").values("pk")
    told = Message.objects.filter(step=OuterRef("pk"))
    steps = (
        RequestStep.objects.filter(pk__in=newest)
        .filter(Q(state__in=list(REQUESTS)) | Q(verb=LAPSE))
        .exclude(Exists(told))
        .select_related("request")
        .order_by("pk")
    )
    count = 0
    for some in batched(steps.iterator(chunk_size=BATCH), BATCH):
        with transaction.atomic():
            tell([_of_step(step) for step in some])
        count += len(some)
    return count


def _of_step(step: RequestStep) -> Note:
    row = step.request
    event = Told.CLOSED if step.verb == LAPSE else REQUESTS[RequestState(step.state)]
    return Note(
        row.person_id, event, row.pk,
        {"number": _number(row.number), "amount": _toman(row.payable)}, step.pk,
    )  # fmt: skip


def since(moment: dt.datetime) -> UUID:
    """The least id of rows that were made from a moment on: ids begin with their time."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def batched(rows: Iterator[RequestStep], size: int) -> Iterator[list[RequestStep]]:
    """Rows in lists of `size`."""
    while some := list(islice(rows, size)):
        yield some


@job("portal.tell", every=dt.timedelta(minutes=1))
def tell_moves(progress: Progress) -> dict[str, int]:
    """Tell patients what became of their requests."""
    return {"messages": tell_requests()}


#: What happened to an appeal → what its patient is told.
APPEALS = {
    "bring": Told.APPEALED, "defer": Told.APPEAL_ASKED, "overturn": Told.APPEAL_WON,
    "uphold": Told.APPEAL_LOST, "undo": Told.APPEAL_ANEW,
}  # fmt: skip


def on_appeals(*, appeals: Sequence[Appeal], verb: str, **_more: Any) -> None:
    """Appeals moved, together; told in the transaction that moved them."""
    event = APPEALS.get(verb)
    if event:
        tell(
            [
                Note(
                    one.request.person_id, event, one.pk,
                    {"number": _number(one.request.number), "amount": _toman(one.request.payable)},
                )
                for one in appeals
            ]
        )  # fmt: skip


#: Where money got to → what its patient is told.
MONEY = {"paid": Told.PAID, "returned": Told.MONEY_BACK}


def on_money(*, moves: Sequence[Move], **_more: Any) -> None:
    """Money of requests, or of their appeals, was paid or came back; 3 statements at most and
    those of telling."""
    told = [one for one in moves if one.state in MONEY and one.kind in (REQUEST, APPEAL)]
    rows: dict[UUID, tuple[UUID, int]] = {}
    for kind, found in (
        (REQUEST, Request.objects.values_list("pk", "person_id", "number")),
        (APPEAL, Appeal.objects.values_list("pk", "request__person_id", "request__number")),
    ):
        ids = [one.object_id for one in told if one.kind == kind]
        if ids:
            rows |= {pk: (person, number) for pk, person, number in found.filter(pk__in=ids)}
    amounts = amounts_of([one.voucher for one in told if one.voucher]) if rows else {}
    with translation.override("fa"):
        notes = [
            Note(
                rows[one.object_id][0], MONEY[one.state], one.object_id,
                {
                    "number": _number(rows[one.object_id][1]),
                    "amount": _toman(amounts.get(one.voucher, 0)),
                    "day": jdate(one.at, "prose"),
                },
            )
            for one in told
            if one.object_id in rows
        ]  # fmt: skip
    tell(notes)


def _number(number: int) -> str:
    return to_persian_digits(str(number))


def _toman(rial: int) -> str:
    return format_int(rial // RIALS_PER_TOMAN, "fa")


def _day(day: Any) -> str:
    return jdate(day, "prose") if day else "—"


def tell(notes: Sequence[Note]) -> None:
    """Queue what patients are told, each on the mobile they are reached at; 7 statements."""
    if notes:
        mobiles = told_at({note.person_id for note in notes}, timezone.localdate())
        messages.tell(notes, mobiles)
