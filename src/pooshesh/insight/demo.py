"""Figures of the demo: a job counts its months once the fund's rows are there."""

from django.utils import timezone

from pooshesh.funnel.demo import JOB as FUND
from pooshesh.insight import actions, checks
from pooshesh.insight.actions import Due
from pooshesh.insight.models import Reason, Snapshot
from pooshesh.insight.months import between, month_of, moved, of_code
from pooshesh.kernel import jobs
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.models import Job, JobState

JOB = "insight.demo"
FIRST, LAST = "1400-10", "1401-12"  # the months the reports are about
RECENT = 12


def with_users() -> None:
    """Let a job count the months, once; it is queued after the one that brings the fund's rows."""
    begun = Job.objects.filter(kind=JOB).exclude(state__in=[JobState.FAILED, JobState.CANCELLED])
    if not begun.exists() and not Snapshot.objects.exists():
        jobs.start(JOB, actor=None)


class Early(Exception):
    """The fund's rows are not there yet; the job is tried again later."""


@job(JOB)
def count(progress: Progress) -> dict[str, int]:
    """Counts the demo's months into figures: those of the reports, and the last twelve."""
    if Job.objects.filter(kind=FUND, state__in=[JobState.WAITING, JobState.RUNNING]).exists():
        raise Early
    this = month_of(timezone.localdate())
    months = [*between(of_code(FIRST), of_code(LAST)), *between(moved(this, -RECENT), this)]
    counted = set(Snapshot.objects.filter(state="closed").values_list("month", flat=True))
    made = 0
    for month in months:
        if month not in counted:
            reason = Reason.RUNNING if month == this else Reason.FIRST
            one = Due(month, reason, {})
            made += (
                actions.build(one, actor=None, tell=progress, job_id=progress.job_id) is not None
            )
    checks.run()
    return {"months": made}
