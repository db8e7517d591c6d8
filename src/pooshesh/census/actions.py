"""The lead's writes: rounds, zones, alleys and to whom they are given; phones; what is decided."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.access.actions import end_sessions
from pooshesh.access.reach import Reach
from pooshesh.census import answers, sealing
from pooshesh.census.models import (
    Alley,
    Aside,
    Assignment,
    Conflict,
    ConflictState,
    Device,
    Entry,
    EntryState,
    Revision,
    Round,
    RoundState,
    Why,
    Zone,
)
from pooshesh.census.states import ASIDE, ENTRY, ROUND
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.time import from_day, state
from pooshesh.places.models import Area, AreaKind
from pooshesh.programme.models import Programme

MOST_ALLEYS = 12  # in a zone: what one worker has on the phone at once

explain(
    {
        "round.no_area": gettext_noop(
            "There is no neighbourhood “%(read)s” in your area; choose one from the list."
        ),
        "round.days": gettext_noop(
            "The round ends on %(end)s, before it begins on %(start)s; expected a later end."
        ),
        "round.taken": gettext_noop(
            "The neighbourhood has another round on some of these days; expected other days, or go"
            " on with that round."
        ),
        "round.zone_taken": gettext_noop("There is a zone “%(read)s” in this round already."),
        "round.alley_taken": gettext_noop("The alley “%(read)s” is written twice in this zone."),
        "round.many_alleys": gettext_noop(
            "%(read)s alleys are written; expected at most %(limit)s in a zone: a worker has a"
            " whole zone on the phone."
        ),
        "round.no_alleys": gettext_noop("No alley is written; expected one on each line."),
        "round.no_worker": gettext_noop(
            "“%(read)s” does not take the census in this neighbourhood; choose somebody who does."
        ),
        "round.round_over": gettext_noop("The round is closed; open it again first."),
        "round.elsewhere": gettext_noop(
            "The household lies in another neighbourhood than the worker's: it is never counted"
            " here. Refuse it with a note."
        ),
        "round.other_round": gettext_noop(
            "The household is kept in another round and is not changed from here. Refuse it with a"
            " note."
        ),
        "round.reason": gettext_noop("No reason is written; expected a sentence."),
        "round.resolved": gettext_noop("Somebody has chosen already; look at the household."),
        "round.moved_on": gettext_noop(
            "The household was changed while you chose; compare once more."
        ),
        "round.deleted": gettext_noop("What the household said was deleted on its day."),
    }
)


@transaction.atomic
def plan_round(
    *, reach: Reach, area: Area, name: str, start: dt.date, end: dt.date,
    programme: Programme | None, actor: UUID | None,
) -> Round:  # fmt: skip
    """A round on the days `start` to `end`, both included. Raises Invalid."""
    if area.kind != AreaKind.NEIGHBOURHOOD or not reach.covers(area.path, area.id):
        raise Invalid("round.no_area", read=area.code)
    if end < start:
        raise Invalid("round.days", start=start, end=end)
    try:
        with transaction.atomic():
            made = Round.objects.create(
                area=area, area_path=area.path, province=area.province, name=name,
                programme=programme, during=from_day(start, end + dt.timedelta(1)),
                created_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise Invalid("round.taken") from error
    _record("plan", made, actor, {"start": start, "end": end})
    return made


@transaction.atomic
def prolong(round_: Round, end: dt.date, actor: UUID) -> None:
    """Let a round end on another day, included. Raises Invalid."""
    found = _locked(round_)
    start: dt.date = found.during.lower
    if end < start:
        raise Invalid("round.days", start=start, end=end)
    try:
        with transaction.atomic():
            during = from_day(start, end + dt.timedelta(1))
            Round.objects.filter(id=found.id).update(during=during)
    except IntegrityError as error:
        raise Invalid("round.taken") from error
    _record("prolong", found, actor, {"end": end})


@transaction.atomic
def turn(round_: Round, verb: str, actor: UUID) -> Round:
    """Close a round or open it again. Raises Invalid."""
    found = _locked(round_)
    found.state = ROUND.next(found.state, verb)
    found.save(update_fields=["state"])
    _record("close" if verb == "close" else "reopen", found, actor, {"state": found.state})
    return found


@transaction.atomic
def add_zone(
    round_: Round, name: str, alleys: Sequence[tuple[str, int]], actor: UUID | None
) -> Zone:
    """A zone with its alleys (name, expected households). Raises Invalid."""
    found = _open(round_)
    if not alleys:
        raise Invalid("round.no_alleys")
    if len(alleys) > MOST_ALLEYS:
        raise Invalid("round.many_alleys", read=len(alleys), limit=MOST_ALLEYS)
    names = [alley for alley, _ in alleys]
    if doubled := next((one for one in names if names.count(one) > 1), ""):
        raise Invalid("round.alley_taken", read=doubled)
    try:
        with transaction.atomic():
            zone = Zone.objects.create(round=found, name=name, province=found.province)
    except IntegrityError as error:
        raise Invalid("round.zone_taken", read=name) from error
    Alley.objects.bulk_create(
        Alley(zone=zone, round=found, name=alley, expected=expected, province=found.province)
        for alley, expected in alleys
    )
    _record("add_zone", found, actor, {"zone": str(zone.id), "alleys": len(alleys)})
    return zone


@transaction.atomic
def give(
    round_: Round, alleys: Sequence[Alley], worker: UUID | None, start: dt.date,
    end: dt.date | None, actor: UUID | None, may: frozenset[UUID],
) -> None:  # fmt: skip
    """Give alleys to a worker from a day on, up to `end` if said; None takes them back.

    `may` are those who take the census there. Whoever had an alley has it no longer from that day.
    Raises Invalid.
    """
    found = _open(round_)
    if worker is not None and worker not in may:
        raise Invalid("round.no_worker", read=str(worker))
    if end and end < start:
        raise Invalid("date.order", start=start, end=end)
    values = {"user_id": worker, "province": found.province} if worker else None
    for alley in alleys:
        state(Assignment, {"alley": alley}, values, start, end + dt.timedelta(1) if end else None)
    _record("give", found, actor, {"alleys": [str(a.id) for a in alleys], "worker": str(worker)})


@transaction.atomic
def revoke(device: Device, actor: UUID) -> None:
    """Let a lost phone send and read nothing more.

    Its worker is signed out everywhere: a phone that is still signed in would set itself up anew.
    """
    now = timezone.now()
    if Device.objects.filter(id=device.id, revoked_at=None).update(
        revoked_at=now, revoked_by=actor
    ):
        end_sessions(device.user_id)
        audit.record("census.revoke", actor=actor, kind="census_device", object_id=device.id)


@transaction.atomic
def restore(device: Device, actor: UUID) -> None:
    """Let a phone that was found again send what it still holds."""
    if Device.objects.filter(id=device.id, revoked_at__isnull=False).update(
        revoked_at=None, revoked_by=None
    ):
        audit.record("census.restore", actor=actor, kind="census_device", object_id=device.id)


@transaction.atomic
def accept(entries: Sequence[UUID], round_: Round, actor: UUID | None) -> int:
    """Accept households of a round; how many were. Those already accepted are passed over."""
    found = _locked(round_)
    rows = Entry.objects.select_for_update().filter(
        round=found, id__in=entries, state=EntryState.RECEIVED
    )
    ids = list(rows.values_list("id", flat=True))
    Entry.objects.filter(id__in=ids).update(
        state=ENTRY.next(EntryState.RECEIVED, "accept"), reason=""
    )
    if ids:
        _record("accept", found, actor, {"households": [str(one) for one in ids]})
    return len(ids)


@transaction.atomic
def decide(entry: Entry, verb: str, reason: str, actor: UUID) -> None:
    """Accept one household or leave it out, with a reason. Raises Invalid."""
    found = Entry.objects.select_for_update().get(id=entry.id)
    to = ENTRY.next(found.state, verb)
    if verb == "exclude" and not reason.strip():
        raise Invalid("round.reason")
    found.state, found.reason = to, reason.strip() if verb == "exclude" else ""
    found.save(update_fields=["state", "reason"])
    action = "census.accept" if verb == "accept" else "census.exclude"
    audit.record(
        action, actor=actor, kind="census_entry", object_id=found.id,
        content={"state": to}, area_path=found.area_path,
    )  # fmt: skip


@transaction.atomic
def resolve(conflict: Conflict, taken: set[str], seen: int, actor: UUID) -> Entry:
    """Settle a conflict: the kept version with the other's value at every path of `taken`.

    `seen` is the revision that was compared with. Raises Invalid when it is no longer the newest.
    """
    found = Conflict.objects.select_for_update().get(id=conflict.id)
    if found.state != ConflictState.OPEN:
        raise Invalid("round.resolved")
    entry = Entry.objects.select_for_update().get(id=found.entry_id)
    if entry.revision != seen:
        raise Invalid("round.moved_on")
    ours, theirs = sealing.open_(entry.content), sealing.open_(found.content)
    if ours is None or theirs is None:
        raise Invalid("round.deleted")
    merged = answers.merge(ours, theirs, taken)
    faults = answers.read(merged, timezone.localdate())[1]
    if faults:
        raise faults[0].error
    if merged != ours:
        revise(entry, merged, user=actor, device=None)
    Conflict.objects.filter(id=found.id).update(
        state=ConflictState.RESOLVED, resolved_by=actor, resolved_at=timezone.now()
    )
    audit.record(
        "census.resolve", actor=actor, kind="census_entry", object_id=entry.id,
        fields=sorted({path.rpartition(".")[2] for path in taken}), area_path=entry.area_path,
    )  # fmt: skip
    return entry


@transaction.atomic
def decide_aside(aside: Aside, verb: str, note: str, actor: UUID) -> None:
    """Let a household that was kept aside in, or refuse it with a note. Raises Invalid.

    Let in, it is a new household, or a new version on top of the one that is there.
    """
    found = Aside.objects.select_for_update().select_related("alley").get(id=aside.id)
    found.state = ASIDE.next(found.state, verb)
    if verb == "accept" and found.why == Why.ELSEWHERE:
        raise Invalid("round.elsewhere")
    if verb == "refuse" and not note.strip():
        raise Invalid("round.reason")
    content = sealing.open_(found.content)
    if verb == "accept":
        if content is None:
            raise Invalid("round.deleted")
        entry = Entry.objects.select_for_update().filter(id=found.entry_id).first()
        if entry is None:
            begin(found, found.entry_id, content)
        elif entry.round_id != found.round_id:
            raise Invalid("round.other_round")
        else:
            revise(entry, content, user=found.user_id, device=found.device)
    found.note, found.decided_by, found.decided_at = note.strip(), actor, timezone.now()
    found.save(update_fields=["state", "note", "decided_by", "decided_at"])
    action = "census.let_in" if verb == "accept" else "census.refuse"
    audit.record(
        action, actor=actor, kind="census_entry", object_id=found.entry_id,
        content={"state": found.state}, area_path=found.area_path,
    )  # fmt: skip


def begin(written: Aside | Entry, entry_id: UUID, content: answers.Content) -> Entry:
    """A household's first version, in the caller's transaction, where and by whom it was written.

    The event is the caller's.
    """
    sealed = sealing.shut(content)
    entry = Entry.objects.create(
        id=entry_id, round_id=written.round_id, alley_id=written.alley_id,
        area_id=written.area_id, area_path=written.area_path, province=written.province,
        content=sealed, user_id=written.user_id, device=written.device,
        entered_at=written.entered_at, revision=1, outcome=content["outcome"],
        persons=answers.persons(content),
    )  # fmt: skip
    Revision.objects.create(
        entry=entry, number=1, content=sealed, user_id=entry.user_id, device=entry.device,
        province=entry.province,
    )  # fmt: skip
    return entry


def revise(entry: Entry, content: answers.Content, *, user: UUID, device: Device | None) -> Entry:
    """A household's next version, in the caller's transaction and under its row lock."""
    sealed = sealing.shut(content)
    entry.state = ENTRY.next(entry.state, "revise")
    entry.revision += 1
    entry.content, entry.outcome, entry.persons = (
        sealed, content["outcome"], answers.persons(content),
    )  # fmt: skip
    entry.received_at, entry.reason = timezone.now(), ""
    entry.save()
    Revision.objects.create(
        entry=entry, number=entry.revision, content=sealed, user_id=user, device=device,
        province=entry.province,
    )  # fmt: skip
    return entry


def _locked(round_: Round) -> Round:
    return Round.objects.select_for_update(of=("self",)).select_related("area").get(id=round_.id)


def _open(round_: Round) -> Round:
    found = _locked(round_)
    if found.state != RoundState.OPEN:
        raise Invalid("round.round_over")
    return found


def _record(verb: str, round_: Round, actor: UUID | None, content: dict[str, object]) -> None:
    audit.record(
        f"census.{verb}", actor=actor, kind="census_round", object_id=round_.id,
        content=content, area_path=round_.area_path,
    )  # fmt: skip
