"""Telling patients that something is missing: when it is returned, and again before it is late."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pooshesh.fund.applications import mobile_of
from pooshesh.fund.models import Application, State
from pooshesh.kernel import audit
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.sending import Message, send
from pooshesh.web.format import digits, jdate

REMIND = "fund.remind"
BEFORE = dt.timedelta(days=5)  # the last day
BATCH = 200
SPACE = uuid.UUID("7f0f9e0a-3d27-4b0e-9a5e-6a2c4f5d1b11")  # of the ids of messages


def due(today: dt.date) -> QuerySet[Application]:
    """Returned applications whose last day is near or past, and nobody was reminded of yet."""
    rows = Application.objects.filter(state=State.INCOMPLETE, reminded_at=None)
    return rows.filter(deadline__lte=today + BEFORE).order_by("deadline", "id")


@job(REMIND, every=dt.timedelta(days=1))
def remind(progress: Progress) -> dict[str, int]:
    """Remind patients to complete their applications."""
    told = unreached = 0
    waiting = list(due(timezone.localdate()).values_list("id", flat=True))
    for start in range(0, len(waiting), BATCH):
        progress("", start, len(waiting))
        batch, without = _remind(waiting[start : start + BATCH])
        told, unreached = told + batch, unreached + without
    return {"reminded": told, "unreached": unreached}


@transaction.atomic
def _remind(ids: Sequence[uuid.UUID]) -> tuple[int, int]:
    """How many were told, and how many left no number. What was handed over twice by a job that
    was killed carries the same id, so that the gateway sends it once."""
    rows = list(
        Application.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(id__in=ids, state=State.INCOMPLETE, reminded_at=None)
        .select_related("file")
    )
    reached = [row for row in rows if row.mobile is not None]
    with translation.override("fa"):
        messages = [Message(_id(row), mobile_of(row), text(row)) for row in reached]
    Application.objects.filter(id__in=[row.pk for row in rows]).update(reminded_at=timezone.now())
    if messages:
        audit.record(
            "fund.remind", actor=None, kind="application", content={"messages": len(messages)},
            persons=[row.file.person_id for row in reached],
        )  # fmt: skip
        send(messages)
    return len(messages), len(rows) - len(reached)


def _id(row: Application) -> uuid.UUID:
    return uuid.uuid5(SPACE, f"{row.pk} {row.deadline}")


def text(row: Application) -> str:
    """What the patient reads; no name and no disease, since phones are shared."""
    return _(
        "Patients' fund: your application %(code)s is not complete. Please bring what is missing by"
        " %(day)s to the service desk."
    ) % {"code": digits(row.code), "day": jdate(row.deadline)}
