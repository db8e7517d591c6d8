"""What is deleted, when, and what stays."""

import datetime as dt
import os
import time

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel import jobs, verbs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.jobs import Progress
from pooshesh.kernel.models import Event
from pooshesh.programme import actions, retention
from pooshesh.programme import verbs as _campaign_verbs  # noqa: F401 - registers them
from pooshesh.programme.campaign import run, vault
from pooshesh.programme.campaign.figures import figures
from pooshesh.programme.models import (
    Campaign,
    CampaignFile,
    CampaignRow,
    CampaignState,
    Deletion,
    WorkItem,
)
from pooshesh.programme.tests.conftest import Prepare

pytestmark = pytest.mark.django_db

Commit = DjangoCaptureOnCommitCallbacks


def files_on_disk() -> int:
    return sum(vault._path(file.id).exists() for file in CampaignFile.objects.all())


def test_closing_deletes_rolls_and_evidence_and_keeps_results(
    campaign: Campaign, django_capture_on_commit_callbacks: Commit
) -> None:
    WorkItem.objects.update(evidence=b"sealed")
    before = (figures(campaign), CampaignRow.objects.count())

    with django_capture_on_commit_callbacks(execute=True):
        gone = actions.close(campaign, None)

    campaign.refresh_from_db()
    assert gone == {"roll": 2, "census": 1, "problems": 1, "evidence": 5}
    assert files_on_disk() == 0
    assert campaign.problems is None
    assert not WorkItem.objects.filter(evidence__isnull=False).exists()
    assert (figures(campaign), CampaignRow.objects.count()) == before
    assert all(len(file.sha256) == 64 and file.rows for file in CampaignFile.objects.all())
    assert Event.objects.filter(action="campaign.close").exists()


def test_closing_twice_deletes_nothing_more(campaign: Campaign) -> None:
    actions.close(campaign, None)

    assert actions.close(campaign, None) == {}


def test_a_campaign_that_has_not_run_cannot_be_closed(prepare: Prepare) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.close(prepare(), None)

    assert refusal.value.code == "transition.refused"


def test_a_closed_campaign_run_again_changes_nothing(campaign: Campaign) -> None:
    actions.close(campaign, None)

    again = run.run(campaign.id, lambda *_step: None, None)

    assert again.state == CampaignState.CLOSED


@pytest.mark.parametrize(
    ("days", "left", "deleted"),
    [(89, 3, set()), (90, 1, {"roll", "problems"}), (180, 0, {"roll", "census", "problems"})],
)
def test_the_daily_job_deletes_what_is_due_and_records_it(
    campaign: Campaign,
    django_capture_on_commit_callbacks: Commit,
    monkeypatch: pytest.MonkeyPatch,
    days: int,
    left: int,
    deleted: set[str],
) -> None:
    later = timezone.localdate() + dt.timedelta(days=days)
    monkeypatch.setattr("pooshesh.programme.retention.timezone.localdate", lambda: later)

    with django_capture_on_commit_callbacks(execute=True):
        retention.delete_due(Progress(uuid7()))

    assert files_on_disk() == left
    assert set(Deletion.objects.values_list("data_class", flat=True)) == deleted


def test_what_is_overdue_shows_until_the_deletion_ran(
    campaign: Campaign,
    cast: Cast,
    as_user: SignIn,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    Campaign.objects.update(created_at=timezone.now() - dt.timedelta(days=200))
    CampaignFile.objects.update(delete_by=timezone.localdate())
    before = {one.of.code: one.overdue for one in retention.overview()}

    with django_capture_on_commit_callbacks(execute=True):
        jobs.run.call(str(jobs.start(retention.JOB, actor=None).id))

    page = as_user(cast.tehran_lead).get("/campaigns/retention/")
    assert {before["roll"], before["census"], before["problems"]} == {1, 2}
    assert page.context["overdue"] == 0
    assert page.context["run"] is not None
    assert all(not one.overdue for one in retention.overview())


def test_a_deletion_killed_between_two_classes_goes_on_where_it_stopped(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    Campaign.objects.update(created_at=timezone.now() - dt.timedelta(days=200))
    CampaignFile.objects.update(delete_by=timezone.localdate())

    def until_findings(step: str, *_: int) -> None:
        if step == str(retention.CLASSES["problems"].title):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retention.delete_due(until_findings)
    retention.delete_due(Progress(uuid7()))

    kept = dict(Deletion.objects.values_list("data_class", "count"))
    assert kept == {"roll": 2, "census": 1, "problems": 1}


def test_a_draft_nobody_ran_is_deleted(
    prepare: Prepare, django_capture_on_commit_callbacks: Commit
) -> None:
    draft = prepare()
    files = list(CampaignFile.objects.values_list("id", flat=True))
    Campaign.objects.update(created_at=timezone.now() - dt.timedelta(days=31))

    with django_capture_on_commit_callbacks(execute=True):
        gone = retention.delete_due(Progress(uuid7()))

    assert gone == {"draft": 1}
    assert not Campaign.objects.filter(id=draft.id).exists()
    assert not any(vault._path(file).exists() for file in files)


@pytest.mark.parametrize(("hours", "left"), [(23, 2), (25, 1)])
def test_sheets_of_which_no_row_speaks_are_deleted_after_a_day(
    prepare: Prepare, hours: int, left: int
) -> None:
    file = CampaignFile.objects.filter(campaign=prepare()).last()
    assert file is not None
    kept, stray = vault._path(file.id), vault._path(uuid7()).with_suffix(".part")
    CampaignFile.objects.exclude(id=file.id).delete()
    written = time.time() - hours * 3600
    stray.write_bytes(b"half")
    os.utime(stray, (written, written))
    os.utime(kept, (written, written))

    retention.delete_due(Progress(uuid7()))

    assert [kept.exists(), stray.exists()].count(True) == left


def test_the_command_closes_by_the_start_of_the_key(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    status = verbs.main(["campaign", "close", campaign.key[:12]])

    assert status == 0
    assert "roll: 2" in capsys.readouterr().out
    assert Campaign.objects.get().state == CampaignState.CLOSED


@pytest.mark.parametrize("words", [["zzz"], [""]])
def test_closing_an_unknown_campaign_is_refused(campaign: Campaign, words: list[str]) -> None:
    assert verbs.main(["campaign", "close", *words]) == 2


def test_a_lorestan_user_cannot_close_a_campaign_of_tehran(
    campaign: Campaign, cast: Cast, country: Country
) -> None:
    status = verbs.main(["campaign", "close", campaign.key, "--as", "lorestan_clerk"])

    assert status == 2
    assert Campaign.objects.get().state == CampaignState.DONE
