"""Writing the installation's own lake in the background."""

from pathlib import Path

from django.db import transaction

from pooshesh.access.models import User
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.config import config
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.models import Job
from pooshesh.lake import writing

EXPORT = "lake.export"


def folder() -> Path:
    """Where the installation's own lake lies."""
    return config().home / "lake"


@transaction.atomic
def ask(user: User) -> Job:
    """Let the lake be written anew in the background."""
    audit.record("lake.ask", actor=user.pk)
    return jobs.start(EXPORT, actor=user.pk)


@job(EXPORT)
def export_job(progress: Progress) -> dict[str, int]:
    """Writes closed months that the lake does not hold yet."""
    made = writing.export(folder(), tell=progress)
    return {"months": len(made.months), "facts": sum(writing.rows_of(made).values())}
