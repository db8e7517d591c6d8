"""Jobs show progress, retry, stop when asked, and go on after a killed worker."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from pooshesh.kernel import jobs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Job, JobState, Schedule

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> str:
    """A kind of job that adds two numbers."""

    def add(progress: jobs.Progress, a: int, b: int) -> int:
        progress("adding", 1, 2)
        return a + b

    monkeypatch.setitem(jobs._kinds, "test.add", add)
    return "test.add"


def fails_with(error: Exception) -> jobs.Work:
    def work(progress: jobs.Progress, **_: Any) -> None:
        raise error

    return work


@pytest.fixture
def queue(settings: Settings) -> None:
    """Tasks wait in the database, as in production."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_a_job_runs_after_the_commit_and_keeps_its_result(
    kind: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = jobs.start(kind, actor=None, a=2, b=3)

    row.refresh_from_db()
    assert (row.state, row.result, row.step, row.done, row.total) == (
        JobState.DONE, 5, "adding", 1, 2,
    )  # fmt: skip


def test_a_cancelled_job_stops_at_its_next_step(kind: str) -> None:
    row = jobs.start(kind, actor=None, a=2, b=3)

    asked = jobs.cancel(row.id, uuid4())
    jobs.run.call(str(row.id))

    row.refresh_from_db()
    assert asked
    assert row.state == JobState.CANCELLED


def test_an_ended_job_cannot_be_cancelled(kind: str) -> None:
    row = jobs.start(kind, actor=None, a=2, b=3)
    jobs.run.call(str(row.id))

    assert not jobs.cancel(row.id, None)


def test_a_job_runs_once_however_often_it_is_called(kind: str) -> None:
    row = jobs.start(kind, actor=None, a=2, b=3)
    jobs.run.call(str(row.id))

    jobs.run.call(str(row.id))

    row.refresh_from_db()
    assert row.attempts == 1


def test_a_failing_job_is_tried_three_times(monkeypatch: pytest.MonkeyPatch, queue: None) -> None:
    monkeypatch.setitem(jobs._kinds, "test.fail", fails_with(RuntimeError("no luck")))
    row = jobs.start("test.fail", actor=None)

    _ = [jobs.run.call(str(row.id)) for _ in range(5)]

    row.refresh_from_db()
    assert (row.state, row.attempts) == (JobState.FAILED, 3)
    assert row.message.startswith("RuntimeError")


def test_bad_input_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jobs._kinds, "test.bad", fails_with(Invalid("audit.no_heads", folder="x")))
    row = jobs.start("test.bad", actor=None)

    jobs.run.call(str(row.id))

    row.refresh_from_db()
    assert (row.state, row.attempts) == (JobState.FAILED, 1)
    assert row.message == Invalid("audit.no_heads", folder="x").message()


def test_a_job_whose_worker_was_killed_is_queued_again(kind: str, queue: None) -> None:
    row = jobs.start(kind, actor=None, a=1, b=1)
    Job.objects.filter(id=row.id).update(state=JobState.RUNNING)

    found = jobs.recover()

    assert found == 1


def test_a_recurring_job_starts_when_due_and_only_then(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(jobs, "_every", {kind: dt.timedelta(hours=1)})
    now = timezone.now()

    first, again = jobs.start_due(now), jobs.start_due(now + dt.timedelta(minutes=59))
    later = jobs.start_due(now + dt.timedelta(minutes=61))

    assert (first, again, later) == ([kind], [], [kind])


def test_an_unknown_kind_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        jobs.start("no.such", actor=None)


def test_an_error_of_the_database_is_told_without_the_rows_values(
    monkeypatch: pytest.MonkeyPatch, queue: None
) -> None:
    def work(progress: jobs.Progress) -> None:
        with transaction.atomic():
            Schedule.objects.create(kind="زهرا احمدی", next_at=timezone.now())
            Schedule.objects.create(kind="زهرا احمدی", next_at=timezone.now())

    monkeypatch.setitem(jobs._kinds, "test.twice", work)
    row = jobs.start("test.twice", actor=None)

    jobs.run.call(str(row.id))

    row.refresh_from_db()
    assert "IntegrityError" in row.message
    assert "kernel_schedule" in row.message
    assert "زهرا" not in row.message


def test_a_job_that_kills_its_worker_is_given_up(kind: str, queue: None) -> None:
    row = jobs.start(kind, actor=None, a=1, b=1)
    Job.objects.filter(id=row.id).update(state=JobState.RUNNING, attempts=3)

    found = jobs.recover()

    row.refresh_from_db()
    assert found == 0
    assert row.state == JobState.FAILED
