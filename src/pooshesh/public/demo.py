"""The demo's public tables: a job publishes them once its months are counted."""

from pooshesh.insight.demo import JOB as MONTHS
from pooshesh.kernel import jobs
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.models import Job, JobState
from pooshesh.public import actions
from pooshesh.public.models import Release

JOB = "public.demo"


def with_users() -> None:
    """Let a job publish the months, once; it is queued after the one that counts them."""
    begun = Job.objects.filter(kind=JOB).exclude(state__in=[JobState.FAILED, JobState.CANCELLED])
    if not begun.exists() and not Release.objects.exists():
        jobs.start(JOB, actor=None)


class Early(Exception):
    """The months are not counted yet; the job is tried again later."""


@job(JOB)
def publish(progress: Progress) -> dict[str, int]:
    """Publishes the demo's months."""
    if Job.objects.filter(kind=MONTHS, state__in=[JobState.WAITING, JobState.RUNNING]).exists():
        raise Early
    return {"releases": actions.release_due(progress)}
