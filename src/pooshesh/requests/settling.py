"""A submitted request is settled: granted or refused by the rules, parted, returned, or held.

Everything is decided under the lock of the patient's year, so that two requests at once do not
both have the last of the ceiling; money is bound in the ledger in the same transaction.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils import timezone

from pooshesh.kernel.calendar import to_jalali
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.ledger import commitments
from pooshesh.ledger.commitments import Commit
from pooshesh.people.models import Death
from pooshesh.policy.actions import keep_packs
from pooshesh.requests import committee, compare, letters, packs, signals, writing
from pooshesh.requests.ceilings import Key, Use
from pooshesh.requests.decide import (
    Known,
    Line,
    Note,
    Verdict,
    Way,
    by_way,
    decide,
    outcome,
)
from pooshesh.requests.known import Ground, ground, with_used
from pooshesh.requests.models import (
    GRANTED,
    Decider,
    Hold,
    Kind,
    Letter,
    PayeeKind,
    Request,
    RequestLine,
    RequestStep,
    State,
)
from pooshesh.requests.writing import Rows

MONEY = "fund.request"  # what the ledger knows a request's money by

explain(
    {
        "request.after_death": gettext_noop(
            "Line %(line)s is of %(read)s, after the patient died on %(died)s."
        ),
        "request.lives": gettext_noop(
            "No death of this patient is known; expected the patient or the provider as payee."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of a request that one and the same decides."""

    way: Way
    request: Request
    rows: list[RequestLine]
    verdicts: list[Verdict]


def settle(
    request: Request, rows: list[RequestLine], letter: Letter | None, *, fresh: bool, hold: str,
    actor: UUID | None, now: dt.datetime, verb: str = "submit",
) -> None:  # fmt: skip
    """Decide what the rules can and write it all. `fresh`: nothing of it is kept yet.

    `hold` "credit": money would be granted that the province does not have; it waits.
    """
    request.state = State.SUBMITTED
    known = _known(request, rows)
    request.person_id = known.person
    for row in rows:
        row.person_id = known.person
    key = Key(known.person, request.year)
    beside = [] if fresh else compare.of_other_parts(request)
    use, candidates = compare.locked(key, request, rows, beside)
    law = packs.ceiling(known.known.packs[max(row.on for row in rows)])
    use.ceiling = None if law is None else max(law, use.used - use.extended)
    steps = [step(request, verb, actor, now)]
    doubts, doubted = compare.doubts(request, rows, beside, candidates, fresh=fresh)
    if doubted or hold:
        request.state, request.since = State.SUBMITTED, now
        request.hold = Hold.DOUBT if doubted else hold
        _write(Rows([request], rows, steps, doubts), {}, [request] if fresh else [], now)
        signals.tell([request], request.state, verb)
        return
    request.hold, promised = "", {}
    if letter:
        promised = letters.release(letter, request, rows, use)
    parts = _decided(request, rows, with_used(known.known, use.known(request.disease_id), promised))
    granted: list[Request] = []
    for part in parts:
        _apply(part, use, now)
        steps.append(step(part.request, _VERBS[State(part.request.state)], None, now))  # fmt: skip
        if part.request.state in GRANTED:
            granted.append(part.request)
    if letter and not granted:
        letters.take_again(letter, request, use)
    made = [letters.issue(part.request, part.rows, now) for part in parts
            if part.request in granted and part.request.kind == Kind.APPROVAL]  # fmt: skip
    new = [part.request for part in parts if fresh or part.request is not request]
    lines = [row for part in parts for row in part.rows]
    keep_packs(one for one in known.known.packs.values() if one.id not in known.kept)
    _write(Rows([part.request for part in parts], lines, steps, (), made), {key: use}, new, now)
    if letter and granted:
        letters.use(letter, request)
    bind(granted, actor=actor, now=now)
    for way, of in ((Way.COMMITTEE, Decider.COMMITTEE), (Way.GROUP, Decider.GROUP)):
        theirs = [part.request for part in parts if part.way is way]
        committee.bring_before(theirs, of, actor=actor, at=now)
    for part in parts:
        signals.tell([part.request], part.request.state, verb)


_VERBS = {
    State.APPROVED: "approve", State.PART: "part", State.REJECTED: "reject",
    State.RETURNED: "return", State.IN_COMMITTEE: "refer",
}  # fmt: skip
_STATES = {
    Way.BACK: State.RETURNED,
    Way.COMMITTEE: State.IN_COMMITTEE,
    Way.GROUP: State.IN_COMMITTEE,
}


def _known(request: Request, rows: Sequence[RequestLine]) -> Ground:
    """What is known on the request's day; for an heir, on the day before the death."""
    on, days = request.on, {row.on for row in rows}
    if request.payee == PayeeKind.HEIR:
        died = Death.objects.filter(person=request.person_id).values_list("on", flat=True).first()
        if died is None:
            raise Invalid("request.lives")
        for row in rows:
            if row.on > died:
                raise Invalid("request.after_death", line=row.position, read=row.on, died=died)
        on = died - dt.timedelta(days=1)
    return ground(request.person_id, request.disease_id, days, on)


