"""What follows a vote of the fund's bodies about requests.

All of a vote is one transaction: money is bound, ceilings are counted and requests move, or the
vote is undone and says why. However many requests a vote is about, it costs the same statements.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils import timezone

from pooshesh.disease.models import TagTerm
from pooshesh.kernel.calendar import to_jalali
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import Rial
from pooshesh.ledger import commitments, holding
from pooshesh.ledger.commitments import Commit
from pooshesh.meetings.registry import Decided
from pooshesh.people.merged import merged_into, survivors
from pooshesh.requests import ceilings, letters, signals
from pooshesh.requests.committee import MATTER, locked, steps
from pooshesh.requests.decide import spread, tag_on
from pooshesh.requests.models import (
    GRANTED,
    Decider,
    Kind,
    Letter,
    LetterState,
    Request,
    RequestLine,
    State,
)
from pooshesh.requests.states import REQUEST, VERB_OF

explain(
    {
        "request.tag_ended": gettext_noop(
            "The tag does not hold on the days of the services of these requests: %(numbers)s."
            " Leave them out of the motion."
        ),
        "request.granted_already": gettext_noop(
            "These requests were granted on the fast track: %(numbers)s. Confirm them, change"
            " what is granted, or reject them."
        ),
        "request.voucher_stands": gettext_noop(
            "Vouchers stand for these requests: %(numbers)s. To decide otherwise let finance cancel"
            " the vouchers first; what was paid already can only be confirmed, and is claimed back"
            " as a refund."
        ),
        "request.no_proposal": gettext_noop(
            "For a part to be approved its amount must be set first; requests without one:"
            " %(numbers)s."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class _Vote:
    """What all requests of one vote have in common."""

    verdict: str
    motion_id: UUID | None
    text: str
    at: dt.datetime
    actor: UUID | None
    of: Decider


def decided(of: Decider) -> Callable[[Sequence[Decided]], None]:
    """What follows when the committee, or the working group, decided about requests."""

    def follow(decisions: Sequence[Decided]) -> None:
        one = decisions[0]
        vote = _Vote(one.verdict, one.motion_id, one.text, one.at, one.actor, of)
        _follow(vote, [row.object_id for row in decisions if row.object_id])

    return follow


def _follow(vote: _Vote, ids: Sequence[UUID]) -> None:
    requests = locked(ids)
    waiting = [one for one in requests if one.state == State.IN_COMMITTEE]
    granted = [one for one in requests if one.provisional and one.state in GRANTED]
    late = [one.number for one in requests if one not in waiting and one not in granted]
    if late:
        raise Invalid("request.not_waiting", numbers=tuple(late))
    if vote.verdict in GRANTED:
        same, other = _confirmed(granted, vote)
        _end_provisional(other, vote)
        _grant([*waiting, *other], vote)
        _settle_provisional(same, vote)
    elif vote.verdict == State.DEFERRED:
        if granted:
            numbers = tuple(one.number for one in granted)
            raise Invalid("request.granted_already", numbers=numbers)
        _move(waiting, State.DEFERRED, vote)
    else:
        _end_provisional(granted, vote)
        _move([*waiting, *granted], State.REJECTED, vote)


def _lines(requests: Sequence[Request]) -> dict[UUID, list[RequestLine]]:
    found: dict[UUID, list[RequestLine]] = defaultdict(list)
    for row in RequestLine.objects.filter(request__in=[one.pk for one in requests]).order_by(
        "request", "position"
    ):
        found[row.request_id].append(row)
    return found


def _grant(requests: Sequence[Request], vote: _Vote) -> None:
    """Requests are granted in full or in part: ceilings, lines, money. Constant SQL."""
    if not requests:
        return
    lines = _lines(requests)
    _tagged(requests, lines)
    if vote.verdict == State.PART:
        missing = [one.number for one in requests if not one.proposed]
        if missing:
            raise Invalid("request.no_proposal", numbers=tuple(missing))
    keys = ceilings.keys_of(requests)
    uses = ceilings.lock([(keys[one.pk], one.province) for one in requests])
    changed = []
    for one in requests:
        one.payable = one.asked if vote.verdict == State.APPROVED else one.proposed or 0
        rows = [row for row in lines[one.pk] if not row.double]
        for row, payable in zip(rows, spread(one.payable, [r.asked for r in rows]), strict=True):
            row.payable, row.allowed = payable, max(row.allowed, payable)
            changed.append(row)
        ceilings.grant(
            uses[keys[one.pk]], one.number, one.disease_id, one.payable,
            letters.counts_of(rows), beyond=vote.of == Decider.GROUP,
        )  # fmt: skip
    ceilings.write(uses)
    _write_lines(changed)
    _move(requests, State(vote.verdict), vote)
    approvals = [one for one in requests if one.kind == Kind.APPROVAL]
    if approvals:
        Letter.objects.bulk_create(
            [letters.issue(one, lines[one.pk], vote.at) for one in approvals]
        )
    year = to_jalali(timezone.localdate(vote.at)).year
    commitments.commit(
        [
            Commit(MATTER, one.pk, keys[one.pk].person, one.disease_id, one.province, one.area_path,
                   year, one.payable)
            for one in requests
        ],
        actor=vote.actor, at=vote.at,
    )  # fmt: skip


def _tagged(requests: Sequence[Request], lines: dict[UUID, list[RequestLine]]) -> None:
    """Raises Invalid when a tag does not hold, as known now, on the day of some service."""
    persons = {one.person_id for one in requests}
    stands = survivors(persons)
    persons = {stands.get(one, one) for one in persons}
    merged = merged_into(persons)
    tags = defaultdict(list)
    for term in TagTerm.objects.known().filter(person__in=[*persons, *merged]):
        human = merged.get(term.person_id, term.person_id)
        tags[human, term.disease_id].append((term.valid.lower, term.valid.upper))
    ended = [
        one.number
        for one in requests
        if not all(
            tag_on(tags[stands.get(one.person_id, one.person_id), one.disease_id], row.on)
            for row in lines[one.pk]
            if not row.double
        )
    ]
    if ended:
        raise Invalid("request.tag_ended", numbers=tuple(ended))


def _move(requests: Sequence[Request], state: State, vote: _Vote) -> None:
    """All of them stand in one state now, decided by the motion; 2 statements."""
    if not requests:
        return
    refused = state in (State.REJECTED, State.DEFERRED)
    with connection.cursor() as cursor:
        cursor.execute(
            """update requests_request r set state = %s, payable = n.payable, ground = %s,
                 decided_by = %s, decided_at = %s, motion_id = %s, since = %s, provisional = false
               from unnest(%s::uuid[], %s::bigint[]) as n(id, payable) where r.id = n.id""",
            [
                state, vote.text if refused else "", vote.of, vote.at, vote.motion_id, vote.at,
                [one.pk for one in requests],
                [0 if refused else one.payable for one in requests],
            ],
        )  # fmt: skip
    verb = VERB_OF[state]
    steps(requests, verb, state, vote.text, vote.actor, vote.at)
    for one in requests:
        REQUEST.next(State.IN_COMMITTEE, verb)
        one.state = state
    signals.tell(requests, state, verb)


def _write_lines(rows: Sequence[RequestLine]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """update requests_requestline l set payable = n.payable, allowed = n.allowed
               from unnest(%s::uuid[], %s::bigint[], %s::bigint[]) as n(id, payable, allowed)
               where l.id = n.id""",
            [
                [row.pk for row in rows], [row.payable for row in rows],
                [row.allowed for row in rows],
            ],
        )  # fmt: skip


# --- granted, and to be confirmed: on the fast track, or with an interest declared since -------


def _confirmed(granted: Sequence[Request], vote: _Vote) -> tuple[list[Request], list[Request]]:
    """Those whose fast decision is what the body says now, and those it decides otherwise."""
    same = [
        one for one in granted
        if one.payable == (one.asked if vote.verdict == State.APPROVED else one.proposed)
    ]  # fmt: skip
    return same, [one for one in granted if one not in same]


def _settle_provisional(requests: Sequence[Request], vote: _Vote) -> None:
    """What was granted stands for good; payments that were held go on."""
    if not requests:
        return
    holding.let_go([one.pk for one in requests], why=vote.text[:200], actor=vote.actor)
    Request.objects.filter(pk__in=[one.pk for one in requests]).update(
        provisional=False, decided_by=vote.of, motion_id=vote.motion_id
    )
    for state in GRANTED:
        some = [one for one in requests if one.state == state]
        steps(some, "confirm", state, vote.text, vote.actor, vote.at)
        signals.tell(some, state, "confirm")


def grant_fast(request: Request, amount: Rial, actor: UUID | None) -> None:
    """Grant a locked request before the meeting; it stays on the agenda to be confirmed."""
    verdict = State.APPROVED if amount.amount == request.asked else State.PART
    if verdict == State.PART:
        request.proposed = amount.amount
        Request.objects.filter(pk=request.pk).update(proposed=amount.amount)
    vote = _Vote(verdict, None, "", timezone.now(), actor, Decider.FAST)
    _grant([request], vote)
    Request.objects.filter(pk=request.pk).update(provisional=True)
    request.provisional = True


def _end_provisional(requests: Sequence[Request], vote: _Vote) -> None:
    """The body decides otherwise: what was bound is free again.

    Raises Invalid while vouchers stand for it.
    """
    drawn = holding.drawn([one.pk for one in requests])
    if drawn:
        numbers = tuple(one.number for one in requests if one.pk in drawn)
        raise Invalid("request.voucher_stands", numbers=numbers)
    free(requests, vote.text, vote.actor)


def free(requests: Sequence[Request], why: str, actor: UUID | None) -> None:
    """Take back what was granted: the ceiling, the letter, the money bound. The state is the
    caller's to change. Raises Invalid where a voucher stands already."""
    if not requests:
        return
    lines = _lines(requests)
    keys = ceilings.keys_of(requests)
    uses = ceilings.lock([(keys[one.pk], one.province) for one in requests])
    for one in requests:
        uses[keys[one.pk]].take_back(one.disease_id, one.payable, letters.counts_of(lines[one.pk]))
    ceilings.write(uses)
    rows = [row for some in lines.values() for row in some]
    for row in rows:
        row.payable = 0
    _write_lines(rows)
    Letter.objects.filter(
        request__in=[one.pk for one in requests], state=LetterState.ISSUED
    ).update(state=LetterState.REVOKED)
    commitments.undo([one.pk for one in requests], why=why[:200], actor=actor)
