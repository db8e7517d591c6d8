"""Writers of figures: counting months, asking for one, proving them, the nightly checks."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.insight import building, checks, closing, figures, publishing, shown
from pooshesh.insight.building import Tell
from pooshesh.insight.models import CheckState, Reason, Snapshot, SnapshotState
from pooshesh.insight.months import between, code_of, end_of, month_of, moved, of_code
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.models import Job

BUILD, CHECK = "insight.build", "insight.check"
AGAIN = dt.timedelta(days=7)  # a running month is counted so often
BACK = 24  # closed months that are watched for late rows


@dataclass(frozen=True)
class Due:
    """A month that has to be counted, and why."""

    month: dt.date
    reason: str
    late: dict[str, int]


def due(now: dt.datetime | None = None) -> list[Due]:
    """Months that ended and nobody closed, the running one, and those with late rows."""
    moment = now or timezone.now()
    running = month_of(timezone.localdate(moment))
    newest = {
        snapshot.month: snapshot
        for snapshot in Snapshot.objects.filter(state=SnapshotState.CLOSED).order_by("revision")
    }
    found = []
    first = max(min(newest, default=moved(running, -1)), moved(running, -BACK))
    for month in between(first, running):
        one = newest.get(month)
        if month == running:
            if one is None or moment - one.asked_at >= AGAIN:
                found.append(Due(month, Reason.RUNNING, {}))
        elif one is None or timezone.localdate(one.asked_at) <= end_of(month):
            found.append(Due(month, Reason.FIRST, {}))
        elif late := building.late_rows(one):
            found.append(Due(month, Reason.LATE, late))
    return found


@job(BUILD, every=dt.timedelta(days=1))
def build_job(
    progress: Progress, months: list[str] | None = None, reason: str = Reason.ASKED,
    by: str = "",
) -> dict[str, int]:  # fmt: skip
    """Counts the months that are due into figures, or those somebody asked for."""
    who = UUID(by) if by else None
    todo = due() if months is None else [Due(of_code(code), reason, {}) for code in months]
    made = 0
    for one in todo:
        made += build(one, actor=who, tell=progress, job_id=progress.job_id) is not None
    return {"months": made}


def build(
    one: Due, *, actor: UUID | None, tell: Tell = lambda *_: None, job_id: UUID | None = None
) -> Snapshot | None:
    """Count a month and close it; None when the revision before says the same.

    Published figures that come to something else go to the correction log in the same moment.
    """
    snapshot = building.begin(one.month, one.reason, actor=actor, job_id=job_id, late=one.late)
    building.fill(snapshot, tell)
    with transaction.atomic():
        closed = closing.close(snapshot, figures.book(snapshot.definitions_id))
        if closed is None or closed.closed_at is None:
            return None
        corrected = publishing.correct(closed)
        audit.record(
            "insight.close", actor=actor, kind="snapshot", object_id=closed.pk,
            content={
                "month": code_of(closed.month), "revision": closed.revision,
                "digest": closed.digest, "corrected": corrected,
            },
        )  # fmt: skip
    checks.flag()
    return closed


@transaction.atomic
def ask(user: User, month: dt.date) -> Job:
    """Let a month be counted in the background, because somebody asked for it."""
    if month > timezone.localdate():
        raise Invalid("insight.future", month=shown.month_name(month))
    started = jobs.start(BUILD, actor=user.pk, months=[code_of(month)], by=str(user.pk))
    audit.record("insight.ask", actor=user.pk, kind="snapshot", object_id=code_of(month))
    return started


@transaction.atomic
def ask_checks(user: User) -> Job:
    """Let all checks be asked in the background."""
    audit.record("insight.ask_checks", actor=user.pk)
    return jobs.start(CHECK, actor=user.pk)


@job(CHECK, every=dt.timedelta(days=1))
def check_job(progress: Progress) -> dict[str, int]:
    """Asks every check of integrity and flags the months that red ones concern."""
    found = checks.run()
    return {
        "checks": len(found),
        "red": sum(one.state == CheckState.RED for one in found),
        "stopped": sum(one.state == CheckState.STOPPED for one in found),
    }


# --- proof ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """A month whose facts or values are not what they were when it closed."""

    month: str
    revision: int
    what: str


def prove(months: list[dt.date] | None = None) -> Iterator[Fault]:
    """Work all values out of the kept facts again, by the definitions kept then; bit for bit."""
    rows = Snapshot.objects.filter(state=SnapshotState.CLOSED).order_by("month", "revision")
    for snapshot in rows.filter(month__in=months) if months else rows:
        where = code_of(snapshot.month), snapshot.revision
        facts = closing.facts_of(snapshot)
        if closing.digest_of(facts) != snapshot.digest:
            yield Fault(*where, "facts")
        book = figures.book(snapshot.definitions_id)
        if not closing.values_of(facts, book).equals(closing.kept_of(snapshot)):
            yield Fault(*where, "values")
        if closing.sums_differ(snapshot):
            yield Fault(*where, "sums by province")


def span() -> tuple[dt.date, dt.date] | None:
    """The first and the last month anybody counted."""
    found = Snapshot.objects.filter(state=SnapshotState.CLOSED).aggregate(
        first=Min("month"), last=Max("month")
    )
    return (found["first"], found["last"]) if found["first"] else None