def _decided(request: Request, rows: list[RequestLine], known: Known) -> list[Part]:
    """The request's lines by who decides them; the rules' part, or the first, stays itself.

    Doubles stay with it; a body is not asked about them.
    """
    live = [row for row in rows if not row.double]
    struck = [row for row in rows if row.double]
    if not live:
        return [Part(Way.RULE, request, rows, [])]
    verdicts = decide([Line(row.code, row.on, row.count, row.asked) for row in live], known)
    parts: list[Part] = []
    for way, places in sorted(by_way(verdicts).items(), key=lambda one: list(Way).index(one[0])):
        mine = [live[place] for place in places]
        own = request
        if parts:
            own = _part(request, mine)
        else:
            mine += struck
        parts.append(Part(way, own, mine, [verdicts[place] for place in places]))
    asks_all = parts[0].way in (Way.RULE, Way.BACK)
    request.asked = sum(row.asked for row in parts[0].rows if asks_all or not row.double)
    return parts


def _part(request: Request, rows: Sequence[RequestLine]) -> Request:
    """The part of a request that somebody else decides."""
    fields = {
        field.attname: getattr(request, field.attname)
        for field in Request._meta.concrete_fields
        if field.name not in ("id", "number", "approval", "parted_from", "asked")
    }
    made = Request(**fields, parted_from_id=request.pk, asked=sum(row.asked for row in rows))
    for row in rows:
        row.request_id = made.pk
    return made


def apart(request: Request, line: RequestLine, actor: UUID | None, now: dt.datetime) -> Request:
    """A line that was struck becomes a submitted part of its own; what was decided about the
    others stands. The only line of a request stays in it, which is submitted anew."""
    others = RequestLine.objects.filter(request=request).exclude(pk=line.pk)
    total = sum(others.values_list("asked", flat=True))
    if not total:
        request.state, request.ground, request.since = State.SUBMITTED, "", now
        request.decided_by, request.decided_at, request.motion_id = "", None, None
        request.save(
            update_fields=["state", "ground", "since", "decided_by", "decided_at", "motion_id"]
        )
        step(request, "apart", actor, now).save(force_insert=True)
        return request
    part = _part(request, [line])
    part.parted_from_id = request.parted_from_id or request.pk
    part.state, part.made_by, part.made_at, part.since = State.SUBMITTED, actor, now, now
    part.payable, part.proposed, part.ground, part.provisional = 0, None, "", False
    part.decided_by, part.decided_at, part.motion_id = "", None, None
    keep(Rows([part], steps=[step(part, "apart", actor, now)]), {})
    if request.asked == total + line.asked:  # a body is not asked about what was struck
        request.asked = total
        request.save(update_fields=["asked"])
    line.save(update_fields=["request"])
    return part


def _apply(part: Part, use: Use, now: dt.datetime) -> None:
    """Put the verdicts onto the rows; what the rules grant is counted at once."""
    request, rules = part.request, part.way is Way.RULE
    for row, verdict in zip(part.rows, part.verdicts, strict=False):  # struck lines have none
        row.step, row.in_package = verdict.step, verdict.in_package
        row.allowed, row.payable = verdict.allowed, verdict.payable if rules else 0
        row.reasons, row.pack_id = verdict.reasons, verdict.pack_id
        row.notes = [str(note) for note in verdict.notes]
        row.facts = {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in verdict.facts.items()
        }
    request.state = _STATES.get(part.way) or State(outcome(part.verdicts))
    if request.state == State.APPROVED and len(part.rows) > len(part.verdicts):
        request.state = State.PART
    request.since = now
    request.ground = (
        ""
        if request.state in GRANTED
        else ", ".join(sorted({one.step for one in part.verdicts}) or [Note.DOUBLE])
    )
    if not rules:
        return
    request.payable = sum(row.payable for row in part.rows)
    request.decided_by, request.decided_at = Decider.RULE, now
    if request.payable:
        use.take(request.disease_id, request.payable, letters.counts_of(part.rows))


def _write(rows: Rows, uses: dict[Key, Use], new: Sequence[Request], now: dt.datetime) -> None:
    """Insert what is new and update what was kept."""
    fresh = {request.pk for request in new}
    kept = [request for request in rows.requests if request.pk not in fresh]
    if not kept:
        writing.insert(rows, uses)
        return
    for request in kept:
        request.save()
    known = set(RequestLine.objects.filter(pk__in=[row.pk for row in rows.lines])
                .values_list("pk", flat=True))  # fmt: skip
    writing.insert(
        replace(rows, requests=list(new), lines=[row for row in rows.lines if row.pk not in known]),
        uses,
    )
    RequestLine.objects.bulk_update(
        [row for row in rows.lines if row.pk in known],
        ["request", "person", "step", "in_package", "allowed", "payable", "reasons", "notes",
         "pack_id", "facts"],
    )  # fmt: skip


def keep(rows: Rows, uses: dict[Key, Use]) -> None:
    """Insert new rows as they are."""
    writing.insert(rows, uses)


def bind(requests: Sequence[Request], *, actor: UUID | None, now: dt.datetime) -> None:
    """Bind the money of granted requests in the ledger, in the budget of the day's year."""
    year = to_jalali(timezone.localdate(now)).year
    commitments.commit(
        [
            Commit(MONEY, one.pk, one.person_id, one.disease_id, one.province, one.area_path, year,
                   one.payable)
            for one in requests
        ],
        actor=actor,
        at=now,
    )  # fmt: skip


def step(
    request: Request, verb: str, actor: UUID | None, now: dt.datetime, why: str = ""
) -> RequestStep:
    """A row of the request's history, in the state it has when it is written."""
    return RequestStep(
        request_id=request.pk, province=request.province, verb=verb, state=request.state,
        actor=actor, at=now, why=why,
    )  # fmt: skip


def locked(request: Request, *states: State) -> Request:
    """The request, its writers queueing. Raises Invalid when it is in none of the states."""
    found = Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if found.state not in states:
        raise Invalid("request.gone", number=found.number, state=State(found.state).label)
    return found
