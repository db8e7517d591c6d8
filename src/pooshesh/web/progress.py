"""What the progress card of a background job shows."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from pooshesh.kernel.models import Job, JobState
from pooshesh.web.format import number, out_of
from pooshesh.web.registry import register_tones

register_tones(
    {
        JobState.WAITING: "quiet",
        JobState.RUNNING: "info",
        JobState.DONE: "good",
        JobState.FAILED: "bad",
        JobState.CANCELLED: "warn",
    }
)


@dataclass(frozen=True)
class JobView:
    """A job and the addresses around it; `{% job_progress view %}` draws the card.

    `address` answers the card alone (htmx asks it each second while the job runs),
    `cancel_address` takes a POST, `result_address` is where the result is read.
    """

    job: Job
    title: str | Promise
    address: str
    cancel_address: str = ""
    result_address: str = ""

    @property
    def running(self) -> bool:
        return self.job.state in (JobState.WAITING, JobState.RUNNING)

    @property
    def done(self) -> bool:
        return self.job.state == JobState.DONE

    @property
    def counted(self) -> str:
        return out_of(self.job.done, self.job.total) if self.job.total else ""

    @property
    def remaining(self) -> str:
        """The time left at the pace so far, in words; "" while there is no pace yet."""
        job = self.job
        if job.state != JobState.RUNNING or not (job.total and job.done and job.started_at):
            return ""
        spent = (timezone.now() - job.started_at).total_seconds()
        left = dt.timedelta(seconds=spent * (job.total - job.done) / job.done)
        if left < dt.timedelta(minutes=1):
            return _("less than a minute left")
        return _("about %(minutes)s minutes left") % {"minutes": number(-(-left.seconds // 60))}
