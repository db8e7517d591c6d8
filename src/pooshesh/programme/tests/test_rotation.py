"""After a rotation nothing of a campaign needs the old key, and nothing deleted comes back."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.utils import translation

from pooshesh.conftest import Cast, UseKey
from pooshesh.kernel import keys, rotation, verbs
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.models import DataKey
from pooshesh.people import verbs as _verbs  # noqa: F401 - registers the command
from pooshesh.programme import actions, retention
from pooshesh.programme import rotation as ours
from pooshesh.programme.campaign import record, vault
from pooshesh.programme.models import Campaign, CampaignFile, WorkItem
from pooshesh.programme.tests.test_retention import Commit, files_on_disk

pytestmark = pytest.mark.django_db

OLD, NEW = "1:old", "2:new"


@pytest.fixture
def old_key(data_key: UseKey, db: None) -> None:
    """The product has only the old key yet."""
    data_key(OLD)
    DataKey.objects.all().delete()
    keys.accept()


@pytest.fixture
def sealed(old_key: None, doubts: Campaign, data_key: UseKey) -> Campaign:
    """A campaign with open questions that the old key sealed; the product has both keys now."""
    data_key(f"{NEW},{OLD}")
    keys.accept()
    return doubts


@pytest.fixture
def item(sealed: Campaign) -> WorkItem:
    """A question with a roll's row beside it."""
    return WorkItem.objects.exclude(evidence=None).get()


def problems(campaign: Campaign) -> str:
    """What the dry run found, as it lies sealed."""
    return keyring().open(bytes(campaign.problems or b""), actions.PROBLEMS)


def versions() -> set[int | None]:
    return {vault.version(file.id) for file in CampaignFile.objects.all()}


def test_everything_opens_with_the_new_key_alone(
    sealed: Campaign, item: WorkItem, data_key: UseKey
) -> None:
    found, shown = problems(sealed), record.evidence(item)

    status = verbs.main(["keys", "rotate"])

    data_key(NEW)
    sealed.refresh_from_db()
    item.refresh_from_db()
    assert status == 0
    assert versions() == {2}
    assert rotation.used().keys() == {2}
    assert problems(sealed) == found
    assert record.evidence(item) == shown


def test_a_sheet_reads_the_same_under_the_new_key(sealed: Campaign, data_key: UseKey) -> None:
    file = CampaignFile.objects.filter(campaign=sealed).order_by("id")[0]
    with vault.opened(file.id) as path:
        before = path.read_bytes()

    list(rotation.rotate(10))

    data_key(NEW)
    with vault.opened(file.id) as path:
        assert path.read_bytes() == before


def test_the_command_says_which_key_can_go(
    sealed: Campaign, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    verbs.main(["keys", "rotate"])

    assert capsys.readouterr().out.splitlines()[-2:] == [
        "Key 1 seals nothing here any more; only older backups need it.",
        "Key 2 seals everything.",
    ]
    assert keys.known().keys() == {2}


def test_the_command_says_what_still_needs_the_old_key(
    sealed: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    file = CampaignFile.objects.filter(campaign=sealed).order_by("id")[0]
    with vault._path(file.id).open("r+b") as sheet:
        sheet.seek(60)
        sheet.write(b"changed")

    status = verbs.main(["keys", "rotate"])

    assert status == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "Key 1 is needed: 1 sheets. Run this again.",
        "Not done.",
    ]
    assert keys.known().keys() == {1, 2}


def test_a_key_with_which_the_product_has_not_started_rotates_nothing(
    old_key: None, data_key: UseKey, capsys: pytest.CaptureFixture[str]
) -> None:
    data_key(f"{NEW},{OLD}")

    with translation.override("en"):
        status = verbs.main(["keys", "rotate"])

    assert status == 2
    assert "restart it first" in capsys.readouterr().err


def test_a_sheet_deleted_meanwhile_does_not_come_back(
    sealed: Campaign, django_capture_on_commit_callbacks: Commit
) -> None:
    rotating = ours.SHEETS.reseal(1)
    next(rotating)
    with django_capture_on_commit_callbacks(execute=True):
        retention.delete_of_campaign(sealed.id, None)

    assert list(rotating) == []
    assert files_on_disk() == 0


def test_a_second_factor_beside_recovery_codes_is_counted(
    old_key: None, cast: Cast, data_key: UseKey
) -> None:
    TOTP.activate(cast.auditor, "JBSWY3DPEHPK3PXP")
    data_key(f"{NEW},{OLD}")

    before = rotation.used()[1]["second factors"]
    list(rotation.rotate(1))

    assert before == 1
    assert rotation.used().keys() == {2}


@pytest.fixture
def somebody(sealed: Campaign, item: WorkItem) -> Iterator[psycopg.Connection[Any]]:
    """Another process that holds the question locked."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("select 1 from programme_workitem where id = %s for update", [item.id])
        yield other
        other.rollback()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_row_somebody_holds_is_left_and_counted(
    somebody: psycopg.Connection[Any],
) -> None:
    list(rotation.rotate(10))

    left = rotation.used()[1]
    somebody.rollback()
    list(rotation.rotate(10))
    assert left == {"roll rows on worklists": 1}
    assert rotation.used().keys() == {2}
