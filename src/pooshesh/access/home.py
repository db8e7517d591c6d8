"""What access puts on the home page: one's jobs, and what is wrong with the trail."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh.access import queries
from pooshesh.access.models import User
from pooshesh.access.tables import job_title
from pooshesh.kernel.models import JobState
from pooshesh.web.registry import HomeLine


def start_here(user: User) -> Sequence[HomeLine] | None:
    """Where the administration of accounts begins."""
    return [
        HomeLine(_("Users"), reverse("access:users")),
        HomeLine(_("Open an account"), reverse("access:user_new")),
    ]


def jobs(user: User) -> Sequence[HomeLine] | None:
    """One's jobs under way, and those that failed of late; hidden when there are none."""
    return [
        HomeLine(
            job_title(job.kind),
            reverse("access:job", args=[job.id]),
            state=(job.state, JobState(job.state).label),
        )
        for job in queries.jobs_to_look_at(user)
    ] or None


def warnings(user: User) -> Sequence[HomeLine] | None:
    """What an auditor must look at."""
    if not queries.seal_is_late(user):
        return None
    return [
        HomeLine(
            _("The audit trail is not sealed: events of more than an hour ago are open"),
            reverse("access:trail"),
            state=("warning", _("Warning")),
        )
    ]


def failed(user: User) -> Sequence[HomeLine] | None:
    """Other people's jobs that failed of late, for who sees the nation's."""
    count = queries.failed_jobs(user)
    if not count:
        return None
    return [
        HomeLine(
            _("Background jobs that failed in the last seven days"),
            reverse("access:jobs"),
            count,
            ("warning", _("Warning")),
        )
    ]
