"""Sign-ins and what jobs said go on their day."""

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from pooshesh.access import retention
from pooshesh.conftest import Cast
from pooshesh.kernel.models import Job, JobState

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LATER = TODAY + dt.timedelta(days=retention.JOB_DAYS)


def _sign_in(cast: Cast, key: str, ends: dt.datetime) -> None:
    Session.objects.create(session_key=key, session_data="", expire_date=ends)
    seen = UserSession.objects.create(user=cast.tehran_clerk, ip="10.0.0.1", session_key=key)
    UserSession.objects.filter(pk=seen.pk).update(last_seen_at=ends - dt.timedelta(hours=12))


def test_a_sign_in_and_its_address_go_a_day_after_it_ended(cast: Cast) -> None:
    now = timezone.now()
    _sign_in(cast, "old", now - dt.timedelta(days=2))
    _sign_in(cast, "new", now + dt.timedelta(hours=1))

    gone = retention.delete_sign_ins(TODAY)

    assert gone == 2
    assert retention.due_sign_ins(TODAY) == 0
    assert [one.session_key for one in Session.objects.all()] == ["new"]
    assert [one.session_key for one in UserSession.objects.all()] == ["new"]


def test_what_a_job_said_goes_and_that_it_ran_stays() -> None:
    jobs = {one.code: one for one in retention.CLASSES}[retention.JOBS]
    assert jobs.delete
    assert jobs.due
    ended = {"arguments": {"area": "n1"}, "message": "x", "result": {"rows": 1}}
    done = Job.objects.create(kind="k", state=JobState.DONE, ended_at=timezone.now(), **ended)
    Job.objects.create(kind="k", state=JobState.WAITING, arguments={"area": "n1"})
    early = jobs.due(LATER - dt.timedelta(days=1))

    deleted = jobs.delete(LATER)

    done.refresh_from_db()
    assert (early, deleted, jobs.due(LATER)) == (0, 1, 0)
    assert (done.arguments, done.message, done.result) == ({}, "", None)
    assert Job.objects.filter(arguments={"area": "n1"}).count() == 1
