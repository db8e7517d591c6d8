"""How long the kernel and access keep who works here, what they did, and what jobs said."""

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.models import Job, JobState
from pooshesh.kernel.retention import DataClass

SIGN_INS, JOBS = "sign_ins", "jobs"
SIGN_IN_DAYS = 1
JOB_DAYS = 400  # an assumption, no source states it: a year, and the time to look back on it
RECORD = _("Duty to answer for decisions")


def _sessions(day: dt.date) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__date__lte=day - dt.timedelta(days=SIGN_IN_DAYS))


def _left_over(day: dt.date) -> QuerySet[UserSession]:
    """From where somebody signed in, of a session that is there no more."""
    before = day - dt.timedelta(days=SIGN_IN_DAYS)
    held = Session.objects.values("session_key")
    rows: QuerySet[UserSession] = UserSession.objects.filter(last_seen_at__date__lte=before)
    return rows.exclude(session_key__in=held)


@transaction.atomic
def delete_sign_ins(day: dt.date) -> int:
    """Delete sessions that ended, and from where their users had signed in; how many rows."""
    gone = _sessions(day).delete()[0]
    return gone + _left_over(day).delete()[0]


def due_sign_ins(day: dt.date) -> int:
    """Sessions whose day has come, and places of sign-in that outlived theirs."""
    return _sessions(day).count() + _left_over(day).count()


def _jobs(day: dt.date) -> QuerySet[Job]:
    told = ~Q(arguments={}) | ~Q(message="") | Q(result__isnull=False)
    return Job.objects.filter(
        told, ended_at__date__lte=day - dt.timedelta(days=JOB_DAYS),
        state__in=[JobState.DONE, JobState.FAILED, JobState.CANCELLED],
    )  # fmt: skip


CLASSES = (
    DataClass(
        "accounts", _("Accounts, second factors and roles"),
        _("To know who works here and what they may do"), RECORD,
        event=_("An account is locked, never deleted: the audit trail names it"),
        tables=("access.User", "access.Grant", "account.EmailAddress",
                "account.EmailConfirmation", "mfa.Authenticator"),
    ),
    DataClass(
        SIGN_INS, _("Sign-ins: sessions, and from which address"),
        _("To keep somebody signed in, and let them end it"), RECORD, SIGN_IN_DAYS,
        _("Counted from the end of the session"), delete_sign_ins, due_sign_ins,
        ("sessions.Session", "usersessions.UserSession"),
    ),
    DataClass(
        "trail", _("Audit trail: who read or changed what, emergency access"),
        _("To answer who read or changed a record, also to the person"), RECORD,
        tables=("kernel.Event", "kernel.Subject", "kernel.Seal", "kernel.Sealed",
                "access.BrokenGlass"),
    ),
    DataClass(
        JOBS, _("What background jobs were asked and said"),
        _("To show how a job goes, and why one failed"), RECORD, JOB_DAYS,
        _("Counted from its end; that it ran stays"),
        lambda day: _jobs(day).update(arguments={}, message="", result=None),
        lambda day: _jobs(day).count(),
        ("kernel.Job", "kernel.Schedule", "django_tasks_database.DBTaskResult"),
    ),
)  # fmt: skip
