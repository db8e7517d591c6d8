"""How long each class of a campaign's data is kept, for what, and the job that deletes what is due.

The job does so for the classes of all rooms (`kernel.retention`), each in its own transaction: a
run that was killed goes on where it stopped. A class with `days` is deleted that long after the
campaign was made, run or not; closing a campaign deletes at once what is `AT_CLOSING`.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel import audit
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.models import Job, JobState
from pooshesh.kernel.retention import DataClass, classes
from pooshesh.programme.campaign import vault
from pooshesh.programme.models import (
    Campaign,
    CampaignFile,
    CampaignState,
    Deletion,
    FileRole,
    WorkItem,
)

JOB = "programme.retention"
CLOSING = _("When a campaign closes")
EXCHANGE = _("Agreement on the exchange of data")
TASK = _("The insurer's task: finding and covering who has no cover")
RECORD = _("Duty to answer for decisions")


def delete_by(code: str, start: dt.date) -> dt.date:
    """The day on which data of a class goes. Raises ValueError for a class that is kept."""
    return CLASSES[code].delete_by(start)


def made_before(code: str, day: dt.date, field: str = "created_at") -> Q:
    """Rows of a class of which enough days have passed."""
    days = CLASSES[code].days or 0
    return Q(**{f"{field}__date__lte": day - dt.timedelta(days=days)})


def _due_files(role: FileRole, day: dt.date) -> Q:
    return Q(role=role, delete_by__lte=day)


@transaction.atomic
def delete_of_campaign(campaign_id: UUID, actor: UUID | None) -> dict[str, int]:
    """Delete what a closing campaign no longer needs; how many of each class."""
    mine = Q(campaign_id=campaign_id)
    return _record(
        {
            "roll": _files(mine & Q(role=FileRole.ROLL)),
            "census": _files(mine & Q(role=FileRole.CENSUS)),
            "problems": _problems(Q(id=campaign_id)),
            "evidence": _evidence(mine),
        },
        actor,
        campaign_id,
    )


@job(JOB, every=dt.timedelta(days=1))
def delete_due(progress: Progress) -> dict[str, int]:
    """Delete everything whose day has come, and record how much."""
    today, gone = timezone.localdate(), dict[str, int]()
    deleted = [one for one in classes().values() if one.delete]
    for done, one in enumerate(deleted):
        progress(str(one.title), done, len(deleted))
        with transaction.atomic():
            assert one.delete is not None
            gone |= _record({one.code: one.delete(today)}, actor=None)
    return gone


@dataclass(frozen=True)
class Kept:
    """A class with what the page says of it: what is overdue, and what was deleted so far."""

    of: DataClass
    overdue: int | None  # None: nothing of it is deleted by day
    deleted: int
    last: dt.datetime | None


def overview() -> list[Kept]:
    """Every class of data, and whether anything that is due by today is still there."""
    day = timezone.localdate()
    sums = {
        code: (count, last)
        for code, count, last in Deletion.objects.values_list("data_class").annotate(
            Sum("count"), Max("at")
        )
    }
    return [
        Kept(one, one.due(day) if one.due else None, *sums.get(one.code, (0, None)))
        for one in classes().values()
    ]


def last_run() -> Job | None:
    """The newest deletion that came to its end."""
    done = Job.objects.filter(kind=JOB, state=JobState.DONE)
    return done.order_by("-ended_at").first()


def _files(which: Q) -> int:
    ids = list(CampaignFile.objects.filter(which, deleted_at=None).values_list("id", flat=True))
    CampaignFile.objects.filter(id__in=ids).update(deleted_at=timezone.now())
    # After the commit: a file must not go while its row may still come back.
    transaction.on_commit(lambda: vault.delete(ids))
    return len(ids)


def _files_left(which: Q) -> int:
    return CampaignFile.objects.filter(which, deleted_at=None).count()


def _stray_paths() -> list[Path]:
    """Sheets on the disk that no row speaks of: the process ended before the transaction did."""
    long_ago = timezone.now() - dt.timedelta(days=CLASSES["stray"].days or 0)
    held = CampaignFile.objects.filter(deleted_at=None).values_list("id", flat=True)
    return vault.strays(held, long_ago)


def _strays() -> int:
    found = _stray_paths()
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _with_problems(which: Q) -> QuerySet[Campaign]:
    return Campaign.objects.filter(which, problems__isnull=False)


def _problems(which: Q) -> int:
    return _with_problems(which).update(problems=None)


def _with_evidence(which: Q) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(which, evidence__isnull=False)


def _evidence(which: Q) -> int:
    return _with_evidence(which).update(evidence=None)


def _never_run(which: Q) -> QuerySet[Campaign]:
    return Campaign.objects.filter(
        which, state__in=[CampaignState.DRAFT, CampaignState.CHECKED, CampaignState.FAILED]
    )


def _drafts(which: Q) -> int:
    ids = list(_never_run(which).values_list("id", flat=True))
    _files(Q(campaign_id__in=ids))
    Campaign.objects.filter(id__in=ids).delete()
    return len(ids)


def _record(
    counts: dict[str, int], actor: UUID | None, campaign_id: UUID | None = None
) -> dict[str, int]:
    gone = {code: count for code, count in counts.items() if count}
    Deletion.objects.bulk_create(
        Deletion(data_class=code, campaign_id=campaign_id, count=count)
        for code, count in gone.items()
    )
    if gone:
        audit.record(
            "retention.delete", actor=actor, kind="campaign", object_id=campaign_id or "",
            content=gone,
        )  # fmt: skip
    return gone


CLASSES: dict[str, DataClass] = {
    one.code: one
    for one in (
        DataClass(
            "roll", _("Insurers' rolls as brought"), _("To find who has cover"), EXCHANGE, 90,
            CLOSING,
            lambda day: _files(_due_files(FileRole.ROLL, day)),
            lambda day: _files_left(_due_files(FileRole.ROLL, day)),
            ("programme.CampaignFile",),
        ),
        DataClass(
            "census", _("Census sheet as brought"), _("To find who lives there"), TASK, 180,
            CLOSING,
            lambda day: _files(_due_files(FileRole.CENSUS, day)),
            lambda day: _files_left(_due_files(FileRole.CENSUS, day)),
            ("programme.CampaignFile",),
        ),
        DataClass(
            "problems", _("Findings of the dry run"), _("To correct the census sheet"), TASK, 90,
            CLOSING,
            lambda day: _problems(made_before("problems", day)),
            lambda day: _with_problems(made_before("problems", day)).count(),
            ("programme.Campaign",),
        ),
        DataClass(
            "evidence", _("Roll rows shown on worklists"), _("To decide a possible match"),
            EXCHANGE, 180, CLOSING,
            lambda day: _evidence(made_before("evidence", day, "campaign__created_at")),
            lambda day: _with_evidence(
                made_before("evidence", day, "campaign__created_at")
            ).count(),
            ("programme.WorkItem",),
        ),
        DataClass(
            "stray", _("Sheets of uploads that broke off"), _("None; they are left over"), TASK, 1,
            "",
            lambda day: _strays(),
            lambda day: len(_stray_paths()),
        ),
        DataClass(
            "draft", _("Campaigns never run"), _("To be able to go on with an upload"), TASK,
            30, "",
            lambda day: _drafts(made_before("draft", day)),
            lambda day: _never_run(made_before("draft", day)).count(),
            ("programme.Campaign",),
        ),
        DataClass(
            "result", _("Match results, digests and counts"), _("To answer for each decision"),
            RECORD,
            tables=("programme.Campaign", "programme.CampaignRow", "programme.CampaignCount",
                    "programme.CampaignDay", "programme.AreaCount", "programme.StaleCount",
                    "programme.WorkItem"),
        ),
        DataClass(
            "campaign_plans", _("Programmes with their places, plans, costs and bulk loads"),
            _("To say what was planned, done and paid"), RECORD,
            tables=("programme.Programme", "programme.ProgrammePlace", "programme.Plan",
                    "programme.PlanPlace", "programme.PlanWorker", "programme.Cost",
                    "programme.Load", "programme.LoadItem", "programme.SavedMapping"),
        ),
        DataClass(
            "calls", _("Calls that check whether who was insured knows it"),
            _("To prove what a campaign reports"), RECORD,
            tables=("programme.Sample", "programme.Call"),
        ),
        DataClass(
            "deletions", _("How much of each class was deleted, and when"),
            _("To prove that data went on its day"), RECORD, tables=("programme.Deletion",),
        ),
    )
}  # fmt: skip
