"""How long each class of a campaign's data is kept, for what, and the job that deletes it.

A class with `days` is deleted that long after the campaign was made, run or not; closing a
campaign deletes at once everything marked `at_closing`.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel import audit
from pooshesh.kernel.jobs import Progress, job
from pooshesh.programme.campaign import vault
from pooshesh.programme.models import (
    Campaign,
    CampaignFile,
    CampaignState,
    Deletion,
    FileRole,
    WorkItem,
)


@dataclass(frozen=True)
class DataClass:
    """A class of data: why it is held and when it goes. `days` None is kept as a record."""

    code: str
    title: Promise
    purpose: Promise
    days: int | None
    at_closing: bool


CLASSES: dict[str, DataClass] = {
    c.code: c
    for c in (
        DataClass("roll", _("Insurers' rolls as brought"), _("To find who has cover"), 90, True),
        DataClass("census", _("Census sheet as brought"), _("To find who lives there"), 180, True),
        DataClass(
            "problems", _("Findings of the dry run"), _("To correct the census sheet"), 90, True
        ),
        DataClass(
            "evidence",
            _("Roll rows shown on worklists"),
            _("To decide a possible match"),
            180,
            True,
        ),
        DataClass(
            "stray",
            _("Sheets of uploads that broke off"),
            _("None; they are left over"),
            1,
            False,
        ),
        DataClass(
            "draft", _("Campaigns never run"), _("To be able to go on with an upload"), 30, False
        ),
        DataClass(
            "result",
            _("Match results, digests and counts"),
            _("To answer for each decision"),
            None,
            False,
        ),
    )
}


def delete_by(code: str, start: dt.date) -> dt.date:
    """The day on which data of a class goes. Raises ValueError for a class that is kept."""
    days = CLASSES[code].days
    if days is None:
        raise ValueError(f"{code} is kept")
    return start + dt.timedelta(days=days)


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


@job("programme.retention", every=dt.timedelta(days=1))
def delete_due(progress: Progress) -> dict[str, int]:
    """Delete everything whose day has come, and record how much."""
    today = timezone.localdate()

    def made_before(code: str, field: str = "created_at") -> Q:
        days = CLASSES[code].days or 0
        return Q(**{f"{field}__date__lte": today - dt.timedelta(days=days)})

    progress("retention")
    with transaction.atomic():
        return _record(
            {
                "roll": _files(Q(role=FileRole.ROLL, delete_by__lte=today)),
                "census": _files(Q(role=FileRole.CENSUS, delete_by__lte=today)),
                "problems": _problems(made_before("problems")),
                "evidence": _evidence(made_before("evidence", "campaign__created_at")),
                "draft": _drafts(made_before("draft")),
                "stray": _strays(),
            },
            actor=None,
        )


def _files(which: Q) -> int:
    ids = list(CampaignFile.objects.filter(which, deleted_at=None).values_list("id", flat=True))
    CampaignFile.objects.filter(id__in=ids).update(deleted_at=timezone.now())
    # After the commit: a file must not go while its row may still come back.
    transaction.on_commit(lambda: vault.delete(ids))
    return len(ids)


def _strays() -> int:
    """Sheets on the disk that no row speaks of: the process ended before the transaction did."""
    long_ago = timezone.now() - dt.timedelta(days=CLASSES["stray"].days or 0)
    held = CampaignFile.objects.filter(deleted_at=None).values_list("id", flat=True)
    found = vault.strays(held, long_ago)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _problems(which: Q) -> int:
    return Campaign.objects.filter(which, problems__isnull=False).update(problems=None)


def _evidence(which: Q) -> int:
    return WorkItem.objects.filter(which, evidence__isnull=False).update(evidence=None)


def _drafts(which: Q) -> int:
    never_run = Campaign.objects.filter(
        which, state__in=[CampaignState.DRAFT, CampaignState.CHECKED, CampaignState.FAILED]
    )
    ids = list(never_run.values_list("id", flat=True))
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
