"""Background work: a row with progress beside a django-tasks task that does it.

`@job("campaign.run")` names a function of (Progress, **arguments). It runs once at a time, is
retried when it raises, goes on after its worker was killed, and stops when cancelled: the
function calls `progress(...)` between steps, which raises `Cancelled`. Functions must therefore
be safe to run again from the start.
"""

import datetime as dt
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from pooshesh.kernel import audit
from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Job, JobState, Schedule

ATTEMPTS = 3
BACKOFF = dt.timedelta(seconds=20)
log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Somebody asked for the job to stop."""


@dataclass
class Progress:
    """Tells the world how far a job is; every call is a place where it may be cancelled."""

    job_id: UUID

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        # Written at once on its own: a caller inside a transaction shows nothing until it ends.
        Job.objects.filter(id=self.job_id).update(step=step[:200], done=done, total=total)
        if Job.objects.filter(id=self.job_id, cancel_asked=True).exists():
            raise Cancelled


Work = Callable[..., Any]
_kinds: dict[str, Work] = {}
_every: dict[str, dt.timedelta] = {}


def job(kind: str, *, every: dt.timedelta | None = None) -> Callable[[Work], Work]:
    """Register a function as a kind of job, recurring when `every` is given."""

    def register(work: Work) -> Work:
        _kinds[kind] = work
        if every:
            _every[kind] = every
        return work

    return register


def kinds() -> dict[str, dt.timedelta | None]:
    """Every kind of job and how often it runs by itself, for the docs."""
    return {kind: _every.get(kind) for kind in sorted(_kinds)}


def purpose(kind: str) -> str:
    """What a kind of job is for, in its function's words."""
    return _kinds[kind].__doc__ or ""


def start(kind: str, *, actor: UUID | None, **arguments: Any) -> Job:
    """Queue a job; it begins after the caller's transaction commits."""
    if kind not in _kinds:
        raise KeyError(kind)
    row = Job.objects.create(kind=kind, arguments=arguments, actor=actor)
    transaction.on_commit(lambda: run.enqueue(str(row.id)))
    return row


def cancel(job_id: UUID, actor: UUID | None) -> bool:
    """Ask a job to stop; False when it has ended already."""
    with transaction.atomic():
        asked = Job.objects.filter(
            id=job_id, state__in=[JobState.WAITING, JobState.RUNNING]
        ).update(cancel_asked=True)
        if asked:
            audit.record("job.cancel", actor=actor, kind="job", object_id=job_id)
    return bool(asked)


@task()
def run(job_id: str) -> None:
    """Do one job, unless another worker is at it or it has ended."""
    lock = UUID(job_id).int & 0x7FFF_FFFF_FFFF_FFFF
    with connection.cursor() as cursor:
        # A session lock: the database lets go of it when a worker is killed.
        cursor.execute("select pg_try_advisory_lock(%s)", [lock])
        if not cursor.fetchone()[0]:
            return
        try:
            _run_locked(UUID(job_id))
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [lock])


def _run_locked(job_id: UUID) -> None:
    claimed = Job.objects.filter(id=job_id, state__in=[JobState.WAITING, JobState.RUNNING]).update(
        state=JobState.RUNNING, started_at=timezone.now(), attempts=F("attempts") + 1
    )
    if not claimed:
        return
    row = Job.objects.get(id=job_id)
    try:
        if row.cancel_asked:
            raise Cancelled
        result = _kinds[row.kind](Progress(job_id), **row.arguments)
    except Cancelled:
        _end(row, JobState.CANCELLED)
    except Invalid as error:  # the same input fails again: no retry
        _end(row, JobState.FAILED, message=error.message())
    except Exception as error:
        said = _without_values(error)
        log.error("job %s (%s) failed: %s", row.id, row.kind, said)
        if row.attempts < ATTEMPTS:
            Job.objects.filter(id=row.id).update(state=JobState.WAITING, message=said)
            run.using(run_after=timezone.now() + BACKOFF * row.attempts).enqueue(str(row.id))
        else:
            _end(row, JobState.FAILED, message=said)
    else:
        _end(row, JobState.DONE, result=result)


def _without_values(error: Exception) -> str:
    """What went wrong and where in our code, without a word of the data.

    PostgreSQL quotes whole rows in its messages, so neither they nor other texts are kept.
    """
    cause = error.__cause__ or error
    diagnosis = getattr(cause, "diag", None)
    parts = [type(error).__name__]
    if diagnosis is not None:
        parts += filter(None, [diagnosis.sqlstate, diagnosis.table_name, diagnosis.constraint_name])
    ours = [f for f in traceback.extract_tb(error.__traceback__) if "pooshesh" in f.filename]
    if ours:
        parts.append(f"{Path(ours[-1].filename).name}:{ours[-1].lineno}")
    return " ".join(parts)


def _end(row: Job, state: JobState, *, message: str = "", result: Any = None) -> None:
    Job.objects.filter(id=row.id).update(
        state=state, message=message, result=result, ended_at=timezone.now()
    )


def recover() -> int:
    """Queue again the jobs whose worker was killed; how many there were.

    One that was killed as often as a job may fail is given up: it may be what kills the worker.
    """
    found = 0
    for row in Job.objects.filter(state=JobState.RUNNING):
        if row.attempts >= ATTEMPTS:
            _end(row, JobState.FAILED, message="WorkerKilled")
            continue
        lock = row.id.int & 0x7FFF_FFFF_FFFF_FFFF
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s)", [lock])
            if not cursor.fetchone()[0]:
                continue
            cursor.execute("select pg_advisory_unlock(%s)", [lock])
        run.enqueue(str(row.id))
        found += 1
    return found


def start_due(now: dt.datetime | None = None) -> list[str]:
    """Start every recurring job that is due and set when it is due next."""
    now = now or timezone.now()
    started = []
    for kind, every in _every.items():
        with transaction.atomic():
            Schedule.objects.get_or_create(kind=kind, defaults={"next_at": now})
            due = (
                Schedule.objects.select_for_update(skip_locked=True)
                .filter(kind=kind, next_at__lte=now)
                .first()
            )
            if due:
                start(kind, actor=None)
                Schedule.objects.filter(kind=kind).update(next_at=now + every)
                started.append(kind)
    return started


@job("audit.seal", every=dt.timedelta(minutes=5))
def seal_audit(progress: Progress) -> dict[str, int]:
    """Seal the audit trail."""
    return {"events": audit.seal()}


@job("audit.export", every=dt.timedelta(days=1))
def export_audit_head(progress: Progress) -> dict[str, str]:
    """Sign and export the head of the audit chain."""
    audit.seal()
    file = audit.export_head()
    return {"file": file.name if file else ""}


@job("audit.verify")
def verify_audit(progress: Progress) -> dict[str, Any]:
    """Recompute the audit chain; the result counts events and names the first faults."""
    audit.seal()
    faults = list(audit.verify())
    return {
        "events": audit.state().sealed,
        "heads": len(audit.exported()),
        "faults": len(faults),
        "first": [f"{fault.seal}: {fault.what}" for fault in faults[:20]],
    }


@job("jobs.prune", every=dt.timedelta(days=1))
def prune(progress: Progress) -> None:
    """Forget finished task results; the jobs themselves stay."""
    config().sweep()
    call_command("prune_db_task_results", min_age_days=14, verbosity=0)
