"""Appeals: the patient does not accept a decision, and other people decide anew.

Grounds are fixed and there is a deadline. Who took part in the decision - who voted, was counted
in the room or agreed on the fast track, and the clerks who worked on it - has an interest by the
system's word: they do not count in the body that decides, and a vote in which one of them was
counted is undone.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pooshesh.kernel import audit
from pooshesh.kernel.calendar import to_jalali
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import Rial
from pooshesh.kernel.text import clean, search_key
from pooshesh.ledger import commitments, holding
from pooshesh.ledger.commitments import Commit
from pooshesh.ledger.models import Commitment
from pooshesh.meetings import agenda, sitting
from pooshesh.meetings.agenda import Brought
from pooshesh.meetings.models import Attendance, Conflict, Matter, Member, Motion, Term, Vote
from pooshesh.meetings.registry import Decided, Shown, Undone
from pooshesh.requests import bodies, ceilings, committee, letters, reexamine, settling, signals
from pooshesh.requests.decide import spread
from pooshesh.requests.models import (
    Appeal,
    AppealStand,
    Consent,
    Decider,
    Ground,
    Practice,
    Request,
    RequestLine,
    RequestStep,
    State,
)
from pooshesh.requests.states import APPEAL_DAYS, REQUEST
from pooshesh.web.format import digits

APPEALABLE = (State.REJECTED, State.PART)

explain(
    {
        "appeal.state": gettext_noop(
            "Only what was rejected, or approved in part, can be appealed; request %(number)s is"
            " “%(state)s”."
        ),
        "appeal.late": gettext_noop(
            "The decision could be appealed until %(until)s; that day has passed."
        ),
        "appeal.twice": gettext_noop("This decision has been appealed already."),
        "appeal.text": gettext_noop("Write what is wrong with the decision."),
        "appeal.gone": gettext_noop("This appeal is “%(state)s” already."),
        "appeal.involved": gettext_noop(
            "“%(member)s” took part in the decision that is appealed and cannot decide the appeal."
            " Declare their interest, then vote again without them."
        ),
        "appeal.proposal": gettext_noop(
            "“%(read)s” rial was read; expected more than the %(paid)s rial granted before and"
            " less than the %(asked)s rial that were asked."
        ),
        "appeal.double": gettext_noop(
            "There is nothing more to grant on request %(number)s: its other lines were found to be"
            " invoices brought before, and nobody pays those."
        ),
        "appeal.no_proposal": gettext_noop(
            "To overturn in part, set first what the request is to be granted."
        ),
    }
)


@transaction.atomic
def bring(
    request: Request, ground: Ground, text: str, *, actor: UUID | None,
    at: dt.datetime | None = None,
) -> Appeal:  # fmt: skip
    """Appeal a decision within the deadline; it comes before the other body of the province.

    Raises Invalid for what cannot be appealed, too late, or twice.
    """
    now = at or timezone.now()
    today = timezone.localdate(now)
    found = Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if found.state not in APPEALABLE or found.decided_at is None:
        raise Invalid("appeal.state", number=found.number, state=State(found.state).label)
    until = timezone.localdate(found.decided_at) + dt.timedelta(days=APPEAL_DAYS)
    if today > until:
        raise Invalid("appeal.late", until=until)
    if not clean(text):
        raise Invalid("appeal.text")
    members, accounts = took_part(found)
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(
                request=found, ground=ground, text=text.strip(), of_decision=found.decided_at,
                until=until, brought_on=today, brought_by=actor,
                involved=[*(one.pk for one in members), *accounts], area_id=found.area_id,
                area_path=found.area_path, province=found.province,
            )  # fmt: skip
    except IntegrityError as error:
        raise Invalid("appeal.twice") from error
    _bring_before(appeal, found, actor)
    _note(appeal, found, "requests.appeal", actor, {"ground": ground})
    signals.tell_appeals([appeal], "bring")
    return appeal


def took_part(request: Request) -> tuple[list[Member], list[UUID]]:
    """Members and accounts that took part in the decision: 5 statements at most."""
    motion = Motion.objects.filter(pk=request.motion_id).first() if request.motion_id else None
    members: set[UUID] = set(
        Consent.objects.filter(request=request).values_list("member_id", flat=True)
    )
    if motion:
        members |= set(Vote.objects.filter(motion=motion).values_list("member_id", flat=True))
        present = Attendance.objects.filter(session=motion.session_id)
        members |= set(present.values_list("member_id", flat=True))
    accounts = set(
        RequestStep.objects.filter(request=request, actor__isnull=False)
        .exclude(verb__in=["draft", "submit", "answer", "withdraw"])
        .values_list("actor", flat=True)
    )
    return list(Member.objects.filter(pk__in=members)), [one for one in accounts if one]


def _bring_before(appeal: Appeal, request: Request, actor: UUID | None) -> None:
    """The appeal waits before the other body, interests noted of who took part."""
    body = bodies.body_of(request.province, before_whom(request))
    with translation.override("fa"):
        title = _("Appeal of request %(number)s · %(ground)s") % {
            "number": digits(str(request.number)), "ground": Ground(appeal.ground).label,
        }  # fmt: skip
        reason = _("Took part in the decision that is appealed")
    (matter,) = agenda.submit(
        body, committee.APPEAL, [Brought(title, appeal.pk, request.urgent)], actor=actor
    )
    sits = Member.objects.filter(pk__in=Term.objects.known().filter(body=body).values("member"))
    for member in _involved(appeal, sits):
        sitting.declare(matter, member, reason=reason, actor=None)


def before_whom(request: Request) -> Decider:
    """Who decides an appeal: the working group, and of its own decisions the committee."""
    own = request.decided_by == Decider.GROUP
    return Decider.COMMITTEE if own else Decider.GROUP


def _involved(appeal: Appeal, members: Iterable[Member]) -> list[Member]:
    """Which of some members took part before: the same member, account, or name in that body."""
    known = set(appeal.involved)
    names = {
        search_key(name)
        for name in Member.objects.filter(pk__in=appeal.involved).values_list("name", flat=True)
    }
    accounts = known | set(
        Member.objects.filter(pk__in=appeal.involved, user_id__isnull=False)
        .values_list("user_id", flat=True)
    )  # fmt: skip
    return [
        one
        for one in members
        if one.pk in known or (one.user_id and one.user_id in accounts)
        or search_key(one.name) in names
    ]  # fmt: skip


@transaction.atomic
def propose(appeal: Appeal, amount: Rial, *, actor: UUID | None) -> None:
    """Set what the request would be granted in all if the decision is overturned in part."""
    request = appeal.request
    most = _most(lines_of(request))
    if not request.payable < amount.amount < most:
        raise Invalid("appeal.proposal", read=amount.amount, paid=request.payable, asked=most)
    committee.not_voted_on(appeal.pk, request.number)
    moved = Appeal.objects.filter(pk=appeal.pk, state=AppealStand.WAITING).update(
        proposed=amount.amount
    )
    if not moved:
        raise Invalid("appeal.gone", state=AppealStand(appeal.state).label)
    committee.proposed(request, State(request.state), amount, actor)
    _note(appeal, request, "requests.propose", actor, {"amount": amount.amount})


@transaction.atomic
def withdraw(appeal: Appeal, *, actor: UUID | None) -> None:
    """The patient takes the appeal back; the decision stands."""
    _close(appeal, AppealStand.WITHDRAWN)
    for matter in Matter.objects.filter(
        object_id=appeal.pk, kind=committee.APPEAL, state="waiting"
    ).select_related("body"):
        agenda.withdraw(matter, actor=actor)
    _note(appeal, appeal.request, "requests.withdraw_appeal", actor, {})
    signals.tell_appeals([appeal], "withdraw")


@transaction.atomic
def answer(appeal: Appeal, *, text: str, actor: UUID | None) -> None:
    """Answer the question the body asked; the appeal comes before it again."""
    if not clean(text):
        raise Invalid("appeal.text")
    moved = Appeal.objects.filter(pk=appeal.pk, state=AppealStand.DEFERRED).update(
        state=AppealStand.WAITING, text=f"{appeal.text}\n\n{text.strip()}"
    )
    if not moved:
        raise Invalid("appeal.gone", state=AppealStand(appeal.state).label)
    appeal.refresh_from_db()
    _bring_before(appeal, appeal.request, actor)
    _note(appeal, appeal.request, "requests.answer", actor, {"text": text})


def _close(appeal: Appeal, state: AppealStand) -> None:
    moved = Appeal.objects.filter(
        pk=appeal.pk, state__in=[AppealStand.WAITING, AppealStand.DEFERRED]
    ).update(state=state)
    if not moved:
        appeal.refresh_from_db()
        raise Invalid("appeal.gone", state=AppealStand(appeal.state).label)
    appeal.state = state


def _note(
    appeal: Appeal, request: Request, action: str, actor: UUID | None, content: dict[str, object]
) -> None:
    audit.record(
        action, actor=actor, kind="appeal", object_id=appeal.pk, content=content,
        area_path=appeal.area_path, persons=[request.person_id],
    )  # fmt: skip


def show(ids: Sequence[UUID]) -> dict[UUID, Shown]:
    """What an agenda says of appeals beside their title."""
    return {
        one.pk: Shown(
            reverse("requests:sheet", args=[one.request_id]),
            _("proposed: %(amount)s") % {"amount": committee.money(one.proposed)}
            if one.proposed else "",
        )
        for one in Appeal.objects.filter(pk__in=ids)
    }  # fmt: skip


# --- what follows a vote ---------------------------------------------------------------------


def decided(decisions: Sequence[Decided]) -> None:
    """A body decided appeals: what was overturned is granted, with money bound."""
    one = decisions[0]
    motion = Motion.objects.get(pk=one.motion_id)
    counted = [UUID(pk) for pk in (motion.standing or {})["counted"]]
    present = list(Member.objects.filter(pk__in=counted))
    appeals = list(
        Appeal.objects.filter(pk__in=[row.object_id for row in decisions])
        .select_for_update(of=("self",)).select_related("request").order_by("pk")
    )  # fmt: skip
    moved: dict[str, list[Appeal]] = defaultdict(list)
    for appeal in appeals:
        again = _uncounted(appeal, _involved(appeal, present), one)
        if again:
            raise Invalid("appeal.involved", member=again[0].name)
        if appeal.state == AppealStand.OVERTURNED and holding.drawn([appeal.pk]):
            _confirm(appeal, one)
            continue
        if appeal.state == AppealStand.OVERTURNED:  # the voucher was cancelled since
            _take_back(appeal, Undone(one.matter_id, appeal.pk, "", one.text, one.actor))
            appeal.state = AppealStand.WAITING
        if appeal.state != AppealStand.WAITING:
            raise Invalid("appeal.gone", state=AppealStand(appeal.state).label)
        _decide(appeal, one)
        moved[_TOLD[AppealStand(appeal.state)]].append(appeal)
    for verb, some in moved.items():
        signals.tell_appeals(some, verb)


#: Where a vote left an appeal → what others are told.
_TOLD = {
    AppealStand.DEFERRED: "defer", AppealStand.OVERTURNED: "overturn",
    AppealStand.UPHELD: "uphold",
}  # fmt: skip


def _uncounted(appeal: Appeal, involved: Sequence[Member], one: Decided) -> list[Member]:
    """Those who took part before and were counted now, though no interest of theirs is noted."""
    noted = set(
        Conflict.objects.filter(matter__object_id=appeal.pk).values_list("member_id", flat=True)
    )
    return [member for member in involved if member.pk not in noted]


def _decide(appeal: Appeal, one: Decided) -> None:
    if one.verdict == "deferred":
        appeal.state, appeal.outcome = AppealStand.DEFERRED, one.text
        appeal.save(update_fields=["state", "outcome"])
        return
    overturned = one.verdict != "upheld"
    appeal.state = AppealStand.OVERTURNED if overturned else AppealStand.UPHELD
    appeal.outcome, appeal.motion_id, appeal.decided_at = one.text, one.motion_id, one.at
    appeal.save(update_fields=["state", "outcome", "motion_id", "decided_at"])
    if overturned:
        _overturn(appeal, one)
    _note(appeal, appeal.request, "requests.appeal_decided", one.actor, {"state": appeal.state})


def _confirm(appeal: Appeal, one: Decided) -> None:
    """What was granted and stands on a voucher is confirmed; its payment goes on."""
    request = appeal.request
    total = {"overturned": _most(lines_of(request)), "overturned_part": appeal.proposed}.get(
        one.verdict
    )
    if total != request.payable:
        raise Invalid("request.voucher_stands", numbers=(request.number,))
    Appeal.objects.filter(pk=appeal.pk).update(motion_id=one.motion_id, outcome=one.text)
    Request.objects.filter(pk=request.pk).update(motion_id=one.motion_id)
    holding.let_go([appeal.pk], why=one.text[:200], actor=one.actor)
    _note(appeal, request, "requests.appeal_decided", one.actor, {"state": appeal.state})


def lines_of(request: Request) -> list[RequestLine]:
    """The lines an appeal may grant, in order: doubles are not paid by anybody."""
    rows = RequestLine.objects.filter(request=request).order_by("position")
    return [row for row in rows if not row.double]


def _most(rows: Iterable[RequestLine]) -> int:
    """Rial that an appeal may come to."""
    return sum(row.asked for row in rows)


def _overturn(appeal: Appeal, one: Decided) -> None:
    """Grant what the first decision did not; the difference is bound under the appeal."""
    request = appeal.request
    rows = lines_of(request)
    total = _most(rows) if one.verdict == "overturned" else appeal.proposed
    if total is None:
        raise Invalid("appeal.no_proposal")
    if total <= request.payable:
        raise Invalid("appeal.double", number=request.number)
    more = total - request.payable
    of = Decider(Practice.objects.get(body=one.body_id).of)
    before = letters.counts_of(rows)
    appeal.before = {str(row.pk): row.payable for row in rows}
    appeal.save(update_fields=["before"])
    for row, part in zip(rows, spread(more, [r.asked - r.payable for r in rows]), strict=True):
        row.payable += part
        row.allowed = max(row.allowed, row.payable)
    counts = letters.counts_of(rows)
    counts.subtract(before)
    key = ceilings.key_of(request)
    uses = ceilings.lock([(key, request.province)])
    ceilings.grant(uses[key], request.number,
                   request.disease_id, more, counts,
                   beyond=of == Decider.GROUP)  # fmt: skip
    ceilings.write(uses)
    RequestLine.objects.bulk_update(rows, ["payable", "allowed"])
    verb = "overturn" if total == request.asked else "partly"
    request.state = REQUEST.next(request.state, verb)
    request.payable, request.ground, request.since = total, "", one.at
    request.decided_by, request.motion_id = of, one.motion_id
    request.save(update_fields=["state", "payable", "ground", "since", "decided_by", "motion_id"])
    settling.step(request, verb, one.actor, one.at, one.text).save(force_insert=True)
    year = to_jalali(timezone.localdate(one.at)).year
    commitments.commit(
        [
            Commit(committee.APPEAL, appeal.pk, key.person, request.disease_id,
                   request.province, request.area_path, year, more)
        ],
        actor=one.actor,
    )  # fmt: skip
    signals.tell([request], request.state, verb)


def undone(decisions: Sequence[Undone]) -> list[str]:
    """The decision of an appeal was set aside: it waits again, and what it granted is free.

    What stands on a voucher stays granted until the body has voted again, its payment held.
    """
    held = past = 0
    again: list[Appeal] = []
    voted = reexamine.motions_of(decisions)
    for one in decisions:
        assert one.object_id
        appeal = Appeal.objects.select_for_update(of=("self",)).select_related("request").get(
            pk=one.object_id
        )  # fmt: skip
        if appeal.motion_id not in voted and appeal.state != AppealStand.DEFERRED:
            reexamine.leave([one])
            past += 1
            continue
        if holding.hold([appeal.pk], why=one.why[:200], actor=one.actor):
            held += 1
            continue
        if appeal.state == AppealStand.OVERTURNED:
            _take_back(appeal, one)
        Appeal.objects.filter(pk=appeal.pk).update(
            state=AppealStand.WAITING, outcome="", motion_id=None, decided_at=None
        )
        _note(appeal, appeal.request, "requests.appeal_undone", one.actor, {"why": one.why})
        again.append(appeal)
    signals.tell_appeals(again, "undo")
    return reexamine.said(past, held)


def _take_back(appeal: Appeal, one: Undone) -> None:
    """As it was decided first; what was granted then stands in the steps before."""
    request, now = appeal.request, timezone.now()
    bound = Commitment.objects.get(object_id=appeal.pk, state="committed")
    first = request.payable - bound.amount
    commitments.undo([appeal.pk], why=one.why, actor=one.actor)
    rows = lines_of(request)
    had = letters.counts_of(rows)
    for row in rows:
        row.payable = appeal.before[str(row.pk)]
    had.subtract(letters.counts_of(rows))
    key = ceilings.key_of(request)
    uses = ceilings.lock([(key, request.province)])
    uses[key].take_back(request.disease_id, bound.amount, had)
    ceilings.write(uses)
    RequestLine.objects.bulk_update(rows, ["payable"])
    request.state = State.PART if first else State.REJECTED
    request.payable, request.since = first, now
    request.ground = "" if first else one.why
    request.save(update_fields=["state", "payable", "since", "ground"])
    settling.step(request, "reopen", one.actor, now, one.why).save(force_insert=True)
    signals.tell([request], request.state, "reopen")
