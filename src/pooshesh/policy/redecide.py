"""Deciding again by itself: when a fact changed, when a pack did, and as days pass.

Only who was decided about before is decided again, and a decision is written only where something
differs. What follows from it (cover, a clerk's work) is for the rooms that listen to `redecided`.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

import polars as pl
from django.db import connection, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.kernel import audit, jobs
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.models import Job, JobState
from pooshesh.policy import facts
from pooshesh.policy.actions import Made, keep_decisions, plain
from pooshesh.policy.models import Decision, Touched
from pooshesh.policy.queries import PACK, bound_pack
from pooshesh.rules import BoundPack
from pooshesh.rules import Decision as Answer
from pooshesh.rules.frames import PERSON, PolarsEngine

TOUCHED = "policy.touched"
BATCH = 5_000

#: Sent inside the transaction that keeps new decisions: decisions (of changed outcome only).
redecided = Signal()

#: Actions that change what a decision looks at; their event names the persons.
CHANGES = frozenset(
    {
        "people.set_decile", "people.set_standing", "people.move", "people.merge",
        "people.unmerge", "people.set_identifier", "people.withdraw_identifier",
        "coverage.record_roll", "coverage.end", "coverage.undo_end", "worklist.answer",
    }
)  # fmt: skip


def note_change(sender: object, event: UUID, action: str, **_: object) -> None:
    """Of an event that changes facts, remember whom to decide again; in its transaction."""
    if action not in CHANGES:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into policy_touched (person_id, at)
               select s.person_id, now() from kernel_subject s
               where s.event_id = %s
                 and exists (select 1 from policy_decision d where d.person_id = s.person_id)
               order by s.person_id
               on conflict (person_id) do update set at = now()""",
            [event],
        )
        touched = cursor.rowcount
    waiting = Job.objects.filter(kind=TOUCHED, state=JobState.WAITING)
    if touched and not waiting.exists():
        jobs.start(TOUCHED, actor=None)


@job(TOUCHED, every=dt.timedelta(hours=1))
def redecide_touched(progress: Progress) -> dict[str, int]:
    """Decide again about those a fact changed about."""
    looked, made = 0, 0
    before: list[UUID] = []
    # The same batch again: another worker holds it and decides it.
    while (batch := _next_touched()) and batch != before:
        before = batch
        looked += len(batch)
        made += batch_made(batch)
        progress(_("Deciding again"), looked, looked + Touched.objects.count())
    return {"persons": looked, "decisions": made}


def _next_touched() -> list[UUID]:
    return list(
        Touched.objects.order_by("at", "person_id").values_list("person_id", flat=True)[:BATCH]
    )


@transaction.atomic
def batch_made(persons: Sequence[UUID]) -> int:
    """Decide these again; how many decisions were written. Who is touched meanwhile stays so."""
    locked = Touched.objects.select_for_update(skip_locked=True).filter(person_id__in=persons)
    mine = list(locked.order_by("person_id").values_list("person_id", flat=True))
    pack = bound_pack(PACK, timezone.localdate())
    made = _decide(pack, facts.of_persons(pack, mine), facts_count=True)
    Touched.objects.filter(person_id__in=mine).delete()
    return made


@job("policy.redecide", every=dt.timedelta(days=1))
def redecide_everybody(progress: Progress) -> dict[str, int]:
    """Decide again about everybody ever decided about: a day passed, or a pack changed."""
    pack = bound_pack(PACK, timezone.localdate())
    provinces = _provinces()
    looked, made = 0, 0
    for done, province in enumerate(provinces):
        progress(_("Deciding again"), done, len(provinces))
        frame = facts.of_province(pack, province)
        looked += frame.height
        with transaction.atomic():
            made += _decide(pack, frame, facts_count=False)
    return {"persons": looked, "decisions": made}


def _provinces() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            """select distinct p.province from people_person p
               where exists (select 1 from policy_decision d where d.person_id = p.id)
               order by 1"""
        )
        return [row[0] for row in cursor.fetchall()]


def _decide(pack: BoundPack, frame: pl.DataFrame, *, facts_count: bool) -> int:
    """Keep a decision for each person whose outcome differs, or with `facts_count` any fact."""
    engine = PolarsEngine(pack.plan)
    decided = engine.columns(frame.lazy()).collect()
    names = list(pack.plan.facts)
    both = decided.join(frame.select(PERSON, *names), on=PERSON, maintain_order="left")
    made = 0
    for start in range(0, both.height, BATCH):
        rows = both.slice(start, BATCH).to_dicts()
        last = _last([UUID(row[PERSON]) for row in rows])
        fresh = [
            (one, before)
            for row in rows
            if (before := last.get(UUID(row[PERSON])))
            and _differs(one := _made(pack, row, names), before, facts_count=facts_count)
        ]
        keep_decisions(pack, [one for one, _ in fresh], actor=None)
        moved = [one for one, before in fresh if _outcome(one) != _answer(before)]
        if moved:
            redecided.send(sender=Decision, made=moved, on=pack.on)
        made += len(fresh)
    return made


def _last(persons: Iterable[UUID]) -> dict[UUID, Decision]:
    """The decision that stands about each person."""
    newest = (
        Decision.objects.filter(person_id__in=list(persons))
        .order_by("person_id", "-on", "-decided_at")
        .distinct("person_id")
    )
    return {one.person_id: one for one in newest}


def _made(pack: BoundPack, row: dict[str, object], names: list[str]) -> Made:
    mask = row["reasons"]
    assert isinstance(mask, int)
    outputs = {rule.name: row[rule.name] for rule in pack.pack.outputs}
    answer = Answer(outputs, pack.pack.reason_codes(mask), mask, pack.id)  # type: ignore[arg-type]
    return Made(UUID(str(row[PERSON])), {name: row[name] for name in names}, answer)  # type: ignore[misc]


def _outcome(made: Made) -> tuple[object, ...]:
    outputs = made.decision.outputs
    return outputs["decision"], outputs["scheme"], outputs["premium_percent"]


def _answer(kept: Decision) -> tuple[object, ...]:
    return kept.outcome, kept.scheme, kept.premium_percent


def _differs(made: Made, before: Decision, *, facts_count: bool) -> bool:
    if _outcome(made) != _answer(before):
        return True
    return facts_count and audit.digest(plain(made.facts)) != before.digest
