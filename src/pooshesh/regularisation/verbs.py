"""Commands about how long data is kept: of all rooms, since each names its classes."""

from argparse import Namespace

from django.utils import timezone, translation

from pooshesh.kernel.jobs import run
from pooshesh.kernel.models import Job, JobState
from pooshesh.kernel.retention import classes
from pooshesh.kernel.verbs import verb
from pooshesh.programme.retention import JOB


@verb("retention verify", "Say of every class of data whether anything is overdue.")
def verify(options: Namespace) -> int:
    """Status 1 when data whose day has come is still there."""
    today = timezone.localdate()
    overdue = 0
    with translation.override("en"):
        for one in classes().values():
            if one.due is None:
                continue
            left = one.due(today)
            overdue += left
            print(f"{one.code}: {left or 'nothing'} overdue ({one.title})")  # noqa: T201
    return 1 if overdue else 0


@verb("retention run", "Delete everything whose day has come, now.")
def delete(options: Namespace) -> int:
    """Runs the daily job at once; status 1 when it did not come to its end."""
    # Not queued: no worker is asked, it is done here.
    job = Job.objects.create(kind=JOB)
    run.call(str(job.pk))
    done = Job.objects.get(pk=job.pk)
    for code, count in (done.result or {}).items():
        print(f"{code}: {count} deleted")  # noqa: T201
    return 0 if done.state == JobState.DONE else 1
