"""A sheet brought in the browser is read in the background: a dry run, then the writing.

10,000 areas take from 8 s (all new) to 40 s (all changed), longer than a request should.
"""

import datetime as dt
from pathlib import Path
from typing import Any, TypedDict, cast
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.translation import gettext

from pooshesh.kernel import jobs
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.models import Job, JobState
from pooshesh.kernel.sheets import read_table
from pooshesh.places.import_areas import import_areas
from pooshesh.places.import_facilities import import_facilities
from pooshesh.places.imports import Outcome
from pooshesh.places.queries import Scope

explain(
    {
        "import.gone": gettext_noop("The uploaded sheet is not there any more; upload it again."),
        "import.no_right": gettext_noop("You may not import places any more."),
    }
)

PROBLEMS_SHOWN = 200
LANGUAGES = ("fa", "en")
KEPT_FOR = dt.timedelta(days=1)
FOLDER = "imports"


class Brought(TypedDict):
    """An uploaded sheet: `what` it lists, where it is stored, its name, the day it holds from."""

    what: str
    stored: str
    name: str
    on: str


class Told(TypedDict):
    """What a job found. Refusals are kept in both languages: who reads them is not known yet."""

    refused: dict[str, str] | None
    new: int
    changed: int
    unchanged: int
    problem_count: int
    problems: list[dict[str, Any]]
    unread: list[str]
    written: bool


def bring(what: str, file: File[bytes], on: dt.date) -> Brought:
    """Keep an uploaded sheet until it is written, replaced or a day old."""
    stored = default_storage.save(f"{FOLDER}/{uuid7()}", file)
    return Brought(what=what, stored=stored, name=str(file.name), on=on.isoformat())


def forget(brought: Brought, job_id: UUID, actor: UUID) -> None:
    """Stop what is done with a sheet and delete it."""
    jobs.cancel(job_id, actor)
    default_storage.delete(brought["stored"])


def start_check(brought: Brought, actor: UUID) -> UUID:
    """Queue the dry run."""
    return jobs.start("places.check_sheet", actor=actor, brought=brought, by=str(actor)).id


def start_write(brought: Brought, actor: UUID, *, only_good: bool) -> UUID:
    """Queue the writing; with `only_good` of the good rows alone."""
    return jobs.start(
        "places.write_sheet", actor=actor, brought=brought, by=str(actor), only_good=only_good
    ).id


def job_of(job_id: UUID, actor: UUID) -> Job | None:
    """A job that this user started."""
    return Job.objects.filter(id=job_id, actor=actor).first()


def told(job: Job) -> Told | None:
    """What a job found, once it is done."""
    return cast(Told, job.result) if job.state == JobState.DONE else None


@jobs.job("places.check_sheet")
def check_sheet(progress: jobs.Progress, brought: Brought, by: str) -> Told:
    """Check a sheet of places."""
    progress(gettext("Reading the sheets"), 0, 2)
    return _import(progress, brought, UUID(by), dry_run=True, only_good=False)


@jobs.job("places.write_sheet")
def write_sheet(progress: jobs.Progress, brought: Brought, by: str, only_good: bool) -> Told:
    """Write a sheet of places."""
    progress(gettext("Reading the sheets"), 0, 2)
    return _import(progress, brought, UUID(by), dry_run=False, only_good=only_good)


def _import(
    progress: jobs.Progress, brought: Brought, by: UUID, *, dry_run: bool, only_good: bool
) -> Told:
    try:
        reach = _reach(by)
        if not default_storage.exists(brought["stored"]):
            raise Invalid("import.gone")
        table = read_table(Path(default_storage.path(brought["stored"])), name=brought["name"])
        progress(gettext("Comparing with what is recorded"), 1, 2)
        if brought["what"] == "facilities":
            outcome = import_facilities(
                table, actor=by, reach=reach, dry_run=dry_run, only_good=only_good
            )
        else:
            outcome = import_areas(
                table, actor=by, reach=reach, on=dt.date.fromisoformat(brought["on"]),
                dry_run=dry_run, only_good=only_good,
            )  # fmt: skip
    except Invalid as error:
        return _tell(Outcome(0), error)
    progress(gettext("Comparing with what is recorded"), 2, 2)
    return _tell(outcome)


def _reach(user: UUID) -> Scope:
    """Where the user may write now: their grants may have ended since the upload."""
    # `access` comes later in the order of rooms, so its users are known by what they can do.
    who: Any = get_user_model()._default_manager.filter(pk=user, is_active=True).first()
    if who is None or not who.may("places.write"):
        raise Invalid("import.no_right")
    return cast(Scope, who.reach("places.write"))


def _tell(outcome: Outcome, refused: Invalid | None = None) -> Told:
    return Told(
        refused=_in_languages(refused) if refused else None,
        new=outcome.new,
        changed=outcome.changed,
        unchanged=outcome.unchanged,
        problem_count=outcome.problem_count,
        problems=[
            {"row": one.row, "field": one.field, "read": one.read,
             "expected": _in_languages(one.error)}
            for one in outcome.problems[:PROBLEMS_SHOWN]
        ],
        unread=outcome.unread,
        written=outcome.written,
    )  # fmt: skip


def _in_languages(error: Invalid) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = error.message()
    return said
