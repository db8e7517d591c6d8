"""What else happens to a request: returned, answered, withdrawn, closed by a death."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.text import clean
from pooshesh.people.merged import one_human, survivor
from pooshesh.people.models import Person
from pooshesh.requests import bringing, committee, settling, signals
from pooshesh.requests.models import (
    OPEN,
    Decider,
    Doubt,
    DoubtState,
    Hold,
    Request,
    RequestLine,
    RequestStep,
    State,
)
from pooshesh.requests.states import COMPLETE_DAYS, REQUEST


@transaction.atomic
def send_back(request: Request, *, why: str, actor: UUID | None) -> Request:
    """Return a request for completion, saying what is missing; never a rejection."""
    return _move(request, "return", _said(why), actor, ground=_said(why))


@transaction.atomic
def answer(request: Request, *, text: str, actor: UUID | None) -> Request:
    """Answer the question a body asked; the request comes before it again."""
    of = Decider(request.decided_by or Decider.COMMITTEE)
    found = _move(request, "answer", _said(text), actor)
    committee.bring_before([found], of, actor=actor)
    return found


@transaction.atomic
def withdraw(request: Request, *, why: str, actor: UUID | None) -> Request:
    """The patient wants it no more; its invoices may be brought again."""
    return _move(request, "withdraw", _said(why), actor, live=False)


def _said(text: str) -> str:
    if not clean(text):
        raise Invalid("request.why")
    return text.strip()


def _move(
    request: Request, verb: str, why: str, actor: UUID | None, *, ground: str = "",
    live: bool = True,
) -> Request:  # fmt: skip
    found = Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    before, now = found.state, timezone.now()
    found.state = REQUEST.next(before, verb)
    found.since, found.ground, found.hold, found.proposed = now, ground, "", None
    found.decided_by, found.decided_at, found.motion_id = "", None, None
    found.save(update_fields=["state", "since", "ground", "hold", "proposed", "decided_by",
                              "decided_at", "motion_id"])  # fmt: skip
    if before == State.IN_COMMITTEE:
        committee.take_back([found], actor=actor)
    if not live:
        RequestLine.objects.filter(request=found).update(live=False)
        Doubt.objects.filter(line__request=found, state=DoubtState.OPEN).update(
            state=DoubtState.DIFFERENT, decided_at=now
        )
    settling.step(found, verb, actor, now, why).save(force_insert=True)
    audit.record(
        f"requests.{verb}", actor=actor, kind="request", object_id=found.pk,
        content={"why": why}, area_path=found.area_path, persons=[found.person_id],
    )  # fmt: skip
    signals.tell([found], found.state, verb)
    return found


# --- death -----------------------------------------------------------------------------------


def on_death(*, person: Person, actor: UUID | None, **_more: Any) -> None:
    """Open requests of a patient who died close; an heir may bring the costs anew."""
    human = one_human(survivor(person.pk))
    for request in Request.objects.filter(person__in=human, state__in=OPEN).order_by("pk"):
        _move(request, "die", "", actor, live=False)


# --- what cannot be decided ----------------------------------------------------------------------


@transaction.atomic
def decide_or_return(request: Request, *, actor: UUID | None) -> Request:
    """Decide a submitted request again; what cannot be decided goes back with the reason.

    A prior approval that does not hold any more is left out of it, so that it can go on without.
    Raises Invalid for a request that is not submitted any more.
    """
    try:
        return bringing.decide_again(request, "decide", (State.SUBMITTED,), actor=actor)
    except Invalid as error:
        if error.code == "request.gone":
            raise
        with translation.override("fa"):
            why = error.message()
        if error.code.startswith("request.letter"):
            Request.objects.filter(pk=request.pk).update(approval=None)
        return _move(request, "return", why, actor, ground=why)


# --- waiting for credit ------------------------------------------------------------------------


@job("requests.credit", every=dt.timedelta(hours=6))
def decide_waiting(progress: Progress) -> dict[str, int]:
    """Decide requests that waited for the province's credit, the oldest first."""
    waiting: Sequence[Request] = list(
        Request.objects.filter(state=State.SUBMITTED, hold=Hold.CREDIT).order_by("since", "pk")
    )
    short: set[str] = set()
    decided = returned = 0
    for done, request in enumerate(waiting, 1):
        progress("requests", done, len(waiting))
        if request.province in short:
            continue  # who came later does not overtake
        try:
            found = decide_or_return(request, actor=None)
        except Invalid:  # somebody decided it meanwhile
            continue
        if found.hold == Hold.CREDIT:
            short.add(request.province)
        elif found.state == State.RETURNED:
            returned += 1
        else:
            decided += 1
    return {"waited": len(waiting), "decided": decided, "returned": returned}


# --- the clock -----------------------------------------------------------------------------------

REMIND_BEFORE = dt.timedelta(days=5)  # the last day
OVERDUE = (State.RETURNED, State.DEFERRED)


@job("requests.clock", every=dt.timedelta(days=1))
def keep_time(progress: Progress) -> dict[str, int]:
    """Remind of requests that wait for their patient, and close those nobody completed."""
    now = timezone.now()
    lapsed = 0
    for request in _late(now):
        with transaction.atomic():
            found = Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
            if (found.state, found.since) != (request.state, request.since):
                continue
            with translation.override("fa"):
                why = _("Not completed in time; its invoices may be brought again.")
            _move(found, "lapse", why, None, live=False)
        lapsed += 1
        progress("requests", lapsed)
    return {"reminded": _remind(now), "lapsed": lapsed}


def _late(now: dt.datetime) -> list[Request]:
    """Requests whose last day has passed, and whose patients were reminded in time."""
    last = now - dt.timedelta(days=COMPLETE_DAYS + 1)
    rows = Request.objects.filter(state__in=OVERDUE, since__lte=last)
    reminded = _reminders().filter(at__lte=now - REMIND_BEFORE)
    return list(rows.filter(Exists(reminded)).order_by("since", "pk"))


def _reminders() -> QuerySet[RequestStep]:
    own = RequestStep.objects.filter(request=OuterRef("pk"), verb="remind")
    return own.filter(at__gte=OuterRef("since"))


@transaction.atomic
def _remind(now: dt.datetime) -> int:
    """Write a step for each; the portal tells patients of steps."""
    soon = now - dt.timedelta(days=COMPLETE_DAYS) + REMIND_BEFORE
    rows = Request.objects.filter(state__in=OVERDUE, since__lte=soon)
    waiting = list(
        rows.filter(~Exists(_reminders())).select_for_update(of=("self",), skip_locked=True)
    )
    for state in OVERDUE:
        some = [one for one in waiting if one.state == state]
        committee.steps(some, "remind", state, "", None, now)
    return len(waiting)
