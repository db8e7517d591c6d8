"""Patients of a sheet's applications are told their tracking numbers: a job after the sheet.

Nothing is told while the sheet is written; its transaction only queues the job.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext

from pooshesh.fund.models import Application, ApplicationStep, Channel
from pooshesh.kernel import jobs
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.models import Job, JobState
from pooshesh.portal import following
from pooshesh.portal.messages import Note
from pooshesh.portal.models import Message, Told
from pooshesh.web.format import digits

KIND = "portal.tell_sheet"
BATCH = 1_000


def on_opened(*, application_ids: list[UUID], actor: UUID | None, **_more: Any) -> None:
    """Applications of a sheet were opened: queue the job that tells of them; 2 or 3 statements.

    One that still waits for this sheet finds these too: it is locked, so that it cannot begin
    before they are there to be read.
    """
    row = Application.objects.values_list("source_row", flat=True).get(pk=application_ids[0])
    sheet = row.partition(":")[0]
    waits = Job.objects.select_for_update().filter(
        kind=KIND, state=JobState.WAITING, attempts=0, arguments={"sheet": sheet}
    )
    if not waits.exists():
        jobs.start(KIND, actor=actor, sheet=sheet)


@job(KIND)
def tell(progress: Progress, sheet: str) -> dict[str, int]:
    """Tell the patients of a sheet their tracking numbers."""
    doing = gettext("Telling patients")
    steps = _opened(sheet)
    total, untold = steps.count(), _untold(steps)
    waiting = list(untold.order_by("pk").values_list("pk", flat=True))
    done = total - len(waiting)
    for start in range(0, len(waiting), BATCH):
        progress(doing, done + start, total)
        with transaction.atomic():
            following.tell(_notes(waiting[start : start + BATCH]))
    progress(doing, total, total)
    unreached = untold.count()
    return {"patients_told": total - unreached, "unreached": unreached}


def _opened(sheet: str) -> QuerySet[ApplicationStep]:
    return ApplicationStep.objects.filter(
        ~Q(application__source_row=""),  # as its index says
        verb="apply", application__channel=Channel.BULK,
        application__source_row__range=(f"{sheet}:", f"{sheet};"),
    )  # fmt: skip


def _untold(steps: QuerySet[ApplicationStep]) -> QuerySet[ApplicationStep]:
    return steps.exclude(Exists(Message.objects.filter(step=OuterRef("pk"))))


def _notes(steps: Iterable[UUID]) -> list[Note]:
    rows = ApplicationStep.objects.filter(pk__in=list(steps)).select_related("application__file")
    with translation.override("fa"):
        return [
            Note(
                row.application.file.person_id, Told.RECEIVED, row.application_id,
                {"number": digits(row.application.code)}, row.pk,
            )
            for row in rows.order_by("pk")
        ]  # fmt: skip
